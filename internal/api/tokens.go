package api

import (
	"context"
	"net/http"
	"time"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) tokens() {
	add(a, operation{
		Route: Route{http.MethodGet, "/tokens", fleet.Read},
		id:    "list-tokens", summary: "Your API tokens and feed keys, and those of the users that you administer",
		about: "Those that ended more than 90 days ago are gone.",
		sdk:   `tokens, err := c.Tokens(ctx)`,
	}, a.listTokens)
	add(a, operation{
		Route: Route{http.MethodPost, "/tokens", fleet.Read},
		id:    "add-token", summary: "Make an API token or a feed key; its secret is told this once", status: http.StatusCreated,
		about: "A token never allows more than its user may, and ends no later than the token that it is made with. A feed key is for the address of one feed: see `feed` in the answer. Repeated under its key it is refused with code token.made, which names the token, because the secret is not kept: revoke that one and make another.",
		sdk:   `t, err := c.AddToken(ctx, takhti.NewToken{Name: "Power BI", Role: takhti.RoleViewer, Place: "PK6"})`,
	}, a.addToken)
	add(a, operation{
		Route: Route{http.MethodPost, "/tokens/{id}/revoke", fleet.Read},
		id:    "revoke-token", summary: "End an API token or a feed key", status: http.StatusNoContent,
		sdk: `err := c.RevokeToken(ctx, 17)`,
	}, a.revokeToken)
}

func (a *api) listTokens(ctx context.Context, _ *struct{}) (*answer[takhti.Page[takhti.Token]], error) {
	s := a.session(ctx)
	all, err := a.Auth.Tokens(ctx, s)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.Token]{Items: make([]takhti.Token, 0, len(all))}
	for _, t := range all {
		grants, err := grantsOf(ctx, s, t.Grants)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, takhti.Token{
			ID: t.ID, Feed: t.Kind == fleet.FeedToken, Name: t.Name, User: t.Owner, Prefix: t.Prefix, Grants: grants,
			Created: moment(t.Created), Expires: moment(t.Expires), Revoked: momentOr(t.Revoked), LastUsed: momentOr(max(t.Seen.Unix(), 0)),
		})
	}
	return &answer[takhti.Page[takhti.Token]]{page}, nil
}

type addTokenIn struct {
	Keyed
	Body takhti.NewToken
}

func (a *api) addToken(ctx context.Context, in *addTokenIn) (*answer[takhti.TokenSecret], error) {
	b := in.Body
	grants, err := grantsFor([]takhti.Grant{{Role: b.Role, Place: b.Place}})
	if err != nil {
		return nil, err
	}
	spec := auth.TokenSpec{
		Feed: b.Feed, Name: b.Name, User: b.User, Grants: grants,
		Request: registry.Request{ID: in.Key, Digest: digestOf("add token", b)},
	}
	if b.Days > 0 {
		spec.Expires = a.Now().Add(time.Duration(b.Days) * 24 * time.Hour).UTC().Truncate(time.Second)
	}
	made, err := a.Auth.NewToken(ctx, a.session(ctx), spec)
	return &answer[takhti.TokenSecret]{takhti.TokenSecret{Secret: made.Secret, Expires: made.Expires, Feed: made.Path()}}, err
}

type revokeTokenIn struct {
	Keyed
	ID uint64 `path:"id" minimum:"1" example:"17"`
}

func (a *api) revokeToken(ctx context.Context, in *revokeTokenIn) (*doneOut, error) {
	receipt, err := a.session(ctx).Apply(ctx, registry.Request{ID: in.Key}, registry.RevokeToken{ID: in.ID})
	return &doneOut{replayed(receipt.Repeated)}, err
}

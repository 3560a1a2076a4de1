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
		id:    "list-tokens", summary: "Your API tokens, and those of the users that you administer",
		about: "Those that ended more than 90 days ago are gone.",
		sdk:   `tokens, err := c.Tokens(ctx)`,
	}, a.listTokens)
	add(a, operation{
		Route: Route{http.MethodPost, "/tokens", fleet.Read},
		id:    "add-token", summary: "Make an API token; its secret is told this once", status: http.StatusCreated,
		about: "A token never allows more than its user may. Repeated under its key it is refused with code token.made, which names the token, because the secret is not kept: revoke that one and make another.",
		sdk:   `t, err := c.AddToken(ctx, takhti.NewToken{Name: "Power BI", Role: takhti.RoleViewer, Place: "PK6"})`,
	}, a.addToken)
	add(a, operation{
		Route: Route{http.MethodPost, "/tokens/{id}/revoke", fleet.Read},
		id:    "revoke-token", summary: "End an API token", status: http.StatusNoContent,
		sdk: `err := c.RevokeToken(ctx, 17)`,
	}, a.revokeToken)
}

func (a *api) listTokens(ctx context.Context, _ *struct{}) (*answer[takhti.Page[takhti.Token]], error) {
	s := a.session(ctx)
	all, err := s.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	users, err := s.Users(ctx)
	if err != nil {
		return nil, err
	}
	names := map[fleet.UserID]string{s.Actor().User: s.Actor().Name}
	for _, u := range users {
		names[u.ID] = u.Name
	}
	page := takhti.Page[takhti.Token]{Items: make([]takhti.Token, 0, len(all))}
	for _, t := range all {
		grants, err := grantsOf(ctx, s, t.Grants)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, takhti.Token{
			ID: t.ID, Name: t.Name, User: names[t.User], Prefix: t.Prefix, Grants: grants,
			Created: moment(t.Created), Expires: moment(t.Expires), Revoked: momentOr(t.Revoked),
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
	expires := a.Now().Add(time.Duration(b.Days) * 24 * time.Hour).UTC().Truncate(time.Second)
	secret, err := a.Auth.NewToken(ctx, a.session(ctx), auth.TokenSpec{
		Name: b.Name, User: b.User, Grants: grants, Expires: expires,
		Request: registry.Request{ID: in.Key, Digest: digestOf("add token", b)},
	})
	return &answer[takhti.TokenSecret]{takhti.TokenSecret{Secret: secret, Expires: expires}}, err
}

type revokeTokenIn struct {
	Keyed
	ID uint64 `path:"id" minimum:"1" example:"17"`
}

func (a *api) revokeToken(ctx context.Context, in *revokeTokenIn) (*doneOut, error) {
	receipt, err := a.session(ctx).Apply(ctx, registry.Request{ID: in.Key}, registry.RevokeToken{ID: in.ID})
	return &doneOut{replayed(receipt.Repeated)}, err
}

package auth

import (
	"context"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// FeedRoute is where feeds are, as the engine knows it. The key is a part of the
// address, since spreadsheets can keep nothing else.
const FeedRoute = "/feeds/:key/counts.csv"

// Bearer is whom an API token stands for; [ErrToken] when it is not to be trusted.
func (s *Service) Bearer(ctx context.Context, token string) (registry.Actor, error) {
	if !LooksLikeToken(token) {
		return registry.Actor{}, ErrToken
	}
	return s.program(ctx, fleet.APIToken, token, ErrToken)
}

// Feed is whom the key of a feed stands for, which is for [FeedRoute] alone;
// [ErrFeed] when it is not to be trusted.
func (s *Service) Feed(ctx context.Context, key string) (registry.Actor, error) {
	if !looksLike(feedName, key) {
		return registry.Actor{}, ErrFeed
	}
	return s.program(ctx, fleet.FeedToken, key, ErrFeed)
}

// program is whom a token of the kind stands for, or the refusal.
func (s *Service) program(ctx context.Context, kind fleet.TokenKind, token string, refusal error) (registry.Actor, error) {
	tok, a, ok, err := s.gate.Token(ctx, kind, digest(token), s.now())
	if err == nil && ok {
		ok, err = s.see(ctx, &tok)
	}
	if err != nil {
		return registry.Actor{}, err
	}
	if !ok {
		return registry.Actor{}, refusal
	}
	a.Via, a.Token = viaAPI, tok.Prefix
	return a, nil
}

// TokenSpec describes an API token or a feed key that is to be made.
type TokenSpec struct {
	Feed    bool   // it is a feed key
	Name    string // what it is for
	User    string // whose it is; empty: the session's own
	Grants  []registry.UserGrant
	Expires time.Time        // zero: in a year, or with the token that it is made with
	Request registry.Request // the zero value: cannot be repeated
}

// MadeToken is a token that was made. Its secret is told this once.
type MadeToken struct {
	Secret  string
	Expires time.Time
	Feed    bool
}

// Path is the address of a feed, on whatever host the register has; empty: it is none.
func (m MadeToken) Path() string {
	if !m.Feed {
		return ""
	}
	return "/feeds/" + m.Secret + "/counts.csv"
}

const (
	// longestToken is how far ahead a token may expire: who still needs one then
	// looks at it once a year.
	longestToken = 366 * 24 * time.Hour
	usualToken   = 365 * 24 * time.Hour
)

// NewToken makes an API token or a feed key. It is returned this once and cannot be
// had again, not even by repeating the request: then the error token.made names the
// token.
func (s *Service) NewToken(ctx context.Context, session registry.Session, spec TokenSpec) (MadeToken, error) {
	now := s.now()
	if spec.Expires.IsZero() {
		var err error
		if spec.Expires, err = s.usualEnd(ctx, session.Actor()); err != nil {
			return MadeToken{}, err
		}
	}
	if !spec.Expires.After(now) || spec.Expires.After(now.Add(longestToken)) {
		return MadeToken{}, fleet.Invalidf("token.expires", "a token must expire within a year from now").In("expires")
	}
	if spec.User == "" {
		spec.User = session.Actor().Name
	}
	kind, name := fleet.APIToken, tokenName
	if spec.Feed {
		kind, name = fleet.FeedToken, feedName
	}
	secret := newToken(name)
	receipt, err := session.Apply(ctx, spec.Request, registry.AddToken{
		Kind: kind, User: spec.User, Hash: digest(secret),
		Label: spec.Name, Prefix: secret[:len(name)+shownBody], Grants: spec.Grants, Expires: spec.Expires,
	})
	switch {
	case err != nil:
		return MadeToken{}, err
	case receipt.Repeated:
		return MadeToken{}, fleet.Conflictf("token.made", "token %s, %s, was made by this request before; its secret was told then and is not kept", receipt.Refs[0], spec.Name)
	}
	return MadeToken{Secret: secret, Expires: spec.Expires, Feed: spec.Feed}, nil
}

// usualEnd is when a token ends of which nobody said it: that of the token that it is
// made with is not outlived.
func (s *Service) usualEnd(ctx context.Context, by registry.Actor) (time.Time, error) {
	end := s.now().Add(usualToken).UTC().Truncate(time.Second)
	if by.Token == "" {
		return end, nil
	}
	most, err := s.gate.End(ctx, by.TokenID)
	if err == nil && most.Before(end) {
		end = most
	}
	return end, err
}

// ListedToken is an API token or a feed key as it is shown to its owner, and to who
// looks after them.
type ListedToken struct {
	registry.OwnedToken
	Seen time.Time // when it was last used, to the minute; zero: never
}

// Tokens are the API tokens and feed keys of the actor and of the users that it
// administers.
func (s *Service) Tokens(ctx context.Context, by registry.Session) ([]ListedToken, error) {
	list, err := by.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]ListedToken, 0, len(list))
	for _, tok := range list {
		seen, err := s.LastSeen(ctx, &tok.Token)
		if err != nil {
			return nil, err
		}
		all = append(all, ListedToken{tok, seen})
	}
	return all, nil
}

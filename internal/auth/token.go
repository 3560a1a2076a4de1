package auth

import (
	"context"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Bearer is whom an API token stands for; [ErrToken] when it is not to be trusted.
func (s *Service) Bearer(ctx context.Context, token string) (registry.Actor, error) {
	if !LooksLikeToken(token) {
		return registry.Actor{}, ErrToken
	}
	tok, a, ok, err := s.gate.Token(ctx, fleet.APIToken, digest(token), s.now())
	if err == nil && ok {
		ok, err = s.see(ctx, &tok)
	}
	if err != nil {
		return registry.Actor{}, err
	}
	if !ok {
		return registry.Actor{}, ErrToken
	}
	a.Via, a.Token = viaAPI, tok.Prefix
	return a, nil
}

// TokenSpec describes an API token to be made.
type TokenSpec struct {
	Name    string // what it is for
	User    string // whose it is; empty: the session's own
	Grants  []registry.UserGrant
	Expires time.Time
	Request registry.Request // the zero value: cannot be repeated
}

// longestToken is how far ahead a token may expire: who still needs one then
// looks at it once a year.
const longestToken = 366 * 24 * time.Hour

// NewToken makes an API token. It is returned this once and cannot be had again,
// not even by repeating the request: then the error token.made names the token.
func (s *Service) NewToken(ctx context.Context, session registry.Session, spec TokenSpec) (string, error) {
	now := s.now()
	if !spec.Expires.After(now) || spec.Expires.After(now.Add(longestToken)) {
		return "", fleet.Invalidf("token.expires", "a token must expire within a year from now").In("expires")
	}
	if spec.User == "" {
		spec.User = session.Actor().Name
	}
	token := apiToken()
	receipt, err := session.Apply(ctx, spec.Request, registry.AddToken{
		Kind: fleet.APIToken, User: spec.User, Hash: digest(token),
		Label: spec.Name, Prefix: token[:tokenPrefix], Grants: spec.Grants, Expires: spec.Expires,
	})
	switch {
	case err != nil:
		return "", err
	case receipt.Repeated:
		return "", fleet.Conflictf("token.made", "token %s, %s, was made by this request before; its secret was told then and is not kept", receipt.Refs[0], spec.Name)
	}
	return token, nil
}

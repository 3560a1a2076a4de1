package auth

import (
	"context"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// sessionLife is how long after signing in a browser stays signed in.
const sessionLife = 12 * time.Hour

// How an actor came in, as the journal says it.
const (
	viaWeb = "web"
	viaAPI = "api"
)

// Options say how a service runs; the zero value is right for use.
type Options struct {
	// Now is the clock; nil means the computer's.
	Now func() time.Time
}

// Service finds out who is asking. It is safe for use by many goroutines.
type Service struct {
	reg    *registry.Register
	gate   registry.Gate
	now    func() time.Time
	hasher hasher
	guard  *guard
}

// New returns the service for a register's accounts.
func New(reg *registry.Register, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{reg: reg, gate: reg.Gate(), now: o.Now, hasher: newHasher(), guard: newGuard()}
}

// Credentials are an attempt to sign in.
type Credentials struct {
	Name     string
	Password string
	From     string // the client's address, with or without a port; guesses are slowed down by its network
}

// The answers to those who could not be identified. ErrWrong is the same for all
// that does not fit, so that it tells nobody which accounts there are.
var (
	ErrWrong   = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.wrong", Message: "the user name or the password is wrong"}
	ErrSession = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.session", Message: "you are not signed in, or have been signed out: sign in"}
	ErrToken   = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.token", Message: "the token is not one of ours, has expired or was revoked: ask for a new one"}
)

// SignIn begins a session. The secret is for the browser's cookie, see
// [SetCookie], and cannot be had again.
func (s *Service) SignIn(ctx context.Context, c Credentials) (secret string, expires time.Time, err error) {
	visit := visitOf(c)
	if err := s.guard.admit(visit, s.now()); err != nil {
		return "", expires, err
	}
	u, err := s.identify(ctx, c)
	if err != nil {
		return "", expires, err
	}
	s.guard.welcome(visit)
	secret, expires = sessionSecret(), s.now().Add(sessionLife)
	self := registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants, Via: viaWeb}
	_, err = s.reg.As(self).Apply(ctx, registry.Request{}, registry.AddToken{
		Kind: fleet.SessionToken, User: u.Name, Hash: digest(secret), Expires: expires,
	})
	return secret, expires, err
}

// identify finds the account that the credentials open.
func (s *Service) identify(ctx context.Context, c Credentials) (fleet.User, error) {
	u, ok, err := s.gate.User(ctx, c.Name)
	if err != nil {
		return u, err
	}
	ok = ok && !u.Disabled && u.Password != ""
	hash := u.Password
	if !ok {
		hash = nobodysHash()
	}
	fits, err := s.hasher.verify(ctx, hash, c.Password)
	if err != nil {
		return u, err
	}
	if !ok || !fits {
		return fleet.User{}, ErrWrong
	}
	return u, nil
}

// SignOut ends the session. One that has ended already is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	tok, a, ok, err := s.gate.Token(ctx, fleet.SessionToken, digest(secret), s.now())
	if err != nil || !ok {
		return err
	}
	a.Via = viaWeb
	_, err = s.reg.As(a).Apply(ctx, registry.Request{}, registry.RevokeToken{ID: tok.ID})
	return err
}

// Session is who holds the secret of a session; [ErrSession] when it has ended.
func (s *Service) Session(ctx context.Context, secret string) (registry.Actor, error) {
	_, a, ok, err := s.gate.Token(ctx, fleet.SessionToken, digest(secret), s.now())
	if err != nil {
		return registry.Actor{}, err
	}
	if !ok {
		return registry.Actor{}, ErrSession
	}
	a.Via = viaWeb
	return a, nil
}

// Bearer is whom an API token stands for; [ErrToken] when it is not to be trusted.
func (s *Service) Bearer(ctx context.Context, token string) (registry.Actor, error) {
	if !looksLikeToken(token) {
		return registry.Actor{}, ErrToken
	}
	_, a, ok, err := s.gate.Token(ctx, fleet.APIToken, digest(token), s.now())
	if err != nil {
		return registry.Actor{}, err
	}
	if !ok {
		return registry.Actor{}, ErrToken
	}
	a.Via = viaAPI
	return a, nil
}

// TokenSpec describes an API token to be made.
type TokenSpec struct {
	Name    string // what it is for
	User    string // whose it is; empty: the session's own
	Grants  []registry.UserGrant
	Expires time.Time
}

// longestToken is how far ahead a token may expire: who still needs one then
// looks at it once a year.
const longestToken = 366 * 24 * time.Hour

// NewToken makes an API token. It is returned this once and cannot be had again.
func (s *Service) NewToken(ctx context.Context, session registry.Session, spec TokenSpec) (string, error) {
	now := s.now()
	if !spec.Expires.After(now) || spec.Expires.After(now.Add(longestToken)) {
		return "", fleet.Invalidf("token.expires", "a token must expire within a year from now").In("expires")
	}
	if spec.User == "" {
		spec.User = session.Actor().Name
	}
	token := apiToken()
	_, err := session.Apply(ctx, registry.Request{}, registry.AddToken{
		Kind: fleet.APIToken, User: spec.User, Hash: digest(token),
		Label: spec.Name, Prefix: token[:tokenPrefix], Grants: spec.Grants, Expires: spec.Expires,
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// adminName is the account that a new register begins with.
const adminName = "admin"

// EnsureAdmin gives a register without accounts its first one, admin, which may
// do everything. The password is returned this once.
func (s *Service) EnsureAdmin(ctx context.Context) (password string, created bool, err error) {
	if begun, err := s.gate.HasUsers(ctx); err != nil || begun {
		return "", false, err
	}
	password = readablePassword()
	hash, err := s.HashPassword(ctx, password)
	if err != nil {
		return "", false, err
	}
	_, err = s.reg.As(registry.Operator()).Apply(ctx, registry.Request{}, registry.AddUser{
		User: adminName, FullName: "Administrator", Password: hash,
		Grants: []registry.UserGrant{{Role: fleet.Admin}},
	})
	if err != nil {
		return "", false, err
	}
	return password, true, nil
}

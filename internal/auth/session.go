package auth

import (
	"context"
	"errors"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// sessionLife is how long after signing in a browser stays signed in.
const sessionLife = 12 * time.Hour

// Credentials are an attempt to sign in.
type Credentials struct {
	Name     string
	Password string
	From     string // the client's address, with or without a port; guesses are slowed down by its network
}

// SignIn begins a session. The secret is for the browser's cookie, see
// [SetCookie], and cannot be had again.
func (s *Service) SignIn(ctx context.Context, c Credentials) (secret string, expires time.Time, err error) {
	visit := visitOf(c)
	if err := s.guard.admit(visit, s.now()); err != nil {
		s.SignInFailed(c.Name, c.From, withPassword+", too many tries")
		return "", expires, err
	}
	u, err := s.identify(ctx, c)
	if err != nil {
		if errors.Is(err, ErrWrong) {
			s.SignInFailed(c.Name, c.From, withPassword)
		}
		return "", expires, err
	}
	secret, expires = sessionSecret(), s.now().Add(sessionLife)
	self := registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants, Via: viaWeb, Address: addressOf(c.From)}
	_, err = s.reg.As(self).Apply(ctx, registry.Request{}, registry.AddToken{
		Kind: fleet.SessionToken, User: u.Name, Hash: digest(secret), Expires: expires,
		Verified: u.Password, With: withPassword,
	})
	if errors.Is(err, registry.ErrPasswordChanged) {
		return "", time.Time{}, ErrWrong
	}
	s.guard.welcome(visit, s.now())
	return secret, expires, err
}

// withPassword is how the journal says that somebody signed in with a password.
const withPassword = "password"

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
	asking, _ := ActorOf(ctx)
	a.Via, a.Address = viaWeb, asking.Address
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

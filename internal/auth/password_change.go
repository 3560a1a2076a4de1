package auth

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// errCurrent is the answer to who does not know the password that they change.
// It is not [ErrWrong]: the session that asks goes on.
var errCurrent = &fleet.Error{
	Kind: fleet.Invalid, Code: "auth.current", Field: "current",
	Message: "this is not your present password: type it as you do to sign in",
}

// SetPassword gives a user that the session administers a new password, and
// signs the user out everywhere. For one's own see [Service.ChangePassword].
func (s *Service) SetPassword(ctx context.Context, by registry.Session, user, password string) error {
	hash, err := s.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	_, err = by.Apply(ctx, registry.Request{}, registry.SetPassword{User: user, Password: hash})
	return err
}

// ChangePassword replaces the session's own password by the next one, given that
// the current one is right, and ends all sessions of the user, this one too.
// Guessing at the current one is slowed down as guessing at the sign-in is.
func (s *Service) ChangePassword(ctx context.Context, by registry.Session, user, current, next string) error {
	verified, err := s.VerifyOwn(ctx, by, user, current)
	if err != nil {
		return err
	}
	hash, err := s.HashPassword(ctx, next)
	if err != nil {
		return err
	}
	_, err = by.Apply(ctx, registry.Request{}, registry.ChangePassword{User: user, Password: hash, Verified: verified})
	return err
}

// VerifyOwn refuses a password that is not the present one of the session's own
// account, by that name. Guessing is slowed down as at the sign-in. The hash that
// was verified is for the change that follows, see [registry.ChangePassword].
func (s *Service) VerifyOwn(ctx context.Context, by registry.Session, user, current string) (verified string, err error) {
	if name, err := fleet.ParseUserName(user); err != nil || name != by.Actor().Name {
		return "", errCurrent
	}
	c := Credentials{Name: user, Password: current}
	visit := visitOf(c)
	if err := s.guard.admit(visit, s.now()); err != nil {
		return "", err
	}
	u, err := s.identify(ctx, c)
	switch {
	case err == ErrWrong:
		return "", errCurrent
	case err != nil:
		return "", err
	}
	s.guard.welcome(visit, s.now())
	return u.Password, nil
}

// PasswordDigest stands for a password where the same one is to be recognised
// again. It is as hard to guess from as the hash that an account keeps. The salt
// may be known, and should not be used for two purposes.
func (s *Service) PasswordDigest(ctx context.Context, salt, password string) ([]byte, error) {
	return s.hasher.derive(ctx, password, digest(salt)[:saltSize], presentCost, hashSize)
}

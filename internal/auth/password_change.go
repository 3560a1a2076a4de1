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

// Own is a change of one's own account, for which the present password is given.
type Own struct {
	User    string // the session's own name
	Current string // password
	From    string // as in [Credentials], of the session that goes on
	Agent   string
}

// ChangePassword replaces the session's own password by the next one, given that
// the current one is right. All sessions of the user end, this one too; the one
// that is returned takes its place. Guessing at the current password is slowed
// down as guessing at the sign-in is.
func (s *Service) ChangePassword(ctx context.Context, by registry.Session, o Own, next string) (Admission, error) {
	u, err := s.VerifyOwn(ctx, by, o)
	if err != nil {
		return Admission{}, err
	}
	change, err := s.PasswordChange(ctx, u, o.Current, next)
	if err != nil {
		return Admission{}, err
	}
	in, session := s.newSession(&u, o.From, o.Agent)
	change.Session = &session
	_, err = by.Apply(ctx, registry.Request{}, change)
	return in, err
}

// PasswordChange is the change of a user's own password, whose present one was
// verified. An authenticator goes on under the next one.
func (s *Service) PasswordChange(ctx context.Context, u fleet.User, current, next string) (c registry.ChangePassword, err error) {
	c = registry.ChangePassword{User: u.Name, Verified: u.Password}
	if c.Password, err = s.HashPassword(ctx, next); err != nil || u.Factor == nil {
		return c, err
	}
	secret, _, err := s.factorSecret(ctx, &u, current)
	if err == errSealed { // sealed under an earlier one, and lost with it
		return c, nil
	}
	if err != nil {
		return c, err
	}
	k, err := s.keyring(ctx, next, nil)
	c.Secret, c.Salt = seal(k.key, secret), k.salt
	return c, err
}

// VerifyOwn refuses a password that is not the present one of the session's own
// account. Guessing is slowed down as at the sign-in. The account is for
// [Service.PasswordChange].
func (s *Service) VerifyOwn(ctx context.Context, by registry.Session, o Own) (u fleet.User, err error) {
	if name, err := fleet.ParseUserName(o.User); err != nil || name != by.Actor().Name {
		return u, errCurrent
	}
	c := Credentials{Name: o.User, Password: o.Current}
	visit, guard := visitOf(c), s.guardOf(o.User)
	if err := guard.admit(visit, s.now()); err != nil {
		return u, err
	}
	u, err = s.identify(ctx, c)
	switch {
	case err == ErrWrong:
		return u, errCurrent
	case err != nil:
		return u, err
	}
	guard.welcome(visit, s.now())
	return u, nil
}

// PasswordDigest stands for a password where the same one is to be recognised
// again. It is as hard to guess from as the hash that an account keeps. The salt
// may be known, and should not be used for two purposes.
func (s *Service) PasswordDigest(ctx context.Context, salt, password string) ([]byte, error) {
	return s.hasher.derive(ctx, password, digest(salt)[:saltSize], presentCost, hashSize)
}

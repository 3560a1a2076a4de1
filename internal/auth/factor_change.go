package auth

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// factorSecret opens the secret of the user's authenticator by the password;
// errSealed when it was sealed under another one.
func (s *Service) factorSecret(ctx context.Context, u *fleet.User, password string) ([]byte, factorKeyring, error) {
	k, err := s.keyring(ctx, asKept(u, password), u.Factor.Salt)
	if err != nil {
		return nil, k, err
	}
	secret, err := unseal(k.key, u.Factor.Secret)
	return secret, k, err
}

// SetUpSecondStep gives the session's own account a second step, or another
// authenticator in the place of the one it has. All other sessions end, and the
// returned one takes the place of this. The recovery codes are told this once.
func (s *Service) SetUpSecondStep(ctx context.Context, by registry.Session, o Own, key, code string) (in Admission, recovery []string, err error) {
	u, err := s.VerifyOwn(ctx, by, o)
	if err != nil {
		return in, nil, err
	}
	k, err := s.keyring(ctx, asKept(&u, o.Current), nil)
	if err != nil {
		return in, nil, err
	}
	f, recovery, err := s.newFactor(ctx, k, key, code)
	if err != nil {
		return in, nil, err
	}
	in, err = s.setFactor(ctx, by, &u, o, f)
	return in, recovery, err
}

// NewRecoveryCodes makes other recovery codes for the session's own account; the
// ones before are good no more. They are told this once. Sessions end as with
// [Service.SetUpSecondStep].
func (s *Service) NewRecoveryCodes(ctx context.Context, by registry.Session, o Own) (in Admission, recovery []string, err error) {
	u, err := s.VerifyOwn(ctx, by, o)
	if err != nil {
		return in, nil, err
	}
	if u.Factor == nil {
		return in, nil, fleet.Conflictf("user.no_factor", "you have not set up a second step: set it up first")
	}
	f := *u.Factor
	if recovery, f.Recovery, err = s.newRecoveryCodes(ctx); err != nil {
		return in, nil, err
	}
	in, err = s.setFactor(ctx, by, &u, o, f)
	return in, recovery, err
}

func (s *Service) setFactor(ctx context.Context, by registry.Session, u *fleet.User, o Own, f fleet.SecondFactor) (Admission, error) {
	in, session := s.newSession(u, o.From, o.Agent)
	_, err := by.Apply(ctx, registry.Request{}, registry.SetSecondFactor{User: u.Name, Factor: f, Session: session})
	return in, err
}

package registry

import (
	"bytes"
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// ErrCodeUsed is the answer to a code that was used before, or by another
// sign-in a moment ago.
var ErrCodeUsed = &fleet.Error{
	Kind: fleet.Invalid, Code: "auth.code_used", Field: "code",
	Message: "this code was used already: wait for the next one",
}

// PassSecondStep makes a session of a sign-in that awaits its second step, by a
// code or by setting the second step up. Whether the code is right is for
// internal/auth to verify; here it is used up.
type PassSecondStep struct {
	Half    []byte // hash of the secret that the password gave
	Session AddToken
	Step    int64               // the code's time step
	Used    []byte              // or the hash of a recovery code
	Enrol   *fleet.SecondFactor // or what was set up
}

// Name is the change's name in the journal.
func (c PassSecondStep) Name() string {
	switch {
	case c.Enrol != nil:
		return "enrol_second_factor"
	case c.Used != nil:
		return "sign_in_by_recovery_code"
	}
	return "sign_in_by_code"
}

func (c PassSecondStep) apply(t *tx) error {
	tok, u, err := t.half(c.Half)
	if err != nil {
		return err
	}
	if c.Enrol != nil {
		err = t.enrol(&u, *c.Enrol)
	} else {
		err = t.useCode(&u, c.Step, c.Used)
	}
	if err != nil {
		return err
	}
	if err := t.revoke(&tok); err != nil {
		return err
	}
	c.Session.Verified, c.Session.Stepped = u.Password, true
	return c.Session.apply(t)
}

// errHalf is the answer to who was long about the second step, or tried it again.
var errHalf = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.session", Message: "you are not signed in, or have been signed out: sign in"}

// half is the sign-in that awaits its second step, which is the actor's own.
func (t *tx) half(hash []byte) (tok fleet.Token, u fleet.User, err error) {
	tok, u, ok, err := t.presented(hash, fleet.StepToken)
	if err == nil && !ok {
		err = errHalf
	}
	return tok, u, err
}

// enrol sets the second step up where there is none.
func (t *tx) enrol(u *fleet.User, f fleet.SecondFactor) error {
	if u.Factor != nil {
		return fleet.Conflictf("user.factor_set", "this account has a second step already: sign in with it")
	}
	f.Since = t.now.Unix()
	u.Factor = &f
	return save(t, users, u)
}

// useCode uses up the code of the time step, or the recovery code with the hash.
func (t *tx) useCode(u *fleet.User, step int64, recovery []byte) error {
	if u.Factor == nil {
		return errHalf
	}
	f, ok := u.Factor.Use(step)
	if recovery != nil {
		f, ok = u.Factor.UseRecovery(recovery)
	}
	if !ok {
		return ErrCodeUsed
	}
	u.Factor = &f
	return save(t, users, u)
}

// DropSecondFactor uses a recovery code up to set the second step up anew: the
// actor's authenticator cannot be used since somebody else set its password.
type DropSecondFactor struct {
	Half []byte // hash of the secret that the password gave
	Used []byte // of the recovery code
}

// Name is the change's name in the journal.
func (DropSecondFactor) Name() string { return "drop_second_factor" }

func (c DropSecondFactor) apply(t *tx) error {
	_, u, err := t.half(c.Half)
	if err != nil {
		return err
	}
	if err := t.useCode(&u, 0, c.Used); err != nil {
		return err
	}
	u.Factor = nil
	return save(t, users, &u)
}

// SetSecondFactor gives the actor's own account another authenticator or other
// recovery codes, and signs it out everywhere but in the session that it begins.
// Whether the actor knows the password is for internal/auth to verify.
type SetSecondFactor struct {
	User    string // the actor's own name
	Factor  fleet.SecondFactor
	Session AddToken // Verified as that of [ChangePassword]
}

// Name is the change's name in the journal.
func (SetSecondFactor) Name() string { return "set_second_factor" }

func (c SetSecondFactor) apply(t *tx) error {
	u, err := t.own(c.User, c.Session.Verified)
	if err != nil {
		return err
	}
	f := c.Factor
	if f.Since = t.now.Unix(); u.Factor != nil && bytes.Equal(u.Factor.Secret, f.Secret) {
		f.Since, f.Step = u.Factor.Since, max(u.Factor.Step, f.Step)
	}
	u.Factor = &f
	if err := save(t, users, &u); err != nil {
		return err
	}
	if err := t.signOut(u.ID); err != nil {
		return err
	}
	c.Session.Stepped = true
	return c.Session.apply(t)
}

// ResetSecondFactor takes the second step from a user that the actor administers
// and signs the user out everywhere; where one is required the user sets up
// another at the next sign-in. One's own is for somebody else to reset.
type ResetSecondFactor struct{ User string }

// Name is the change's name in the journal.
func (ResetSecondFactor) Name() string { return "reset_second_factor" }

func (c ResetSecondFactor) apply(t *tx) error {
	u, err := t.user(c.User, false)
	if err != nil {
		return err
	}
	if u.ID == t.actor.User {
		return fleet.Conflictf("user.own_factor", "this is your own account: let another administrator reset its second step").In("user")
	}
	u.Factor = nil
	if err := save(t, users, &u); err != nil {
		return err
	}
	return t.signOut(u.ID)
}

// OwnFactor is the actor's second factor without its secrets; nil when there is none.
func (s Session) OwnFactor(ctx context.Context) (f *fleet.SecondFactor, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		u, _, err := users.Get(r, uint64(s.actor.User))
		f = u.WithoutSecrets().Factor
		return err
	})
	return f, err
}

// signOut ends all sessions of a user, and the sign-ins under way.
func (t *tx) signOut(u fleet.UserID) error {
	return t.revokeAll(u, fleet.SessionToken, fleet.StepToken)
}

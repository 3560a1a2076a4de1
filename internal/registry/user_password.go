package registry

import "github.com/takhti-edu/takhti/internal/fleet"

// ErrPasswordChanged is the answer to a change that stands on a password which
// was verified, but is by now another one. Verifying takes long, and so comes
// before the change's turn: without this, the old password would let somebody in
// after all that it had opened was closed.
var ErrPasswordChanged = &fleet.Error{
	Kind: fleet.Conflict, Code: "user.password_changed", Field: "current",
	Message: "the password was changed meanwhile: try again with the new one",
}

// SetPassword replaces the password of a user that the actor administers, and
// signs the user out everywhere. It is not for one's own: see [ChangePassword].
type SetPassword struct {
	User     string
	Password string // argon2id, PHC form
}

// Name is the change's name in the journal.
func (SetPassword) Name() string { return "set_password" }

func (c SetPassword) apply(t *tx) error {
	u, err := t.user(c.User, false)
	if err != nil {
		return err
	}
	if err := mayHavePassword(&u); err != nil {
		return err
	}
	if u.ID == t.actor.User {
		return fleet.Conflictf("user.own_password", "this is your own account: change its password by giving the present one").In("user")
	}
	return t.setPassword(&u, c.Password)
}

// ChangePassword replaces the actor's own password, and signs it out everywhere.
// Whether the actor knows the present one is for internal/auth to verify.
type ChangePassword struct {
	User     string // the actor's own name
	Password string // argon2id, PHC form
	// Verified is the hash of the password that the actor knew to be the present
	// one. It stays out of what is kept, as that of [AddToken] does.
	Verified string `cbor:"-"`
	// Secret and Salt are the second factor's under the new password; nil: there is none.
	Secret, Salt []byte `cbor:"-"`
	// Session is begun in the place of the one that asks; nil: none is.
	Session *AddToken `cbor:"-"`
}

// Name is the change's name in the journal.
func (ChangePassword) Name() string { return "change_password" }

func (c ChangePassword) apply(t *tx) error {
	u, err := t.own(c.User, c.Verified)
	if err != nil {
		return err
	}
	if u.Factor != nil && c.Secret != nil {
		f := *u.Factor
		f.Secret, f.Salt = c.Secret, c.Salt
		u.Factor = &f
	}
	if err := mayHavePassword(&u); err != nil {
		return err
	}
	stepped, err := t.stepped()
	if err != nil {
		return err
	}
	if err := t.setPassword(&u, c.Password); err != nil || c.Session == nil {
		return err
	}
	next := *c.Session
	next.Verified, next.Stepped = c.Password, stepped
	return next.apply(t)
}

// stepped says whether the actor asks from a session that passed a second step.
func (t *tx) stepped() (bool, error) {
	tok, _, err := tokens.Get(t.w, t.actor.TokenID)
	return tok.Stepped, err
}

// own is the actor's own account, of which it verified the password's hash.
func (t *tx) own(name, verified string) (fleet.User, error) {
	u, ok, err := userByName(t.w, name)
	switch {
	case err != nil:
		return u, err
	case !ok || u.ID != t.actor.User:
		return u, absentUser(name)
	case verified != u.Password:
		return u, ErrPasswordChanged
	}
	return u, nil
}

// mayHavePassword refuses a password to an account that has a PIN in its place,
// see [SetPIN].
func mayHavePassword(u *fleet.User) error {
	if u.School == 0 {
		return nil
	}
	return fleet.Conflictf("user.has_pin", "user %s is a school, which signs in with a PIN: give it a new PIN", u.Name).In("user")
}

// setPassword replaces the password, or the PIN, and what was opened with it ends.
func (t *tx) setPassword(u *fleet.User, hash string) error {
	u.Password = hash
	if err := save(t, users, u); err != nil {
		return err
	}
	return t.revokeAll(u.ID, fleet.SessionToken, fleet.StepToken, fleet.InvitationToken)
}

package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// LinkIdentity lets an account elsewhere open the actor's own. That both are the
// same person's is for internal/auth to find out.
type LinkIdentity struct {
	User     string // the actor's own name
	Identity fleet.Identity
	Verified string `cbor:"-"` // as that of [ChangePassword]
}

// Name is the change's name in the journal.
func (LinkIdentity) Name() string { return "link_identity" }

func (c LinkIdentity) apply(t *tx) error {
	if err := t.mayKeepAccount(); err != nil {
		return err
	}
	u, err := t.own(c.User, c.Verified)
	switch {
	case err != nil:
		return err
	case u.Disabled:
		return disabledUser(&u)
	}
	return t.link(&u, c.Identity)
}

// AcceptByIdentity links an account elsewhere to that of the invited user, who is
// the actor and needs no password then, and ends the invitation.
type AcceptByIdentity struct {
	Hash     []byte // of the invitation's secret
	Identity fleet.Identity
}

// Name is the change's name in the journal.
func (AcceptByIdentity) Name() string { return "accept_invitation_by_identity" }

func (c AcceptByIdentity) apply(t *tx) error {
	u, err := t.invited(c.Hash)
	if err != nil {
		return err
	}
	if err := t.link(&u, c.Identity); err != nil {
		return err
	}
	return t.revokeAll(u.ID, fleet.InvitationToken)
}

// link refuses an identity where there is one: whoever has it would be shut out.
func (t *tx) link(u *fleet.User, i fleet.Identity) error {
	if u.Identity.Is(i) {
		return nil
	}
	if u.Identity != nil {
		return fleet.Conflictf("identity.linked", "user %s signs in with another account already: unlink that one first", u.Name).In("user")
	}
	i.Since = t.now.Unix()
	if err := i.Check(); err != nil {
		return err
	}
	switch _, taken, err := userByIdentity(t.w, i); {
	case err != nil:
		return err
	case taken:
		return fleet.Conflictf("identity.taken", "this account opens somebody else's account here already: choose another one").In("user")
	}
	u.Identity = &i
	return save(t, users, u)
}

// UnlinkIdentity ends that an account elsewhere opens the actor's own, or that of
// a user that the actor administers, who is signed out everywhere.
type UnlinkIdentity struct{ User string }

// Name is the change's name in the journal.
func (UnlinkIdentity) Name() string { return "unlink_identity" }

func (c UnlinkIdentity) apply(t *tx) error {
	if err := t.mayKeepAccount(); err != nil {
		return err
	}
	u, err := t.user(c.User, true)
	switch {
	case err != nil:
		return err
	case u.Identity == nil:
		return nil
	case u.Password == "" && u.ID == t.actor.User:
		return fleet.Conflictf("identity.only", "this is your only way to sign in: have an administrator give you a password first").In("user")
	}
	u.Identity = nil
	if err := save(t, users, &u); err != nil {
		return err
	}
	return t.signOut(u.ID)
}

// SignInByIdentity makes a session of somebody, who is the actor, by the account
// elsewhere. It is refused when that was unlinked meanwhile.
type SignInByIdentity struct {
	Identity fleet.Identity
	Session  AddToken
}

// Name is the change's name in the journal, that of every sign-in.
func (c SignInByIdentity) Name() string { return AddToken{Kind: fleet.SessionToken}.Name() }

func (c SignInByIdentity) apply(t *tx) error {
	u, ok, err := userByIdentity(t.w, c.Identity)
	if err != nil {
		return err
	}
	if !ok || u.ID != t.actor.User {
		return ErrNotLinked
	}
	c.Session.User, c.Session.Kind, c.Session.Verified = u.Name, fleet.SessionToken, u.Password
	c.Session.Stepped = true // the second step is for whoever keeps the account elsewhere to ask for
	return c.Session.apply(t)
}

// ErrNotLinked is the answer to an account elsewhere that opens none here.
var ErrNotLinked = &fleet.Error{Kind: fleet.Forbidden, Code: "identity.not_linked", Message: "this account does not open any account here: link it first"}

func userByIdentity(r kv.Reader, i fleet.Identity) (u fleet.User, ok bool, err error) {
	id, ok, err := users.Lookup(r, users.Index("by_identity").Str(i.Issuer).Str(i.Subject))
	if err != nil || !ok {
		return u, false, err
	}
	return users.Get(r, id)
}

// Identity is the account elsewhere that opens the actor's own; nil when none does.
func (s Session) Identity(ctx context.Context) (i *fleet.Identity, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		u, _, err := users.Get(r, uint64(s.actor.User))
		i = u.Identity
		return err
	})
	return i, err
}

// UserByIdentity reads the account that an account elsewhere opens; ok is false
// when there is none. A disabled one is returned as well.
func (g Gate) UserByIdentity(ctx context.Context, i fleet.Identity) (u fleet.User, ok bool, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		u, ok, err = userByIdentity(r, i)
		return err
	})
	return u, ok, err
}

package registry

import (
	"context"
	"sort"
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// InviteUser makes an account without a password, and an invitation with which
// its owner chooses one. Who may do so is as with [AddUser]. The receipt's
// reference is the invitation's number, by which [RevokeToken] takes it back.
type InviteUser struct {
	User     string
	FullName string
	Grants   []UserGrant
	Hash     []byte // SHA-256 of the invitation's secret
	Expires  time.Time
}

// Name is the change's name in the journal.
func (InviteUser) Name() string { return "invite_user" }

func (c InviteUser) apply(t *tx) error {
	if err := (AddUser{User: c.User, FullName: c.FullName, Grants: c.Grants}).apply(t); err != nil {
		return err
	}
	u, _, err := userByName(t.w, c.User)
	if err != nil {
		return err
	}
	return t.invite(&u, c.Hash, c.Expires)
}

// RenewInvitation invites a user anew who has not chosen a password yet. Earlier
// invitations end.
type RenewInvitation struct {
	User    string
	Hash    []byte
	Expires time.Time
}

// Name is the change's name in the journal.
func (RenewInvitation) Name() string { return "renew_invitation" }

func (c RenewInvitation) apply(t *tx) error {
	u, err := t.user(c.User, false)
	switch {
	case err != nil:
		return err
	case u.Disabled:
		return disabledUser(&u)
	case u.School != 0:
		return mayHavePassword(&u)
	case u.Password != "":
		return fleet.Conflictf("user.has_password", "user %s has chosen a password already: set a new one if it is forgotten", u.Name).In("user")
	}
	if err := t.revokeAll(u.ID, fleet.InvitationToken); err != nil {
		return err
	}
	return t.invite(&u, c.Hash, c.Expires)
}

func (t *tx) invite(u *fleet.User, hash []byte, expires time.Time) error {
	id, err := tokens.NextID(t.w)
	if err != nil {
		return err
	}
	t.result(strconv.FormatUint(id, 10))
	return save(t, tokens, &fleet.Token{
		ID: id, Kind: fleet.InvitationToken, Hash: hash, User: u.ID, By: t.actor.User,
		Created: t.now.Unix(), Expires: expires.Unix(),
	})
}

// ErrInvitation is the answer to an invitation that there is not, or no more.
var ErrInvitation = &fleet.Error{
	Kind: fleet.NotFound, Code: "invitation.ended",
	Message: "this invitation was used, taken back or has expired: ask whoever sent it for a new one",
}

// AcceptInvitation gives the invited user, who is the actor, the password of its
// choice, and ends the invitation.
type AcceptInvitation struct {
	Hash     []byte // of the invitation's secret
	Password string // argon2id, PHC form
}

// Name is the change's name in the journal.
func (AcceptInvitation) Name() string { return "accept_invitation" }

func (c AcceptInvitation) apply(t *tx) error {
	u, err := t.invited(c.Hash)
	if err != nil {
		return err
	}
	return t.setPassword(&u, c.Password) // which ends all invitations of the user
}

// invited is whom the invitation is for: the actor.
func (t *tx) invited(hash []byte) (u fleet.User, err error) {
	_, u, ok, err := t.presented(hash, fleet.InvitationToken)
	if err == nil && !ok {
		err = ErrInvitation
	}
	return u, err
}

// Invitation is one that can still be accepted.
type Invitation struct {
	Token fleet.Token // without its hash
	User  fleet.User  // whom it is for
	By    string      // the name of who invited
}

// Invitations reads the open invitations of users that the actor administers,
// those that end first before the others.
func (s Session) Invitations(ctx context.Context) (all []Invitation, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		index := tokens.Index("by_end")
		from := index.Clone().Uint(uint64(s.reg.now().Unix()) + 1)
		for id, err := range tokens.IDs(r, from, index.End()) {
			if err != nil {
				return err
			}
			if all, err = s.addInvitation(r, all, id); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// addInvitation adds the token to the list, if it is an invitation of that kind.
func (s Session) addInvitation(r kv.Reader, all []Invitation, id uint64) ([]Invitation, error) {
	tok, _, err := tokens.Get(r, id)
	if err != nil || tok.Kind != fleet.InvitationToken || tok.Revoked != 0 {
		return all, err
	}
	u, ok, err := users.Get(r, uint64(tok.User))
	if err != nil || !ok || !s.actor.administers(&u) {
		return all, err
	}
	by, known, err := users.Get(r, uint64(tok.By))
	if !known {
		by.Name = Operator().Name
	}
	tok.Hash = nil
	return append(all, Invitation{Token: tok, User: u.WithoutSecrets(), By: by.Name}), err
}

// Uninvited reads the first accounts of people, by name, that the actor administers,
// with which nobody can sign in yet and for which no invitation is open: those that a
// list made, and those whose invitation ended.
func (s Session) Uninvited(ctx context.Context, most int) (all []fleet.User, err error) {
	open, err := s.Invitations(ctx)
	if err != nil {
		return nil, err
	}
	invited := map[fleet.UserID]bool{}
	for _, i := range open {
		invited[i.User.ID] = true
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		people, err := recordsAt(r, users, users.Index("people"))
		for _, u := range people {
			if u.Password == "" && u.Identity == nil && !u.Disabled && !invited[u.ID] && s.actor.administers(&u) {
				all = append(all, u.WithoutSecrets())
			}
		}
		return err
	})
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all[:min(len(all), most)], err
}

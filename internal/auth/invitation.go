package auth

import (
	"context"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// invitationLife is how long somebody who was invited has to choose a password.
const invitationLife = 7 * 24 * time.Hour

// Invitation is what was made to invite somebody. Its secret is told this once.
type Invitation struct {
	Secret  string // goes into the link, see [Invitation.Path]
	Expires time.Time
}

// Path is the address of the page on which the invitation is accepted, on
// whatever host the register has.
func (i Invitation) Path() string { return InvitationPath + i.Secret }

// InvitationPath is where the addresses of invitations begin.
const InvitationPath = "/invite/"

// PrepareInvitation completes a change that invites somebody, whom the secret is
// for. It makes nothing: that is for the change, which may be one of many.
func (s *Service) PrepareInvitation(c *registry.InviteUser) Invitation {
	i, hash := s.newInvitation()
	c.Hash, c.Expires = hash, i.Expires
	return i
}

func (s *Service) newInvitation() (i Invitation, hash []byte) {
	i = Invitation{Secret: sessionSecret(), Expires: s.now().Add(invitationLife)}
	return i, digest(i.Secret)
}

// Invite makes an account whose owner chooses the password. The request's digest
// must stand for the rest of the change, as each invitation has another secret;
// repeated, it is refused with invitation.made.
func (s *Service) Invite(ctx context.Context, by registry.Session, q registry.Request, c registry.InviteUser) (Invitation, error) {
	i := s.PrepareInvitation(&c)
	return i, sendInvitation(ctx, by, q, c)
}

// InviteAgain makes a new invitation for somebody who has not accepted an earlier
// one, which ends. The request's digest is as with [Service.Invite].
func (s *Service) InviteAgain(ctx context.Context, by registry.Session, q registry.Request, user string) (Invitation, error) {
	i, hash := s.newInvitation()
	return i, sendInvitation(ctx, by, q, registry.RenewInvitation{User: user, Hash: hash, Expires: i.Expires})
}

func sendInvitation(ctx context.Context, by registry.Session, q registry.Request, c registry.Change) error {
	receipt, err := by.Apply(ctx, q, c)
	if err == nil && receipt.Repeated {
		return fleet.Conflictf("invitation.made", "this invitation was made before; its link was told then and is not kept: make a new link")
	}
	return err
}

// Invited is the name of the account that the invitation is for;
// [registry.ErrInvitation] when it can no longer be accepted. Looking does not
// use it up.
func (s *Service) Invited(ctx context.Context, secret string) (name string, err error) {
	a, err := s.invited(ctx, secret)
	return a.Name, err
}

func (s *Service) invited(ctx context.Context, secret string) (registry.Actor, error) {
	_, a, ok, err := s.gate.Token(ctx, fleet.InvitationToken, digest(secret), s.now())
	if err == nil && !ok {
		err = registry.ErrInvitation
	}
	a.Via = viaWeb
	return a, err
}

// AcceptInvitation gives the invited account the password that its owner chose.
func (s *Service) AcceptInvitation(ctx context.Context, secret, password string) error {
	a, err := s.invited(ctx, secret)
	if err != nil {
		return err
	}
	hash, err := s.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	_, err = s.reg.As(a).Apply(ctx, registry.Request{}, registry.AcceptInvitation{Hash: digest(secret), Password: hash})
	return err
}

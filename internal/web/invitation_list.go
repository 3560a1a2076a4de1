package web

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// invitationsPage lists those who were invited and have not come yet.
type invitationsPage struct {
	open   []invitationRow
	others []userRow // who could be invited: the first of them
	form   form      // to invite somebody
	roles  []choice
	notice *notice
	made   *madeLink
}

type invitationRow struct {
	registry.Invitation
	grants string
}

// madeLink is the link of an invitation, which is shown this once.
type madeLink struct {
	name, link string
	until      time.Time
}

func (v *visit) listInvitations() (reply, error) {
	return v.invitationsReply(invitationsPage{form: blankForm("invite_user"), notice: v.takeNotice()})
}

func (v *visit) invitationsReply(p invitationsPage) (reply, error) {
	open, err := v.session.Invitations(v.ctx)
	if err != nil {
		return reply{}, err
	}
	users := make([]fleet.User, 0, len(open))
	for _, i := range open {
		users = append(users, i.User)
	}
	rows, err := v.userRows(users)
	if err != nil {
		return reply{}, err
	}
	for i, row := range rows {
		p.open = append(p.open, invitationRow{Invitation: open[i], grants: row.grants})
	}
	others, err := v.session.Uninvited(v.ctx, listPage)
	if err != nil {
		return reply{}, err
	}
	if p.others, err = v.userRows(others); err != nil {
		return reply{}, err
	}
	p.roles = v.rolesToGive()
	return p.form.again(show(v.say("invite.list"), invitationsBody(v.view, p))), nil
}

// changeInvitations does what a form about invitations asks for.
func (v *visit) changeInvitations() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	switch f := formOf(values); f.name {
	case "invite_user":
		return v.inviteUser(f)
	case "renew_invitation":
		return v.renewInvitation(f)
	case "revoke_invitation":
		return v.revokeToken(f, "/invitations")
	}
	return reply{}, errUnknownForm
}

// inviteUser answers with the link itself: no cookie and no other address may
// hold it.
func (v *visit) inviteUser(f form) (reply, error) {
	c := registry.InviteUser{User: f.value("name"), FullName: f.value("full_name")}
	var err error
	if c.Grants, err = f.grants(); err == nil {
		sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %v", c.User, c.FullName, c.Grants))
		var i auth.Invitation
		if i, err = v.Auth.Invite(v.ctx, v.session, registry.Request{ID: f.key, Digest: sum[:]}, c); err == nil {
			return v.invitationsReply(invitationsPage{form: blankForm("invite_user"), made: v.madeLink(c.User, i)})
		}
	}
	f, ok := v.reject(f, err, "user", "name")
	if !ok {
		return reply{}, err
	}
	return v.invitationsReply(invitationsPage{form: f})
}

func (v *visit) renewInvitation(f form) (reply, error) {
	name := f.value("user")
	sum := sha256.Sum256([]byte("renew " + name))
	i, err := v.Auth.InviteAgain(v.ctx, v.session, registry.Request{ID: f.key, Digest: sum[:]}, name)
	if err != nil {
		return reply{}, err
	}
	return v.invitationsReply(invitationsPage{form: blankForm("invite_user"), made: v.madeLink(name, i)})
}

func (v *visit) madeLink(name string, i auth.Invitation) *madeLink {
	return &madeLink{name: name, link: v.publicURL() + i.Path(), until: i.Expires}
}

// revokeToken ends the session, token or invitation with the number in the form.
func (v *visit) revokeToken(f form, then string) (reply, error) {
	id, err := strconv.ParseUint(f.value("id"), 10, 64)
	if err != nil {
		return reply{}, errUnknownForm
	}
	return v.carryOut(f, registry.RevokeToken{ID: id}, then)
}

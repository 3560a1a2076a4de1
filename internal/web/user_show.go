package web

import (
	"cmp"
	"net/url"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// userPage is one account, for whoever looks after it.
type userPage struct {
	userRow
	form     form // for a new password or other roles, whichever was sent
	roles    []choice
	password string // the one just set, which is shown this once
	notice   *notice
}

// userAddress is where an account is changed: one's own is elsewhere.
func userAddress(u userRow) string {
	if u.self {
		return "/account"
	}
	return "/users/" + url.PathEscape(u.Name)
}

func (v *visit) showUser() (reply, error) {
	u, err := v.user()
	if err != nil {
		return reply{}, err
	}
	if u.self {
		return goTo(userAddress(u)), nil
	}
	if u.School != 0 {
		return v.cardsOf(u.User)
	}
	return v.userReply(userPage{userRow: u, form: blankForm("set_password"), notice: v.takeNotice()}), nil
}

func (v *visit) userReply(p userPage) reply {
	p.roles = v.rolesToGive()
	return p.form.again(show(v.say("user.one", "name", p.Name), userBody(v.view, p)))
}

// user is the account that the address names, of those that the visitor looks after.
func (v *visit) user() (userRow, error) {
	u, err := v.session.User(v.ctx, v.c.Param("name"))
	if err != nil {
		return userRow{}, err
	}
	rows, err := v.userRows([]fleet.User{u})
	if err != nil {
		return userRow{}, err
	}
	return rows[0], nil
}

// changeUser does what a form about an account asks for.
func (v *visit) changeUser() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	u, err := v.user()
	if err != nil {
		return reply{}, err
	}
	switch f := formOf(values); f.name {
	case "set_password":
		return v.setPassword(u, f)
	case "set_roles":
		return v.setRoles(u, f)
	case "enable_user", "disable_user":
		return v.carryOut(f, registry.EnableUser{User: u.Name, Enabled: f.name == "enable_user"}, "/users")
	case "unlink_identity":
		return v.carryOut(f, registry.UnlinkIdentity{User: u.Name}, "/users")
	case "reset_second_factor":
		return v.carryOut(f, registry.ResetSecondFactor{User: u.Name}, userAddress(u))
	case "end_user_sessions":
		return v.carryOut(f, registry.EndSessions{User: u.Name}, userAddress(u))
	}
	return reply{}, errUnknownForm
}

// setPassword answers with the new password itself: no address and no cookie may
// hold it.
func (v *visit) setPassword(u userRow, f form) (reply, error) {
	password := cmp.Or(f.value("password"), auth.ReadablePassword())
	err := v.Auth.SetPassword(v.ctx, v.session, u.Name, password)
	if err == nil {
		return v.userReply(userPage{userRow: u, form: blankForm("set_password"), password: password}), nil
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.userReply(userPage{userRow: u, form: f}), nil
}

// formFor is the form of the name: as it was sent, or blank.
func (p userPage) formFor(name string) form {
	if p.form.name == name {
		return p.form
	}
	return blankForm(name)
}

// role is the account's first one, for the form to begin with.
func (p userPage) role() string {
	if len(p.Grants) == 0 {
		return ""
	}
	return p.Grants[0].Role.String()
}

// setRoles gives the account one role in the place of those it has.
func (v *visit) setRoles(u userRow, f form) (reply, error) {
	grant, err := f.grant()
	if err == nil {
		var receipt registry.Receipt
		if receipt, err = v.apply(f, registry.SetRoles{User: u.Name, Grants: []registry.UserGrant{grant}}); err == nil {
			return v.saved(f.name, receipt, userAddress(u)), nil
		}
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.userReply(userPage{userRow: u, form: f}), nil
}

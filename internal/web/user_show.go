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
	rows     []roleFields // for the roles that it has, and one more
	password string       // the one just set, which is shown this once
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
	return v.userReply(userPage{userRow: u, form: blankForm("set_password"), notice: v.takeNotice()})
}

func (v *visit) userReply(p userPage) (r reply, err error) {
	p.roles = v.rolesToGive()
	if p.rows, err = v.roleRows(&p.User); err != nil {
		return reply{}, err
	}
	if p.form.name == "set_roles" { // what was emptied is not to fill itself again
		for i := range p.rows {
			p.rows[i].role, p.rows[i].place = "", ""
		}
	}
	return p.form.again(show(v.say("user.one", "name", p.Name), userBody(v.view, p))), nil
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
		return v.userReply(userPage{userRow: u, form: blankForm("set_password"), password: password})
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.userReply(userPage{userRow: u, form: f})
}

// roleRows are the roles of the account, to be changed, and room for one more.
func (v *visit) roleRows(u *fleet.User) ([]roleFields, error) {
	var paths []fleet.Path
	for _, g := range u.Grants {
		paths = append(paths, g.Place)
	}
	at, err := v.session.PlacesAt(v.ctx, paths...)
	rows := make([]roleFields, 0, len(u.Grants)+1)
	for i, g := range u.Grants {
		rows = append(rows, roleFields{n: i + 1, role: g.Role.String(), place: string(at[g.Place].Code), optional: len(u.Grants) > 1})
	}
	if n := len(rows) + 1; n <= mostRoles {
		rows = append(rows, roleFields{n: n, optional: n > 1})
	}
	return rows, err
}

// setRoles gives the account roles in the place of those it has.
func (v *visit) setRoles(u userRow, f form) (reply, error) {
	grants, err := f.grants()
	if err == nil {
		var receipt registry.Receipt
		if receipt, err = v.apply(f, registry.SetRoles{User: u.Name, Grants: grants}); err == nil {
			return v.saved(f.name, receipt, userAddress(u)), nil
		}
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.userReply(userPage{userRow: u, form: f})
}

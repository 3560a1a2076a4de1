package web

import (
	"crypto/sha256"
	"fmt"
	"sort"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// userListPage is the accounts that the visitor looks after, and the form for
// another one.
type userListPage struct {
	users  []userRow
	form   form
	roles  []choice
	notice *notice
}

// userRow is an account as the list shows it.
type userRow struct {
	fleet.User
	grants string          // "Officer: Lahore"
	place  fleet.PlaceCode // of its first role; empty: everywhere
	self   bool
}

func (v *visit) listUsers() (reply, error) { return v.usersReply(blankForm("add_user")) }

func (v *visit) usersReply(f form) (reply, error) {
	users, err := v.session.Users(v.ctx)
	if err != nil {
		return reply{}, err
	}
	sort.Slice(users, func(i, j int) bool { return users[i].Name < users[j].Name })
	p := userListPage{form: f, roles: v.rolesToGive(), notice: v.takeNotice()}
	if p.users, err = v.userRows(users); err != nil {
		return reply{}, err
	}
	return f.again(show(v.say("user.list"), userListBody(v.view, p))), nil
}

func (v *visit) userRows(users []fleet.User) (rows []userRow, err error) {
	var paths []fleet.Path
	for _, u := range users {
		for _, g := range u.Grants {
			paths = append(paths, g.Place)
		}
	}
	at, err := v.session.PlacesAt(v.ctx, paths...)
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		row := userRow{User: u, self: u.ID == v.actor.User}
		if len(u.Grants) > 0 {
			row.place = at[u.Grants[0].Place].Code
		}
		var words []string
		for _, g := range u.Grants {
			place := v.say("user.everywhere")
			if g.Place != "" {
				place = at[g.Place].Name
			}
			words = append(words, v.say("user.grant", "role", v.word("role", g.Role.String()), "place", place))
		}
		row.grants = strings.Join(words, " · ")
		rows = append(rows, row)
	}
	return rows, nil
}

// rolesToGive are those that may do nothing which the visitor may not do.
func (v *view) rolesToGive() (list []choice) {
	for _, r := range fleet.Roles() {
		if v.actor.MayGive(r) {
			list = append(list, choice{value: r.String(), label: v.word("role", r.String())})
		}
	}
	return list
}

// addUser makes an account.
func (v *visit) addUser() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	change, err := v.newUser(f)
	if err == nil {
		var receipt registry.Receipt
		if receipt, err = v.makeAccount(f, change); err == nil {
			return v.saved("add_user", receipt, "/users"), nil
		}
	}
	f, ok := v.reject(f, err, "user", "name")
	if !ok {
		return reply{}, err
	}
	return v.usersReply(f)
}

// makeAccount makes the account under the form's key. What it recognises the form
// by has a digest of the password that is the same each time, unlike the hash.
func (v *visit) makeAccount(f form, c registry.AddUser) (registry.Receipt, error) {
	password, err := v.Auth.PasswordDigest(v.ctx, "web add_user "+f.key, f.values.Get("password"))
	if err != nil {
		return registry.Receipt{}, err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %v %x", c.User, c.FullName, c.Grants, password))
	return v.session.Apply(v.ctx, registry.Request{ID: f.key, Digest: sum[:]}, c)
}

func (v *visit) newUser(f form) (c registry.AddUser, err error) {
	c = registry.AddUser{User: f.value("name"), FullName: f.value("full_name")}
	if _, err = fleet.ParseUserName(c.User); err != nil {
		return c, err
	}
	grant, err := f.grant()
	if err != nil {
		return c, err
	}
	c.Grants = []registry.UserGrant{grant}
	c.Password, err = v.Auth.HashPassword(v.ctx, f.values.Get("password"))
	return c, err
}

// grant is the role at a place that a form gives.
func (f form) grant() (registry.UserGrant, error) {
	role, err := fleet.ParseRole(f.value("role"))
	return registry.UserGrant{Role: role, Place: fleet.PlaceCode(f.value("place"))}, err
}

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
	grants string // "Officer: Lahore"
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

func (v *visit) userRows(users []fleet.User) ([]userRow, error) {
	grants := make([][]fleet.Grant, 0, len(users))
	for _, u := range users {
		grants = append(grants, u.Grants)
	}
	words, err := v.grantWords(grants)
	if err != nil {
		return nil, err
	}
	rows := make([]userRow, 0, len(users))
	for i, u := range users {
		rows = append(rows, userRow{User: u, grants: words[i], self: u.ID == v.actor.User})
	}
	return rows, nil
}

// grantWords are the words for each of the lists of grants: "Officer: Lahore".
func (v *visit) grantWords(lists [][]fleet.Grant) (texts []string, err error) {
	var paths []fleet.Path
	for _, grants := range lists {
		for _, g := range grants {
			paths = append(paths, g.Place)
		}
	}
	at, err := v.session.PlacesAt(v.ctx, paths...)
	for _, grants := range lists {
		var words []string
		for _, g := range grants {
			place := v.say("user.everywhere")
			if g.Place != "" {
				place = at[g.Place].Name
			}
			words = append(words, v.say("user.grant", "role", v.word("role", g.Role.String()), "place", place))
		}
		texts = append(texts, strings.Join(words, " · "))
	}
	return texts, err
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
	if c.Grants, err = f.grants(); err != nil {
		return c, err
	}
	c.Password, err = v.Auth.HashPassword(v.ctx, f.values.Get("password"))
	return c, err
}

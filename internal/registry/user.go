package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// UserGrant is a role at a place, by the place's code.
type UserGrant struct {
	Role  fleet.Role
	Place fleet.PlaceCode // empty: everywhere
}

// AddUser makes an account.
type AddUser struct {
	User     string
	FullName string
	Password string // argon2id, PHC form; see internal/auth
	Grants   []UserGrant
}

// Name is the change's name in the journal.
func (AddUser) Name() string { return "add_user" }

func (c AddUser) apply(t *tx) error {
	name, err := fleet.ParseUserName(c.User)
	if err != nil {
		return err
	}
	grants, err := t.accountGrants(c.Grants)
	if err != nil {
		return err
	}
	id, err := users.NextID(t.w)
	if err != nil {
		return err
	}
	u := fleet.User{
		ID: fleet.UserID(id), Name: name, FullName: c.FullName, Password: c.Password,
		Grants: grants, Created: t.now.Unix(),
	}
	if err := u.Check(); err != nil {
		return err
	}
	return save(t, users, &u)
}

// ErrNoRole is the error of an account that would have no role.
var ErrNoRole = fleet.Invalidf("user.no_role", "give the user at least one role at a place").In("role")

// accountGrants are the roles of an account, of which it needs one at least.
func (t *tx) accountGrants(wanted []UserGrant) ([]fleet.Grant, error) {
	if len(wanted) == 0 {
		return nil, ErrNoRole
	}
	return t.grants(wanted, fleet.EditUsers)
}

// grants finds the places of grants that the actor may give: within its own
// scope, and no role that can do what the actor itself cannot do there.
func (t *tx) grants(wanted []UserGrant, needs fleet.Action) ([]fleet.Grant, error) {
	var grants []fleet.Grant
	for _, g := range wanted {
		at := fleet.Path("")
		if g.Place != "" {
			p, err := t.place(g.Place)
			if err != nil {
				return nil, err
			}
			at = p.Path
		}
		if err := t.mayGive(g.Role, at, needs, outOfReach(g.Place)); err != nil {
			return nil, err
		}
		grants = append(grants, fleet.Grant{Role: g.Role, Place: at})
	}
	return grants, nil
}

// mayGive refuses to give a role at a place that the actor does not reach, or one
// that may do there what the actor itself may not.
func (t *tx) mayGive(role fleet.Role, at fleet.Path, needs fleet.Action, absent error) error {
	if err := t.allow(needs, at, absent); err != nil {
		return err
	}
	if !t.actor.covers(fleet.Grant{Role: role, Place: at}) {
		return fleet.Forbiddenf("user.role_above", "you cannot give the role %s: it may do more than you", role).In("role")
	}
	return nil
}

// outOfReach is the answer to a grant at a place that the actor does not see.
func outOfReach(code fleet.PlaceCode) error {
	if code == "" {
		return fleet.Invalidf("grant.place", "a role everywhere is not yours to give: give the code of a place").In("place")
	}
	return absentPlace(code)
}

// EnableUser lets a user in again, or keeps it out, its sessions and tokens ended.
// Only the operator may lock themselves out, or the last administrator.
type EnableUser struct {
	User    string
	Enabled bool
}

// Name is the change's name in the journal.
func (c EnableUser) Name() string {
	if c.Enabled {
		return "enable_user"
	}
	return "disable_user"
}

func (c EnableUser) apply(t *tx) error {
	u, err := t.user(c.User, false)
	if err != nil {
		return err
	}
	if !c.Enabled {
		if err := t.mayDisable(&u); err != nil {
			return err
		}
	}
	u.Disabled = !c.Enabled
	if err := save(t, users, &u); err != nil || c.Enabled {
		return err
	}
	return t.revokeAll(u.ID, fleet.SessionToken, fleet.APIToken, fleet.FeedToken, fleet.InvitationToken, fleet.StepToken, fleet.CardToken, fleet.PhoneToken)
}

// mayDisable refuses what would leave nobody to undo it through the pages or the
// API. The operator has other means.
func (t *tx) mayDisable(u *fleet.User) error {
	switch {
	case u.ID == t.actor.User:
		return fleet.Conflictf("user.self", "this is your own account: let another administrator disable it").In("user")
	case !u.Administers():
		return nil
	}
	return t.notTheLast(u)
}

// notTheLast refuses to take the last administrator away. The operator may.
func (t *tx) notTheLast(u *fleet.User) error {
	if t.actor.isOperator() {
		return nil
	}
	for other, err := range users.All(t.w) {
		if err != nil {
			return err
		}
		if other.ID != u.ID && other.Administers() {
			return nil
		}
	}
	return fleet.Conflictf("user.last_admin", "%s is the last administrator: make another one first", u.Name).In("user")
}

func disabledUser(u *fleet.User) error {
	return fleet.Conflictf("user.disabled", "user %s is disabled: enable it first", u.Name).In("user")
}

func absentUser(name string) error {
	return fleet.NotFoundf("user.not_found", "there is no user %s", name).In("user")
}

// user reads a user that the actor administers, or, when self is allowed, is.
func (t *tx) user(name string, self bool) (fleet.User, error) {
	u, ok, err := userByName(t.w, name)
	if err != nil {
		return u, err
	}
	if !ok || !(self && u.ID == t.actor.User) && !t.actor.administers(&u) {
		return u, absentUser(name)
	}
	return u, nil
}

// administers says whether every role of the user lies within the actor's scope
// and allows nothing that the actor may not do there. An account without a role, which
// the register makes for nobody, would be nobody's.
func (a *Actor) administers(u *fleet.User) bool {
	for _, g := range u.Grants {
		if !a.May(fleet.EditUsers, g.Place) || !a.covers(g) {
			return false
		}
	}
	return len(u.Grants) > 0
}

func userByName(r kv.Reader, name string) (fleet.User, bool, error) {
	name, err := fleet.ParseUserName(name)
	if err != nil {
		return fleet.User{}, false, nil // what cannot be a name is nobody's
	}
	id, ok, err := users.Lookup(r, users.Index("by_name").Str(name))
	if err != nil || !ok {
		return fleet.User{}, false, err
	}
	return users.Get(r, id)
}

// User reads one account that the actor administers.
func (s Session) User(ctx context.Context, name string) (u fleet.User, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		found, ok, err := userByName(r, name)
		if err == nil && (!ok || !s.actor.administers(&found)) {
			err = absentUser(name)
		}
		u = found.WithoutSecrets()
		return err
	})
	if err != nil {
		return fleet.User{}, err
	}
	return u, nil
}

// Users reads the accounts that the actor administers, without those of schools:
// see [Session.SchoolAccounts].
func (s Session) Users(ctx context.Context) (all []fleet.User, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		people, err := recordsAt(r, users, users.Index("people"))
		for _, u := range people {
			if s.actor.administers(&u) {
				all = append(all, u.WithoutSecrets())
			}
		}
		return err
	})
	return all, err
}

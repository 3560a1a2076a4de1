package registry

import "github.com/takhti-edu/takhti/internal/fleet"

// SetRoles replaces the roles of a user that the actor administers. It ends the
// user's sessions, whose limits came with the old roles, and every API token and feed
// key that may do more than the new ones.
type SetRoles struct {
	User   string
	Grants []UserGrant
}

// Name is the change's name in the journal.
func (SetRoles) Name() string { return "set_roles" }

func (c SetRoles) apply(t *tx) error {
	u, err := t.user(c.User, false)
	if err != nil {
		return err
	}
	if err := t.maySetRoles(&u); err != nil {
		return err
	}
	ran := u.Administers()
	if u.Grants, err = t.accountGrants(c.Grants); err != nil {
		return err
	}
	if ran && !u.Administers() {
		if err := t.notTheLast(&u); err != nil {
			return err
		}
	}
	if err := save(t, users, &u); err != nil {
		return err
	}
	if err := t.signOut(u.ID); err != nil {
		return err
	}
	return t.revokeUncovered(&u)
}

// maySetRoles refuses one's own roles, and those of a school, which come with it.
func (t *tx) maySetRoles(u *fleet.User) error {
	switch {
	case u.School != 0:
		return fleet.Conflictf("user.of_school", "user %s is a school: its role is that of the school and cannot be changed", u.Name).In("user")
	case u.ID == t.actor.User:
		return fleet.Conflictf("user.own_roles", "this is your own account: let another administrator change its roles").In("user")
	}
	return nil
}

// revokeUncovered ends the API tokens and feed keys that the user's roles do not
// wholly cover, so that none comes back to life with a role given again.
func (t *tx) revokeUncovered(u *fleet.User) error {
	list, err := programTokens(t.w, u.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if len(within(list[i].Grants, u.Grants)) == len(list[i].Grants) {
			continue
		}
		if err := t.revoke(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) users() {
	add(a, operation{
		Route: Route{http.MethodGet, "/users", fleet.EditUsers},
		id:    "list-users", summary: "The accounts that you administer",
		sdk: `users, err := c.Users(ctx)`,
	}, a.listUsers)
	add(a, operation{
		Route: Route{http.MethodPost, "/users", fleet.EditUsers},
		id:    "add-user", summary: "Make an account", status: http.StatusCreated,
		about: "Nobody can give a role that may do more than their own.",
		sdk:   `u, err := c.AddUser(ctx, takhti.NewUser{Name: "lahore.officer", Password: password, Grants: []takhti.Grant{{Role: takhti.RoleOfficer, Place: "PK601"}}})`,
	}, a.addUser)
	add(a, operation{
		Route: Route{http.MethodPost, "/users/{name}/enable", fleet.EditUsers},
		id:    "enable-user", summary: "Let a user in again",
		sdk: `u, err := c.EnableUser(ctx, "lahore.officer")`,
	}, a.enableUser)
	add(a, operation{
		Route: Route{http.MethodPost, "/users/{name}/disable", fleet.EditUsers},
		id:    "disable-user", summary: "Keep a user out, and end its sessions and tokens",
		sdk: `u, err := c.DisableUser(ctx, "lahore.officer")`,
	}, a.disableUser)
	add(a, operation{
		Route: Route{http.MethodPost, "/users/{name}/roles", fleet.EditUsers},
		id:    "set-roles", summary: "Replace a user's roles, and end its sessions",
		about: "API tokens that may do more than the new roles end as well. Nobody can give a role that may do more than their own, nor change their own roles.",
		sdk:   `u, err := c.SetRoles(ctx, "lahore.officer", takhti.Grant{Role: takhti.RoleViewer, Place: "PK601"})`,
	}, a.setRoles)
}

func (a *api) listUsers(ctx context.Context, _ *struct{}) (*answer[takhti.Page[takhti.User]], error) {
	s := a.session(ctx)
	all, err := s.Users(ctx)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.User]{Items: make([]takhti.User, 0, len(all))}
	for i := range all {
		u, err := userOf(ctx, s, &all[i])
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, u)
	}
	return &answer[takhti.Page[takhti.User]]{page}, nil
}

func userOf(ctx context.Context, s registry.Session, u *fleet.User) (takhti.User, error) {
	grants, err := grantsOf(ctx, s, u.Grants)
	return takhti.User{Name: u.Name, FullName: u.FullName, Grants: grants, Disabled: u.Disabled, Created: moment(u.Created)}, err
}

// userNamed finds an account that the session administers.
func userNamed(ctx context.Context, s registry.Session, name string) (u takhti.User, err error) {
	found, err := s.User(ctx, name)
	if err != nil {
		return u, err
	}
	return userOf(ctx, s, &found)
}

// OnUser names the user of an action.
type OnUser struct {
	Keyed
	Name string `path:"name" maxLength:"60" example:"lahore.officer"`
}

type (
	addUserIn struct {
		Keyed
		Body takhti.NewUser
	}
	userOut = written[takhti.User]
)

func (a *api) addUser(ctx context.Context, in *addUserIn) (*userOut, error) {
	b := in.Body
	name, err := fleet.ParseUserName(b.Name)
	if err != nil {
		return nil, err
	}
	grants, err := grantsFor(b.Grants)
	if err != nil {
		return nil, err
	}
	hash := ""
	if b.Password != "" {
		if hash, err = a.Auth.HashPassword(ctx, b.Password); err != nil {
			return nil, err
		}
	}
	b.Password = ""
	q, err := a.secretRequest(ctx, in.Key, "add user", b, in.Body.Password)
	if err != nil {
		return nil, err
	}
	u, err := a.changeUser(ctx, q, name, registry.AddUser{User: name, FullName: b.FullName, Password: hash, Grants: grants})
	return asDisabled(u, false), err
}

func (a *api) enableUser(ctx context.Context, in *OnUser) (*userOut, error) {
	u, err := a.changeUser(ctx, registry.Request{ID: in.Key}, in.Name, registry.EnableUser{User: in.Name, Enabled: true})
	return asDisabled(u, false), err
}

func (a *api) disableUser(ctx context.Context, in *OnUser) (*userOut, error) {
	u, err := a.changeUser(ctx, registry.Request{ID: in.Key}, in.Name, registry.EnableUser{User: in.Name})
	return asDisabled(u, true), err
}

type setRolesIn struct {
	OnUser
	Body takhti.NewRoles
}

// setRoles answers with the roles as they are now, when it is repeated as well.
func (a *api) setRoles(ctx context.Context, in *setRolesIn) (*userOut, error) {
	grants, err := grantsFor(in.Body.Grants)
	if err != nil {
		return nil, err
	}
	return a.changeUser(ctx, registry.Request{ID: in.Key}, in.Name, registry.SetRoles{User: in.Name, Grants: grants})
}

// changeUser makes a change and answers with the account.
func (a *api) changeUser(ctx context.Context, q registry.Request, name string, change registry.Change) (*userOut, error) {
	s := a.session(ctx)
	receipt, err := s.Apply(ctx, q, change)
	if err != nil {
		return nil, err
	}
	u, err := userNamed(ctx, s, name)
	return &userOut{replayed(receipt.Repeated), u}, err
}

// asDisabled is the answer as it was right after the change: whether an account
// is disabled is all of it that can have changed until the change is repeated.
func asDisabled(u *userOut, disabled bool) *userOut {
	if u != nil {
		u.Body.Disabled = disabled
	}
	return u
}

func grantsFor(in []takhti.Grant) ([]registry.UserGrant, error) {
	grants := make([]registry.UserGrant, 0, len(in))
	for _, g := range in {
		role, err := fleet.ParseRole(string(g.Role))
		if err != nil {
			return nil, err
		}
		grants = append(grants, registry.UserGrant{Role: role, Place: fleet.PlaceCode(g.Place)})
	}
	return grants, nil
}

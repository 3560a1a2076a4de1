package auth

import (
	"context"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// adminName is the account that a new register begins with.
const adminName = "admin"

// EnsureAdmin gives a register in which nobody has the role admin, disabled
// accounts aside, the account admin, which may do everything. The password is
// returned this once. An account of that name, whatever it may do, is left as it is.
func (s *Service) EnsureAdmin(ctx context.Context) (password string, created bool, err error) {
	operator := s.reg.As(registry.Operator())
	all, err := operator.Users(ctx)
	if err != nil || slices.ContainsFunc(all, standsForAdmin) {
		return "", false, err
	}
	password = ReadablePassword()
	hash, err := s.HashPassword(ctx, password)
	if err != nil {
		return "", false, err
	}
	_, err = operator.Apply(ctx, registry.Request{}, registry.AddUser{
		User: adminName, FullName: "Administrator", Password: hash,
		Grants: []registry.UserGrant{{Role: fleet.Admin}},
	})
	if err != nil {
		return "", false, err
	}
	return password, true, nil
}

// standsForAdmin says whether a register with this account needs no other admin.
func standsForAdmin(u fleet.User) bool {
	return u.Name == adminName || !u.Disabled && slices.ContainsFunc(u.Grants, func(g fleet.Grant) bool { return g.Role == fleet.Admin })
}

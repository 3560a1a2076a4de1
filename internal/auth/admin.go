package auth

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// adminName is the account that a new register begins with.
const adminName = "admin"

// EnsureAdmin gives a register without accounts its first one, admin, which may
// do everything. The password is returned this once.
func (s *Service) EnsureAdmin(ctx context.Context) (password string, created bool, err error) {
	if begun, err := s.gate.HasUsers(ctx); err != nil || begun {
		return "", false, err
	}
	password = ReadablePassword()
	hash, err := s.HashPassword(ctx, password)
	if err != nil {
		return "", false, err
	}
	_, err = s.reg.As(registry.Operator()).Apply(ctx, registry.Request{}, registry.AddUser{
		User: adminName, FullName: "Administrator", Password: hash,
		Grants: []registry.UserGrant{{Role: fleet.Admin}},
	})
	if err != nil {
		return "", false, err
	}
	return password, true, nil
}

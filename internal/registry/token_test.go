package registry_test

import (
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestTokenGivesNoMoreThanItHas(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.AddUser{User: "boss", Grants: []registry.UserGrant{{Role: fleet.Admin}}})
	users, err := w.boss.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// A program that holds a viewer's token of the administrator.
	program := w.reg.As(registry.Actor{
		User: users[0].ID, Name: "boss", Via: "api",
		Grants: []fleet.Grant{{Role: fleet.Viewer, Place: w.path("PK601")}},
	})
	token := func(role fleet.Role, at fleet.PlaceCode) registry.AddToken {
		return registry.AddToken{
			Kind: fleet.APIToken, User: "boss", Hash: []byte(role.String()), Label: "x", Prefix: "x",
			Grants: []registry.UserGrant{{Role: role, Place: at}}, Expires: w.clock.Add(time.Hour),
		}
	}
	w.refused(program, "user.role_above", token(fleet.Officer, "PK601"))
	w.refused(program, "place.not_found", token(fleet.Viewer, "PK602"))
	w.do(program, token(fleet.Viewer, "PK6-35200001"))
}

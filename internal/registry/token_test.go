package registry_test

import (
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
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

func TestTokensThatEndedLongAgoAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	const day = 24 * time.Hour
	made := 0
	add := func(kind fleet.TokenKind, life time.Duration) {
		made++
		change := registry.AddToken{Kind: kind, User: "amna", Hash: []byte{byte(made)}, Expires: w.clock.Add(life)}
		if kind == fleet.APIToken {
			change.Label, change.Grants = "x", []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}}
		}
		w.do(w.boss, change)
	}
	left := func() (n int) {
		prefix := kv.Key("token")
		err := w.store.View(t.Context(), func(r kv.Reader) error {
			for _, err := range r.Scan(prefix, prefix.End()) {
				if err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	add(fleet.APIToken, 365*day) // lives
	add(fleet.APIToken, 300*day) // will be revoked
	for range 50 {
		add(fleet.SessionToken, 12*time.Hour)
	}
	w.do(w.boss, registry.RevokeToken{ID: 2})
	w.setClock(w.clock.Add(90*day + 11*time.Hour))
	add(fleet.SessionToken, day) // only the revoked one ended 90 days ago
	if got, want := left(), made-1; got != want {
		t.Fatalf("%d tokens are left, want %d", got, want)
	}
	w.setClock(w.clock.Add(day))
	for _, want := range []int{33, 14, 5} { // of 52, one more each time, and 20 fewer
		add(fleet.SessionToken, 12*time.Hour)
		if got := left(); got != want {
			t.Errorf("%d tokens are left, want %d", got, want)
		}
	}
	w.sound()
}

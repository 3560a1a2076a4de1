package registry_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// user adds an account and opens the register to it.
func (w *world) user(name string, grants ...registry.UserGrant) registry.Session {
	w.t.Helper()
	w.do(w.boss, registry.AddUser{User: name, Grants: grants})
	u, ok, err := w.reg.Gate().User(context.Background(), name)
	if err != nil || !ok {
		w.t.Fatal(ok, err)
	}
	return w.reg.As(registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants, Via: "api"})
}

func disable(name string) registry.EnableUser { return registry.EnableUser{User: name} }

func TestNobodyLocksEverybodyOut(t *testing.T) {
	w := newWorld(t)
	admin := w.user("admin", registry.UserGrant{Role: fleet.Admin})
	second := w.user("second", registry.UserGrant{Role: fleet.Admin})
	punjab := w.user("punjab", registry.UserGrant{Role: fleet.Manager, Place: "PK6"})

	w.refused(admin, "user.self", disable("admin"))
	w.refused(admin, "user.self", disable(" Admin "))
	w.refused(punjab, "user.self", disable("punjab"))
	w.do(admin, disable("second"))
	w.refused(second, "user.last_admin", disable("admin")) // its request was under way
	w.do(admin, disable("punjab"), registry.EnableUser{User: "second", Enabled: true})
	w.do(second, disable("admin"))
	w.do(w.boss, disable("second")) // the operator can make another one
}

func TestTokenIsNotForTheDisabledNorForEverywhere(t *testing.T) {
	w := newWorld(t)
	w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	token := func(place fleet.PlaceCode) registry.AddToken {
		return registry.AddToken{
			Kind: fleet.APIToken, User: "amna", Hash: []byte(place + "hash"), Label: "x", Prefix: "x",
			Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: place}}, Expires: w.clock.Add(time.Hour),
		}
	}
	w.refused(w.boss, "grant.place", token(""))
	w.do(w.boss, token("PK6"), disable("amna"))
	w.refused(w.boss, "user.disabled", token("PK601"))
}

func TestTextsThatReachTheRegisterCanBeShown(t *testing.T) {
	w := newWorld(t)
	const bad = "a\u202eb\u0000\nline\u001b[31m"
	grants := []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}}
	for _, c := range []registry.Change{
		registry.AddUser{User: "amna", FullName: bad, Grants: grants},
		registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601", Supplier: bad},
		registry.StartImport{Import: registry.Import{SHA256: strings.Repeat("ab", 32), FileName: bad}},
		registry.StartImport{Import: registry.Import{SHA256: strings.Repeat("ab", 32), Shipment: bad}},
		registry.StartImport{Import: registry.Import{SHA256: strings.Repeat("ab", 32), To: bad}},
	} {
		w.refused(w.boss, "text.character", c)
	}
	w.refused(w.boss, "user.text_long", registry.AddUser{User: "amna", FullName: strings.Repeat("ا", 101), Grants: grants})
	w.do(w.boss, registry.AddUser{User: "amna", FullName: "آمنہ", Grants: grants})
	w.refused(w.boss, "text.character", registry.AddToken{
		Kind: fleet.APIToken, User: "amna", Hash: []byte("h"), Label: bad, Grants: grants, Expires: w.clock.Add(time.Hour),
	})
}

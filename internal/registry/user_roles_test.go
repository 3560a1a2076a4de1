package registry_test

import (
	"context"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func setRoles(name string, grants ...registry.UserGrant) registry.SetRoles {
	return registry.SetRoles{User: name, Grants: grants}
}

func TestRolesAreGivenWithinReach(t *testing.T) {
	w := newWorld(t)
	everywhere := registry.UserGrant{Role: fleet.Admin}
	viewer := registry.UserGrant{Role: fleet.Viewer, Place: "PK601"}
	manager := registry.UserGrant{Role: fleet.Manager, Place: "PK6"}
	admin, second := w.user("admin", everywhere), w.user("second", everywhere)
	punjab := w.user("punjab", manager)
	w.user("amna", registry.UserGrant{Role: fleet.Officer, Place: "PK601"})

	w.refused(punjab, "user.own_roles", setRoles("punjab", viewer))
	w.refused(punjab, "user.not_found", setRoles("admin", viewer))
	w.refused(punjab, "grant.place", setRoles("amna", registry.UserGrant{Role: fleet.Viewer}))
	w.refused(punjab, "user.role_above", setRoles("amna", registry.UserGrant{Role: fleet.Admin, Place: "PK6"}))
	w.refused(punjab, "user.no_role", setRoles("amna"))
	w.do(punjab, setRoles("amna", viewer))
	u, err := punjab.User(t.Context(), "amna")
	if err != nil || len(u.Grants) != 1 || u.Grants[0].Role != fleet.Viewer {
		t.Fatalf("%+v %v", u.Grants, err)
	}
	w.do(admin, setRoles("amna", everywhere))
	w.refused(punjab, "user.not_found", setRoles("amna", viewer))

	w.do(admin, setRoles("second", viewer), setRoles("amna", viewer))
	w.refused(second, "user.last_admin", setRoles("admin", viewer)) // its request was under way
	w.do(w.boss, setRoles("admin", viewer))                         // the operator can make another one
}

func TestOtherRolesEndWhatWasOpenedWithTheOldOnes(t *testing.T) {
	w := newWorld(t)
	officer := registry.UserGrant{Role: fleet.Officer, Place: "PK6"}
	viewer := registry.UserGrant{Role: fleet.Viewer, Place: "PK601"}
	w.user("amna", officer)
	kinds := map[string]fleet.TokenKind{
		"session": fleet.SessionToken, "half": fleet.StepToken, "invited": fleet.InvitationToken, "too much": fleet.APIToken, "covered": fleet.APIToken,
		"feed of too much": fleet.FeedToken, "covered feed": fleet.FeedToken,
	}
	for name, kind := range kinds {
		c := registry.AddToken{Kind: kind, User: "amna", Hash: []byte(name), Expires: w.clock.Add(time.Hour)}
		switch name {
		case "too much":
			c.Label, c.Grants = name, []registry.UserGrant{officer}
		case "feed of too much":
			c.Label, c.Grants = name, []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}}
		case "covered", "covered feed":
			c.Label, c.Grants = name, []registry.UserGrant{viewer}
		}
		w.do(w.boss, c)
	}
	w.do(w.boss, setRoles("amna", viewer), setRoles("amna", officer)) // given back at once
	for name, kind := range kinds {
		_, _, ok, err := w.reg.Gate().Token(context.Background(), kind, []byte(name), w.clock)
		if want := name == "covered" || name == "covered feed" || name == "invited"; err != nil || ok != want {
			t.Errorf("%s: live %v, want %v (%v)", name, ok, want, err)
		}
	}
}

package auth

import (
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// invite invites an officer of Punjab.
func (w *world) invite(by registry.Session, name string, role fleet.Role, at fleet.PlaceCode) (Invitation, error) {
	return w.Invite(w.t.Context(), by, registry.Request{}, registry.InviteUser{
		User: name, Grants: []registry.UserGrant{{Role: role, Place: at}},
	})
}

func (w *world) invited(name string) Invitation {
	w.t.Helper()
	i, err := w.invite(w.operator(), name, fleet.Officer, "PK6")
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func TestWhoWasInvitedChoosesThePassword(t *testing.T) {
	w := newWorld(t)
	i := w.invited("amna")
	if want := w.clock.Now().Add(7 * 24 * time.Hour); !i.Expires.Equal(want) {
		t.Errorf("it ends at %s, want %s", i.Expires, want)
	}
	for _, none := range []string{"", goodPassword} {
		_, err := w.signIn("amna", none)
		wantCode(t, err, "auth.wrong")
	}
	for range 3 { // looking uses nothing up
		name, err := w.Invited(t.Context(), i.Secret)
		if err != nil || name != "amna" {
			t.Fatalf("it is for %q: %v", name, err)
		}
	}
	_, err := w.Session(t.Context(), i.Secret)
	wantCode(t, err, "auth.session")

	wantCode(t, w.AcceptInvitation(t.Context(), i.Secret, "short"), "auth.password_short")
	wantCode(t, w.AcceptInvitation(t.Context(), i.Secret, nextPassword), "")
	wantCode(t, w.AcceptInvitation(t.Context(), i.Secret, goodPassword), "invitation.ended")
	_, err = w.signIn("amna", nextPassword)
	wantCode(t, err, "")
	_, err = w.InviteAgain(t.Context(), w.operator(), registry.Request{}, "amna")
	wantCode(t, err, "user.has_password")
}

func TestHowAnInvitationEnds(t *testing.T) {
	for _, end := range []struct {
		what string
		do   func(w *world)
	}{
		{"after a week", func(w *world) { w.clock.pass(7 * 24 * time.Hour) }},
		{"taken back", func(w *world) {
			open, err := w.operator().Invitations(w.t.Context())
			if err != nil || len(open) != 1 || open[0].User.Name != "amna" || open[0].By != "operator" {
				w.t.Fatalf("open are %+v: %v", open, err)
			}
			w.do(registry.RevokeToken{ID: open[0].Token.ID})
		}},
		{"a newer one", func(w *world) {
			_, err := w.InviteAgain(w.t.Context(), w.operator(), registry.Request{}, "amna")
			wantCode(w.t, err, "")
		}},
		{"disabled", func(w *world) { w.do(registry.EnableUser{User: "amna"}) }},
		{"disabled and enabled", func(w *world) {
			w.do(registry.EnableUser{User: "amna"}, registry.EnableUser{User: "amna", Enabled: true})
		}},
		{"a password set by somebody else", func(w *world) {
			w.do(registry.SetPassword{User: "amna", Password: w.cheapHash(nextPassword)})
		}},
	} {
		t.Run(end.what, func(t *testing.T) {
			w := newWorld(t)
			i := w.invited("amna")
			end.do(w)
			_, err := w.Invited(t.Context(), i.Secret)
			wantCode(t, err, "invitation.ended")
			wantCode(t, w.AcceptInvitation(t.Context(), i.Secret, goodPassword), "invitation.ended")
			_, err = w.signIn("amna", goodPassword)
			wantCode(t, err, "auth.wrong")
		})
	}
}

func TestWhoMayInviteWhom(t *testing.T) {
	w := newWorld(t)
	w.user("punjab", fleet.Manager, "PK6")
	w.user("sindh", fleet.Manager, "PK8")
	w.user("reader", fleet.Viewer, "PK6")
	for _, c := range []struct {
		by   string
		role fleet.Role
		at   fleet.PlaceCode
		code string
	}{
		{"punjab", fleet.Officer, "PK6", ""},
		{"punjab", fleet.Officer, "PK8", "place.not_found"},
		{"punjab", fleet.Officer, "", "grant.place"},
		{"punjab", fleet.Admin, "PK6", "user.role_above"},
		{"reader", fleet.Viewer, "PK6", "forbidden"},
	} {
		_, err := w.invite(w.as(c.by), "n."+c.by+c.role.String()+string(c.at), c.role, c.at)
		wantCode(t, err, c.code)
	}
	_, err := w.InviteAgain(t.Context(), w.as("sindh"), registry.Request{}, "n.punjabofficerPK6")
	wantCode(t, err, "user.not_found")
	for by, want := range map[string]int{"punjab": 1, "sindh": 0, "reader": 0} {
		open, err := w.as(by).Invitations(t.Context())
		if err != nil || len(open) != want {
			t.Errorf("%s sees %d open invitations, want %d: %v", by, len(open), want, err)
		}
		for _, i := range open {
			if i.By != "punjab" || i.Token.Hash != nil {
				t.Errorf("an invitation is told as %+v", i)
			}
		}
	}
}

func TestAnInvitationIsToldOnce(t *testing.T) {
	w := newWorld(t)
	q := registry.Request{ID: "k1", Digest: []byte("amna at PK6")}
	invite := func() error {
		_, err := w.Invite(t.Context(), w.operator(), q, registry.InviteUser{
			User: "amna", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}},
		})
		return err
	}
	wantCode(t, invite(), "")
	wantCode(t, invite(), "invitation.made")
}

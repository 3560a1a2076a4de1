package registry_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const google = "https://accounts.google.com"

func identity(subject string) fleet.Identity {
	return fleet.Identity{Issuer: google, Subject: subject, Email: subject + "@school.edu.pk"}
}

func link(user, subject string) registry.LinkIdentity {
	return registry.LinkIdentity{User: user, Identity: identity(subject)}
}

// opens is the name of the account that an account elsewhere opens.
func (w *world) opens(i fleet.Identity) string {
	w.t.Helper()
	u, ok, err := w.reg.Gate().UserByIdentity(context.Background(), i)
	if err != nil || ok != (u.Name != "") {
		w.t.Fatal(ok, err)
	}
	return u.Name
}

func TestAnAccountElsewhereOpensOneAccount(t *testing.T) {
	w := newWorld(t)
	amna := w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	bilal := w.user("bilal", registry.UserGrant{Role: fleet.Manager, Place: "PK6"})
	w.refused(bilal, "user.not_found", link("amna", "1")) // only one's own
	w.refused(w.boss, "user.not_found", link("amna", "1"))
	w.do(amna, link("amna", "1"))
	if got := w.opens(identity("1")); got != "amna" {
		t.Errorf("it opens %q", got)
	}
	for _, other := range []fleet.Identity{
		{Issuer: google, Subject: "2", Email: "1@school.edu.pk"}, {Issuer: "https://evil.example", Subject: "1"}, {Issuer: google},
	} {
		if got := w.opens(other); got != "" {
			t.Errorf("%v opens %q", other, got)
		}
	}
	w.refused(amna, "identity.linked", link("amna", "2"))
	if r := w.do(amna, link("amna", "1")); r.Last != 0 {
		t.Error("linking again changed something")
	}
	w.refused(bilal, "identity.taken", link("bilal", "1"))
	w.do(bilal, link("bilal", "2"))
	w.sound()
}

func TestIdentitiesAreChecked(t *testing.T) {
	w := newWorld(t)
	amna := w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	w.refused(amna, "identity.incomplete", link("amna", ""))
	w.refused(amna, "identity.incomplete", link("amna", strings.Repeat("1", 256)))
	w.refused(amna, "identity.incomplete", registry.LinkIdentity{User: "amna", Identity: fleet.Identity{Subject: "1"}})
	w.refused(amna, "text.character", link("amna", "1\u202e"))
	w.refused(amna, "user.password_changed", registry.LinkIdentity{User: "amna", Identity: identity("1"), Verified: "an old one"})
	w.do(w.boss, disable("amna"))
	w.refused(amna, "user.disabled", link("amna", "1"))
}

// by signs in by an account elsewhere.
func by(subject, secret string, w *world) registry.SignInByIdentity {
	return registry.SignInByIdentity{Identity: identity(subject), Session: registry.AddToken{Hash: []byte(secret), Expires: w.clock.Add(time.Hour)}}
}

func TestUnlinkingEndsWhatTheAccountElsewhereOpened(t *testing.T) {
	w := newWorld(t)
	amna := w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	punjab := w.user("punjab", registry.UserGrant{Role: fleet.Manager, Place: "PK6"})
	sindh := w.user("sindh", registry.UserGrant{Role: fleet.Manager, Place: "PK7"})
	live := func(secret string) bool {
		_, a, ok, err := w.reg.Gate().Token(t.Context(), fleet.SessionToken, []byte(secret), w.clock)
		if err != nil || ok && a.Name != "amna" {
			t.Fatal(a, err)
		}
		return ok
	}
	w.refused(amna, "identity.not_linked", by("1", "a", w))
	w.do(amna, link("amna", "1"))
	w.do(amna, by("1", "a", w))
	w.refused(punjab, "identity.not_linked", by("1", "b", w)) // it is amna's
	if !live("a") {
		t.Fatal("amna is not signed in")
	}
	w.refused(amna, "identity.only", registry.UnlinkIdentity{User: "amna"})
	w.refused(sindh, "user.not_found", registry.UnlinkIdentity{User: "amna"})
	w.do(punjab, registry.UnlinkIdentity{User: "amna"})
	if live("a") || w.opens(identity("1")) != "" {
		t.Error("it still opens the account")
	}
	w.refused(amna, "identity.not_linked", by("1", "b", w))
	w.do(punjab, registry.SetPassword{User: "amna", Password: "hash"})
	w.do(amna, registry.LinkIdentity{User: "amna", Identity: identity("1"), Verified: "hash"})
	w.do(amna, by("1", "c", w), registry.UnlinkIdentity{User: "amna"}, registry.UnlinkIdentity{User: "amna"})
	w.do(punjab, disable("amna"))
	w.refused(amna, "identity.not_linked", by("1", "d", w))
	w.sound()
}

func TestTheDisabledDoNotComeInByAnAccountElsewhere(t *testing.T) {
	w := newWorld(t)
	amna := w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	w.do(amna, link("amna", "1"))
	w.do(w.boss, disable("amna"))
	w.refused(amna, "user.disabled", by("1", "a", w))
}

func TestAnInvitationIsAcceptedByAnAccountElsewhere(t *testing.T) {
	w := newWorld(t)
	invite := registry.InviteUser{User: "amna", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}}, Hash: []byte("h"), Expires: w.clock.Add(time.Hour)}
	w.do(w.boss, invite)
	_, a, ok, err := w.reg.Gate().Token(t.Context(), fleet.InvitationToken, []byte("h"), w.clock)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	amna, accept := w.reg.As(a), registry.AcceptByIdentity{Hash: []byte("h"), Identity: identity("1")}
	w.refused(w.boss, "invitation.ended", accept)
	w.refused(amna, "invitation.ended", registry.AcceptByIdentity{Hash: []byte("other"), Identity: identity("1")})
	w.do(amna, accept)
	w.do(amna, by("1", "a", w))
	w.refused(amna, "invitation.ended", accept)
	w.refused(amna, "invitation.ended", registry.AcceptInvitation{Hash: []byte("h"), Password: "p"})
	w.sound()
}

// The account of a school passes from one head teacher to the next, the link to the
// first one's account elsewhere does not; and a phone in the school neither makes nor
// ends it.
func TestASchoolsAccountElsewhereGoesWithItsHeadTeacher(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.SetPIN{School: ggs, PIN: "$1"}, card(ggs, "card", w))
	a, school := w.account(ggs)
	name := a.User.Name
	byCard := w.reg.As(registry.Actor{User: a.User.ID, Name: name, Grants: a.User.Grants, Via: registry.ViaCard})
	linking := registry.LinkIdentity{User: name, Identity: identity("1"), Verified: "$1"}
	w.refused(byCard, "card.account", linking)
	w.do(school, linking)
	w.refused(byCard, "card.account", registry.UnlinkIdentity{User: name})
	if got := w.opens(identity("1")); got != name {
		t.Errorf("it opens %q", got)
	}
	w.do(school, registry.HandOver{IssueCard: card(ggs, "c2", w), PIN: "$2", Verified: "$1"})
	if got := w.opens(identity("1")); got != "" {
		t.Errorf("after the hand-over it opens %q", got)
	}
	w.sound()
}

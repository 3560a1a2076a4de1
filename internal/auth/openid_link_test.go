package auth

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// signedIn is the request of a browser in which somebody is signed in.
func (w *abroad) signedIn(b browser, secret string) *http.Request {
	w.t.Helper()
	r := b.request("/sign-in/google/confirm")
	a, err := w.Session(w.t.Context(), secret)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.WithContext(WithActor(r.Context(), a))
}

// away goes to the provider on an errand, and comes back.
func (w *abroad) errand(e Errand) browser {
	w.t.Helper()
	b := browser{}
	address, err := w.setOut(b, e)
	if err != nil {
		w.t.Fatal(err)
	}
	back, err := w.comeBack(b, address)
	if err != nil || !back.Confirm || back.Secret != "" {
		w.t.Fatalf("came back with %+v: %v", back, err)
	}
	return b
}

func (w *abroad) link(b browser, r *http.Request, password string) (Back, error) {
	a, _ := ActorOf(r.Context())
	rec := httptest.NewRecorder()
	back, err := w.LinkFound(rec, r, w.reg.As(a), password)
	b.take(rec)
	return back, err
}

func TestLinkingIsConfirmedByThePassword(t *testing.T) {
	w := newAbroad(t)
	w.user("amna", fleet.Viewer, "PK6")
	w.user("bilal", fleet.Viewer, "PK6")
	amna, bilal := w.session("amna"), w.session("bilal")
	self, err := w.Session(t.Context(), amna)
	if err != nil {
		t.Fatal(err)
	}
	b := w.errand(Errand{Link: self.User})
	if f, err := w.FoundElsewhere(w.signedIn(b, amna)); err != nil || f.Name != "amna" || !f.Password || f.Identity.Email != "amna@school.edu.pk" {
		t.Errorf("found %+v: %v", f, err)
	}
	w.wantOut("it is not confirmed yet", "identity.not_linked")

	_, err = w.link(b, w.signedIn(b, amna), "not the password")
	wantCode(t, err, "auth.current")
	_, err = w.link(b, w.signedIn(b, bilal), goodPassword)
	wantCode(t, err, "openid.again") // somebody else by now sits at the browser
	_, err = w.link(b, b.request("/sign-in/google/confirm"), goodPassword)
	wantCode(t, err, "openid.again")
	_, err = w.link(browser{}, w.signedIn(browser{}, amna), goodPassword)
	wantCode(t, err, "openid.again")
	w.wantOut("none of these confirmed it", "identity.not_linked")

	if _, err = w.link(b, w.signedIn(b, amna), goodPassword); err != nil {
		t.Fatal(err)
	}
	w.wantIn("amna")
	_, err = w.link(b, w.signedIn(b, amna), goodPassword)
	wantCode(t, err, "openid.again") // once

	other, err := w.Session(t.Context(), bilal)
	if err != nil {
		t.Fatal(err)
	}
	b = w.errand(Errand{Link: other.User})
	_, err = w.link(b, w.signedIn(b, bilal), goodPassword)
	wantCode(t, err, "identity.taken")
}

func TestWhatWasFoundIsNotKeptForLong(t *testing.T) {
	w := newAbroad(t)
	w.user("amna", fleet.Viewer, "PK6")
	secret := w.session("amna")
	self, err := w.Session(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	b := w.errand(Errand{Link: self.User})
	w.clock.pass(awayLife)
	_, err = w.link(b, w.signedIn(b, secret), goodPassword)
	wantCode(t, err, "openid.again")

	// What a browser takes along on its way is not what it found.
	b = browser{}
	if _, err := w.setOut(b, Errand{Link: self.User}); err != nil {
		t.Fatal(err)
	}
	b[securePrefix+foundCookie] = b[securePrefix+awayCookie]
	_, err = w.link(b, w.signedIn(b, secret), goodPassword)
	wantCode(t, err, "openid.again")
}

func TestInvitationsAreAcceptedElsewhere(t *testing.T) {
	w := newAbroad(t)
	i, err := w.Invite(t.Context(), w.operator(), registry.Request{}, registry.InviteUser{
		User: "amna", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := w.errand(Errand{Invitation: i.Secret})
	r := b.request("/sign-in/google/confirm")
	if f, err := w.FoundElsewhere(r); err != nil || f.Name != "amna" || f.Password {
		t.Errorf("found %+v: %v", f, err)
	}
	back, err := w.link(b, r, "")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := w.Session(t.Context(), back.Secret); err != nil || a.Name != "amna" {
		t.Errorf("signed in as %q: %v", a.Name, err)
	}
	w.wantIn("amna")
	_, err = w.Invited(t.Context(), i.Secret)
	wantCode(t, err, "invitation.ended")

	b = w.errand(Errand{Invitation: i.Secret})
	_, err = w.link(b, b.request("/sign-in/google/confirm"), "")
	wantCode(t, err, "invitation.ended")
}

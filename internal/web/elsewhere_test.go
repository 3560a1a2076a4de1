package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// sees demands the texts on a page of the status.
func (b *browser) sees(status int, texts ...string) {
	b.t.Helper()
	if b.status != status {
		b.t.Errorf("status %d at %s, want %d", b.status, b.at, status)
	}
	for _, text := range texts {
		if !strings.Contains(b.text(), text) {
			b.t.Errorf("cannot read %q at %s:\n%s", text, b.at, b.text())
		}
	}
}

func typed(name, value string) url.Values { return url.Values{name: {value}} }

// A teacher links the Google account from her own page, and signs in with it.
func TestGoogleIsLinkedFromOnesOwnAccount(t *testing.T) {
	w, p := newWorldAbroad(t)
	b := w.browser(t)
	b.get("/devices?status=issued")
	b.follow("Sign in with Google")
	b.sees(http.StatusForbidden, "You are not signed in with Google", "has not been linked", "How to link it", "open your account")
	b.follow("Sign in with a password")
	b.press("Sign in", url.Values{"name": {"school"}, "password": {password}}, nil)
	if b.at != "/devices?status=issued" {
		t.Errorf("came to %s", b.at)
	}
	b.get("/account")
	b.follow("Link a Google account")
	b.sees(http.StatusOK, "Link this Google account?", "amna@school.edu.pk", "school")
	b.press("Link it", typed("current", "a guess"), nil)
	b.sees(http.StatusUnprocessableEntity, "This is not your present password", "amna@school.edu.pk")
	b.press("Link it", typed("current", password), nil)
	b.sees(http.StatusOK, "Saved: the accounts are linked.", "amna@school.edu.pk (at "+p.URL+") opens this account.")
	b.press("Sign out", nil, nil)

	b.get("/devices?status=issued")
	b.follow("Sign in with Google")
	b.sees(http.StatusOK, "Sign out")
	if b.at != "/devices?status=issued" {
		t.Errorf("came to %s", b.at)
	}
	b.get("/account")
	b.press("Unlink it", nil, nil)
	b.sees(http.StatusOK, "Saved: the accounts are not linked any more.", "User name")
	b.follow("Sign in with Google")
	b.sees(http.StatusForbidden, "has not been linked")
}

func TestWhoCannotComeByGoogleIsToldWhatToDo(t *testing.T) {
	w, p := newWorldAbroad(t)
	b := w.browser(t)
	good := p.Person
	for name, tc := range map[string]struct {
		change func()
		status int
		says   string
	}{
		"changes their mind":        {func() { p.Declines = true }, http.StatusUnauthorized, "You did not sign in there"},
		"has a private account":     {func() { p.Person.Domain = "" }, http.StatusForbidden, "choose the one that you have from your school"},
		"has an odd token":          {func() { p.Sign = p.Stranger }, http.StatusUnauthorized, "cannot be trusted"},
		"did not confirm the email": {func() { p.Person.Unverified = true }, http.StatusForbidden, "never confirmed"},
	} {
		p.Declines, p.Person, p.Sign = false, good, nil
		tc.change()
		b.get("/sign-in")
		b.follow("Sign in with Google")
		if b.sees(tc.status, tc.says, "Sign in with a password", "Try again with Google"); t.Failed() {
			t.Fatal(name)
		}
	}
	b.get("/sign-in/google/callback?code=x&state=y")
	b.sees(http.StatusUnauthorized, "begin again")
	b.get("/sign-in/google/confirm")
	b.sees(http.StatusUnauthorized, "begin again")
}

func TestGoogleIsDownAndPasswordsStillWork(t *testing.T) {
	w, p := newWorldAbroad(t)
	p.Break(func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) })
	b := w.browser(t)
	b.get("/sign-in?next=/devices")
	b.follow("Sign in with Google")
	b.sees(http.StatusServiceUnavailable, "does not work at the moment: sign in with your password")
	b.follow("Sign in with a password")
	b.press("Sign in", url.Values{"name": {"school"}, "password": {password}}, nil)
	if b.at != "/devices" {
		t.Errorf("came to %s", b.at)
	}
}

// An administrator ends what somebody lost or should not have had.
func TestGoogleIsUnlinkedByWhoLooksAfterTheAccount(t *testing.T) {
	w, _ := newWorldAbroad(t)
	b := w.signedIn(t, "school")
	b.get("/account")
	b.follow("Link a Google account")
	b.press("Link it", typed("current", password), nil)
	manager := w.signedIn(t, "manager")
	manager.get("/users/school")
	manager.sees(http.StatusOK, "amna@school.edu.pk")
	manager.press("Unlink it", nil, nil)
	manager.sees(http.StatusOK, "Saved: the accounts are not linked any more.")
	b.get("/devices")
	b.sees(http.StatusOK, "User name") // signed out
}

func TestPagesWithoutAProvider(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.get("/sign-in")
	if strings.Contains(b.page, "/sign-in/google") {
		t.Error("the page leads to a provider")
	}
	b.get("/sign-in/google")
	b.sees(http.StatusNotFound, "not set up for signing in elsewhere")
	b = w.signedIn(t, "school")
	b.get("/account")
	if strings.Contains(b.page, "/account/google") {
		t.Error("the account leads to a provider")
	}
}

// Who was invited needs no password.
func TestInvitationsAreAcceptedWithGoogle(t *testing.T) {
	w, _ := newWorldAbroad(t)
	i, err := w.auth.Invite(t.Context(), w.boss, registry.Request{}, registry.InviteUser{
		User: "amna", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := w.browser(t)
	b.get(i.Path())
	b.follow("Use a Google account instead of a password")
	b.sees(http.StatusOK, "Link this Google account?", "amna@school.edu.pk")
	if strings.Contains(b.page, i.Secret) || strings.Contains(b.page, `name="current"`) {
		t.Error("the page tells the secret, or asks for a password")
	}
	b.press("Link it", nil, nil)
	b.sees(http.StatusOK, "Saved: the accounts are linked.", "Sign out")
	b = w.browser(t)
	b.get("/sign-in")
	b.follow("Sign in with Google")
	b.sees(http.StatusOK, "Sign out")
	b.get(i.Path() + "/google")
	b.sees(http.StatusNotFound, "used, taken back or has expired")
}

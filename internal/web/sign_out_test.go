package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whoever signs out at a computer of many leaves nothing in its browser.
func TestSigningOutLeavesNothingInTheBrowser(t *testing.T) {
	b := newWorld(t).signedIn(t, "school")
	secret := b.cookies["takhti_session"]
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+"/sign-out", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "takhti_session", Value: secret})
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for name, want := range map[string]string{
		"Set-Cookie":      "takhti_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
		"Clear-Site-Data": `"storage"`,
		"Cache-Control":   "no-store",
		"Location":        "/sign-in",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	b.get("/devices") // with the cookie all the same, as a copy of it would
	if b.at != "/sign-in?next=%2Fdevices" {
		t.Errorf("the ended session leads to %s", b.at)
	}
}

// Whoever signs in where somebody was signed in leaves no session of theirs behind.
func TestSigningInEndsTheSessionBefore(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "school")
	before := w.browser(t)
	before.cookies["takhti_session"] = b.cookies["takhti_session"]
	before.get("/devices")
	if before.at != "/devices" {
		t.Fatalf("the first session leads to %s", before.at)
	}
	b.send(http.MethodPost, "/sign-in", "application/x-www-form-urlencoded",
		strings.NewReader(url.Values{"name": {"viewer"}, "password": {password}}.Encode()))
	if b.at != "/" || b.cookies["takhti_session"] == before.cookies["takhti_session"] {
		t.Fatalf("signing in again led to %s", b.at)
	}
	before.get("/devices")
	if before.at != "/sign-in?next=%2Fdevices" {
		t.Errorf("the session that was left leads to %s", before.at)
	}
}

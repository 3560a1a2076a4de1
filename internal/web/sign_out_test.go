package web_test

import (
	"net/http"
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

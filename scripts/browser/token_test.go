package browser

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// An officer makes a feed on the narrowest of phones, without scripts, and ends it.
func TestAFeedIsMadeAndEnded(t *testing.T) {
	p := open(t, "officer", 320, false)
	p.get("/account")
	p.press("See and make them")
	p.fill("name", "sheet of the district")
	p.press("Make a feed for a spreadsheet")
	p.see("Copy it now: it is not shown again.")
	address := regexp.MustCompile(`http://\S+/feeds/feed_\w+/counts\.csv`).FindString(p.text())
	if status, text := fetch(t, address); status != http.StatusOK || !strings.HasPrefix(text, "as_of,place_code,place,status,count\n") {
		t.Errorf("%s gives %d %s", address, status, text)
	}
	p.get("/tokens")
	p.see("sheet of the district")
	p.press("End it")
	p.see("Saved: it has ended")
	if status, text := fetch(t, address); status != http.StatusNotFound || !strings.HasPrefix(text, "this is not the address of a feed") {
		t.Errorf("after its end %s gives %d %s", address, status, text)
	}
}

// fetch opens an address as a spreadsheet does.
func fetch(t *testing.T, address string) (status int, text string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(data)
}

// What a page fetches after its session has ended has the browser ask for no password,
// nor does an address of the API that somebody types: also without TLS, where the
// browser says less of itself.
func TestABrowserAsksForNoPassword(t *testing.T) {
	const ask = `(() => {
		const x = new XMLHttpRequest()
		x.open("GET", "/api/v1/me", false)
		x.send()
		return [isSecureContext, x.status, x.getResponseHeader("WWW-Authenticate")].join(" ")
	})()`
	for base, want := range map[string]string{
		demo.url: `true 401 Bearer realm="takhti"`,
		strings.Replace(demo.url, "127.0.0.1", elsewhereName, 1): `false 401 Bearer realm="takhti"`,
	} {
		p := newTab(t, base, 800, true, "status of 401", "Cross-Origin-Opener-Policy header has been ignored")
		p.get("/sign-in")
		got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](ask))
		if err != nil || got != want {
			t.Errorf("%s: %s, want %s (%v)", base, got, want, err)
		}
		p.get("/api/v1/me")
		p.see("auth.missing")
	}
}

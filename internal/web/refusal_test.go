package web_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestWhatTheServerRefusesIsAPageToo(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "school")
	form := "application/x-www-form-urlencoded"

	b.send(http.MethodPost, "/d/AAA-0001", form, strings.NewReader("note="+strings.Repeat("x", 2<<20)))
	wantPage(t, b, http.StatusRequestEntityTooLarge, "This is too large")

	b.send(http.MethodPost, "/devices/AAA-0001", form, strings.NewReader("do=assign&holder=%zz"))
	wantPage(t, b, http.StatusUnprocessableEntity, "did not arrive whole")

	b.send(http.MethodPut, "/devices", form, strings.NewReader(""))
	wantPage(t, b, http.StatusMethodNotAllowed, "This was not understood")

	b.extra = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	b.send(http.MethodPost, "/d/AAA-0001", form, strings.NewReader("category=screen"))
	wantPage(t, b, http.StatusForbidden, "You may not do this")
	b.extra = nil
	b.get("/devices/AAA-0001")
	if strings.Contains(b.text(), "Faulty") {
		t.Error("a form from another site reported a fault")
	}
}

// An upload that says less than it sends, or hides how much it sends, is cut off.
func TestAnUploadThatIsTooLargeIsRefused(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "officer")
	kind, body := multipartOf(t, map[string][]string{"kind": {"places"}}, map[string][]byte{"big.csv": make([]byte, 66<<20)})
	b.send(http.MethodPost, "/imports", kind, body)
	wantPage(t, b, http.StatusRequestEntityTooLarge, "The file is larger than 64 MB. Split it into several files")
	wantPage(t, b, http.StatusRequestEntityTooLarge, "officer Sign out")
	kind, body = multipartOf(t, map[string][]string{"kind": {"places"}}, map[string][]byte{"big.csv": make([]byte, 66<<20)})
	b.send(http.MethodPost, "/imports", kind, struct{ io.Reader }{body}) // which does not say how much will come
	wantPage(t, b, http.StatusRequestEntityTooLarge, "The file is larger than 64 MB. Split it into several files")
	b.get("/imports")
	if !strings.Contains(b.text(), "Nothing has been imported yet.") {
		t.Errorf("the upload left an import behind: %s", b.text())
	}
}

func TestAnUploadOfManyPartsIsRefused(t *testing.T) {
	b := newWorld(t).signedIn(t, "officer")
	fields := map[string][]string{}
	for n := range 1_500 {
		fields[fmt.Sprint("field", n)] = []string{""}
	}
	kind, body := multipartOf(t, fields, nil)
	b.send(http.MethodPost, "/imports", kind, body)
	wantPage(t, b, http.StatusUnprocessableEntity, "far more parts than a form of ours")
}

func wantPage(t *testing.T, b *browser, status int, heading string) {
	t.Helper()
	if b.status != status || !strings.Contains(b.text(), heading) {
		t.Errorf("answers %d, want %d and %q:\n%s", b.status, status, heading, b.text())
	}
}

package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Somebody who does not wait for an import sees how it goes on, with a script or
// without, and in the end what came of it.
func TestAnImportIsWatched(t *testing.T) {
	w := newWorldWaiting(t, time.Nanosecond)
	b := w.signedIn(t, "officer")
	list := "Serial Number,Model\n"
	const rows = 3000
	for n := range rows {
		list += fmt.Sprintf("FFF-%05d,Takhti 11\n", n)
	}
	b.get("/imports/new?kind=shipment")
	b.press("Check the file", url.Values{"shipment": {"SHP-9"}, "to": {"PK601-STORE"}}, map[string][]byte{"list.csv": []byte(list)})
	b.press("Import these 3,000 rows", nil, nil)
	if b.at != "/imports/I-1" || b.status != http.StatusOK {
		t.Fatalf("%d at %s\n%s", b.status, b.at, b.text())
	}
	if !strings.Contains(b.text(), "Being imported") || !strings.Contains(b.text(), "You can close this page") ||
		!strings.Contains(b.page, `<noscript><meta http-equiv="refresh" content="3"`) || !ours.MatchString(b.page) || !strings.Contains(b.page, `data-events="/imports/I-1/events"`) {
		t.Fatalf("the page of an import under way:\n%s", b.page)
	}
	events := w.events(t, b, "/imports/I-1/events")
	if !strings.HasSuffix(events, "event: done\ndata: {}\n\n") || !strings.Contains(events, "event: progress\ndata: {\"text\":") {
		t.Errorf("%s", events)
	}
	b.get("/imports/I-1")
	if !strings.Contains(b.text(), "What came of it New 3,000") || strings.Contains(b.page, "<noscript>") || ours.MatchString(b.page) {
		t.Errorf("the page afterwards:\n%s", b.text())
	}
}

// events reads a stream of events to its end.
func (w *world) events(t *testing.T, b *browser, address string) string {
	t.Helper()
	var text strings.Builder
	if _, err := io.Copy(&text, w.openEvents(t, b, address)); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

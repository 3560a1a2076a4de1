package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Whoever is given other roles while a page of theirs watches an import sees the
// updates end, although the import is not done and the new role may run it too.
func TestOtherRolesEndLiveUpdates(t *testing.T) {
	w := newWorldWaiting(t, time.Nanosecond)
	b := w.signedIn(t, "officer")
	list := "Serial Number,Model\n"
	for n := range 1500 { // of which a plan tells its progress
		list += fmt.Sprintf("FFF-%05d,Takhti 11\n", n)
	}
	b.get("/imports/new?kind=shipment")
	b.press("Check the file", url.Values{"shipment": {"SHP-9"}, "to": {"PK601-STORE"}}, map[string][]byte{"list.csv": []byte(list)})
	w.busyDesk(1)
	b.press("Import these 1,500 rows", nil, nil)
	events := w.openEvents(t, b, "/imports/I-1/events")
	first := make([]byte, len("event: progress"))
	if _, err := io.ReadFull(events, first); err != nil || string(first) != "event: progress" {
		t.Fatalf("%q %v", first, err)
	}

	w.do(registry.SetRoles{User: "officer", Grants: []registry.UserGrant{{Role: fleet.Manager, Place: "PK601"}}})
	rest := make(chan string)
	go func() {
		text, _ := io.ReadAll(events)
		rest <- string(text)
	}()
	select {
	case text := <-rest:
		if strings.Contains(text, "event: done") {
			t.Errorf("the import was done meanwhile:\n%s", text)
		}
	case <-time.After(time.Minute):
		t.Fatal("the updates go on")
	}
	if b.get("/imports/I-1"); !strings.HasPrefix(b.at, "/sign-in") {
		t.Errorf("still signed in, at %s", b.at)
	}
}

// busyDesk has the desk plan the import, without coming to an end before the test
// does, so often that all others wait for their turn.
func (w *world) busyDesk(id uint64) {
	w.t.Helper()
	held, begun, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	const turns = 2
	for range turns {
		go func() {
			defer func() { ended <- struct{}{} }()
			first := true
			_, _, _ = w.desk.Plan(w.t.Context(), w.boss, id, func(int) {
				if first {
					first = false
					begun <- struct{}{}
					<-held
				}
			})
		}()
	}
	for range turns {
		<-begun
	}
	w.t.Cleanup(func() {
		close(held)
		for range turns {
			<-ended
		}
	})
}

// openEvents opens a stream of events, which ends with the test at the latest.
func (w *world) openEvents(t *testing.T, b *browser, address string) io.Reader {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	return resp.Body
}

package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/api"
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// world is a server over a small country. All that lies in Kasur has KASUR in
// its names, codes and serials, so that a trace of it is easily found.
//
//	PK Pakistan
//	└ PK6 Punjab
//	  ├ PK601 Lahore
//	  │ ├ PK601-STORE   LAH0000001 and LAH0000002 (in_store, of shipment LAHORE-1)
//	  │ ├ PK6-35200001  LAH0000003 (at_school)
//	  │ └ PK6-35200002  a school without devices
//	  └ PK602-KASUR
//	    ├ KASUR-STORE   KASUR00001 (in_store, of shipment KASUR-1)
//	    └ PK6-KASUR0001 KASUR00002 (at_school, with an open fault)
type world struct {
	t      testing.TB
	clock  time.Time
	shared atomic.Pointer[time.Time] // the clock, as the register sees it
	store  *flaky
	reg    *registry.Register
	auth   *auth.Service
	boss   registry.Session
	server http.Handler
	spool  string // the folder for backups being sent
	url    string
	log    *syncBuffer
	routes []api.Route
}

func newWorld(t testing.TB) *world { return newWorldWaiting(t, 0) }

// newWorldWaiting is a world whose API waits so long for imports.
func newWorldWaiting(t testing.TB, wait time.Duration) *world {
	t.Helper()
	w := &world{t: t, log: &syncBuffer{}, spool: t.TempDir()}
	w.setClock(time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC))
	now := func() time.Time { return *w.shared.Load() }
	w.store = &flaky{Store: memkv.New()}
	reg, err := registry.Open(context.Background(), w.store, registry.Options{Now: now, LearnerKey: func() ([]byte, error) { return make([]byte, 32), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	w.reg, w.boss = reg, reg.As(registry.Operator())
	w.auth = auth.New(reg, auth.Options{Now: now})
	log := slog.New(slog.NewJSONHandler(w.log, nil))
	srv := server.New(server.Options{Auth: w.auth, Log: log, BodyLimits: api.BodyLimits()})
	desk := workbook.NewDesk(t.TempDir(), workbook.Limits{})
	t.Cleanup(desk.Stop)
	w.routes, _ = api.Mount(srv.Engine(), api.Deps{
		Register: reg, Auth: w.auth, Desk: desk, Spool: w.spool, Log: log, Now: now, CommitWait: wait,
	})
	w.server = srv.Handler()
	ts := httptest.NewServer(w.server)
	t.Cleanup(ts.Close)
	w.url = ts.URL
	w.seed()
	return w
}

func (w *world) seed() {
	w.do(
		place("PK", "", fleet.Country, "Pakistan"),
		place("PK6", "PK", fleet.Province, "Punjab"),
		place("PK601", "PK6", fleet.District, "Lahore"),
		place("PK602-KASUR", "PK6", fleet.District, "Kasur KASUR"),
		place("PK601-STORE", "PK601", fleet.Store, "Lahore store"),
		place("KASUR-STORE", "PK602-KASUR", fleet.Store, "KASUR store"),
		school("35200001", "PK601", "GGHS Chak 77"),
		school("35200002", "PK601", "GBHS Model Town"),
		school("KASUR0001", "PK602-KASUR", "GBPS KASUR City"),
	)
	w.shipment("LAHORE-1", "PK601-STORE", "LAH0000001", "LAH0000002", "LAH0000003")
	w.shipment("KASUR-1", "KASUR-STORE", "KASUR00001", "KASUR00002")
	w.do(
		registry.DispatchDevice{Serial: "LAH0000003", To: "PK6-35200001"}, registry.AcceptDevice{Serial: "LAH0000003"},
		registry.DispatchDevice{Serial: "KASUR00002", To: "PK6-KASUR0001"}, registry.AcceptDevice{Serial: "KASUR00002"},
		registry.ReportFault{Serial: "KASUR00002", Category: fleet.FaultScreen, Severity: fleet.Major, Note: "KASUR crack"},
	)
	w.user("lahore.officer", fleet.Officer, "PK601")
	w.user("kasur.officer", fleet.Officer, "PK602-KASUR")
	w.user("chak77", fleet.SchoolRole, "PK6-35200001")
	w.user("analyst", fleet.Viewer, "PK")
	w.user("boss", fleet.Admin, "")
}

func place(code, parent string, kind fleet.PlaceKind, name string) registry.SavePlace {
	return registry.SavePlace{
		Parent: fleet.PlaceCode(parent),
		Place:  fleet.Place{Code: fleet.PlaceCode(code), Kind: kind, State: fleet.Active, Name: name},
	}
}

func school(emis, parent, name string) registry.SavePlace {
	c := place("PK6-"+emis, parent, fleet.School, name)
	c.Place.EMIS = emis
	return c
}

// do applies changes that must succeed.
func (w *world) do(changes ...registry.Change) {
	w.t.Helper()
	for _, c := range changes {
		if _, err := w.boss.Apply(context.Background(), registry.Request{}, c); err != nil {
			w.t.Fatalf("%#v: %v", c, err)
		}
	}
}

// shipment announces a shipment and receives its devices.
func (w *world) shipment(number string, to fleet.PlaceCode, serials ...fleet.Serial) {
	w.t.Helper()
	w.do(registry.AnnounceShipment{Number: number, Supplier: "Tez", Destination: to})
	for _, s := range serials {
		w.do(registry.ExpectDevice{Shipment: number, Model: "Slate 11", Device: fleet.Device{Serial: s, Lot: "L1", Price: 45_000_00}},
			registry.ReceiveDevice{Serial: s})
	}
}

func (w *world) user(name string, role fleet.Role, at fleet.PlaceCode) {
	w.t.Helper()
	w.do(registry.AddUser{User: name, Grants: []registry.UserGrant{{Role: role, Place: at}}})
}

// token makes an API token that may all that its user may.
func (w *world) token(user string) string {
	w.t.Helper()
	users, err := w.boss.Users(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, u := range users {
		if u.Name != user {
			continue
		}
		at, err := w.boss.PlacesAt(context.Background(), u.Grants[0].Place)
		if err != nil {
			w.t.Fatal(err)
		}
		made, err := w.auth.NewToken(context.Background(), w.boss, auth.TokenSpec{
			Name: "test", User: user, Expires: w.clock.Add(300 * 24 * time.Hour),
			Grants: []registry.UserGrant{{Role: u.Grants[0].Role, Place: at[u.Grants[0].Place].Code}},
		})
		if err != nil {
			w.t.Fatal(err)
		}
		return made.Secret
	}
	w.t.Fatalf("there is no user %s", user)
	return ""
}

// as is a client with a token of the user.
func (w *world) as(user string) *takhti.Client {
	w.t.Helper()
	c, err := takhti.New(w.url, w.token(user), takhti.WithTries(1))
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// tokenKnown is a token whose first use is in the journal already, so that what is
// next written is what the test does.
func (w *world) tokenKnown(user string) string {
	w.t.Helper()
	token := w.token(user)
	w.raw(token, "GET /api/v1/me", "")
	if _, err := w.boss.Journal(context.Background(), registry.JournalQuery{Limit: 1}); err != nil {
		w.t.Fatal(err)
	}
	return token
}

// raw sends a request by hand. The request is a method and an address.
func (w *world) raw(token, request, body string, headers ...string) (status int, header http.Header, answer string) {
	w.t.Helper()
	method, address, _ := strings.Cut(request, " ")
	req, err := http.NewRequest(method, w.url+address, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(data)
}

// wantCode checks that a call failed with the code.
func wantCode(t testing.TB, err error, code string) *takhti.Error {
	t.Helper()
	var e *takhti.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want an error with code %s", err, code)
	}
	return e
}

// must is for calls that cannot fail.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// syncBuffer is a log that a test may read while the server writes.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// sorted is the members of a set as one line.
func sorted(set map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(set)), " ") }

func device(serial fleet.Serial) fleet.Device { return fleet.Device{Serial: serial} }

// unzipped is all that a workbook holds.
func unzipped(t testing.TB, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}

// setClock moves the clock, which the register reads whenever it likes.
func (w *world) setClock(to time.Time) {
	w.clock = to
	w.shared.Store(&to)
}

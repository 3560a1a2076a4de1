package web_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/audit"
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/auth/openidtest"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
	"github.com/takhti-edu/takhti/internal/web"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// password is that of every account of the world.
const password = "chalk and slate 1947"

// world is a small country, behind the real server, at a time that tests set.
// It is the morning of 15 June 2026 in Pakistan:
//
//	PK Pakistan
//	├ PK6 Punjab
//	│ ├ PK601 Lahore
//	│ │ ├ PK601-STORE   two devices, SHP-2 with two more to come
//	│ │ ├ PK6-35200001  GGHS Chak 77: AAA-0001 to AAA-0006
//	│ │ └ PK6-35200002  GBHS Model Town: BBB-0001 and BBB-0002
//	│ └ PK602 Kasur
//	│   └ PK6-35100001  GBPS Kot Radha Kishan: CCC-0001
//	└ PK7 Sindh
type world struct {
	t      testing.TB
	reg    *registry.Register
	auth   *auth.Service
	clock  time.Time
	shared atomic.Pointer[time.Time] // the clock, as the register sees it
	boss   registry.Session
	desk   *workbook.Desk
	url    string
}

// codeOf is what an authenticator with the key shows at the time (RFC 6238).
func codeOf(t testing.TB, key string, now time.Time) string {
	t.Helper()
	secret, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(key, " ", ""))
	if err != nil {
		t.Fatalf("key %q: %v", key, err)
	}
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(now.Unix()/30)))
	sum := mac.Sum(nil)
	at := sum[19] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

func newWorld(t testing.TB) *world { return newWorldWaiting(t, 0) }

// newWorldWaiting is a world whose pages wait so long for imports.
func newWorldWaiting(t testing.TB, wait time.Duration) *world {
	t.Helper()
	return emptyWorld(t, wait).filled()
}

// strictWorld is a world in which officers and those above sign in by two steps.
func strictWorld(t testing.TB) *world {
	t.Helper()
	return emptyWorldBy(t, 0, auth.Options{SecondStep: fleet.Officer}).filled()
}

func (w *world) filled() *world {
	w.t.Helper()
	w.places()
	w.devices()
	w.users()
	return w
}

// newWorldAbroad is a world whose people may sign in at a provider.
func newWorldAbroad(t testing.TB) (*world, *openidtest.Provider) {
	t.Helper()
	p := openidtest.Start(t)
	w := emptyWorld(t, 0, auth.OpenID{
		Issuer: p.URL, Name: "Google", ClientID: openidtest.ClientID, Secret: openidtest.Secret, Domains: []string{"school.edu.pk"},
	})
	p.Now = func() time.Time { return *w.shared.Load() }
	return w.filled(), p
}

// emptyWorld is a register without any place, and its server, whose pages wait so long
// for imports.
func emptyWorld(t testing.TB, wait time.Duration, abroad ...auth.OpenID) *world {
	t.Helper()
	return emptyWorldBy(t, wait, auth.Options{}, abroad...)
}

// emptyWorldBy is one whose people sign in by the options.
func emptyWorldBy(t testing.TB, wait time.Duration, options auth.Options, abroad ...auth.OpenID) *world {
	t.Helper()
	host := httptest.NewUnstartedServer(nil)
	w := &world{t: t}
	w.setClock(time.Date(2025, 2, 3, 8, 0, 0, 0, time.UTC))
	now := func() time.Time { return *w.shared.Load() }
	var err error
	if w.reg, err = registry.Open(context.Background(), memkv.New(), registry.Options{Now: now, LearnerKey: func() ([]byte, error) { return make([]byte, 32), nil }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.reg.Close() })
	w.boss = w.reg.As(registry.Operator())
	options.Now = now
	for _, o := range abroad {
		o.Callback = "http://" + host.Listener.Addr().String() + web.CallbackPath
		options.OpenID = &o
	}
	w.auth = auth.New(w.reg, options)
	srv := server.New(server.Options{
		Auth: w.auth, Ready: func(context.Context) error { return nil },
		BodyLimits: map[string]int64{"POST /imports": 65 << 20},
	})
	desk := workbook.NewDesk(t.TempDir(), workbook.Limits{})
	w.desk = desk
	t.Cleanup(desk.Stop)
	site := web.Mount(srv.Engine(), web.Deps{
		Audit:    w.proving(),
		Register: w.reg, Auth: w.auth, Desk: desk, Now: now, CommitWait: wait,
	})
	srv.Answer("/", site.Refuse)
	srv.Engine().GET("/panic", func(*gin.Context) { panic("a secret of the house") })
	host.Config.Handler = srv.Handler()
	host.Start()
	t.Cleanup(host.Close)
	w.url = host.URL
	return w
}

func (w *world) places() {
	w.do(
		place("PK", "", fleet.Country, "Pakistan"),
		place("PK6", "PK", fleet.Province, "Punjab"),
		place("PK7", "PK", fleet.Province, "Sindh"),
		place("PK601", "PK6", fleet.District, "Lahore"),
		place("PK602", "PK6", fleet.District, "Kasur"),
		place("PK601-STORE", "PK601", fleet.Store, "Lahore store"),
		school("35200001", "PK601", "GGHS Chak 77"),
		school("35200002", "PK601", "GBHS Model Town"),
		school("35100001", "PK602", "GBPS Kot Radha Kishan"),
	)
}

// devices come in over more than a year, with what befell them.
func (w *world) devices() {
	w.expect("SHP-1", "PK6-35200001", "AAA-0001", "AAA-0002", "AAA-0003", "AAA-0004", "AAA-0005", "AAA-0006")
	w.expect("SHP-1", "PK6-35200002", "BBB-0001", "BBB-0002")
	w.expect("SHP-1", "PK6-35100001", "CCC-0001")
	w.expect("SHP-1", "", "DDD-0001", "DDD-0002")
	w.on(2025, 3, 10)
	if _, _, err := w.boss.ReceiveAll(context.Background(), registry.Request{}, "SHP-1"); err != nil {
		w.t.Fatal(err)
	}
	w.on(2025, 4, 2)
	w.do(
		registry.AssignDevice{Serial: "AAA-0002", Holder: fleet.Holder{Kind: fleet.HeldByTeacher, Label: "Mathematics teacher"}},
		registry.AssignDevice{Serial: "AAA-0003", Holder: fleet.Holder{Kind: fleet.HeldByLearner, Label: "8-A", Roll: 12}},
	)
	w.on(2026, 4, 20)
	w.do(
		registry.ReportFault{Serial: "AAA-0004", Category: fleet.FaultScreen, Severity: fleet.Unusable, Note: "Cracked from corner to corner"},
		registry.ReportFault{Serial: "BBB-0002", Category: fleet.FaultBattery, Severity: fleet.Minor},
		registry.ReportFault{Serial: "AAA-0005", Category: fleet.FaultStolen, Severity: fleet.Unusable},
	)
	w.on(2026, 6, 1)
	w.expect("SHP-2", "", "EEE-0001", "EEE-0002")
	w.on(2026, 6, 15)
}

// users are one of each role, signing in with the role's name and the password.
func (w *world) users() {
	hash, err := w.auth.HashPassword(context.Background(), password)
	if err != nil {
		w.t.Fatal(err)
	}
	for role, at := range map[fleet.Role]fleet.PlaceCode{
		fleet.Viewer: "PK6", fleet.SchoolRole: "PK6-35200001", fleet.WorkshopRole: "PK601", fleet.Officer: "PK601",
		fleet.Manager: "PK6", fleet.Ministry: "PK", fleet.Auditor: "PK", fleet.Admin: "",
	} {
		w.do(registry.AddUser{
			User: role.String(), FullName: "Somebody", Password: hash,
			Grants: []registry.UserGrant{{Role: role, Place: at}},
		})
	}
}

// pin gives a school the PIN.
func (w *world) pin(school fleet.PlaceCode, pin string) {
	w.t.Helper()
	hash, err := w.auth.HashPIN(context.Background(), pin, "")
	if err != nil {
		w.t.Fatal(err)
	}
	w.do(registry.SetPIN{School: school, PIN: hash})
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
	c.Place.Level, c.Place.Gender, c.Place.Enrolment, c.Place.Electricity = "high", "girls", 1412, fleet.Yes
	c.Place.NameUrdu = "گورنمنٹ ہائی اسکول"
	return c
}

// on moves the clock to the morning of a day.
func (w *world) on(y int, m time.Month, d int) { w.setClock(time.Date(y, m, d, 4, 30, 0, 0, time.UTC)) }

func (w *world) do(changes ...registry.Change) registry.Receipt {
	w.t.Helper()
	receipt, err := w.boss.Apply(context.Background(), registry.Request{}, changes...)
	if err != nil {
		w.t.Fatalf("%v: %v", changes, err)
	}
	return receipt
}

// expect announces a shipment to the store in Lahore with the serials, bound for
// the place.
func (w *world) expect(number string, at fleet.PlaceCode, serials ...fleet.Serial) {
	w.t.Helper()
	changes := []registry.Change{registry.AnnounceShipment{
		Number: number, Supplier: "Tez Assemblers", Destination: "PK601-STORE", Dispatched: fleet.DateOf(w.clock),
	}}
	for i, s := range serials {
		c := registry.ExpectDevice{
			Shipment: number, Model: "Takhti 11",
			Device: fleet.Device{Serial: s, Tag: "T-" + fleet.Tag(s), Lot: "L1", Carton: fmt.Sprintf("C%d", i/4+1), Price: 4_500_000},
		}
		if at != "" {
			p, err := w.boss.Place(context.Background(), at)
			if err != nil {
				w.t.Fatal(err)
			}
			c.Place = p.Path
		}
		changes = append(changes, c)
	}
	w.do(changes...)
}

// proving is what signs checkpoints of the journal, with a key of its own.
func (w *world) proving() *audit.Log {
	w.t.Helper()
	dir := w.t.TempDir()
	key, err := audit.OpenKey(filepath.Join(dir, "audit.key"))
	if err != nil {
		w.t.Fatal(err)
	}
	return audit.New(w.reg, key, audit.Options{File: filepath.Join(dir, "checkpoints.txt")})
}

// setClock moves the clock, which the register reads whenever it likes.
func (w *world) setClock(to time.Time) {
	w.clock = to
	w.shared.Store(&to)
}

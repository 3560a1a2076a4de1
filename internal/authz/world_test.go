package authz

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/api"
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
	"github.com/takhti-edu/takhti/internal/web"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// spot is a place of the world. Its word is in all that is about it, and nowhere else.
type spot struct {
	code, parent, word string
	kind               fleet.PlaceKind
	path               fleet.Path
}

// spots are the world's places. The askers work in the district of Alfa, or in its
// school India.
//
//	Echo (country)
//	├ Delta (province)
//	│ ├ Alfa (district)
//	│ │ ├ India (school)
//	│ │ └ Hotel (school)
//	│ └ Bravo (district)
//	│   └ Juliett (school)
//	└ Golf (province)
//	  ├ Charlie (district)
//	  │ └ Kilo (school)
//	  └ Lima (school)
func spots() map[string]*spot {
	all := map[string]*spot{}
	for _, s := range []spot{
		{"QXECHO", "", "QXECHO", fleet.Country, ""},
		{"QXDELTA", "QXECHO", "QXDELTA", fleet.Province, ""},
		{"QXGOLF", "QXECHO", "QXGOLF", fleet.Province, ""},
		{"QXALFA", "QXDELTA", "QXALFA", fleet.District, ""},
		{"QXBRAVO", "QXDELTA", "QXBRAVO", fleet.District, ""},
		{"QXCHARLIE", "QXGOLF", "QXCHARLIE", fleet.District, ""},
		{"QXINDIA", "QXALFA", "QXINDIA", fleet.School, ""},
		{"QXHOTEL", "QXALFA", "QXHOTEL", fleet.School, ""},
		{"QXJULIETT", "QXBRAVO", "QXJULIETT", fleet.School, ""},
		{"QXKILO", "QXCHARLIE", "QXKILO", fleet.School, ""},
		{"QXLIMA", "QXGOLF", "QXLIMA", fleet.School, ""},
	} {
		all[s.word] = &s
	}
	return all
}

// order is that in which the places are made.
var order = []string{"QXECHO", "QXDELTA", "QXGOLF", "QXALFA", "QXBRAVO", "QXCHARLIE", "QXINDIA", "QXHOTEL", "QXJULIETT", "QXKILO", "QXLIMA"}

// asker is who sends requests.
type asker struct {
	name       string
	role       string
	out        bool // is nobody, or is so no more
	everywhere bool
	home       string // the word of the place of its role
	at         map[relation]string
	beside     map[relation]string // its roles at places that are not its home
	user       string              // the account's name
	spends     bool                // the request in hand is to be carried out
	cookie     string
	token      string
}

var (
	districts = map[relation]string{self: "QXALFA", above: "QXDELTA", below: "QXINDIA", sibling: "QXBRAVO", cousin: "QXCHARLIE"}
	two       = map[relation]string{self: "QXALFA", above: "QXDELTA", below: "QXINDIA", sibling: "QXJULIETT", cousin: "QXKILO"}
	schools   = map[relation]string{self: "QXINDIA", above: "QXALFA", sibling: "QXHOTEL", cousin: "QXKILO"}
)

const password = "mango tree by the canal"

// world is the program, as cmd/takhti puts it together, over the seeded places.
type world struct {
	testing.TB
	clock   time.Time
	shared  atomic.Pointer[time.Time] // the clock, as the register sees it
	reg     *registry.Register
	auth    *auth.Service
	desk    *workbook.Desk
	boss    registry.Session
	handler http.Handler
	routes  gin.RoutesInfo
	served  []auth.Route
	spots   map[string]*spot
	askers  []*asker
	count   int               // of what was made, for names
	kept    map[string]string // what was made once, by its maker and place
	hold    chan struct{}     // while imports are running: see begin
	held    sync.WaitGroup
}

func newWorld(t testing.TB) *world {
	w := &world{TB: t, spots: spots(), kept: map[string]string{}}
	w.setClock(time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC))
	now := func() time.Time { return *w.shared.Load() }
	var err error
	if w.reg, err = registry.Open(t.Context(), counted{memkv.New()}, registry.Options{Now: now, LearnerKey: learnerKey}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.reg.Close() })
	w.boss = w.reg.As(registry.Operator())
	w.auth = auth.New(w.reg, auth.Options{Now: now})
	w.desk = workbook.NewDesk(t.TempDir(), workbook.Limits{})
	t.Cleanup(w.desk.Stop)
	limits := api.BodyLimits()
	limits["POST /imports"] = 65 << 20
	s := server.New(server.Options{Auth: w.auth, Ready: func(context.Context) error { return nil }, BodyLimits: limits, Now: now})
	_, w.served = api.Mount(s.Engine(), api.Deps{Register: w.reg, Auth: w.auth, Desk: w.desk, Spool: t.TempDir(), Now: now, CommitWait: time.Minute})
	site := web.Mount(s.Engine(), web.Deps{Register: w.reg, Auth: w.auth, Desk: w.desk, Now: now, CommitWait: time.Minute})
	w.served = append(w.served, site.Routes()...)
	s.Answer("/", site.Refuse)
	s.Answer("/api/", server.Problem)
	s.Answer("/feeds/", server.Plain)
	w.handler, w.routes = s.Handler(), s.Engine().Routes()
	w.seed()
	w.hire()
	return w
}

func learnerKey() ([]byte, error) { return []byte(strings.Repeat("k", 32)), nil }

// seed makes the places, each with one of everything.
func (w *world) seed() {
	for _, word := range order {
		s := w.spots[word]
		emis := ""
		if s.kind == fleet.School {
			emis = word + "1"
		}
		w.do(registry.SavePlace{Parent: fleet.PlaceCode(s.parent), Place: fleet.Place{
			EMIS: emis,
			Code: fleet.PlaceCode(s.code), Kind: s.kind, State: fleet.Active, Name: word + " name", NameUrdu: word + " اردو",
			Aliases: []string{word + " alias", nickname(s)}, Division: word + " division",
		}})
		s.path = w.pathOf(s.code)
	}
	for _, word := range order {
		for _, m := range []maker{aDevice, aFault, aShipment, anAccount, anInvited, aToken, aCount, aTarget} {
			w.static(m, w.spots[word])
		}
	}
}

// nickname is a name of the place that is like no other.
func nickname(s *spot) string {
	sum := sha256.Sum256([]byte(s.word))
	return hex.EncodeToString(sum[:8])
}

func (w *world) pathOf(code string) fleet.Path {
	w.Helper()
	p, err := w.boss.Place(context.Background(), fleet.PlaceCode(code))
	if err != nil {
		w.Fatal(err)
	}
	return p.Path
}

// do makes changes that must succeed.
func (w *world) do(changes ...registry.Change) registry.Receipt {
	w.Helper()
	return w.doAs(w.boss, changes...)
}

func (w *world) doAs(s registry.Session, changes ...registry.Change) registry.Receipt {
	w.Helper()
	receipt, err := s.Apply(context.Background(), registry.Request{}, changes...)
	if err != nil {
		w.Fatalf("%#v: %v", changes, err)
	}
	return receipt
}

// hire makes the askers: each role in the district, those of schools in a school, too,
// who is nobody in several ways, and one who runs everything.
func (w *world) hire() {
	w.askers = append(w.askers, &asker{name: "expired token", role: "officer", out: true, home: "QXALFA", at: districts})
	for _, role := range fleet.Roles() {
		w.askers = append(w.askers, &asker{name: role.String(), role: role.String(), home: "QXALFA", at: districts})
	}
	w.askers = append(w.askers,
		&asker{name: "school at school", role: "school", home: "QXINDIA", at: schools},
		&asker{name: "workshop at school", role: "workshop", home: "QXINDIA", at: schools},
		&asker{name: "officer of several", role: "officer", home: "QXALFA", at: two, beside: map[relation]string{sibling: "viewer", cousin: "officer"}},
		&asker{name: "everything", role: "admin", everywhere: true, at: districts},
		&asker{name: "read-only token", role: "read-only", home: "QXALFA", at: districts},
		&asker{name: "feed key", role: feeder, out: true, home: "QXALFA", at: districts},
		&asker{name: "feed key of a lost school", role: "none", out: true, home: "QXALFA", at: districts},
		&asker{name: "token of a lost school", role: "none", home: "QXALFA", at: districts},
		&asker{name: "disabled", role: "officer", out: true, home: "QXALFA", at: districts},
		&asker{name: "nobody", role: "nobody", out: true, home: "QXALFA", at: districts},
	)
	hash, err := w.auth.HashPassword(w.Context(), password)
	if err != nil {
		w.Fatal(err)
	}
	for _, a := range w.askers {
		w.equip(a, hash)
		if a.name == "expired token" {
			w.setClock(w.clock.Add(2 * time.Hour)) // its life is over
		}
	}
}

func (w *world) equip(a *asker, hash string) {
	if a.role == "nobody" {
		return
	}
	role, err := fleet.ParseRole(a.role)
	if err != nil {
		role = fleet.Officer // whose token reads only, or was made before
	}
	a.user = strings.ToLower(strings.ReplaceAll("ask."+a.name, " ", "."))
	grants := []registry.UserGrant{{Role: role, Place: fleet.PlaceCode(a.home)}}
	for where, beside := range a.beside {
		role, _ := fleet.ParseRole(beside)
		grants = append(grants, registry.UserGrant{Role: role, Place: fleet.PlaceCode(a.at[where])})
	}
	own := slices.Clone(grants)
	if a.role == feeder {
		own[0].Place = "QXDELTA" // who made the key sees more than it gives
	}
	w.do(registry.AddUser{User: a.user, Password: hash, Grants: own})
	life := 300 * 24 * time.Hour
	switch a.name {
	case "read-only token", "feed key":
		grants[0].Role = fleet.Viewer
	case "expired token":
		life = time.Hour
	case "token of a lost school", "feed key of a lost school":
		w.saveLost("QXALFA")
		grants = []registry.UserGrant{{Role: fleet.Viewer, Place: lost}}
	default:
		in, err := w.auth.SignIn(w.Context(), auth.Credentials{Name: a.user, Password: password, From: "192.0.2.1:1"})
		if err != nil || in.Next != auth.NextNothing {
			w.Fatalf("%s cannot sign in: %+v, %v", a.name, in, err)
		}
		a.cookie = in.Secret
	}
	made, err := w.auth.NewToken(w.Context(), w.boss, auth.TokenSpec{
		Feed: strings.HasPrefix(a.name, "feed key"), Name: "matrix", User: a.user, Expires: w.clock.Add(life), Grants: grants,
	})
	if err != nil {
		w.Fatal(err)
	}
	a.token = made.Secret
	switch a.name {
	case "disabled":
		w.do(registry.EnableUser{User: a.user})
	case "token of a lost school", "feed key of a lost school":
		w.saveLost("QXCHARLIE")
	}
}

// lost is a school that the askers' district loses to another.
const lost = fleet.PlaceCode("LOST")

func (w *world) saveLost(parent fleet.PlaceCode) {
	w.do(registry.SavePlace{Parent: parent, Place: fleet.Place{EMIS: "700001", Code: lost, Kind: fleet.School, State: fleet.Active, Name: "Lost"}})
}

// next is a number that nothing else has.
func (w *world) next() string {
	w.count++
	return fmt.Sprintf("%05d", w.count)
}

// setClock moves the clock, which the register reads whenever it likes.
func (w *world) setClock(to time.Time) {
	w.clock = to
	w.shared.Store(&to)
}

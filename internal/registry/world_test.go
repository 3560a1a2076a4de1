package registry_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
)

// world is a small country with a clock that tests set:
//
//	PK Pakistan
//	├ PK6 Punjab
//	│ ├ PK601 Lahore
//	│ │ ├ PK601-STORE, PK6-35200001 and PK6-35200002 (schools)
//	│ └ PK602 Kasur
//	│   └ PK6-35100001 (school)
//	└ PK7 Sindh
type world struct {
	t      testing.TB
	store  kv.Store
	reg    *registry.Register
	clock  time.Time
	shared atomic.Pointer[time.Time] // the clock, as the register sees it
	boss   registry.Session
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOn(t, memkv.New())
}

func newWorldOn(t testing.TB, store kv.Store) *world {
	t.Helper()
	w := openWorld(t, store, nil)
	w.country()
	return w
}

// openWorld has in it what the store holds.
func openWorld(t testing.TB, store kv.Store, reopen func() (kv.Store, error)) *world {
	t.Helper()
	w := &world{t: t, store: store}
	w.setClock(time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC))
	reg, err := registry.Open(context.Background(), w.store, registry.Options{Now: func() time.Time { return *w.shared.Load() }, Reopen: reopen})
	if err != nil {
		t.Fatal(err)
	}
	w.reg = reg
	t.Cleanup(func() { reg.Close() })
	w.boss = reg.As(registry.Operator())
	return w
}

func (w *world) country() {
	w.t.Helper()
	w.do(w.boss,
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
func (w *world) do(s registry.Session, changes ...registry.Change) registry.Receipt {
	w.t.Helper()
	receipt, err := s.Apply(context.Background(), registry.Request{}, changes...)
	if err != nil {
		w.t.Fatalf("%v: %v", changes, err)
	}
	return receipt
}

// refused applies a change that must fail with the code.
func (w *world) refused(s registry.Session, code string, changes ...registry.Change) {
	w.t.Helper()
	_, err := s.Apply(context.Background(), registry.Request{}, changes...)
	wantCode(w.t, err, code)
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if got := codeOf(err); got != code {
		t.Fatalf("got error %q (%v), want %q", got, err, code)
	}
}

func codeOf(err error) string {
	if e, ok := err.(*fleet.Error); ok {
		return e.Code
	}
	return fmt.Sprint(err)
}

// as opens the register to somebody with one role at one place.
func (w *world) as(role fleet.Role, at fleet.PlaceCode) registry.Session {
	w.t.Helper()
	return w.reg.As(registry.Actor{
		User: fleet.UserID(100 + role), Name: role.String(), Via: "api",
		Grants: []fleet.Grant{{Role: role, Place: w.path(at)}},
	})
}

func (w *world) path(code fleet.PlaceCode) fleet.Path {
	w.t.Helper()
	p, err := w.boss.Place(context.Background(), code)
	if err != nil {
		w.t.Fatal(err)
	}
	return p.Path
}

// expect announces shipment SHP-1 with the serials, bound for the place.
func (w *world) expect(number string, at fleet.PlaceCode, serials ...fleet.Serial) {
	w.t.Helper()
	changes := []registry.Change{registry.AnnounceShipment{Number: number, Supplier: "Tez", Destination: "PK601-STORE"}}
	for _, s := range serials {
		changes = append(changes, registry.ExpectDevice{
			Shipment: number, Place: w.path(at), Model: "Takhti 11", Device: fleet.Device{Serial: s, Lot: "L1"},
		})
	}
	w.do(w.boss, changes...)
}

// atSchool brings devices to a school.
func (w *world) atSchool(at fleet.PlaceCode, serials ...fleet.Serial) {
	w.t.Helper()
	w.expect("SHP-1", at, serials...)
	for _, s := range serials {
		w.do(w.boss, registry.ReceiveDevice{Serial: s})
	}
}

// counts gives the numbers of a place by status, such as "at_school:2 lost:1".
func (w *world) counts(q registry.CountQuery) string {
	w.t.Helper()
	c, err := w.boss.Counts(context.Background(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	text := ""
	for _, row := range c.Rows {
		if row.Place != nil {
			text += string(row.Place.Code) + "/"
		}
		label := row.Status.String()
		switch {
		case row.Shipment != "":
			label = row.Shipment + "/" + label
		case row.Model != "":
			label = row.Model
		case row.Condition != 0:
			label = row.Condition.String()
		}
		text += fmt.Sprintf("%s:%d ", label, row.Count)
	}
	return text + fmt.Sprintf("= %d", c.Total)
}

// findings are what Verify has to say.
func (w *world) findings() (all []table.Finding) {
	w.t.Helper()
	err := w.reg.Verify(context.Background(), func(string) {}, func(f table.Finding) { all = append(all, f) })
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) sound() {
	w.t.Helper()
	for _, f := range w.findings() {
		w.t.Errorf("verify: %s", f)
	}
}

// setClock moves the clock, which the register reads whenever it likes.
func (w *world) setClock(to time.Time) {
	w.clock = to
	w.shared.Store(&to)
}

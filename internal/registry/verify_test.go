package registry_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
)

// Whatever is done to the register, by whomever, verify stays silent and the
// statuses add up to the devices there are.
func TestAnyChangesLeaveTheRegisterSound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorldOn(t, memkv.New())
		w.t = t
		schools := []fleet.PlaceCode{"PK6-35200001", "PK6-35200002", "PK6-35100001"}
		var serials []fleet.Serial
		for i := range 6 {
			serials = append(serials, fleet.Serial(fmt.Sprintf("DEV%03d", i)))
		}
		w.expect("SHP-1", "PK601-STORE", serials[:3]...)
		w.expect("SHP-2", schools[0], serials[3:]...)
		actors := []registry.Session{w.boss, w.as(fleet.Officer, "PK601"), w.as(fleet.SchoolRole, schools[0])}
		refs := []string{"F-0000"}

		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			w.setClock(w.clock.Add(time.Duration(rapid.IntRange(1, 40).Draw(rt, "hours")) * time.Hour))
			serial := rapid.SampledFrom(serials).Draw(rt, "serial")
			ref := rapid.SampledFrom(refs).Draw(rt, "ref")
			school := rapid.SampledFrom(schools).Draw(rt, "school")
			change := rapid.SampledFrom([]registry.Change{
				registry.ReceiveDevice{Serial: serial, Damaged: rapid.Bool().Draw(rt, "damaged")},
				registry.ReceiveUnlisted{Shipment: "SHP-1", Device: fleet.Device{Serial: "X-" + serial}, Model: "Takhti 11"},
				registry.CloseShipment{Number: "SHP-2"},
				registry.DispatchDevice{Serial: serial, To: school},
				registry.AcceptDevice{Serial: serial},
				registry.RefuseDevice{Serial: serial},
				registry.AssignDevice{Serial: serial, Holder: fleet.Holder{Kind: fleet.HeldInCart, Label: "Cart 1"}},
				registry.ReturnDevice{Serial: serial},
				registry.RetireDevice{Serial: serial},
				registry.CorrectDevice{Serial: serial, Device: fleet.Device{Serial: serial, Tag: fleet.Tag("T-" + serial[:4])}, Model: "Takhti 13"},
				registry.ReportFault{Serial: serial, Category: rapid.SampledFrom(fleet.FaultCategories()).Draw(rt, "category"), Severity: fleet.Major, Note: "n"},
				registry.TriageFault{Ref: ref, Severity: fleet.Minor},
				registry.SendToRepair{Ref: ref, Route: fleet.ByWarranty},
				registry.ReturnFromRepair{Ref: ref, Outcome: rapid.SampledFrom(fleet.Outcomes()).Draw(rt, "outcome")},
				registry.CloseFault{Ref: ref, Outcome: rapid.SampledFrom(fleet.Outcomes()).Draw(rt, "outcome")},
				movedSchool(school, rapid.SampledFrom([]string{"PK601", "PK602"}).Draw(rt, "district")),
			}).Draw(rt, "change")
			receipt, err := rapid.SampledFrom(actors).Draw(rt, "actor").Apply(context.Background(), registry.Request{}, change)
			if err != nil && fleet.KindOf(err) == 0 {
				rt.Fatalf("%s: %v", change.Name(), err)
			}
			refs = append(refs, receipt.Refs...)
		}
		for _, f := range w.findings() {
			rt.Errorf("verify: %s", f)
		}
		total := w.counts(registry.CountQuery{Place: "PK"})
		page, _, err := w.boss.Devices(context.Background(), registry.DeviceQuery{Limit: 100})
		if err != nil || !strings.HasSuffix(total, fmt.Sprintf("= %d", len(page))) {
			rt.Errorf("%d devices, but the counts say %s (%v)", len(page), total, err)
		}
	})
}

func movedSchool(code fleet.PlaceCode, district string) registry.SavePlace {
	return school(strings.TrimPrefix(string(code), "PK6-"), district, "Moved")
}

// One changed, removed or added byte anywhere is found.
func TestAnyTamperingIsFound(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001", "AAA002")
	w.do(w.boss,
		registry.ReportFault{Serial: "AAA001", Category: fleet.FaultHinge, Severity: fleet.Minor},
		registry.AddUser{User: "amna", Password: "x", Grants: []registry.UserGrant{{Role: fleet.Officer, Place: "PK601"}}},
	)
	w.sound()
	pairs := w.pairs()
	for i, p := range pairs {
		name := kv.NewPartReader(p.Key).Str()
		if name == "receipt" || name == "meta" || name == "seq" {
			continue
		}
		for what, bad := range map[string]func(kv.Writer) error{
			"removed": func(wr kv.Writer) error { return wr.Delete(p.Key) },
			"changed": func(wr kv.Writer) error {
				val := append([]byte(nil), p.Val...)
				if len(val) == 0 {
					return wr.Delete(p.Key)
				}
				val[rand.IntN(len(val))] ^= 1 << rand.IntN(8)
				return wr.Put(p.Key, val)
			},
			"copied elsewhere": func(wr kv.Writer) error {
				if name == "journal.edge" {
					return wr.Delete(p.Key) // there is one; another key of that name is never read
				}
				return wr.Put(kv.Tuple(p.Key).Clone().Uint(7), p.Val)
			},
		} {
			if err := w.store.Update(context.Background(), bad); err != nil {
				t.Fatal(err)
			}
			if !w.unsound() {
				t.Errorf("pair %d of %d, key %q: %s, and verify is silent", i, len(pairs), p.Key, what)
			}
			w.restore(pairs)
		}
	}
	w.sound()
}

// A journal that claims to be far longer than it is, as one flipped bit can make it, is
// told of at once.
func TestAJournalThatIsSaidToBeLong(t *testing.T) {
	w := newWorld(t)
	edge := kv.Key("journal.edge")
	for bit := range 64 {
		before := w.pairs()
		if err := w.store.Update(context.Background(), func(wr kv.Writer) error {
			val, err := wr.Get(edge)
			if err != nil {
				return err
			}
			val = append([]byte{}, val...)
			val[bit/8] ^= 1 << (7 - bit%8)
			return wr.Put(edge, val)
		}); err != nil {
			t.Fatal(err)
		}
		if !w.unsound() {
			t.Errorf("bit %d of its size is flipped, and verify is silent", bit)
		}
		w.restore(before)
	}
	w.sound()
}

func (w *world) pairs() (all []kv.Pair) {
	w.t.Helper()
	err := w.store.View(context.Background(), func(r kv.Reader) error {
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			all = append(all, kv.Pair{Key: append([]byte(nil), p.Key...), Val: append([]byte{}, p.Val...)})
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) restore(pairs []kv.Pair) {
	w.t.Helper()
	now := w.pairs()
	err := w.store.Update(context.Background(), func(wr kv.Writer) error {
		for _, p := range now {
			if err := wr.Delete(p.Key); err != nil {
				return err
			}
		}
		for _, p := range pairs {
			if err := wr.Put(p.Key, p.Val); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// unsound says whether Verify finds something, or cannot even read on.
func (w *world) unsound() bool {
	found := false
	err := w.reg.Verify(context.Background(), func(string) {}, func(table.Finding) { found = true })
	return found || err != nil
}

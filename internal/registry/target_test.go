package registry_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
)

var (
	june     = fleet.NewDate(2026, 6, 30)
	december = fleet.NewDate(2026, 12, 31)
)

// plan is the targets of a place and of all below it, as the session sees them.
func (w *world) plan(s registry.Session, at fleet.PlaceCode, limit int) (list string) {
	w.t.Helper()
	var after *fleet.Target
	for {
		page, err := s.TargetsUnder(context.Background(), w.path(at), after, limit)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, t := range page {
			places, err := w.boss.PlacesAt(context.Background(), t.Place)
			if err != nil {
				w.t.Fatal(err)
			}
			list += fmt.Sprintf("%s:%d by %s\n", places[t.Place].Code, t.Devices, t.By)
		}
		if len(page) == 0 {
			return list
		}
		after = &page[len(page)-1]
	}
}

func TestTargetsAreSetAndTakenBack(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss,
		registry.SetTarget{Place: "PK601", By: december, Devices: 90},
		registry.SetTarget{Place: "PK601", By: june, Devices: 40},
		registry.SetTarget{Place: "PK6-35200001", By: june, Devices: 12},
		registry.SetTarget{Place: "PK602", By: june, Devices: 7},
		registry.SetTarget{Place: "PK7", By: june}, // none there was, and none is
	)
	const all = "PK601:40 by 2026-06-30\nPK601:90 by 2026-12-31\nPK6-35200001:12 by 2026-06-30\nPK602:7 by 2026-06-30\n"
	for limit := range 4 {
		if got := w.plan(w.boss, "PK", limit+1); got != all {
			t.Errorf("in pages of %d:\n%s", limit+1, got)
		}
	}
	if got := w.plan(w.as(fleet.Officer, "PK602"), "PK602", 10); got != "PK602:7 by 2026-06-30\n" {
		t.Errorf("Kasur's officer sees\n%s", got)
	}
	if got := w.plan(w.as(fleet.Officer, "PK602"), "PK", 10); got != "" {
		t.Errorf("Kasur's officer sees of the country\n%s", got)
	}
	w.do(w.boss, registry.SetTarget{Place: "PK601", By: june}, registry.SetTarget{Place: "PK602", By: june, Devices: 8})
	if got := w.plan(w.boss, "PK", 10); got != "PK601:90 by 2026-12-31\nPK6-35200001:12 by 2026-06-30\nPK602:8 by 2026-06-30\n" {
		t.Errorf("after a change:\n%s", got)
	}
	w.sound()
}

func TestWhoSetsTargets(t *testing.T) {
	w := newWorld(t)
	set := registry.SetTarget{Place: "PK601", By: june, Devices: 40}
	for role, at := range map[fleet.Role]fleet.PlaceCode{fleet.Ministry: "PK", fleet.Manager: "PK6", fleet.Admin: "PK"} {
		w.do(w.as(role, at), set)
	}
	w.refused(w.as(fleet.Officer, "PK601"), "forbidden", set)
	w.refused(w.as(fleet.Auditor, "PK"), "forbidden", set)
	w.refused(w.as(fleet.Manager, "PK7"), "place.not_found", set)
	w.refused(w.boss, "target.by_missing", registry.SetTarget{Place: "PK601", Devices: 40})
	w.sound()
}

// Counts say what a place has of its targets, whatever they are broken down by.
func TestCountsAgainstTargets(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001", "AAA002", "AAA003")
	w.expect("SHP-1", "PK601-STORE", "AAA004")
	w.do(w.boss, registry.ReportFault{Serial: "AAA003", Category: fleet.FaultLost, Severity: fleet.Unusable})
	w.do(w.boss, registry.SetTarget{Place: "PK601", By: june, Devices: 5})
	for _, by := range [][]registry.Dimension{nil, {registry.ByPlace}, {registry.ByModel, registry.ByPlace}, {registry.ByShipment}} {
		c, err := w.boss.Counts(t.Context(), registry.CountQuery{Place: "PK601", By: by})
		if err != nil || c.Total != 4 || c.Delivered != 2 || len(c.Targets) != 1 || c.Targets[0].Missing(c.Delivered) != 3 {
			t.Fatalf("by %v: %+v, %v", by, c, err)
		}
	}
	before, err := w.boss.Counts(t.Context(), registry.CountQuery{Place: "PK601"})
	if err != nil {
		t.Fatal(err)
	}
	w.do(w.boss, registry.SetTarget{Place: "PK601", By: june, Devices: 6})
	after, err := w.boss.Counts(t.Context(), registry.CountQuery{Place: "PK601"})
	if err != nil || after.Targets[0].Devices != 6 || after.ETag == before.ETag {
		t.Errorf("%+v, %v", after, err)
	}
	w.setClock(w.clock.AddDate(0, 0, 5))
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA004"})
	then, err := w.boss.Counts(t.Context(), registry.CountQuery{Place: "PK601", AsOf: fleet.DateOf(w.clock) - 2})
	if err != nil || then.Delivered != 2 {
		t.Errorf("before the last one came: %+v, %v", then, err)
	}
}

// A district that moves takes its plan along.
func TestTargetsMoveWithTheirPlace(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.SetTarget{Place: "PK601", By: june, Devices: 40}, registry.SetTarget{Place: "PK6-35200001", By: june, Devices: 12})
	w.do(w.boss, place("PK601", "PK7", fleet.District, "Lahore"))
	if got := w.plan(w.boss, "PK7", 10); got != "PK601:40 by 2026-06-30\nPK6-35200001:12 by 2026-06-30\n" {
		t.Errorf("Sindh's plan is\n%s", got)
	}
	if got := w.plan(w.boss, "PK6", 10); got != "" {
		t.Errorf("Punjab's plan is\n%s", got)
	}
	w.sound()
}

// Whatever is set and moved, the register is sound and says what was said last.
func TestTargetsAreSoundWhateverIsSet(t *testing.T) {
	codes := []fleet.PlaceCode{"PK6", "PK601", "PK602", "PK6-35200001", "PK601-STORE"}
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		type key struct {
			at fleet.PlaceCode
			by fleet.Date
		}
		want := map[key]uint32{}
		for range rapid.IntRange(1, 20).Draw(r, "changes") {
			if rapid.IntRange(0, 9).Draw(r, "move") == 0 {
				to := rapid.SampledFrom([]string{"PK6", "PK7"}).Draw(r, "to")
				w.do(w.boss, place("PK602", to, fleet.District, "Kasur"))
				continue
			}
			k := key{rapid.SampledFrom(codes).Draw(r, "at"), rapid.SampledFrom([]fleet.Date{june, december}).Draw(r, "by")}
			want[k] = rapid.Uint32Range(0, 3).Draw(r, "devices")
			w.do(w.boss, registry.SetTarget{Place: k.at, By: k.by, Devices: want[k]})
		}
		for k, devices := range want {
			if got, err := w.boss.Target(context.Background(), w.path(k.at), k.by); err != nil || got != devices {
				r.Fatalf("%s by %s: %d, %v; want %d", k.at, k.by, got, err, devices)
			}
		}
		for _, f := range w.findings() {
			r.Fatalf("verify: %s", f)
		}
	})
}

func TestATargetForNoPlaceIsFound(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.SetTarget{Place: "PK601", By: june, Devices: 40})
	codec := table.CBOR[fleet.Target]()
	err := w.store.Update(t.Context(), func(wr kv.Writer) error {
		val, err := codec.Append(nil, &fleet.Target{ID: 1, Version: 1, Place: w.path("PK601").Child(9999), By: june, Devices: 40})
		if err != nil {
			return err
		}
		return wr.Put(kv.Key("target").Uint(1), val)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range w.findings() {
		if f.What == "is for nothing" {
			return
		}
	}
	t.Errorf("it is not found: %v", w.findings())
}

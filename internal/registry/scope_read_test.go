package registry_test

import (
	"context"
	"iter"
	"reflect"
	"sync/atomic"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// counted is a store that counts what is read of it.
type counted struct {
	kv.Store
	reads atomic.Int64
}

func (s *counted) View(ctx context.Context, fn func(kv.Reader) error) error {
	return s.Store.View(ctx, func(r kv.Reader) error { return fn(countedReader{r, &s.reads}) })
}

type countedReader struct {
	kv.Reader
	reads *atomic.Int64
}

func (r countedReader) Get(key []byte) ([]byte, error) {
	r.reads.Add(1)
	return r.Reader.Get(key)
}

func (r countedReader) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	r.reads.Add(1)
	return r.Reader.Scan(lo, hi)
}

// Lists of a place outside the scope are empty, and nothing is read for them: how long
// that takes tells nothing of what there is. The edges find no such place by its code,
// so that these doors are closed twice.
func TestListsOutsideTheScopeReadNothing(t *testing.T) {
	store := &counted{Store: memkv.New()}
	w := newWorldOn(t, store)
	w.atSchool("PK6-35200001", "AAA-0001", "AAA-0002")
	day, end := fleet.DateOf(w.clock), fleet.NewDate(2026, 12, 31)
	lahore, at := w.path("PK601"), w.path("PK6-35200001")
	w.do(w.boss,
		registry.ReportFault{Serial: "AAA-0001", Category: fleet.FaultHinge, Severity: fleet.Minor},
		registry.SetTarget{Place: "PK6-35200001", By: end, Devices: 10},
		registry.RecordStockTake{Place: "PK6-35200001", Date: day, Serials: []fleet.Serial{"ZZZ-0001"}},
		registry.RememberLayout{Layout: registry.Layout{Scope: at, Kind: "devices", Names: "a"}})
	outside, own, ctx := w.as(fleet.Officer, "PK602"), w.as(fleet.Officer, "PK601"), t.Context()
	for name, ask := range map[string]func(registry.Session) (any, error){
		"devices": func(s registry.Session) (any, error) {
			list, _, err := s.Devices(ctx, registry.DeviceQuery{Place: lahore, Limit: 9})
			return list, err
		},
		"faults": func(s registry.Session) (any, error) {
			list, _, err := s.Faults(ctx, registry.FaultQuery{Place: lahore, Limit: 9})
			return list, err
		},
		"children":    func(s registry.Session) (any, error) { return s.Children(ctx, lahore) },
		"places":      func(s registry.Session) (any, error) { return s.PlacesUnder(ctx, lahore, "", 9) },
		"ancestors":   func(s registry.Session) (any, error) { return s.Ancestors(ctx, at) },
		"labels":      func(s registry.Session) (any, error) { return s.PlacesAt(ctx, at) },
		"stock-takes": func(s registry.Session) (any, error) { return s.StockTakesUnder(ctx, lahore, nil, 9) },
		"a count that is tried": func(s registry.Session) (any, error) {
			trial, err := s.TryStockTake(ctx, at, day, []fleet.Serial{"AAA-0001"})
			return trial.Listed(), err
		},
		"a target":      func(s registry.Session) (any, error) { return s.Target(ctx, at, end) },
		"targets of":    func(s registry.Session) (any, error) { return s.TargetsOf(ctx, at) },
		"targets under": func(s registry.Session) (any, error) { return s.TargetsUnder(ctx, lahore, nil, 9) },
		"layouts":       func(s registry.Session) (any, error) { return s.Layouts(ctx, "devices", at) },
	} {
		if got, err := ask(own); err != nil || isEmpty(got) {
			t.Errorf("%s in one's own place: %v, %v", name, got, err)
		}
		before := store.reads.Load()
		got, err := ask(outside)
		if err != nil || !isEmpty(got) {
			t.Errorf("%s elsewhere: %v, %v", name, got, err)
		}
		if n := store.reads.Load() - before; n != 0 {
			t.Errorf("%s elsewhere: %d reads, want none", name, n)
		}
	}
}

func isEmpty(v any) bool {
	r := reflect.ValueOf(v)
	return r.IsZero() || (r.Kind() == reflect.Slice || r.Kind() == reflect.Map) && r.Len() == 0
}

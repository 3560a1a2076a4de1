package registry_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// gated is a store whose updates wait for the gate, so that requests gather.
type gated struct {
	kv.Store
	gate chan struct{}
}

func (s *gated) Update(ctx context.Context, fn func(kv.Writer) error) error {
	<-s.gate
	return s.Store.Update(ctx, fn)
}

func (s *gated) open() { close(s.gate) }

// manyOf are so many devices of a shipment, enough for a large request.
func manyOf(shipment string, from, to int) (all []registry.Change) {
	for n := from; n < to; n++ {
		all = append(all, registry.ExpectDevice{Shipment: shipment, Model: "Slate 11", Device: fleet.Device{Serial: fleet.Serial(fmt.Sprintf("LARGE-%05d", n))}})
	}
	return all
}

// Requests that wait together are committed together, a large one first; whoever fails
// takes nobody along.
func TestALargeRequestAmongSmallOnes(t *testing.T) {
	stores := map[string]func() kv.Store{
		"in memory": func() kv.Store { return memkv.New() },
		"on disk": func() kv.Store {
			s, err := boltkv.Open(filepath.Join(t.TempDir(), "takhti.db"))
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	}
	for where, store := range stores {
		t.Run(where, func(t *testing.T) {
			s := &gated{Store: store(), gate: make(chan struct{})}
			s.open()
			w := newWorldOn(t, s)
			w.do(w.boss, registry.AnnounceShipment{Number: "S-1", Supplier: "Bench", Destination: "PK601-STORE"})
			s.gate = make(chan struct{})
			begin := func(changes ...registry.Change) func() (registry.Receipt, error) {
				return w.boss.Begin(t.Context(), registry.Request{}, changes...)
			}
			first := begin(manyOf("S-1", 0, 1)...)
			large := begin(manyOf("S-1", 1, 1000)...)
			taken := begin(manyOf("S-1", 5, 6)...)
			twice := begin(append(manyOf("S-1", 2000, 3000), manyOf("S-1", 7, 8)...)...)
			behind := begin(manyOf("S-1", 1000, 2000)...)
			last := begin(manyOf("S-1", 2500, 2501)...)
			s.open()
			for what, r := range map[string]struct {
				wait func() (registry.Receipt, error)
				code string
			}{
				"the first": {first, ""}, "the large one": {large, ""}, "one of which it has the serial": {taken, "serial.taken"},
				"a large one that fails at its end": {twice, "serial.taken"}, "the one behind it": {behind, ""},
				"one whose serial only the failed one had": {last, ""},
			} {
				if _, err := r.wait(); (err != nil || r.code != "") && codeOf(err) != r.code {
					t.Errorf("%s: got %v, want %q", what, err, r.code)
				}
			}
			if n := len(w.devicesOf("S-1")); n != 2001 {
				t.Errorf("there are %d devices, want 2001", n)
			}
			w.sound()
		})
	}
}

func (w *world) devicesOf(number string) (all []fleet.Device) {
	w.t.Helper()
	s, err := w.boss.Shipment(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	var after []byte
	for {
		page, next, err := w.boss.Devices(w.t.Context(), registry.DeviceQuery{Shipment: s.ID, After: after, Limit: 1000})
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, page...)
		if after = next; after == nil {
			return all
		}
	}
}

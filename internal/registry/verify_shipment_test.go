package registry_test

import (
	"context"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
)

func TestAShipmentThatCountsItsDevicesWronglyIsFound(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK601-STORE", "AAA001", "AAA002", "AAA003", "AAA004")
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA001"}, registry.ReceiveDevice{Serial: "AAA002", Damaged: true},
		registry.ReceiveUnlisted{Shipment: "SHP-1", Device: fleet.Device{Serial: "BBB001"}}, registry.CloseShipment{Number: "SHP-1"})
	w.sound()
	pairs := w.pairs()
	codec := table.CBOR[fleet.Shipment]()
	key := kv.Key("shipment").Uint(1)
	for what, tamper := range map[string]func(*fleet.Shipment){
		"5 listed":   func(s *fleet.Shipment) { s.Lines++ },
		"3 received": func(s *fleet.Shipment) { s.Received++ },
		"2 damaged":  func(s *fleet.Shipment) { s.Damaged++ },
		"0 over":     func(s *fleet.Shipment) { s.Over-- },
		"1 short":    func(s *fleet.Shipment) { s.Short-- },
	} {
		err := w.store.Update(context.Background(), func(wr kv.Writer) error {
			val, err := wr.Get(key)
			if err != nil {
				return err
			}
			var s fleet.Shipment
			if err := codec.Decode(val, &s); err != nil {
				return err
			}
			tamper(&s)
			if val, err = codec.Append(nil, &s); err != nil {
				return err
			}
			return wr.Put(key, val)
		})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range w.findings() {
			found = found || f.What == "counts its devices wrongly" && strings.Contains(f.Detail, what) &&
				strings.HasSuffix(f.Detail, "its devices are 4 listed, 2 received, 1 damaged, 1 over, 2 short")
		}
		if !found {
			t.Errorf("a shipment that says %s is not found: %v", what, w.findings())
		}
		w.restore(pairs)
	}
}

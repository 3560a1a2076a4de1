package registry_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestAPackedDeviceIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return rapid.String().Draw(t, name) }
		c := registry.ExpectDevice{
			Shipment: text("shipment"), Place: fleet.Path(text("place")), Model: text("model"),
			Device: fleet.Device{
				Serial: fleet.Serial(text("serial")), Tag: fleet.Tag(text("tag")), MAC: text("mac"), Carton: text("carton"), Lot: text("lot"),
				Line: text("line"), PO: text("po"), Funding: text("funding"),
				Price: fleet.Rupees(rapid.Int64Min(0).Draw(t, "price")), WarrantyEnds: fleet.Date(rapid.Int32().Draw(t, "warranty")),
			},
		}
		packed := c.Pack()
		var packer registry.DevicePacker
		for range 3 {
			if p := packer.Pack(c); *p != packed || p.Serial() != c.Device.Serial {
				t.Fatalf("packed among others it is %q, not %q", *p, packed)
			}
		}
		if got, err := packed.Unpack(); err != nil || got != c || packed.Name() != c.Name() {
			t.Fatalf("%+v, %v; want %+v", got, err, c)
		}
		cut := packed[:rapid.IntRange(0, len(packed)-1).Draw(t, "cut")]
		if got, err := cut.Unpack(); err == nil {
			t.Fatalf("%q cut to %q is %+v", packed, cut, got)
		}
	})
}

func TestAPackedDeviceComesIn(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"}, registry.ExpectDevice{
		Shipment: "SHP-1", Model: "T", Device: fleet.Device{Serial: "AAA001", Tag: "T1"},
	}.Pack())
	if d, err := w.boss.Device(t.Context(), "AAA001"); err != nil || d.Tag != "T1" || d.Status != fleet.Expected {
		t.Errorf("%+v, %v", d, err)
	}
	w.sound()
}

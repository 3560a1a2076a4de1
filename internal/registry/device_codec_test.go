package registry

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func drawDevice(t *rapid.T) fleet.Device {
	text := rapid.StringN(0, 20, 60)
	return fleet.Device{
		ID: fleet.DeviceID(rapid.Uint64().Draw(t, "id")), Version: rapid.Uint32().Draw(t, "version"),
		Serial: fleet.Serial(text.Draw(t, "serial")), Tag: fleet.Tag(text.Draw(t, "tag")),
		Place: fleet.Path(text.Draw(t, "place")), From: fleet.Path(text.Draw(t, "from")),
		Status: fleet.Status(rapid.Uint8().Draw(t, "status")), Condition: fleet.Condition(rapid.Uint8().Draw(t, "condition")),
		Arrival: fleet.Arrival(rapid.Uint8().Draw(t, "arrival")), Model: fleet.ModelID(rapid.Uint32().Draw(t, "model")),
		Shipment: fleet.ShipmentID(rapid.Uint32().Draw(t, "shipment")),
		Holder:   fleet.Holder{Kind: fleet.HolderKind(rapid.Uint8().Draw(t, "kind")), Label: text.Draw(t, "label"), Roll: rapid.Uint32().Draw(t, "roll"), Mark: fleet.LearnerMark(text.Draw(t, "mark"))},
		MAC:      text.Draw(t, "mac"), Carton: text.Draw(t, "carton"), Lot: text.Draw(t, "lot"), Line: text.Draw(t, "line"),
		PO: text.Draw(t, "po"), Funding: text.Draw(t, "funding"),
		Price: fleet.Rupees(rapid.Int64().Draw(t, "price")), WarrantyEnds: fleet.Date(rapid.Int32().Draw(t, "warranty")),
		Received: fleet.Date(rapid.Int32().Draw(t, "received")),
		Changed:  time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "changed"), 0).UTC(),
	}
}

func TestDeviceRecordsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawDevice(t)
		data, err := appendDevice(nil, &want)
		if err != nil {
			t.Fatal(err)
		}
		var got fleet.Device
		if err := decodeDevice(data, &got); err != nil || got != want {
			t.Fatalf("%+v came back as %+v, %v", want, got, err)
		}
		cut := rapid.IntRange(0, len(data)-1).Draw(t, "cut")
		if err := decodeDevice(data[:cut], &got); err == nil {
			t.Fatalf("a record cut to %d of %d bytes was read as %+v", cut, len(data), got)
		}
		if err := decodeDevice(append(data, 0), &got); err == nil {
			t.Fatal("a record with a byte too many was read")
		}
	})
}

func FuzzDeviceRecord(f *testing.F) {
	d := fleet.Device{ID: 1, Serial: "5CD3160ABC", Changed: time.Unix(1, 0).UTC()}
	data, _ := appendDevice(nil, &d)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var d fleet.Device
		_ = decodeDevice(data, &d) // must not panic, nor take memory the input does not justify
	})
}

func BenchmarkDeviceDecode(b *testing.B) {
	d := fleet.Device{
		ID: 123456, Version: 3, Serial: "5CD3160ABC", Tag: "PK-0123456", Place: "abcdefghijkl", Status: fleet.AtSchool,
		Condition: fleet.OK, Arrival: fleet.AsListed, Model: 2, Shipment: 7, MAC: "A4:BB:6D:01:02:03", Carton: "C-0041", Lot: "L3",
		Line: "2", PO: "PO-2026-17", Price: 4_500_000, Funding: "Federal", Changed: time.Unix(1_780_000_000, 0).UTC(),
	}
	data, _ := appendDevice(nil, &d)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := decodeDevice(data, &d); err != nil {
			b.Fatal(err)
		}
	}
}

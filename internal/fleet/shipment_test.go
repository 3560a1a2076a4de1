package fleet

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseShipmentNumber(t *testing.T) {
	sixty := strings.Repeat("ش", 60)
	for _, c := range []struct{ text, want, code string }{
		{"SHP-2026/01", "SHP-2026/01", ""},
		{" shp\u00a0 2026\t01 ", "SHP 2026 01", ""},
		{"SHP\u200b-1\u202c", "SHP-1", ""},
		{"shp-۱۲", "SHP-12", ""},
		{"shp\r\n1", "SHP 1", ""},
		{sixty, sixty, ""},
		{"", "", "shipment.number"},
		{".", "", "shipment.number"},
		{"..", "", "shipment.number"},
		{" - / ", "", "shipment.number"},
		{"SHP/../1", "", "shipment.number"},
		{"SHP-1/", "", "shipment.number"},
		{"۷", "7", ""},
		{" \u00a0\u200b ", "", "shipment.number"},
		{sixty + "x", "", "shipment.number"},
	} {
		got, err := ParseShipmentNumber(c.text)
		if got != c.want || codeOf(err) != c.code {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, got, codeOf(err), c.want, c.code)
		}
		if c.code != "" {
			refused(t, err, c.code, "shipment")
		}
	}
}

func TestADayOfDispatchIsNotFarAhead(t *testing.T) {
	today := NewDate(2026, 6, 1)
	for day, code := range map[Date]string{
		0: "", NewDate(2026, 5, 1): "", NewDate(2026, 12, 31): "", NewDate(2027, 6, 2): "",
		NewDate(2027, 6, 3): "shipment.dispatched", NewDate(2099, 1, 1): "shipment.dispatched",
	} {
		if err := CheckDispatched(day, today); codeOf(err) != code {
			t.Errorf("%s: %v; want %q", day, err, code)
		}
	}
}

// The life of a shipment of three devices: what happens, and its state and lines
// then.
func TestAShipment(t *testing.T) {
	left := Shipment{Number: "SHP-1", State: Announced, Dispatched: NewDate(2026, 3, 1)}
	for _, c := range []struct {
		name  string
		from  Shipment
		steps string
		want  Shipment
	}{
		{"its list is empty", Shipment{}, "expect0", Shipment{State: Announced}},
		{"it has left without a list", left, "expect0", Shipment{State: Shipped}},
		{"its list is in", Shipment{}, "expect3", Shipment{State: Announced, Lines: 3}},
		{"it has left", left, "expect3", Shipment{State: Shipped, Lines: 3}},
		{"one has come", left, "expect3 received", Shipment{State: PartlyReceived, Lines: 3, Received: 1}},
		{"one has come that was not listed", left, "expect3 over", Shipment{State: PartlyReceived, Lines: 3, Over: 1}},
		{"all have come, one damaged", left, "expect3 received damaged received", Shipment{State: FullyReceived, Lines: 3, Received: 3, Damaged: 1}},
		{"and one more", left, "expect3 received received received over", Shipment{State: FullyReceived, Lines: 3, Received: 3, Over: 1}},
		{"the list grew", left, "expect3 received received received expect1", Shipment{State: PartlyReceived, Lines: 4, Received: 3}},
		{"one has come that was listed, and one that was not", left, "expect3 received over", Shipment{State: PartlyReceived, Lines: 3, Received: 1, Over: 1}},
		{"all have come, and one that was not listed", left, "expect1 received over", Shipment{State: FullyReceived, Lines: 1, Received: 1, Over: 1}},
		{"closed short", left, "expect3 received close", Shipment{State: ShipmentClosed, Lines: 3, Received: 1, Short: 2}},
		{"closed in full", left, "expect1 damaged close", Shipment{State: ShipmentClosed, Lines: 1, Received: 1, Damaged: 1}},
		{"without a list", Shipment{}, "over", Shipment{State: FullyReceived, Over: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.from
			for step := range strings.FieldsSeq(c.steps) {
				var err error
				if s, err = shipmentStep(s, step); err != nil {
					t.Fatalf("%s: %v", step, err)
				}
			}
			c.want.Number, c.want.Dispatched = c.from.Number, c.from.Dispatched
			if s != c.want {
				t.Errorf("got %+v\nwant %+v", s, c.want)
			}
		})
	}
}

func shipmentStep(s Shipment, step string) (Shipment, error) {
	switch step {
	case "expect0":
		return s.Expect(0)
	case "expect1":
		return s.Expect(1)
	case "expect3":
		return s.Expect(3)
	case "close":
		return s.Close()
	}
	a, err := ParseArrival(step)
	if err != nil {
		return s, err
	}
	return s.Take(a)
}

func TestShipmentRefusals(t *testing.T) {
	open := Shipment{Number: "SHP-1", State: Shipped, Lines: 1}
	full := Shipment{Number: "SHP-1", State: FullyReceived, Lines: 1, Received: 1}
	closed := Shipment{Number: "SHP-1", State: ShipmentClosed, Lines: 2, Received: 1, Short: 1}
	for _, c := range []struct {
		name        string
		from        Shipment
		step        string
		code, field string
	}{
		{"more lines when closed", closed, "expect1", "shipment.closed", ""},
		{"receiving when closed", closed, "received", "shipment.closed", ""},
		{"receiving over when closed", closed, "over", "shipment.closed", ""},
		{"closing twice", closed, "close", "shipment.closed", ""},
		{"receiving more than listed", full, "received", "shipment.complete", ""},
		{"damaged ones more than listed", full, "damaged", "shipment.complete", ""},
		{"receiving as awaited", open, "expected", "shipment.arrival", "arrival"},
		{"receiving as short", open, "short", "shipment.arrival", "arrival"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := shipmentStep(c.from, c.step)
			refused(t, err, c.code, c.field)
			if s != (Shipment{}) {
				t.Errorf("refused, and yet a shipment is returned: %+v", s)
			}
		})
	}
}

func TestShipmentIsOpenUntilClosed(t *testing.T) {
	for _, state := range ShipmentStates() {
		s := Shipment{State: state}
		if got := s.Open() == nil; got != (state != ShipmentClosed) {
			t.Errorf("%s: open is %v", state, got)
		}
	}
}

// Whatever comes in whatever order, each line is received, short or awaited, and
// a closed shipment awaits nothing.
func TestShipmentLinesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Shipment{State: Announced, Dispatched: Date(rapid.Int32Range(0, 1).Draw(t, "dispatched"))}
		for _, step := range rapid.SliceOf(rapid.SampledFrom([]string{
			"expect1", "expect3", "received", "damaged", "over", "received", "damaged", "close",
		})).Draw(t, "steps") {
			next, err := shipmentStep(s, step)
			if err != nil {
				continue
			}
			s = next
			if s.Lines != s.Received+s.Short+s.Awaited() || s.Received > s.Lines || s.Damaged > s.Received {
				t.Fatalf("after %s the lines do not add up: %+v", step, s)
			}
			if s.State == ShipmentClosed && s.Awaited() != 0 || s.State != ShipmentClosed && s.Short != 0 {
				t.Fatalf("after %s: %+v", step, s)
			}
		}
	})
}

package fleet

import (
	"testing"
	"time"
)

// What can happen to a device, and where it stands afterwards. "home" is
// at_school at a school and in_store anywhere else; "-" is refused, with the code
// device.STATUS of the status that does not allow it.
const deviceMatrix = `
                   expected  in_store   in_transit  at_school   issued     in_repair  lost     stolen   retired
receive            home      -          -           -           -          -          -        -        -
mark_short         expected  -          -           -           -          -          -        -        -
dispatch           -         in_transit -           in_transit  -          -          -        -        -
accept             -         -          home        -           -          -          -        -        -
refuse             -         -          in_transit  -           -          -          -        -        -
assign             -         -          -           issued      -          -          -        -        -
return             -         -          -           -           at_school  -          -        -        -
report_fault       -         in_store   -           at_school   issued     -          -        -        -
report_loss        -         lost       lost        lost        lost       lost       -        -        -
report_theft       -         stolen     stolen      stolen      stolen     stolen     stolen   -        -
send_to_repair     -         in_repair  -           in_repair   in_repair  -          -        -        -
return_from_repair -         -          -           -           -          home       -        -        -
recover            -         -          -           -           -          -          home     home     -
retire             -         retired    -           retired     -          retired    retired  retired  -
correct            expected  in_store   in_transit  at_school   issued     in_repair  lost     stolen   -
`

// inMatrix is where the matrix puts a device at a place of the kind; zero: refused.
func inMatrix(t *testing.T, cell string, at PlaceKind) Status {
	t.Helper()
	switch {
	case cell == "-":
		return 0
	case cell == "home" && at == School:
		return AtSchool
	case cell == "home":
		return InStore
	}
	return named(t, Statuses(), cell)
}

func TestWhatCanHappenToADevice(t *testing.T) {
	cells := 0
	grid(t, deviceMatrix, func(row, column, cell string) {
		event, status := named(t, Events(), row), named(t, Statuses(), column)
		for _, at := range PlaceKinds() {
			d := Device{Serial: "5CD1", Status: status}
			next, err := d.After(event, at)
			if want := inMatrix(t, cell, at); next != want {
				t.Errorf("%s × %s at a %s: %q, want %q", column, row, at, next, want)
			}
			if cell == "-" {
				refused(t, err, "device."+column, "")
			}
		}
		cells++
	})
	if want := len(Statuses()) * len(Events()); cells != want {
		t.Errorf("the matrix has %d cells, want %d: every status × every event", cells, want)
	}
}

// Each change is the event it is named after: it can be made in the same statuses
// and leads to the same ones.
func TestEachChangeIsItsEvent(t *testing.T) {
	class := Holder{Kind: HeldByClass, Label: "6-B"}
	changes := map[string]func(Device) (Device, error){
		"receive":      func(d Device) (Device, error) { return d.Receive(School, false, noon) },
		"mark_short":   func(d Device) (Device, error) { return d.MarkShort(noon) },
		"dispatch":     func(d Device) (Device, error) { return d.Dispatch(pathOf(1, 7), noon) },
		"accept":       func(d Device) (Device, error) { return d.Accept(School, noon) },
		"refuse":       func(d Device) (Device, error) { return d.Refuse(noon) },
		"assign":       func(d Device) (Device, error) { return d.Assign(class, noon) },
		"return":       func(d Device) (Device, error) { return d.Return(noon) },
		"report_fault": report(FaultScreen),
		"report_loss":  report(FaultLost),
		"report_theft": report(FaultStolen),
		"send_to_repair": func(d Device) (Device, error) {
			_, d, err := Fault{State: Triaged, Category: FaultScreen}.SendToRepair(d, ByWorkshop, "", "", noon)
			return d, err
		},
		"return_from_repair": func(d Device) (Device, error) {
			_, d, err := Fault{State: UnderRepair, Category: FaultScreen}.ReturnFromRepair(d, School, Repaired, true, "", "", noon)
			return d, err
		},
		"recover": func(d Device) (Device, error) { return d.Recover(School, noon) },
		"retire":  func(d Device) (Device, error) { return d.Retire(noon) },
		"correct": func(d Device) (Device, error) { return d.CorrectTo(Device{Lot: "L2"}, noon) },
	}
	grid(t, deviceMatrix, func(row, column, cell string) {
		before := Device{Serial: "5CD1", Status: named(t, Statuses(), column), Condition: OK, Place: pathOf(1, 6)}
		after, err := changes[row](before)
		if want := inMatrix(t, cell, School); after.Status != want {
			t.Errorf("%s × %s: %q (%v), want %q", column, row, after.Status, err, want)
		}
		switch {
		case err == nil && !after.Changed.Equal(noon):
			t.Errorf("%s × %s: the time of the change is not kept", column, row)
		case err != nil && after != Device{}:
			t.Errorf("%s × %s: refused, and yet a device is returned", column, row)
		}
	})
}

func report(c FaultCategory) func(Device) (Device, error) {
	return func(d Device) (Device, error) {
		_, d, err := d.Report(Report{Category: c, Severity: Major}, School, noon)
		return d, err
	}
}

// A refusal says what cannot be done, why, and what to do first where that helps.
func TestRefusalsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		status Status
		event  Event
		want   string
	}{
		{Expected, Assign, "device 5CD1 cannot be issued, because it has not been received yet: receive its shipment first"},
		{Expected, MarkShort, ""},
		{InStore, Receive, "device 5CD1 cannot be received, because it is in a store"},
		{InStore, MarkShort, "device 5CD1 cannot be marked short, because it is in a store"},
		{InStore, Assign, "device 5CD1 cannot be issued, because it is in a store: send it to a school first"},
		{InStore, Refuse, "device 5CD1 cannot be refused, because it is in a store"},
		{InTransit, Dispatch, "device 5CD1 cannot be sent, because it is on its way: accept it first"},
		{InTransit, ReportFault, "device 5CD1 cannot be reported as faulty, because it is on its way: accept it first"},
		{AtSchool, Accept, "device 5CD1 cannot be accepted, because it is at a school and held by nobody"},
		{AtSchool, Return, "device 5CD1 cannot be returned, because it is at a school and held by nobody"},
		{Issued, Retire, "device 5CD1 cannot be retired, because it is issued: return it first"},
		{InRepair, SendToRepair, "device 5CD1 cannot be sent to repair, because it is in repair: return it from repair first"},
		{InStore, ReturnFromRepair, "device 5CD1 cannot be returned from repair, because it is in a store"},
		{Lost, Assign, "device 5CD1 cannot be issued, because it is lost: record that it was found first"},
		{Issued, Recover, "device 5CD1 cannot be recorded as found, because it is issued"},
		{Stolen, ReportLoss, "device 5CD1 cannot be reported as lost, because it is stolen: record that it was found first"},
		{Retired, ReportTheft, "device 5CD1 cannot be reported as stolen, because it is retired for good"},
		{Retired, Correct, "device 5CD1 cannot be corrected, because it is retired for good"},
	} {
		d := Device{Serial: "5CD1", Status: c.status}
		_, err := d.After(c.event, School)
		if got := message(err); got != c.want {
			t.Errorf("%s × %s\n got %q\nwant %q", c.status, c.event, got, c.want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Whom a device is with goes when it is no longer issued; where it came from
// stays while it is under way, and when it was lost on the way.
func TestWhatADeviceForgets(t *testing.T) {
	school, store := pathOf(1, 6, 601), pathOf(1, 6)
	issued := Device{Status: Issued, Condition: OK, Place: school, Holder: Holder{Kind: HeldInCart, Label: "Cart 2"}}
	underWay := Device{Status: InTransit, Condition: OK, Place: school, From: store}
	lostUnderWay := underWay
	lostUnderWay.Status = Lost
	for _, c := range []struct {
		event      string
		before     Device
		change     func(Device) (Device, error)
		keepHolder bool
		from       Path
	}{
		{"a fault while issued", issued, report(FaultScreen), true, ""},
		{"a correction while issued", issued, func(d Device) (Device, error) { return d.CorrectTo(Device{Lot: "L2"}, noon) }, true, ""},
		{"a return", issued, func(d Device) (Device, error) { return d.Return(noon) }, false, ""},
		{"a loss while issued", issued, report(FaultLost), false, ""},
		{"a correction under way", underWay, func(d Device) (Device, error) { return d.CorrectTo(Device{Lot: "L2"}, noon) }, false, store},
		{"a loss under way", underWay, report(FaultLost), false, store},
		{"a theft under way", underWay, report(FaultStolen), false, store},
		{"the recovery", lostUnderWay, func(d Device) (Device, error) { return d.Recover(School, noon) }, false, ""},
		{"giving it up", lostUnderWay, func(d Device) (Device, error) { return d.Retire(noon) }, false, ""},
		{"its arrival", underWay, func(d Device) (Device, error) { return d.Accept(School, noon) }, false, ""},
	} {
		after, err := c.change(c.before)
		if err != nil {
			t.Fatal(c.event, err)
		}
		if (after.Holder == issued.Holder) != c.keepHolder || !c.keepHolder && after.Holder != (Holder{}) {
			t.Errorf("after %s the holder is %+v", c.event, after.Holder)
		}
		if after.From != c.from {
			t.Errorf("after %s the device comes from %q, want %q", c.event, after.From, c.from)
		}
	}
}

func TestChangesAreKeptInWholeSeconds(t *testing.T) {
	d, err := Device{Status: Lost}.Retire(noon.Add(700 * time.Millisecond))
	if err != nil || !d.Changed.Equal(noon) {
		t.Errorf("changed at %v (%v), want %v", d.Changed, err, noon)
	}
}

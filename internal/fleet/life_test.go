package fleet

import (
	"testing"

	"pgregory.net/rapid"
)

// life is one device and its faults, to which anything may happen.
type life struct {
	device Device
	faults []Fault
}

var lifePlaces = []Path{pathOf(1, 6, 601), pathOf(1, 6, 60)}

// kindAt: the first place is a school, the other a store.
func (l *life) kindAt() PlaceKind {
	if l.device.Place == lifePlaces[0] {
		return School
	}
	return Store
}

// lastOpen is what the callers of Close and ReturnFromRepair have to find out.
func (l *life) lastOpen(except int) bool {
	for i, f := range l.faults {
		if i != except && f.Open() && !f.Category.Missing() {
			return false
		}
	}
	return true
}

// change keeps the device unless the change was refused.
func (l *life) change(d Device, err error) {
	if err == nil {
		l.device = d
	}
}

func (l *life) work(i int, f Fault, d Device, err error) {
	if err == nil {
		l.faults[i], l.device = f, d
	}
}

func (l *life) actions() map[string]func(*rapid.T) {
	holders := []Holder{{Kind: HeldByClass, Label: "6-B"}, {Kind: HeldByLearner, Label: "7", Roll: 3}}
	fault := func(t *rapid.T) int {
		if len(l.faults) == 0 {
			t.Skip("no faults yet")
		}
		return rapid.IntRange(0, len(l.faults)-1).Draw(t, "fault")
	}
	return map[string]func(*rapid.T){
		"receive": func(t *rapid.T) { l.change(l.device.Receive(l.kindAt(), false, noon)) },
		"dispatch": func(t *rapid.T) {
			l.change(l.device.Dispatch(rapid.SampledFrom(lifePlaces).Draw(t, "to"), noon))
		},
		"accept":  func(*rapid.T) { l.change(l.device.Accept(l.kindAt(), noon)) },
		"refuse":  func(*rapid.T) { l.change(l.device.Refuse(noon)) },
		"assign":  func(t *rapid.T) { l.change(l.device.Assign(rapid.SampledFrom(holders).Draw(t, "holder"), noon)) },
		"return":  func(*rapid.T) { l.change(l.device.Return(noon)) },
		"recover": func(*rapid.T) { l.change(l.device.Recover(l.kindAt(), noon)) },
		"report": func(t *rapid.T) {
			c := rapid.SampledFrom([]FaultCategory{FaultScreen, FaultBattery, FaultLost, FaultStolen}).Draw(t, "category")
			f, d, err := l.device.Report(Report{Category: c, Severity: Major}, l.kindAt(), noon)
			if err == nil {
				l.device, l.faults = d, append(l.faults, f)
			}
		},
		"send": func(t *rapid.T) {
			i := fault(t)
			f, d, err := l.faults[i].SendToRepair(l.device, ByWorkshop, "", "", noon)
			l.work(i, f, d, err)
		},
		"bring back": func(t *rapid.T) {
			i, o := fault(t), rapid.SampledFrom(Outcomes()).Draw(t, "outcome")
			f, d, err := l.faults[i].ReturnFromRepair(l.device, l.kindAt(), o, l.lastOpen(i), "", "", noon)
			l.work(i, f, d, err)
		},
		"close": func(t *rapid.T) {
			i, o := fault(t), rapid.SampledFrom(Outcomes()).Draw(t, "outcome")
			f, d, err := l.faults[i].Close(l.device, l.kindAt(), o, l.lastOpen(i), "", "", noon)
			l.work(i, f, d, err)
		},
		"": l.check,
	}
}

// check holds after whatever happened.
func (l *life) check(t *rapid.T) {
	d := l.device
	if (d.Status == Issued) != (d.Holder != Holder{}) {
		t.Fatalf("the device is %s and held by %+v", d.Status, d.Holder)
	}
	if underWay := d.Status == InTransit || d.Status.Missing(); d.From != "" && !underWay {
		t.Fatalf("the device is %s and still comes from %q", d.Status, d.From)
	}
	if d.Status == InTransit && d.From == "" {
		t.Fatalf("the device is on its way from nowhere")
	}
	if here := d.Status == AtSchool || d.Status == Issued; here && l.kindAt() != School || d.Status == InStore && l.kindAt() == School {
		t.Fatalf("the device is %s at a %s", d.Status, l.kindAt())
	}
	if l.lastOpen(-1) && d.Condition == Faulty {
		t.Fatalf("no fault is open, and yet the device is faulty")
	}
	l.checkNoDeadEnd(t)
}

// checkNoDeadEnd: every open fault can be brought to an end, after its device has
// come back from repair where it is away.
func (l *life) checkNoDeadEnd(t *rapid.T) {
	d := l.device
	faults := append([]Fault(nil), l.faults...)
	for i := range faults {
		if faults[i].State == UnderRepair && d.Status == InRepair {
			f, back, err := faults[i].ReturnFromRepair(d, l.kindAt(), Repaired, true, "", "", noon)
			if err != nil {
				t.Fatalf("fault %d cannot come back from repair: %v", i, err)
			}
			faults[i], d = f, back
		}
	}
	for i, f := range faults {
		if !f.Open() {
			continue
		}
		offered := f.Outcomes(&d)
		if len(offered) == 0 {
			t.Fatalf("fault %d, %s, has no outcome", i, f.State)
		}
		for _, o := range offered {
			if _, _, err := f.Close(d, l.kindAt(), o, true, "", "", noon); err != nil {
				t.Fatalf("fault %d, %s, cannot end as %s though that is offered: %v", i, f.State, o, err)
			}
		}
	}
}

// Whatever happens to a device, in whatever order, it makes sense.
func TestALife(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := life{device: Device{Serial: "5CD1", Status: Expected, Condition: OK, Arrival: Awaited, Place: lifePlaces[1]}}
		t.Repeat(l.actions())
	})
}

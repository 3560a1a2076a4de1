package demo_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"pgregory.net/rapid"
)

// A ledger lives through a country's events by the rules of the register.
type ledger struct {
	world   *demo.World
	devices map[int]fleet.Device
	faults  map[int]fleet.Fault
}

const storePath, schoolPath = fleet.Path("store"), fleet.Path("school")

func (l *ledger) take(e demo.Event) error {
	var failed error
	for n := range l.world.Devices(e) {
		d, known := l.devices[n]
		if e.Kind == demo.Announce {
			if known {
				return fmt.Errorf("device %d is announced twice", n)
			}
			at := storePath
			if l.world.Shipments()[e.Shipment].Direct {
				at = schoolPath
			}
			d = fleet.Device{Serial: l.world.Device(n).Serial, Place: at, Status: fleet.Expected, Condition: fleet.OK, Arrival: fleet.Awaited}
		}
		if e.Kind >= demo.Assign && e.Serial != d.Serial {
			return fmt.Errorf("event about device %d, %s, names %s", n, d.Serial, e.Serial)
		}
		after, err := l.after(e, n, d)
		failed = errors.Join(failed, err)
		l.devices[n] = after
	}
	return failed
}

func (l *ledger) after(e demo.Event, n int, d fleet.Device) (fleet.Device, error) {
	switch e.Kind {
	case demo.Receive:
		return d.Receive(fleet.Store, l.world.Arrival(n) == fleet.DamagedOnArrival, e.Time)
	case demo.Deliver:
		return d.Receive(fleet.School, l.world.Arrival(n) == fleet.DamagedOnArrival, e.Time)
	case demo.Dispatch:
		return d.Dispatch(schoolPath, e.Time)
	case demo.Accept:
		return d.Accept(fleet.School, e.Time)
	case demo.Assign:
		return d.Assign(e.Holder, e.Time)
	case demo.Retire:
		return d.Retire(e.Time)
	case demo.Announce, demo.CloseShipment:
		return d, nil
	default:
		return l.fault(e, d)
	}
}

func (l *ledger) fault(e demo.Event, d fleet.Device) (fleet.Device, error) {
	f, known := l.faults[e.Fault]
	if known == (e.Kind == demo.Report) || known && (f.Serial != e.Serial || f.Category != e.Category) {
		return d, fmt.Errorf("fault %d is mixed up", e.Fault)
	}
	var err error
	switch e.Kind {
	case demo.Report:
		f, d, err = d.Report(fleet.Report{Category: e.Category, Severity: e.Severity, Note: e.Note, FIR: e.FIR}, fleet.School, e.Time)
	case demo.Triage:
		f, err = f.Triage(e.Severity, "", e.Note, e.Time)
	case demo.SendToRepair:
		f, d, err = f.SendToRepair(d, e.Route, "", e.Note, e.Time)
	case demo.ReturnFromRepair:
		f, d, err = f.ReturnFromRepair(d, fleet.School, e.Outcome, true, "", e.Note, e.Time)
	case demo.Close:
		f, d, err = f.Close(d, fleet.School, e.Outcome, true, "", e.Note, e.Time)
	default:
		err = fmt.Errorf("an event of kind %v", e.Kind)
	}
	l.faults[e.Fault] = f
	return d, err
}

func liveThrough(t rapid.TB, o demo.Options) *ledger {
	t.Helper()
	w, err := demo.New(o)
	if err != nil {
		t.Fatal(err)
	}
	l := &ledger{w, map[int]fleet.Device{}, map[int]fleet.Fault{}}
	last := o.Now.AddDate(0, -18, -7)
	for e := range w.Events() {
		if e.Time.Before(last) || e.Time.After(o.Now) || e.Time.Location() != fleet.PKT {
			t.Fatalf("%v %v comes after %v, and now is %v", e.Time, e.Kind, last, o.Now)
		}
		if hour := e.Time.Hour(); e.Time.Weekday() == time.Sunday || hour < 8 || hour > 14 {
			t.Fatalf("%v at %v: nobody is there", e.Kind, e.Time)
		}
		if err := l.take(e); err != nil {
			t.Fatalf("%v %v: %v", e.Time, e.Kind, err)
		}
		last = e.Time
	}
	return l
}

func TestEverythingHappensInOrderAndByTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		liveThrough(t, demo.Options{
			Seed:    rapid.Uint64().Draw(t, "seed"),
			Devices: rapid.IntRange(demo.MinDevices, 2_000).Draw(t, "devices"),
			Schools: rapid.IntRange(1, 400).Draw(t, "schools"),
			Now:     today.AddDate(0, 0, rapid.IntRange(-1_000, 1_000).Draw(t, "day")),
		})
	})
}

func TestEveryPageHasSomethingToShow(t *testing.T) {
	l := liveThrough(t, demo.Options{Seed: 1, Now: today})
	seen := map[string]int{}
	for _, d := range l.devices {
		seen["device "+d.Status.String()]++
		seen["device "+d.Condition.String()]++
		seen["held by "+d.Holder.Kind.String()]++
	}
	for _, f := range l.faults {
		seen["fault "+f.State.String()]++
		seen["fault "+f.Category.String()]++
		if f.Category.Missing() && f.FIR != "" {
			seen["fault with FIR"]++
		}
	}
	var want []string
	for _, s := range fleet.Statuses() {
		want = append(want, "device "+s.String())
	}
	for _, c := range fleet.Conditions() {
		want = append(want, "device "+c.String())
	}
	for _, s := range fleet.FaultStates() {
		want = append(want, "fault "+s.String())
	}
	for _, c := range fleet.FaultCategories() {
		if c != fleet.FaultOther {
			want = append(want, "fault "+c.String())
		}
	}
	want = append(want, "held by teacher", "held by class", "held by room", "held by cart", "held by learner", "fault with FIR")
	for _, w := range want {
		if seen[w] == 0 {
			t.Errorf("nothing to show: no %s", w)
		}
	}
}

func TestFaultsComeAsOftenAsTheyShould(t *testing.T) {
	w := world(t, demo.Options{Devices: 60_000})
	categories, weak, sound := map[fleet.FaultCategory]int{}, 0, 0
	deviceYears := map[bool]float64{}
	isWeak := map[string]bool{}
	for _, s := range w.Shipments() {
		for _, lot := range s.Lots {
			isWeak[lot.Code] = lot.Weak
		}
	}
	for e := range w.Events() {
		switch lot := w.Device(e.First).Lot; e.Kind {
		case demo.Accept, demo.Deliver:
			deviceYears[isWeak[lot]] += float64(e.Count) * today.Sub(e.Time).Hours() / 24 / 365
		case demo.Report:
			categories[e.Category]++
			if isWeak[lot] {
				weak++
			} else {
				sound++
			}
		}
	}
	all := float64(weak+sound) / (deviceYears[true] + deviceYears[false])
	if all < 0.04 || all > 0.08 {
		t.Errorf("%.3f faults a year and device, want about 0.06", all)
	}
	if ratio := float64(weak) / deviceYears[true] / (float64(sound) / deviceYears[false]); ratio < 2 {
		t.Errorf("the weak lot fails only %.1f times as often as the others", ratio)
	}
	screens := float64(categories[fleet.FaultScreen]) / float64(weak+sound)
	missing := float64(categories[fleet.FaultLost]+categories[fleet.FaultStolen]) / float64(weak+sound)
	if screens < 0.18 || screens > 0.32 || missing < 0.05 || missing > 0.15 {
		t.Errorf("%.2f of the faults are screens and %.2f missing devices", screens, missing)
	}
}

func TestALargeCountryHasNoMoreFaultsThanAMiddlingOne(t *testing.T) {
	faults := func(devices int) (n int) {
		for e := range world(t, demo.Options{Devices: devices}).Events() {
			if e.Kind == demo.Report {
				n++
			}
		}
		return n
	}
	if middling, large := faults(100_000), faults(250_000); large > middling*12/10 {
		t.Errorf("%d faults at 100,000 devices and %d at 250,000", middling, large)
	}
}

func TestHoldersAreNeverChildrenByName(t *testing.T) {
	for e := range world(t, demo.Options{}).Events() {
		if e.Kind == demo.Assign {
			if err := e.Holder.Check(); err != nil {
				t.Fatalf("%s: %v", e.Serial, err)
			}
		}
	}
}

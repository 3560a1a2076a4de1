package registry

import (
	"context"
	"math"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// ReportFault records that a device does not work as it should, or is gone.
// A second report of the same category while one is open is added to it as a note.
type ReportFault struct {
	Serial   fleet.Serial
	Category fleet.FaultCategory
	Severity fleet.Severity
	Note     string
	FIR      string
}

// Name is the change's name in the journal.
func (ReportFault) Name() string { return "report_fault" }

func (c ReportFault) apply(t *tx) error {
	if err := t.impersonalNote(c.Note); err != nil {
		return err
	}
	d, at, err := t.device(c.Serial, fleet.ReportFaults)
	if err != nil {
		return err
	}
	report := fleet.Report{Category: c.Category, Severity: c.Severity, Note: c.Note, FIR: c.FIR, By: t.actor.Name}
	if err := report.Check(); err != nil {
		return err
	}
	open, err := openFaults(t.w, d.ID)
	if err != nil {
		return err
	}
	for _, f := range open {
		if f.Category == c.Category && t.actor.May(fleet.ReportFaults, f.Place) { // one from before it came here is others'
			return t.addNote(f, c.Note, c.FIR)
		}
	}
	f, d, err := d.Report(report, at.Kind, t.now)
	if err != nil {
		return err
	}
	id, err := faults.NextID(t.w)
	if err != nil {
		return err
	}
	f.ID, f.Ref = fleet.FaultID(id), fleet.FaultRef(fleet.FaultID(id))
	t.result(f.Ref)
	return t.saveFault(&f, &d)
}

func (t *tx) addNote(f fleet.Fault, note, fir string) error {
	f, err := f.AddNote(t.actor.Name, note, t.now)
	if err != nil {
		return err
	}
	if fir != "" {
		if f, err = f.RecordFIR(fir); err != nil {
			return err
		}
	}
	t.result(f.Ref)
	t.touch(f.Place)
	return save(t, faults, &f)
}

func (t *tx) saveFault(f *fleet.Fault, d *fleet.Device) error {
	t.touch(f.Place)
	if err := save(t, faults, f); err != nil {
		return err
	}
	return t.saveDevice(d)
}

func openFaults(r kv.Reader, d fleet.DeviceID) ([]fleet.Fault, error) {
	all, err := faultsOf(r, d)
	open := all[:0]
	for _, f := range all {
		if f.Open() {
			open = append(open, f)
		}
	}
	return open, err
}

// faultsOf reads all faults of a device, oldest first.
func faultsOf(r kv.Reader, d fleet.DeviceID) ([]fleet.Fault, error) {
	return recordsAt(r, faults, faults.Index("by_device").Uint(uint64(d)))
}

// work is a fault that is to be taken a step further, with its device and the
// device's place.
type work struct {
	fault  fleet.Fault
	device fleet.Device
	at     fleet.Place
	last   bool // no other fault of the device is open, loss and theft aside
}

// work reads a fault that the actor may do a to.
func (t *tx) work(ref string, a fleet.Action) (w work, err error) {
	if w.fault, err = visibleFault(t.w, t.actor, ref); err != nil {
		return w, err
	}
	if err = t.allow(a, w.fault.Place, absentFault(ref)); err != nil {
		return w, err
	}
	if w.device, _, err = devices.Get(t.w, uint64(w.fault.Device)); err != nil {
		return w, err
	}
	if !t.actor.May(a, w.device.Place) {
		return w, fleet.Forbiddenf("fault.device_elsewhere", "the device of fault %s is by now at a place that is not yours: those who have it end the fault there", w.fault.Ref).In("fault")
	}
	if w.at, err = t.placeAt(w.device.Place); err != nil {
		return w, err
	}
	open, err := openFaults(t.w, w.device.ID)
	w.last = !slices.ContainsFunc(open, func(f fleet.Fault) bool {
		return f.ID != w.fault.ID && !f.Category.Missing()
	})
	return w, err
}

func (t *tx) impersonalNote(note string) error { return t.impersonal("note", "the note", note) }

// stepFault takes a fault that the actor may do a to one step further, and its device.
func (t *tx) stepFault(ref string, a fleet.Action, note string, step func(w work) (fleet.Fault, fleet.Device, error)) error {
	if err := t.impersonalNote(note); err != nil {
		return err
	}
	w, err := t.work(ref, a)
	if err != nil {
		return err
	}
	f, d, err := step(w)
	if err != nil {
		return err
	}
	return t.saveFault(&f, &d)
}

func absentFault(ref string) error {
	return fleet.NotFoundf("fault.not_found", "there is no fault %s", ref).In("fault")
}

func visibleFault(r kv.Reader, a *Actor, ref string) (f fleet.Fault, err error) {
	id, err := fleet.ParseFaultRef(ref)
	if err != nil {
		return f, err
	}
	f, ok, err := faults.Get(r, uint64(id))
	if err == nil && (!ok || !a.sees(f.Place)) {
		err = absentFault(ref)
	}
	return f, err
}

// TriageFault records that a reported fault was looked at, and how bad it is.
type TriageFault struct {
	Ref      string
	Severity fleet.Severity
	Note     string
}

// Name is the change's name in the journal.
func (TriageFault) Name() string { return "triage_fault" }

func (c TriageFault) apply(t *tx) error {
	return t.stepFault(c.Ref, fleet.RepairFaults, c.Note, func(w work) (fleet.Fault, fleet.Device, error) {
		f, err := w.fault.Triage(c.Severity, t.actor.Name, c.Note, t.now)
		return f, w.device, err
	})
}

// SendToRepair sends a fault's device to be repaired.
type SendToRepair struct {
	Ref   string
	Route fleet.Route
	Note  string
}

// Name is the change's name in the journal.
func (SendToRepair) Name() string { return "send_to_repair" }

func (c SendToRepair) apply(t *tx) error {
	return t.stepFault(c.Ref, fleet.RepairFaults, c.Note, func(w work) (fleet.Fault, fleet.Device, error) {
		return w.fault.SendToRepair(w.device, c.Route, t.actor.Name, c.Note, t.now)
	})
}

// ReturnFromRepair brings a repaired device back to its place.
type ReturnFromRepair struct {
	Ref     string
	Outcome fleet.Outcome
	Note    string
}

// Name is the change's name in the journal.
func (ReturnFromRepair) Name() string { return "return_from_repair" }

func (c ReturnFromRepair) apply(t *tx) error {
	return t.stepFault(c.Ref, fleet.RepairFaults, c.Note, func(w work) (fleet.Fault, fleet.Device, error) {
		return w.fault.ReturnFromRepair(w.device, w.at.Kind, c.Outcome, w.last, t.actor.Name, c.Note, t.now)
	})
}

// CloseFault ends a fault. Outcome may be empty when the device came back from
// repair with one.
type CloseFault struct {
	Ref     string
	Outcome fleet.Outcome
	Note    string
}

// Name is the change's name in the journal.
func (CloseFault) Name() string { return "close_fault" }

func (c CloseFault) apply(t *tx) error {
	return t.stepFault(c.Ref, fleet.ReportFaults, c.Note, func(w work) (fleet.Fault, fleet.Device, error) {
		return w.fault.Close(w.device, w.at.Kind, c.Outcome, w.last, t.actor.Name, c.Note, t.now)
	})
}

// Fault reads one fault by its reference.
func (s Session) Fault(ctx context.Context, ref string) (f fleet.Fault, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		f, err = visibleFault(r, s.actor, ref)
		return err
	})
	return f, err
}

// FaultQuery says which faults are wanted.
type FaultQuery struct {
	Place    fleet.Path // and everything below it
	Open     bool       // only open ones, oldest first; otherwise all, newest first
	State    fleet.FaultState
	Category fleet.FaultCategory
	After    fleet.FaultID // the last one of the page before; zero to begin
	Limit    int
}

// Faults pages through the faults at a place. The next page begins after next,
// which is zero when there are no more; a page may be shorter than its limit and
// yet not the last.
func (s Session) Faults(ctx context.Context, q FaultQuery) (page []fleet.Fault, next fleet.FaultID, err error) {
	if !s.actor.sees(q.Place) {
		return nil, 0, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		lo, hi := q.bounds()
		looked := 0
		for id, err := range faults.IDs(r, lo, hi) {
			if err != nil {
				return err
			}
			if len(page) == q.Limit || looked == maxLooked {
				return nil
			}
			looked++
			f, _, err := faults.Get(r, id)
			if err != nil {
				return err
			}
			next = f.ID
			if (q.State == 0 || f.State == q.State) && (q.Category == 0 || f.Category == q.Category) {
				page = append(page, f)
			}
		}
		next = 0
		return nil
	})
	return page, next, err
}

// bounds is the key range of the query's index that is still to be read.
func (q *FaultQuery) bounds() (lo, hi []byte) {
	if q.Open {
		key := faults.Index("open_at").Str(string(q.Place))
		return key.Clone().Uint(uint64(q.After) + 1), key.End()
	}
	key := faults.Index("newest_at").Str(string(q.Place))
	if q.After == 0 {
		return key, key.End()
	}
	return key.Clone().Uint(math.MaxUint64 - uint64(q.After)).End(), key.End()
}

// FaultsOf reads the faults of a device that the actor sees, oldest first.
func (s Session) FaultsOf(ctx context.Context, serial fleet.Serial) (all []fleet.Fault, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		d, err := visibleDevice(r, s.actor, serial)
		if err != nil {
			return err
		}
		all, err = faultsOf(r, d.ID)
		all = slices.DeleteFunc(all, func(f fleet.Fault) bool { return !s.actor.sees(f.Place) })
		return err
	})
	return all, err
}

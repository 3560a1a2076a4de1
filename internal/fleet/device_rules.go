package fleet

import "time"

// Event is what can happen to a device. Each is one row of the rules below.
type Event uint8

// The events.
const (
	Receive Event = iota + 1 // from its shipment
	Dispatch
	Accept
	Assign
	Return
	ReportFault
	ReportLoss
	ReportTheft
	SendToRepair
	ReturnFromRepair
	Recover // found again after loss or theft
	Retire
	Correct // its description, not its status
)

var eventNames = []string{
	"", "receive", "dispatch", "accept", "assign", "return", "report_fault", "report_loss", "report_theft",
	"send_to_repair", "return_from_repair", "recover", "retire", "correct",
}

func (e Event) String() string { return nameOf(eventNames, e) }

// Events are all events.
func Events() []Event {
	events := make([]Event, 0, len(eventNames)-1)
	for e := Receive; e <= Correct; e++ {
		events = append(events, e)
	}
	return events
}

// home stands in the rules for in_store or at_school, whichever fits the place.
const home Status = 100

// rules says for every status which events may happen, and the status after.
// What is not listed is refused.
var rules = map[Status]map[Event]Status{
	Expected:  {Receive: home, Correct: Expected},
	InStore:   {Dispatch: InTransit, ReportFault: InStore, ReportLoss: Lost, ReportTheft: Stolen, SendToRepair: InRepair, Retire: Retired, Correct: InStore},
	InTransit: {Accept: home, ReportLoss: Lost, ReportTheft: Stolen, Correct: InTransit},
	AtSchool:  {Dispatch: InTransit, Assign: Issued, ReportFault: AtSchool, ReportLoss: Lost, ReportTheft: Stolen, SendToRepair: InRepair, Retire: Retired, Correct: AtSchool},
	Issued:    {Return: AtSchool, ReportFault: Issued, ReportLoss: Lost, ReportTheft: Stolen, SendToRepair: InRepair, Correct: Issued},
	InRepair:  {ReturnFromRepair: home, ReportLoss: Lost, ReportTheft: Stolen, Retire: Retired, Correct: InRepair},
	Lost:      {Recover: home, ReportTheft: Stolen, Retire: Retired, Correct: Lost},
	Stolen:    {Recover: home, Retire: Retired, Correct: Stolen},
	Retired:   {},
}

// refusals gives the code and the sentence for an event that a status forbids;
// the code's second half says what the device is, which is why it is refused.
var refusals = map[Status]struct{ code, message string }{
	Expected:  {"device.expected", "device %s has not been received yet: receive its shipment first"},
	InStore:   {"device.in_store", "device %s is in a store: send it to a school first"},
	InTransit: {"device.in_transit", "device %s is on its way: accept it first"},
	AtSchool:  {"device.at_school", "device %s is at a school and held by nobody"},
	Issued:    {"device.issued", "device %s is issued: return it first"},
	InRepair:  {"device.in_repair", "device %s is in repair: return it from repair first"},
	Lost:      {"device.lost", "device %s is lost: record that it was found first"},
	Stolen:    {"device.stolen", "device %s is stolen: record that it was found first"},
	Retired:   {"device.retired", "device %s is retired; nothing more can happen to it"},
}

// After is the status that event leads to for a device at a place of kind at, or
// the reason why it cannot happen.
func (d *Device) After(event Event, at PlaceKind) (Status, error) {
	next, allowed := rules[d.Status][event]
	if !allowed {
		r := refusals[d.Status]
		return 0, Conflictf(r.code, r.message, d.Serial)
	}
	if next == home {
		next = at.Home()
	}
	return next, nil
}

func (d Device) after(event Event, at PlaceKind, now time.Time) (Device, error) {
	next, err := d.After(event, at)
	if err != nil {
		return Device{}, err
	}
	if next != Issued {
		d.Holder = Holder{}
	}
	d.Status = next
	d.Changed = now.Truncate(time.Second)
	return d, nil
}

// Receive records that the device arrived from its shipment at a place of kind at.
func (d Device) Receive(at PlaceKind, damaged bool, now time.Time) (Device, error) {
	d, err := d.after(Receive, at, now)
	if err != nil {
		return d, err
	}
	d.Received = DateOf(now)
	d.Arrival, d.Condition = AsListed, OK
	if damaged {
		d.Arrival, d.Condition = DamagedOnArrival, Faulty
	}
	return d, nil
}

// Dispatch sends the device to another place; it counts there, in transit, from now on.
func (d Device) Dispatch(to Path, now time.Time) (Device, error) {
	if to == d.Place {
		return d, Conflictf("device.already_there", "device %s is already at that place", d.Serial).In("to")
	}
	d, err := d.after(Dispatch, 0, now)
	d.From, d.Place = d.Place, to
	return d, err
}

// Accept records that a device in transit arrived at its place, of kind at.
func (d Device) Accept(at PlaceKind, now time.Time) (Device, error) {
	d, err := d.after(Accept, at, now)
	d.From = ""
	return d, err
}

// Assign gives the device to a holder inside its school.
func (d Device) Assign(h Holder, now time.Time) (Device, error) {
	if err := h.Check(); err != nil {
		return d, err
	}
	if d.Condition == BeyondRepair {
		return d, Conflictf("device.beyond_repair", "device %s is beyond repair and cannot be issued", d.Serial)
	}
	d, err := d.after(Assign, School, now)
	d.Holder = h
	return d, err
}

// Return takes the device back from its holder.
func (d Device) Return(now time.Time) (Device, error) { return d.after(Return, School, now) }

// Recover records that a lost or stolen device was found, at a place of kind at.
func (d Device) Recover(at PlaceKind, now time.Time) (Device, error) {
	return d.after(Recover, at, now)
}

// Retire takes the device out of use for good.
func (d Device) Retire(now time.Time) (Device, error) { return d.after(Retire, 0, now) }

// CorrectTo replaces the description of the device by that of want, which must
// be the same device; status, condition, place and holder stay.
func (d Device) CorrectTo(want Device, now time.Time) (Device, error) {
	d, err := d.after(Correct, 0, now)
	if err != nil {
		return d, err
	}
	d.Tag, d.MAC, d.Model = want.Tag, want.MAC, want.Model
	d.Carton, d.Lot, d.Line, d.PO = want.Carton, want.Lot, want.Line, want.PO
	d.Price, d.Funding, d.WarrantyEnds = want.Price, want.Funding, want.WarrantyEnds
	return d, nil
}

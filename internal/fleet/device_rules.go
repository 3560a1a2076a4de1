package fleet

import "time"

// Event is what can happen to a device. Each is one row of the rules below.
type Event uint8

// The events.
const (
	Receive   Event = iota + 1 // from its shipment
	MarkShort                  // its shipment was closed without it
	Dispatch
	Accept
	Refuse // send back what was dispatched here
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

var events = vocabulary[Event]{names: []string{
	"", "receive", "mark_short", "dispatch", "accept", "refuse", "assign", "return", "report_fault", "report_loss",
	"report_theft", "send_to_repair", "return_from_repair", "recover", "retire", "correct",
}}

func (e Event) String() string { return events.name(e) }

// Events are all events.
func Events() []Event { return events.all() }

// home stands in the rules for in_store or at_school, whichever fits the place.
const home Status = 100

// rules says for every status which events may happen, and the status after.
// What is not listed is refused.
var rules = map[Status]map[Event]Status{
	Expected:  {Receive: home, MarkShort: Expected, Correct: Expected},
	InStore:   {Dispatch: InTransit, ReportFault: InStore, ReportLoss: Lost, ReportTheft: Stolen, SendToRepair: InRepair, Retire: Retired, Correct: InStore},
	InTransit: {Accept: home, Refuse: InTransit, ReportLoss: Lost, ReportTheft: Stolen, Correct: InTransit},
	AtSchool:  {Dispatch: InTransit, Assign: Issued, ReportFault: AtSchool, ReportLoss: Lost, ReportTheft: Stolen, SendToRepair: InRepair, Retire: Retired, Correct: AtSchool},
	Issued:    {Return: AtSchool, ReportFault: Issued, ReportLoss: Lost, ReportTheft: Stolen, SendToRepair: InRepair, Correct: Issued},
	InRepair:  {ReturnFromRepair: home, ReportLoss: Lost, ReportTheft: Stolen, Retire: Retired, Correct: InRepair},
	Lost:      {Recover: home, ReportTheft: Stolen, Retire: Retired, Correct: Lost},
	Stolen:    {Recover: home, Retire: Retired, Correct: Stolen},
	Retired:   {},
}

// After is the status that event leads to for a device at a place of kind at, or
// the reason why it cannot happen.
func (d *Device) After(event Event, at PlaceKind) (Status, error) {
	next, allowed := rules[d.Status][event]
	if !allowed {
		return 0, d.refusal(event)
	}
	if next == home {
		next = at.Home()
	}
	return next, nil
}

// after is the device once the event has happened. Leaving a status ends what
// goes with it: a holder is forgotten unless the device stays issued, and the
// sender once it is no longer under way, nor missing since then.
func (d Device) after(event Event, at PlaceKind, now time.Time) (Device, error) {
	next, err := d.After(event, at)
	if err != nil {
		return Device{}, err
	}
	if next != Issued {
		d.Holder = Holder{}
	}
	if next != InTransit && !next.Missing() {
		d.From = ""
	}
	d.Status, d.Changed = next, now.Truncate(time.Second)
	return d, nil
}

// pastEvents completes "device X cannot be …".
var pastEvents = []string{
	"", "received", "marked short", "sent", "accepted", "refused", "issued", "returned", "reported as faulty", "reported as lost",
	"reported as stolen", "sent to repair", "returned from repair", "recorded as found", "retired", "corrected",
}

// standings says in words where a device of each status stands, and what leads
// from there to a school, where most things can happen.
var standings = map[Status]struct{ is, remedy string }{
	Expected:  {"it has not been received yet", "receive its shipment first"},
	InStore:   {"it is in a store", "send it to a school first"},
	InTransit: {"it is on its way", "accept it first"},
	AtSchool:  {"it is at a school and held by nobody", ""},
	Issued:    {"it is issued", "return it first"},
	InRepair:  {"it is in repair", "return it from repair first"},
	Lost:      {"it is lost", "record that it was found first"},
	Stolen:    {"it is stolen", "record that it was found first"},
	Retired:   {"it is retired for good", ""},
}

// refusal says why an event cannot happen, and what to do first where that helps.
// The code names the status, which is the reason.
func (d *Device) refusal(event Event) error {
	stands := standings[d.Status]
	remedy := ""
	if _, helps := rules[AtSchool][event]; helps && stands.remedy != "" {
		remedy = ": " + stands.remedy
	}
	return Conflictf("device."+d.Status.String(), "device %s cannot be %s, because %s%s", d.Serial, pastEvents[event], stands.is, remedy)
}

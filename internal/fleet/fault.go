package fleet

import (
	"strings"
	"time"
	"unicode/utf8"
)

// FaultID numbers the faults.
type FaultID uint64

// FaultCategory is what does not work.
type FaultCategory uint8

// The categories.
const (
	FaultScreen FaultCategory = iota + 1
	FaultKeyboard
	FaultTouchpad
	FaultBattery
	FaultCharging
	FaultHinge
	FaultCamera
	FaultAudio
	FaultWater
	FaultWillNotStart
	FaultSoftware
	FaultEnrolment
	FaultLost
	FaultStolen
	FaultOther
)

var faultCategoryNames = []string{
	"", "screen", "keyboard", "touchpad", "battery", "charging", "hinge", "camera", "audio", "water",
	"will_not_start", "software", "enrolment", "lost", "stolen", "other",
}

func (c FaultCategory) String() string { return nameOf(faultCategoryNames, c) }

// ParseFaultCategory reads a category's name.
func ParseFaultCategory(s string) (FaultCategory, error) {
	return parseName[FaultCategory](faultCategoryNames, s, "fault.category", "kind of fault")
}

// FaultCategories are all categories.
func FaultCategories() []FaultCategory {
	var all []FaultCategory
	for c := FaultScreen; c <= FaultOther; c++ {
		all = append(all, c)
	}
	return all
}

// event is what a report of the category does to its device.
func (c FaultCategory) event() Event {
	switch c {
	case FaultLost:
		return ReportLoss
	case FaultStolen:
		return ReportTheft
	}
	return ReportFault
}

// Severity is how much a fault hinders.
type Severity uint8

// The severities.
const (
	Minor    Severity = iota + 1 // it can be used
	Major                        // it can hardly be used
	Unusable                     // it cannot be used
)

var severityNames = []string{"", "minor", "major", "unusable"}

func (s Severity) String() string { return nameOf(severityNames, s) }

// ParseSeverity reads a severity's name; empty means major.
func ParseSeverity(s string) (Severity, error) {
	if s == "" {
		return Major, nil
	}
	return parseName[Severity](severityNames, s, "fault.severity", "severity")
}

// FaultState is how far a fault has come.
type FaultState uint8

// The states of a fault.
const (
	Reported FaultState = iota + 1
	Triaged
	UnderRepair // see Route
	BackFromRepair
	FaultClosed // see Outcome
)

var faultStateNames = []string{"", "reported", "triaged", "in_repair", "returned", "closed"}

func (s FaultState) String() string { return nameOf(faultStateNames, s) }

// ParseFaultState reads a state's name.
func ParseFaultState(s string) (FaultState, error) {
	return parseName[FaultState](faultStateNames, s, "fault.state", "state of a fault")
}

// FaultStates are all states.
func FaultStates() []FaultState {
	return []FaultState{Reported, Triaged, UnderRepair, BackFromRepair, FaultClosed}
}

// Route is how a fault is being repaired.
type Route uint8

// The routes.
const (
	ByWorkshop Route = iota + 1
	ByWarranty
	AwaitingParts
)

var routeNames = []string{"", "workshop", "warranty_claim", "parts_awaited"}

func (r Route) String() string { return nameOf(routeNames, r) }

// ParseRoute reads a route's name.
func ParseRoute(s string) (Route, error) {
	return parseName[Route](routeNames, s, "fault.route", "route of repair")
}

// Outcome is what came of a fault.
type Outcome uint8

// The outcomes.
const (
	Repaired Outcome = iota + 1
	Replaced
	WrittenOff
	NoFaultFound
	Recovered // a lost or stolen device was found
)

var outcomeNames = []string{"", "repaired", "replaced", "written_off", "no_fault_found", "recovered"}

func (o Outcome) String() string { return nameOf(outcomeNames, o) }

// ParseOutcome reads an outcome's name.
func ParseOutcome(s string) (Outcome, error) {
	return parseName[Outcome](outcomeNames, s, "fault.outcome", "outcome")
}

// MaxNote is the longest note, in characters.
const MaxNote = 500

// Fault is a report that a device does not work as it should, and what came of it.
type Fault struct {
	ID       FaultID       `cbor:"1,keyasint"`
	Version  uint32        `cbor:"2,keyasint"`
	Ref      string        `cbor:"3,keyasint"` // what people are given: F-7K3Q9
	Device   DeviceID      `cbor:"4,keyasint"`
	Serial   Serial        `cbor:"5,keyasint"`
	Place    Path          `cbor:"6,keyasint"` // where the device was
	Category FaultCategory `cbor:"7,keyasint"`
	Severity Severity      `cbor:"8,keyasint"`
	State    FaultState    `cbor:"9,keyasint"`
	Route    Route         `cbor:"10,keyasint,omitempty"`
	Outcome  Outcome       `cbor:"11,keyasint,omitempty"`
	FIR      string        `cbor:"12,keyasint,omitempty"` // police report number, for loss and theft
	Notes    []Note        `cbor:"13,keyasint,omitempty"`
	Reported int64         `cbor:"14,keyasint"` // Unix seconds
	Ended    int64         `cbor:"15,keyasint,omitempty"`
}

// Note is a remark on a fault.
type Note struct {
	Time int64  `cbor:"1,keyasint"` // Unix seconds
	By   string `cbor:"2,keyasint"` // user name
	Text string `cbor:"3,keyasint"`
}

// Open says whether the fault still waits for something.
func (f *Fault) Open() bool { return f.State != FaultClosed }

// Report is what someone says is wrong with a device.
type Report struct {
	Category FaultCategory
	Severity Severity
	Note     string
	FIR      string // police report number; may follow later
	By       string
}

// Check says what is wrong with a report.
func (r *Report) Check() error {
	switch {
	case r.Category < FaultScreen || r.Category > FaultOther:
		return Invalidf("fault.category", "say what is wrong with the device").In("category")
	case r.Severity < Minor || r.Severity > Unusable:
		return Invalidf("fault.severity", "say how bad it is: minor, major or unusable").In("severity")
	case utf8.RuneCountInString(r.Note) > MaxNote:
		return Invalidf("fault.note_long", "the note is longer than %d characters", MaxNote).In("note")
	case len(r.FIR) > 40:
		return Invalidf("fault.fir_long", "the FIR number is longer than 40 characters").In("fir")
	case r.Category == FaultOther && strings.TrimSpace(r.Note) == "":
		return Invalidf("fault.note_missing", "say in the note what is wrong").In("note")
	}
	return nil
}

// Report opens a fault on the device. Loss and theft change its status, other
// faults its condition.
func (d Device) Report(r Report, at PlaceKind, now time.Time) (Fault, Device, error) {
	if err := r.Check(); err != nil {
		return Fault{}, d, err
	}
	d, err := d.after(r.Category.event(), at, now)
	if err != nil {
		return Fault{}, d, err
	}
	if r.Category.event() == ReportFault && d.Condition == OK {
		d.Condition = Faulty
	}
	f := Fault{
		Device: d.ID, Serial: d.Serial, Place: d.Place,
		Category: r.Category, Severity: r.Severity, State: Reported, FIR: r.FIR, Reported: now.Unix(),
	}
	return f.noted(r.By, r.Note, now), d, nil
}

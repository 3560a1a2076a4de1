package fleet

import (
	"cmp"
	"strings"
	"time"
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

var faultCategories = vocabulary[FaultCategory]{
	code: "fault.category", field: "category", what: "a kind of fault",
	names: []string{
		"", "screen", "keyboard", "touchpad", "battery", "charging", "hinge", "camera", "audio", "water",
		"will_not_start", "software", "enrolment", "lost", "stolen", "other",
	},
}

func (c FaultCategory) String() string { return faultCategories.name(c) }

// ParseFaultCategory reads a category's name.
func ParseFaultCategory(s string) (FaultCategory, error) { return faultCategories.parse(s) }

// FaultCategories are all categories.
func FaultCategories() []FaultCategory { return faultCategories.all() }

// Missing says whether the category is a loss or a theft: the device is gone
// rather than broken.
func (c FaultCategory) Missing() bool { return c == FaultLost || c == FaultStolen }

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

var severities = vocabulary[Severity]{
	code: "fault.severity", field: "severity", what: "a severity",
	names: []string{"", "minor", "major", "unusable"},
}

// Severities are all severities.
func Severities() []Severity { return severities.all() }

func (s Severity) String() string { return severities.name(s) }

// ParseSeverity reads a severity's name; empty means major.
func ParseSeverity(s string) (Severity, error) {
	if s == "" {
		return Major, nil
	}
	return severities.parse(s)
}

// Fault is a report that a device does not work as it should, and what came of it.
type Fault struct {
	ID       FaultID       `cbor:"1,keyasint"`
	Version  uint32        `cbor:"2,keyasint"`
	Ref      string        `cbor:"3,keyasint"` // what people are given: see FaultRef
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
	case r.Category == FaultOther && strings.TrimSpace(r.Note) == "":
		return Invalidf("fault.note_missing", "say in the note what is wrong").In("note")
	}
	return cmp.Or(checkSeverity(r.Severity), checkNote(r.Note), checkFIR(r.Category, r.FIR))
}

// Report opens a fault on the device. Loss and theft change its status, other
// faults its condition.
func (d Device) Report(r Report, at PlaceKind, now time.Time) (Fault, Device, error) {
	if err := r.Check(); err != nil {
		return Fault{}, Device{}, err
	}
	d, err := d.after(r.Category.event(), at, now)
	if err != nil {
		return Fault{}, Device{}, err
	}
	if !r.Category.Missing() && d.Condition == OK {
		d.Condition = Faulty
	}
	f := Fault{
		Device: d.ID, Serial: d.Serial, Place: d.Place,
		Category: r.Category, Severity: r.Severity, State: Reported, FIR: strings.TrimSpace(r.FIR), Reported: now.Unix(),
	}
	return f.noted(r.By, r.Note, now), d, nil
}

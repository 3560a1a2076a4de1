package fleet

import "time"

// DeviceID numbers the devices in the order they were first heard of, from one.
type DeviceID uint64

// Status is where a device stands. It changes only through an [Event].
type Status uint8

// The statuses.
const (
	Expected  Status = iota + 1 // on a packing list, not yet received
	InStore                     // in a store, or an office that serves as one
	InTransit                   // sent to another place, not yet accepted there
	AtSchool                    // at a school, held by nobody in particular
	Issued                      // at a school, assigned to a holder
	InRepair
	Lost
	Stolen
	Retired
)

var statuses = vocabulary[Status]{
	code: "device.status", field: "status", what: "a status",
	names: []string{"", "expected", "in_store", "in_transit", "at_school", "issued", "in_repair", "lost", "stolen", "retired"},
}

// Statuses are all statuses in the order in which lists show them.
func Statuses() []Status { return statuses.all() }

// String is the status's name in the API and in files.
func (s Status) String() string { return statuses.name(s) }

// ParseStatus reads a status's name.
func ParseStatus(s string) (Status, error) { return statuses.parse(s) }

// Missing says whether nobody knows where a device of this status is.
func (s Status) Missing() bool { return s == Lost || s == Stolen }

// Delivered says whether a device of this status has come and is known to be there:
// what a place has towards its targets.
func (s Status) Delivered() bool {
	return s == InStore || s == AtSchool || s == Issued || s == InRepair
}

// Condition is what state a device is in, wherever it stands.
type Condition uint8

// The conditions.
const (
	OK Condition = iota + 1
	Faulty
	BeyondRepair
)

var conditions = vocabulary[Condition]{
	code: "device.condition", field: "condition", what: "a condition",
	names: []string{"", "ok", "faulty", "beyond_repair"},
}

// Conditions are all conditions.
func Conditions() []Condition { return conditions.all() }

func (c Condition) String() string { return conditions.name(c) }

// ParseCondition reads a condition's name.
func ParseCondition(s string) (Condition, error) { return conditions.parse(s) }

// Arrival is how a device came in against its packing list.
type Arrival uint8

// The arrivals.
const (
	Awaited Arrival = iota + 1 // announced, not yet received
	AsListed
	DamagedOnArrival // listed, and faulty when it came
	Over             // received though no packing list names it
	Short            // the shipment was closed without it
)

var arrivals = vocabulary[Arrival]{
	code: "device.arrival", field: "arrival", what: "a kind of arrival",
	names: []string{"", "expected", "received", "damaged", "over", "short"},
}

// Arrivals are all arrivals.
func Arrivals() []Arrival { return arrivals.all() }

func (a Arrival) String() string { return arrivals.name(a) }

// ParseArrival reads an arrival's name.
func ParseArrival(s string) (Arrival, error) { return arrivals.parse(s) }

// Device is one Chromebook.
type Device struct {
	ID        DeviceID
	Version   uint32
	Serial    Serial
	Tag       Tag
	Place     Path // where it is, or for expected and in-transit ones where it is bound
	Status    Status
	Condition Condition
	Arrival   Arrival
	Model     ModelID
	Shipment  ShipmentID
	Holder    Holder // zero unless issued
	From      Path   // while in transit, or lost on the way: the place it was sent from

	MAC          string
	Carton       string
	Lot          string
	Line         string // assembly line
	PO           string // purchase order
	Price        Rupees
	Funding      string
	WarrantyEnds Date
	Received     Date      // the day it was received from its shipment
	Changed      time.Time // of the last change, in whole seconds
}

// Check says what is wrong with the description of a device.
func (d *Device) Check() error {
	if d.Price < 0 || d.Price > maxRupees {
		return Invalidf("device.price", "a price of %s rupees cannot be right", d.Price).In("price")
	}
	return checkTexts("device.text_long",
		fieldText{"mac", "the MAC address", d.MAC, maxText},
		fieldText{"carton", "the carton", d.Carton, maxText},
		fieldText{"lot", "the lot", d.Lot, maxText},
		fieldText{"line", "the assembly line", d.Line, maxText},
		fieldText{"po", "the purchase order", d.PO, maxText},
		fieldText{"funding", "the funding source", d.Funding, maxText})
}

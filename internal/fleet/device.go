package fleet

import (
	"strings"
	"time"
)

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

var statusNames = []string{"", "expected", "in_store", "in_transit", "at_school", "issued", "in_repair", "lost", "stolen", "retired"}

// Statuses are all statuses in the order in which lists show them.
func Statuses() []Status {
	return []Status{Expected, InStore, InTransit, AtSchool, Issued, InRepair, Lost, Stolen, Retired}
}

// String is the status's name in the API and in files.
func (s Status) String() string { return nameOf(statusNames, s) }

// ParseStatus reads a status's name.
func ParseStatus(s string) (Status, error) {
	return parseName[Status](statusNames, s, "device.status", "status")
}

// Condition is what state a device is in, wherever it stands.
type Condition uint8

// The conditions.
const (
	OK Condition = iota + 1
	Faulty
	BeyondRepair
)

var conditionNames = []string{"", "ok", "faulty", "beyond_repair"}

// Conditions are all conditions.
func Conditions() []Condition { return []Condition{OK, Faulty, BeyondRepair} }

func (c Condition) String() string { return nameOf(conditionNames, c) }

// ParseCondition reads a condition's name.
func ParseCondition(s string) (Condition, error) {
	return parseName[Condition](conditionNames, s, "device.condition", "condition")
}

// Arrival is how a device came in against its packing list.
type Arrival uint8

// The arrivals.
const (
	Awaited Arrival = iota + 1 // announced, not yet received
	AsListed
	DamagedOnArrival
	Over  // received though no packing list names it
	Short // the shipment was closed without it
)

var arrivalNames = []string{"", "expected", "received", "damaged", "over", "short"}

func (a Arrival) String() string { return nameOf(arrivalNames, a) }

// ModelID numbers the models.
type ModelID uint32

// Model is a make of device.
type Model struct {
	ID           ModelID `cbor:"1,keyasint"`
	Version      uint32  `cbor:"2,keyasint"`
	Name         string  `cbor:"3,keyasint"` // as packing lists write it; unique, ignoring case and blanks
	Manufacturer string  `cbor:"4,keyasint,omitempty"`
	Screen       string  `cbor:"5,keyasint,omitempty"` // diagonal, such as 11.6"
	AUE          Date    `cbor:"6,keyasint,omitempty"` // Google's auto-update expiry
	LifeMonths   uint32  `cbor:"7,keyasint,omitempty"` // expected life in use
}

// Check says what is wrong with a model.
func (m *Model) Check() error {
	if strings.TrimSpace(m.Name) == "" {
		return Invalidf("model.name_missing", "the model's name is missing").In("model")
	}
	if len(m.Name) > 100 {
		return Invalidf("model.name_long", "the model's name is longer than 100 characters").In("model")
	}
	return nil
}

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
	From      Path   // while in transit: the place it was sent from

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

// HolderKind says what holds a device inside a school.
type HolderKind uint8

// The kinds of holder.
const (
	HeldByTeacher HolderKind = iota + 1
	HeldByClass
	HeldInRoom
	HeldInCart
	HeldByLearner
)

var holderKindNames = []string{"", "teacher", "class", "room", "cart", "learner"}

func (k HolderKind) String() string { return nameOf(holderKindNames, k) }

// ParseHolderKind reads a kind's name.
func ParseHolderKind(s string) (HolderKind, error) {
	return parseName[HolderKind](holderKindNames, s, "holder.kind", "kind of holder")
}

// Holder is who has a device inside a school. A learner is a class and a roll
// number, never a name; a teacher is a post, such as "Mathematics teacher".
type Holder struct {
	Kind  HolderKind
	Label string // the post, the class, the room or the cart; a learner's class
	Roll  uint32 // learners only
}

// Check says what is wrong with a holder.
func (h Holder) Check() error {
	switch {
	case h.Kind < HeldByTeacher || h.Kind > HeldByLearner:
		return Invalidf("holder.kind", "say who holds the device: teacher, class, room, cart or learner").In("holder_kind")
	case strings.TrimSpace(h.Label) == "":
		return Invalidf("holder.label_missing", "say which %s holds the device", h.Kind).In("holder")
	case len(h.Label) > 60:
		return Invalidf("holder.label_long", "the holder's name is longer than 60 characters").In("holder")
	case h.Kind == HeldByLearner && (h.Roll == 0 || len(h.Label) > 20):
		return Invalidf("holder.learner", "a learner is a class and a roll number, never a name").In("roll")
	case h.Kind != HeldByLearner && h.Roll != 0:
		return Invalidf("holder.roll", "only a learner has a roll number").In("roll")
	}
	return nil
}

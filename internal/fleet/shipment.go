package fleet

import (
	"strings"
	"unicode"
)

// ShipmentID numbers the shipments.
type ShipmentID uint32

// ShipmentState is how far a shipment has come.
type ShipmentState uint8

// The states of a shipment.
const (
	Announced ShipmentState = iota + 1 // its packing list is in
	Shipped                            // and it has left its supplier
	PartlyReceived
	FullyReceived
	ShipmentClosed // what had not come by then is short
)

var shipmentStates = vocabulary[ShipmentState]{
	code: "shipment.state", field: "state", what: "a state of a shipment",
	names: []string{"", "announced", "in_transit", "partly_received", "received", "closed"},
}

// ShipmentStates are all states.
func ShipmentStates() []ShipmentState { return shipmentStates.all() }

func (s ShipmentState) String() string { return shipmentStates.name(s) }

// ParseShipmentState reads a state's name.
func ParseShipmentState(s string) (ShipmentState, error) { return shipmentStates.parse(s) }

// Shipment is a delivery from an assembler, known by its number. Its expected
// lines are the devices of its packing list.
type Shipment struct {
	ID          ShipmentID    `cbor:"1,keyasint"`
	Version     uint32        `cbor:"2,keyasint"`
	Number      string        `cbor:"3,keyasint"` // unique, upper case
	Supplier    string        `cbor:"4,keyasint,omitempty"`
	Destination Path          `cbor:"5,keyasint"` // the store, or the office that serves as one
	Dispatched  Date          `cbor:"6,keyasint,omitempty"`
	State       ShipmentState `cbor:"7,keyasint"`
	File        string        `cbor:"8,keyasint,omitempty"` // SHA-256 of its packing list, in hex
	FileName    string        `cbor:"9,keyasint,omitempty"` // as its sender called it

	// The lines, by how they came in: Lines = Received + Short + Awaited.
	Lines    uint32 `cbor:"10,keyasint,omitempty"` // on the packing list
	Received uint32 `cbor:"11,keyasint,omitempty"` // of those, damaged ones included
	Damaged  uint32 `cbor:"12,keyasint,omitempty"`
	Over     uint32 `cbor:"13,keyasint,omitempty"` // received though not listed
	Short    uint32 `cbor:"14,keyasint,omitempty"` // known once it is closed
}

// ParseShipmentNumber normalises a shipment's number: upper case, single blanks,
// nothing invisible.
func ParseShipmentNumber(text string) (string, error) {
	shown := strings.Map(func(r rune) rune {
		if r != '\t' && r != '\n' && invisible(r) {
			return -1
		}
		return LatinDigit(r)
	}, text)
	n := strings.ToUpper(strings.Join(strings.Fields(shown), " "))
	if n == "" {
		return "", Invalidf("shipment.number", "the shipment's number is missing").In("shipment")
	}
	if err := checkTexts("shipment.number", fieldText{"shipment", "the shipment's number", n, maxCode}); err != nil {
		return "", err
	}
	for part := range strings.SplitSeq(n, "/") {
		if !strings.ContainsFunc(part, letterOrDigit) { // of "A/..", no browser would find the page
			return "", Invalidf("shipment.number", "%s is not a shipment's number: it must have a letter or a digit, also before and behind each /", quoted(text)).In("shipment")
		}
	}
	return n, nil
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// farAhead is how many days before it leaves a shipment's day can be known.
const farAhead = 366

// CheckDispatched refuses a day of dispatch that cannot be meant.
func CheckDispatched(day, today Date) error {
	if day > today+farAhead {
		return Invalidf("shipment.dispatched", "%s is more than a year ahead: give the day on which the shipment left, or will leave", day).In("dispatched")
	}
	return nil
}

// Check says what is wrong with the facts of a shipment.
func (s *Shipment) Check() error {
	return checkTexts("shipment.text_long",
		fieldText{"supplier", "the supplier's name", s.Supplier, maxText},
		fieldText{"file", "the file's name", s.FileName, maxFileName})
}

// Awaited is how many listed devices have not come.
func (s *Shipment) Awaited() uint32 { return s.Lines - s.Received - s.Short }

// Open says whether devices can still be added or received.
func (s *Shipment) Open() error {
	if s.State == ShipmentClosed {
		return Conflictf("shipment.closed", "shipment %s is closed", s.Number)
	}
	return nil
}

// Redirect sends the shipment elsewhere, for as long as nothing of it was received:
// what was is where it came to.
func (s Shipment) Redirect(to Path) (Shipment, error) {
	if n := s.Received + s.Over; n > 0 && s.Destination != "" && to != s.Destination {
		return Shipment{}, Conflictf("shipment.destination_fixed", "%d devices of shipment %s have been received where it went: it cannot go elsewhere", n, s.Number).In("destination")
	}
	s.Destination = to
	return s, nil
}

// Expect adds n lines to the packing list.
func (s Shipment) Expect(n uint32) (Shipment, error) {
	if err := s.Open(); err != nil {
		return Shipment{}, err
	}
	s.Lines += n
	return s.settled(), nil
}

// Recount counts a device that came in one way as having come in another; zero is
// that the shipment has no such device.
func (s Shipment) Recount(was, now Arrival) (Shipment, error) {
	if err := s.Open(); err != nil {
		return Shipment{}, err
	}
	s.count(was, ^uint32(0)) // one less
	s.count(now, 1)
	return s.settled(), nil
}

func (s *Shipment) count(a Arrival, n uint32) {
	switch a {
	case Over:
		s.Over += n
	case DamagedOnArrival:
		s.Damaged += n
		fallthrough
	case AsListed:
		s.Received += n
		fallthrough
	case Awaited:
		s.Lines += n
	case Short:
		s.Short += n
		s.Lines += n
	}
}

// Take records one received device by how it came in.
func (s Shipment) Take(a Arrival) (Shipment, error) {
	if err := s.Open(); err != nil {
		return Shipment{}, err
	}
	switch {
	case a == Over:
		s.Over++
	case a != AsListed && a != DamagedOnArrival:
		return Shipment{}, Invalidf("shipment.arrival", "a device is received as listed, damaged or over").In("arrival")
	case s.Awaited() == 0:
		return Shipment{}, Conflictf("shipment.complete", "all %d devices on the list of shipment %s have come: receive this one as over", s.Lines, s.Number)
	default:
		s.Received++
		if a == DamagedOnArrival {
			s.Damaged++
		}
	}
	return s.settled(), nil
}

// Close ends the shipment; listed devices that have not come are short.
func (s Shipment) Close() (Shipment, error) {
	if err := s.Open(); err != nil {
		return Shipment{}, err
	}
	s.Short, s.State = s.Awaited(), ShipmentClosed
	return s, nil
}

// settled is the shipment in the state that its lines give.
func (s Shipment) settled() Shipment {
	switch {
	case s.Received+s.Over > 0 && s.Awaited() == 0:
		s.State = FullyReceived
	case s.Received+s.Over > 0:
		s.State = PartlyReceived
	case s.Dispatched != 0:
		s.State = Shipped
	default:
		s.State = Announced
	}
	return s
}

package fleet

import "strings"

// ShipmentID numbers the shipments.
type ShipmentID uint32

// ShipmentState is how far a shipment has come.
type ShipmentState uint8

// The states of a shipment.
const (
	Announced ShipmentState = iota + 1 // its packing list is in
	PartlyReceived
	FullyReceived
	ShipmentClosed // what had not come by then is short
)

var shipmentStateNames = []string{"", "announced", "partly_received", "received", "closed"}

func (s ShipmentState) String() string { return nameOf(shipmentStateNames, s) }

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

	// The lines, by how they came in.
	Lines    uint32 `cbor:"10,keyasint,omitempty"` // on the packing list
	Received uint32 `cbor:"11,keyasint,omitempty"` // as listed, damaged ones included
	Damaged  uint32 `cbor:"12,keyasint,omitempty"`
	Over     uint32 `cbor:"13,keyasint,omitempty"` // received though not listed
	Short    uint32 `cbor:"14,keyasint,omitempty"` // known once it is closed
}

// ParseShipmentNumber normalises a shipment's number.
func ParseShipmentNumber(text string) (string, error) {
	n := strings.ToUpper(strings.Join(strings.Fields(text), " "))
	if n == "" || len(n) > 60 {
		return "", Invalidf("shipment.number", "a shipment needs a number of at most 60 characters").In("shipment")
	}
	return n, nil
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

// Expect adds n lines to the packing list.
func (s Shipment) Expect(n uint32) (Shipment, error) {
	s.Lines += n
	return s.settle(), s.Open()
}

// Take records one received device.
func (s Shipment) Take(a Arrival) (Shipment, error) {
	switch a {
	case Over:
		s.Over++
	case DamagedOnArrival:
		s.Damaged++
		s.Received++
	default:
		s.Received++
	}
	return s.settle(), s.Open()
}

// Close ends the shipment; listed devices that have not come are short.
func (s Shipment) Close() (Shipment, error) {
	err := s.Open()
	s.Short, s.State = s.Awaited(), ShipmentClosed
	return s, err
}

func (s Shipment) settle() Shipment {
	switch {
	case s.Received+s.Over == 0:
		s.State = Announced
	case s.Awaited() > 0:
		s.State = PartlyReceived
	default:
		s.State = FullyReceived
	}
	return s
}

package workbook

import "github.com/takhti-edu/takhti/internal/fleet"

// Kind is what a workbook lists.
type Kind uint8

// The kinds. Faults can only be exported.
const (
	Places  Kind = iota + 1 // schools and other places
	Devices                 // a packing list, which makes a shipment; an export of devices
	Faults
)

var kindNames = [...]string{"", "places", "devices", "faults"}

// String is the kind's name in the API and on the command line.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "?"
}

// ParseKind reads what an import or an export is of; a shipment is a list of devices.
func ParseKind(s string) (Kind, error) {
	switch s {
	case "places", "schools":
		return Places, nil
	case "devices", "shipment":
		return Devices, nil
	case "faults":
		return Faults, nil
	}
	return 0, fleet.Invalidf("workbook.kind", "%q is not a kind of list: use places, shipment, devices or faults", s).In("kind")
}

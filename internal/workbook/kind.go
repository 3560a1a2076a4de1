package workbook

import (
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Kind is what a workbook lists.
type Kind uint8

// The kinds. Faults can only be exported, deliveries only imported.
const (
	Places  Kind = iota + 1 // schools and other places
	Devices                 // a packing list, which makes a shipment; an export of devices
	Faults
	Updates  // facts of devices that the register has
	Handouts // who holds which device at a school
	Models   // of devices
	Delivery // the serials that came with a shipment
	Targets  // how many devices places are to have, and by when

	StockTakes // the serials that were found at a place
	Accounts   // of people and of schools
)

var kindNames = [...]string{"", "places", "devices", "faults", "updates", "handouts", "models", "delivery", "targets", "stocktake", "accounts"}

// ImportKinds are those that can be imported.
func ImportKinds() []Kind {
	return []Kind{Places, Devices, Delivery, Updates, Handouts, StockTakes, Models, Targets, Accounts}
}

// Imported says whether lists of the kind can be imported.
func (k Kind) Imported() bool { return slices.Contains(ImportKinds(), k) }

// String is the kind's name in the API and on the command line.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "?"
}

// importable names them for a sentence.
func importable() string {
	var names []string
	for _, k := range ImportKinds() {
		names = append(names, k.Lists())
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// Lists is what senders call the kind: a list of devices that comes in is a shipment's.
func (k Kind) Lists() string {
	if k == Devices {
		return "shipment"
	}
	return k.String()
}

// ParseKind reads what an import or an export is of; a shipment is a list of devices.
func ParseKind(s string) (Kind, error) {
	switch s {
	case "places", "schools":
		return Places, nil
	case "devices", "shipment":
		return Devices, nil
	}
	if i := slices.Index(kindNames[:], s); i > 0 {
		return Kind(i), nil
	}
	return 0, fleet.Invalidf("workbook.kind", "%q is not a kind of list: use %s; exports are of places, devices, faults, handouts, models or targets", s, importable()).In("kind")
}

// ParseImportKind reads what a workbook is to bring in.
func ParseImportKind(s string) (Kind, error) {
	k, err := ParseKind(s)
	if err != nil || !k.Imported() {
		return 0, fleet.Invalidf("workbook.kind", "%q is not a list that can be brought in: use %s", s, importable()).In("kind")
	}
	return k, nil
}

package workbook

import (
	"cmp"
	"context"
	"io"
	"sort"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Discrepancy is how a delivery differs from its packing list in one device.
type Discrepancy uint8

// The discrepancies.
const (
	NotCome   Discrepancy = iota + 1 // listed; it is short once the shipment is closed
	CameOver                         // not listed
	Swapped                          // not listed, and came in the carton of one that has not come
	Damaged                          // listed, and damaged when it came
	Elsewhere                        // it was counted with this delivery, and belongs elsewhere
)

var discrepancyNames = [...]string{"", "short", "over", "swapped", "damaged", "elsewhere"}

// AllDiscrepancies are all, as a note lists them.
func AllDiscrepancies() []Discrepancy {
	return []Discrepancy{NotCome, CameOver, Swapped, Damaged, Elsewhere}
}

// String is the discrepancy's name.
func (d Discrepancy) String() string { return discrepancyNames[d] }

// DiscrepancyLine is one device of a discrepancy note.
type DiscrepancyLine struct {
	What    Discrepancy
	Serial  fleet.Serial
	Model   string
	Carton  string
	Instead fleet.Serial // of a swapped device: the one that its carton should hold
	Where   string       // of a device that is elsewhere
}

// DiscrepancyNote is how a delivery differs from its packing list.
type DiscrepancyNote struct {
	Shipment fleet.Shipment
	Lines    []DiscrepancyLine
}

// Count is how many devices differ in one way.
func (n *DiscrepancyNote) Count(of Discrepancy) (count int) {
	for _, l := range n.Lines {
		if l.What == of {
			count++
		}
	}
	return count
}

// Discrepancies compares what came with a shipment with its packing list, as far as
// the actor sees it.
func Discrepancies(ctx context.Context, s registry.Session, number string) (*DiscrepancyNote, error) {
	ship, err := s.Shipment(ctx, number)
	if err != nil {
		return nil, err
	}
	names, err := modelNames(ctx, s)
	if err != nil {
		return nil, err
	}
	n := &DiscrepancyNote{Shipment: ship}
	if err := eachDeviceOf(ctx, s, ship.ID, func(d *fleet.Device) {
		if what := differs(d.Arrival); what != 0 {
			n.Lines = append(n.Lines, DiscrepancyLine{What: what, Serial: d.Serial, Model: names[d.Model], Carton: d.Carton})
		}
	}); err != nil {
		return nil, err
	}
	n.pair()
	if err := n.elsewhere(ctx, s); err != nil {
		return nil, err
	}
	sort.SliceStable(n.Lines, func(i, j int) bool {
		a, b := &n.Lines[i], &n.Lines[j]
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Carton, b.Carton), cmp.Compare(a.Serial, b.Serial)) < 0
	})
	return n, nil
}

func differs(a fleet.Arrival) Discrepancy {
	switch a {
	case fleet.Awaited, fleet.Short:
		return NotCome
	case fleet.Over:
		return CameOver
	case fleet.DamagedOnArrival:
		return Damaged
	}
	return 0
}

// pair finds, for devices that came without being listed, those of the same carton
// that did not come.
func (n *DiscrepancyNote) pair() {
	sort.Slice(n.Lines, func(i, j int) bool { return n.Lines[i].Serial < n.Lines[j].Serial })
	short := map[string][]fleet.Serial{}
	for _, l := range n.Lines {
		if l.What == NotCome && l.Carton != "" {
			short[l.Carton] = append(short[l.Carton], l.Serial)
		}
	}
	for i := range n.Lines {
		l := &n.Lines[i]
		if waiting := short[l.Carton]; l.What == CameOver && len(waiting) > 0 {
			l.What, l.Instead, short[l.Carton] = Swapped, waiting[0], waiting[1:]
		}
	}
}

// importsLooked is how many of the newest imports are looked through for deliveries.
const importsLooked = 1_000

// elsewhere adds the devices that the lists of this delivery named, and that the
// register has with another shipment. A list that was undone named nothing.
func (n *DiscrepancyNote) elsewhere(ctx context.Context, s registry.Session) error {
	imports, err := s.Imports(ctx, importsLooked)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, i := range imports {
		number, err := fleet.ParseShipmentNumber(i.Shipment)
		if i.Kind != Delivery.String() || i.State == registry.ImportUndone || err != nil || number != n.Shipment.Number {
			continue
		}
		for after, more := 0, true; more; more = after != 0 {
			var rows []registry.ImportRow
			if rows, after, err = s.ImportRows(ctx, i.ID, registry.RowQuery{Only: registry.RowLeftOut, After: after, Limit: exportPage}); err != nil {
				return err
			}
			for _, r := range rows {
				if r.Reason != nil && r.Reason.Code == codeElsewhere && !told[r.Subject] {
					told[r.Subject] = true
					n.Lines = append(n.Lines, DiscrepancyLine{What: Elsewhere, Serial: fleet.Serial(r.Subject), Where: r.Reason.Message})
				}
			}
		}
	}
	return nil
}

// noteColumns are those of a discrepancy note as a file.
var noteColumns = []column{
	{0, "Difference", nil, formText, 14},
	{0, "Serial Number", nil, formCode, 22},
	{0, "Model", nil, formText, 26},
	{0, "Carton", nil, formCode, 12},
	{0, "Instead Of", nil, formCode, 22},
	{0, "Remark", nil, formText, 60},
}

// Write writes the note as a file.
func (n *DiscrepancyNote) Write(w io.Writer, f Format) error {
	var out sheetWriter
	var err error
	if f == CSV {
		out, err = newCSVWriter(w, noteColumns)
	} else {
		out, err = newXLSXWriter(w, noteColumns, "discrepancies", "")
	}
	if err != nil {
		return err
	}
	for _, l := range n.Lines {
		if err := out.row([]value{text(l.What.String()), text(string(l.Serial)), text(l.Model), text(l.Carton), text(string(l.Instead)), text(l.Where)}); err != nil {
			out.abandon()
			return err
		}
	}
	return out.finish()
}

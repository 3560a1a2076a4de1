package workbook

import (
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// What can be decided about the problems of one cause.
const (
	Use        = "use"         // read the cells as if they held another text
	Empty      = "empty"       // read the cells as if they held nothing
	LeaveOut   = "leave_out"   // import the other rows without these
	KeepFirst  = "keep_first"  // of rows that exclude each other, import the first
	Accept     = "accept"      // it is as it should be
	DayFirst   = "day_first"   // 03/04/2026 is the 3rd of April
	MonthFirst = "month_first" // 03/04/2026 is the 4th of March
)

// choicesFor are the things that can be decided about a cause, the likeliest first.
func choicesFor(c cause, needed bool) []string {
	var all []string
	switch {
	case c.value != "":
		all = append(all, Use)
	case c.code == codeAmbiguous:
		all = append(all, DayFirst, MonthFirst)
	case strings.HasSuffix(c.code, "twice"):
		return []string{KeepFirst, LeaveOut}
	case c.code == codeMistyped || c.code == codeUnlisted:
		all = append(all, Accept)
	}
	if !needed && (c.value != "" || emptied(c)) {
		all = append(all, Empty)
	}
	return append(all, LeaveOut)
}

// emptied says whether the cells of such a problem can be read as empty: a rule
// that only the whole record breaks is not mended by it.
func emptied(c cause) bool {
	group, _, _ := strings.Cut(c.code, ".")
	return c.id != 0 && slices.Contains([]string{"cell", "date", "coordinates", "rupees", "number"}, group)
}

// codeMistyped is the problem of a serial that looks like a slip of another.
const codeMistyped = "serial.mistyped"

// codeUnlisted is the problem of a device that came though no packing list names it.
// To accept it is to receive it as one too many.
const codeUnlisted = "delivery.unlisted"

// codeElsewhere is the problem of a device that came with one shipment and belongs to
// another. Receipts keep it, and discrepancy notes are made of them.
const codeElsewhere = "delivery.elsewhere"

// decisions are what was decided about a file, as its rows are read.
type decisions struct {
	byCause map[cause]registry.Decision
	instead [columnCount]map[string]replaced // by the folded text of a cell
}

// replaced is the text that a cell is read as, and what made it so.
type replaced struct {
	cause cause
	text  string
}

func newDecisions(all []registry.Decision, facts map[string]columnID) *decisions {
	d := &decisions{byCause: map[cause]registry.Decision{}}
	for _, one := range all {
		c := parseCause(one.Cause, facts)
		d.byCause[c] = one
		if c.value == "" || one.Do != Use && one.Do != Empty {
			continue
		}
		if d.instead[c.id] == nil {
			d.instead[c.id] = map[string]replaced{}
		}
		r := replaced{cause: c}
		if one.Do == Use {
			r.text = one.Value
		}
		d.instead[c.id][c.value] = r
	}
	return d
}

// of is what was decided about a cause, empty when nothing was.
func (d *decisions) of(c cause) registry.Decision { return d.byCause[c] }

// add takes decisions that hold unless there is another about the same cause.
func (d *decisions) add(all []registry.Decision, facts map[string]columnID) {
	for _, one := range all {
		if c := parseCause(one.Cause, facts); d.byCause[c].Do == "" {
			d.byCause[c] = one
		}
	}
}

// read is the text as which a cell of the column is to be read.
func (d *decisions) read(id columnID, text string) (r replaced, found bool) {
	const often = 8 // a replacement of a replacement may lead back to where it began
	for range often {
		next, ok := d.instead[id][causeValue(text)]
		if !ok {
			break
		}
		if !found {
			r.cause = next.cause
		}
		r.text, text, found = next.text, next.text, true
	}
	return r, found
}

// CheckDecisions refuses decisions that say nothing that can be done.
func CheckDecisions(k Kind, all []registry.Decision) error {
	facts := tables[k].facts()
	for _, d := range all {
		c := parseCause(d.Cause, facts)
		switch {
		case d.Cause == "":
			return fleet.Invalidf("decision.cause", "a decision says which problems it is about: their cause").In("decisions")
		case !slices.Contains(choicesFor(c, tables[k].isNeeded(c.id)), d.Do):
			return fleet.Invalidf("decision.do", "%q cannot be decided about %s: use %s", d.Do, d.Cause, strings.Join(choicesFor(c, tables[k].isNeeded(c.id)), ", ")).In("decisions")
		case d.Do == Use && strings.TrimSpace(d.Value) == "":
			return fleet.Invalidf("decision.value", "say what %s is to be read as", d.Cause).In("decisions")
		}
	}
	return nil
}

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
	TurnRound  = "turn_round"  // the spreadsheet exchanged day and month: exchange them again
)

// choicesFor are the things that can be decided about a cause, the likeliest first.
func choicesFor(c cause, needed bool) []string {
	var all []string
	switch {
	case c.value != "":
		all = append(all, Use)
	case c.code == codeAmbiguous:
		all = append(all, DayFirst, MonthFirst)
	case c.code == codeTurned:
		all = append(all, TurnRound, Accept)
	case strings.HasSuffix(c.code, "twice"):
		return []string{KeepFirst, LeaveOut}
	case c.code == codeMistyped || c.code == codeUnlisted || c.code == fleet.CodePersonal:
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

// decisions are what was decided about a file, by cause.
type decisions map[cause]registry.Decision

func newDecisions(all []registry.Decision, facts map[string]columnID) decisions {
	d := decisions{}
	for _, one := range all {
		d[parseCause(one.Cause, facts)] = one
	}
	return d
}

// add takes decisions that hold unless there is another about the same cause.
func (d decisions) add(all []registry.Decision, facts map[string]columnID) {
	for _, one := range all {
		if c := parseCause(one.Cause, facts); d[c].Do == "" {
			d[c] = one
		}
	}
}

// CheckDecisions refuses decisions that say nothing that can be done.
func CheckDecisions(k Kind, all []registry.Decision) error {
	facts := tables[k].facts()
	for _, d := range all {
		c := parseCause(d.Cause, facts)
		_, rest, _ := strings.Cut(d.Cause, causeSeparator)
		fact, _, _ := strings.Cut(rest, causeSeparator)
		switch {
		case d.Cause == "":
			return fleet.Invalidf("decision.cause", "a decision says which problems it is about: their cause").In("decisions")
		case fact != "" && c.id == 0:
			return fleet.Invalidf("decision.cause", "%q is no cause of problems: %q is nothing that a column of this list can hold: use one of %s", d.Cause, fact, factList(k)).In("decisions")
		case !slices.Contains(choicesFor(c, tables[k].isNeeded(c.id)), d.Do):
			return fleet.Invalidf("decision.do", "%q cannot be decided about %s: use %s", d.Do, d.Cause, strings.Join(choicesFor(c, tables[k].isNeeded(c.id)), ", ")).In("decisions")
		case d.Do == Use && strings.TrimSpace(d.Value) == "":
			return fleet.Invalidf("decision.value", "say what %s is to be read as", d.Cause).In("decisions")
		}
	}
	return nil
}

// needless notes the decisions about causes that no row of the file has, so that a
// slip in a cause's name does not go unseen.
func (r *report) needless(made []registry.Decision) {
	for _, d := range made {
		if !slices.ContainsFunc(r.groups.order, func(g *Group) bool { return g.Cause == d.Cause }) {
			r.note("No row of the file has the problem %q, about which was decided.", short(d.Cause, maxSample))
		}
	}
}

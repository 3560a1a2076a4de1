package workbook

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/registry"
)

// begin takes the next row of the list in hand, or the same one once more.
func (m *planner) begin(c *checker, subject string) {
	m.checker = c
	if c.readings == 1 {
		m.rows = append(m.rows, registry.ImportRow{Sheet: c.at.Sheet, Row: c.at.Row, Outcome: registry.RowUnchanged})
	}
	m.about(subject)
}

// about says which device or place the row in hand is about.
func (m *planner) about(subject string) { m.rows[len(m.rows)-1].Subject = short(subject, maxValue) }

// leftOut is the reason of rows that have no problem of their own.
var leftOut = &registry.RowReason{Code: "row.left_out", Message: "it was decided to leave this row out"}

// settle says of each row what comes of it, and counts. Every row has one outcome,
// so that no row is lost.
func (p *Plan) settle(r *report) {
	for _, s := range p.steps {
		switch s.effect {
		case creates:
			p.rows[s.row].Outcome = registry.RowNew
		case alters:
			p.rows[s.row].Outcome = registry.RowChanged
		}
	}
	counts := map[registry.RowOutcome]*int{
		registry.RowNew: &p.New, registry.RowChanged: &p.Changed, registry.RowUnchanged: &p.Unchanged, registry.RowLeftOut: &p.LeftOut,
	}
	for i := range p.rows {
		row := &p.rows[i]
		at := Position{row.Sheet, row.Row}
		if _, out := p.bad[at]; out {
			row.Outcome, row.Reason = registry.RowLeftOut, or(r.reasons[at], leftOut)
		}
		*counts[row.Outcome]++
	}
}

// release lets go of the rows before next and of their changes, which are made. All
// of a row that stays is where it stood.
func (p *Plan) release(next int) {
	for i := range p.steps {
		s := &p.steps[i]
		if s.row >= next {
			break
		}
		if s.effect != supports {
			*s = step{row: s.row, effect: s.effect}
		}
	}
	for i := range p.rows[:next] {
		r := &p.rows[i]
		*r = registry.ImportRow{Sheet: r.Sheet, Row: r.Row}
	}
}

// maxSteps is how many changes a part has; a row has no more than a few.
const maxSteps = registry.MaxChanges - 10

// part is the part of an import that begins with the row at from, and the row at
// which the next one does. With carry it makes what earlier rows stand on, too.
func (p *Plan) part(from int, carry bool) (c registry.ImportPart, next int) {
	c = registry.ImportPart{Digest: p.Digest, SkipBad: p.skipBad}
	next = len(p.rows)
	if next > p.limits.Whole {
		next = min(from+p.limits.Part, next)
	}
	for _, s := range p.steps {
		if s.row >= next {
			break
		}
		if len(c.Steps) == maxSteps && s.row > from {
			next = s.row
			break
		}
		switch step := (registry.ImportStep{Change: s.change, Row: s.row - from}); {
		case s.effect == supports && (s.row >= from || carry):
			step.Row = -1
			c.Steps = append(c.Steps, step)
		case s.row >= from && s.effect != supports:
			c.Steps = append(c.Steps, step)
		}
	}
	c.Steps = slices.DeleteFunc(c.Steps, func(s registry.ImportStep) bool { return s.Row >= next-from })
	if from == 0 {
		for _, l := range p.remember {
			c.Steps = append(c.Steps, registry.ImportStep{Change: registry.RememberLayout{Layout: l}, Row: -1})
		}
	}
	c.Rows, c.Last = p.rows[from:next], next == len(p.rows)
	return c, next
}

package workbook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// stockRow is a row of a list of what was found: a device, and where and when if the
// row says so.
type stockRow struct {
	serial fleet.Serial
	at     destination
	day    fleet.Date
}

func (r stockRow) subject() string { return string(r.serial) }

func parseStock(c *checker) stockRow {
	return stockRow{serial: c.scanned(), at: c.destination(), day: c.date(colCounted)}
}

// stockPlanner plans counts: all rows of one place and day are one.
type stockPlanner struct {
	*devicePlanner
	near     *nearSerials
	usual    *node // where devices were found whose rows do not say
	today    fleet.Date
	counts   []*stockCount
	countAt  map[stockKey]*stockCount
	again    int            // rows whose device an earlier one names
	unplaced bool           // it was said that rows are of no place
	barred   map[*node]bool // it was said that the actor does not count there
}

// stockKey tells counts apart.
type stockKey struct {
	at  *node
	day fleet.Date
}

// stockCount is what was found at a place on a day.
type stockCount struct {
	stockKey
	serials []fleet.Serial
	rows    []int // in the plan
	listed  map[fleet.Serial]bool
}

func (m *planner) stockTake(f File) (r *report, err error) {
	p := stockPlanner{devicePlanner: newDevicePlanner(m), near: newNearSerials(m), today: m.session.Today()}
	p.countAt, p.barred = map[stockKey]*stockCount{}, map[*node]bool{}
	if err := fleet.CheckCounted(p.options.Date, p.today); err != nil {
		return nil, err
	}
	if p.usual, err = p.usualPlace(); err != nil {
		return nil, err
	}
	if p.options.To == "" && p.usual != nil && p.usual.Kind < fleet.School {
		p.usual = nil // an office is counted only when it is named
	}
	if r, err = listed(m, f, StockTakes, parseStock, stockRow.subject, p.plan); err != nil {
		return nil, err
	}
	if most := p.limits.Whole; len(p.rows) > most {
		return nil, fleet.Invalidf("stocktake.too_long", "a list of a count has at most %d rows: split it by place", most)
	}
	return r, p.record(r)
}

func (p *stockPlanner) plan(c *checker, r stockRow) error {
	at, err := p.destination(c, r.at)
	if err != nil || r.serial == "" || c.bad {
		return err
	}
	if at = or(at, p.usual); at == nil {
		p.unplacedRow(c)
		return nil
	}
	day := or(r.day, p.options.Date)
	if err := fleet.CheckCounted(day, p.today); err != nil {
		c.problem(colCounted, day.String(), err)
	}
	if !p.mayCount(c, at) || c.bad {
		return nil
	}
	if err := p.misread(c, r.serial, at); err != nil || c.bad {
		return err
	}
	count := p.countOf(at, day)
	if count.listed[r.serial] {
		p.again++
		return nil
	}
	count.listed[r.serial] = true
	count.serials, count.rows = append(count.serials, r.serial), append(count.rows, len(p.rows)-1)
	return nil
}

var errUnplaced = fleet.Invalidf("stocktake.place_missing", "the file does not say where these devices were found: give the code of the school or the store when you import, or add a column Place Code")

// unplacedRow notes that a row is of no place: in words once for all of them.
func (p *stockPlanner) unplacedRow(c *checker) {
	if p.unplaced {
		c.alike(0, errUnplaced)
	} else {
		c.problem(0, "", errUnplaced)
	}
	p.unplaced, c.bad = true, true
}

// mayCount makes a problem of a row at whose place the actor does not count: in words
// once for each place.
func (p *stockPlanner) mayCount(c *checker, at *node) bool {
	if p.session.May(fleet.CountStock, at.Path) {
		return true
	}
	err := fleet.Forbiddenf("forbidden", "your role does not allow counting at %s", at.label())
	if p.barred[at] {
		c.alike(0, err)
	} else {
		c.problem(0, "", err)
	}
	p.barred[at], c.bad = true, true
	return false
}

// misread asks about a serial that the register does not have and that is near one
// which it has at the place.
func (p *stockPlanner) misread(c *checker, serial fleet.Serial, at *node) error {
	d, err := p.session.FindDevice(p.ctx, serial)
	if err != nil || d != nil {
		return err
	}
	near, err := p.near.nearest(serial)
	if err != nil || near == "" {
		return err
	}
	if d, err = p.session.FindDevice(p.ctx, near); err == nil && d != nil && d.StandsAt(at.Path) {
		c.problem(colSerial, string(serial), suggest(fleet.NotFoundf(codeMistyped, "there is no device %s in the register; is it %s, which is at %s?", serial, near, at.Name), string(near)))
	}
	return err
}

func (p *stockPlanner) countOf(at *node, day fleet.Date) *stockCount {
	k := stockKey{at, day}
	if p.countAt[k] == nil {
		p.countAt[k] = &stockCount{stockKey: k, listed: map[fleet.Serial]bool{}}
		p.counts = append(p.counts, p.countAt[k])
	}
	return p.countAt[k]
}

// record plans the counts, and says what each comes to.
func (p *stockPlanner) record(r *report) error {
	const told = 20 // counts
	for _, s := range p.counts {
		t, err := p.session.TryStockTake(p.ctx, s.at.Path, s.day, s.serials)
		if err != nil {
			return err
		}
		p.results = append(p.results, stockResult(s, t))
		if t.Recorded {
			continue
		}
		outcome := registry.RowNew
		if t.Exists {
			outcome = registry.RowChanged
		}
		for _, row := range s.rows {
			p.rows[row].Outcome = outcome
		}
		p.add(step{change: registry.RecordStockTake{Place: s.at.Code, Date: s.day, Serials: s.serials}, effect: supports})
	}
	notes := p.results[:min(told, len(p.results))]
	if more := len(p.results) - told; more > 0 {
		notes = append(slices.Clip(notes), fmt.Sprintf("The file has %s more.", plural(more, "count", "counts")))
	}
	if p.again > 0 {
		notes = append(slices.Clip(notes), fmt.Sprintf("%s a device that an earlier row names: it counts once.", plural(p.again, "row names", "rows name")))
	}
	r.notes = append(slices.Clip(notes), r.notes...)
	return nil
}

// stockResult says what a count comes to.
func stockResult(s *stockCount, t registry.StockTakeTrial) string {
	const most = 20 // serials
	replaces := ""
	if t.Exists && !t.Recorded {
		replaces = " This takes the place of what was counted there on that day before."
	}
	line := fmt.Sprintf("%s on %s: %d found, %d missing, %d unexpected, %d misplaced.", s.at.label(), s.day, len(t.Found), len(t.Missing), len(t.Unexpected), len(t.Misplaced))
	if len(t.Missing) > 0 {
		var names []string
		for _, serial := range t.Missing[:min(most, len(t.Missing))] {
			names = append(names, string(serial))
		}
		line += " Missing: " + strings.Join(names, ", ")
		if more := len(t.Missing) - most; more > 0 {
			line += fmt.Sprintf(" and %d more", more)
		}
		line += "."
	}
	return line + replaces
}

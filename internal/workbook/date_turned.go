package workbook

import (
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// A spreadsheet that expects the month first takes a typed 03/04/2026 for the 4th of
// March, makes it a date of its own, and leaves 25/04/2026 a text. Such a column looks
// whole and is wrong in every date whose day is at most 12; so it is with one that
// expects the day first. What was typed cannot be known, only that it may be so:
// then it is asked.

// codeTurned is the problem of a date that a spreadsheet may have turned round.
const codeTurned = "date.turned"

// dateColumn is a column of one sheet, from zero.
type dateColumn struct {
	sheet  string
	column int
}

// dateMixture is what a column of dates holds.
type dateMixture struct {
	turnable bool // dates of the spreadsheet that could be another day with day and month exchanged
	left     bool // written dates that no spreadsheet of the other order can understand
	whole    bool // something that shows that no spreadsheet converted what was typed
}

// suspect says whether dates may have been turned round.
func (m *dateMixture) suspect() bool { return m.turnable && m.left && !m.whole }

// isConverted says whether the cell is a date of the spreadsheet and no text.
func (d *dateReader) isConverted(s string) bool {
	_, is := d.serial(latinDigits(s))
	return is
}

// turnedRound is the date with day and month exchanged; ok is false where that is no
// other date.
func turnedRound(d fleet.Date) (turned fleet.Date, ok bool) {
	t := d.Time()
	if t.Day() > 12 || t.Day() == int(t.Month()) {
		return 0, false
	}
	return fleet.NewDate(t.Year(), time.Month(t.Day()), int(t.Month())), true
}

// mix notes what kind of date stands in a column; unclear is one that both orders fit.
func (c *checker) mix(id columnID, s string, d fleet.Date, unclear bool) {
	at := dateColumn{c.at.Sheet, c.head.at[id]}
	m := c.mixtures[at]
	if m == nil {
		m = &dateMixture{}
		c.mixtures[at] = m
	}
	if !c.dates.isConverted(s) {
		m.whole = m.whole || unclear
		m.left = m.left || evidence(s) != anyOrder
		return
	}
	_, turnable := turnedRound(d)
	m.turnable = m.turnable || turnable
	m.whole = m.whole || d.Time().Day() > 12
}

// suspects are the columns whose dates may have been turned round.
func (c *checker) suspects() map[dateColumn]bool {
	found := map[dateColumn]bool{}
	for at, m := range c.mixtures {
		if m.suspect() {
			found[at] = true
		}
	}
	return found
}

// turnBack is the date as it was decided to read it, in a column whose dates may have
// been turned round.
func (c *checker) turnBack(id columnID, s string, d fleet.Date) (fleet.Date, error) {
	if !c.turned[dateColumn{c.at.Sheet, c.head.at[id]}] || !c.dates.isConverted(s) {
		return d, nil
	}
	other, ok := turnedRound(d)
	if !ok {
		return d, nil
	}
	unclear := fleet.Invalidf(codeTurned, "%s may have been typed as %s and turned round by the spreadsheet: other dates of the column, whose day is above 12, are texts, as it could not read them: say whether this one is right",
		spelled(d), spelled(other))
	why := cause{code: codeTurned, id: id}
	decision := c.decisions[why]
	switch decision.Do {
	case Accept:
		other = d
	case TurnRound:
	default:
		return 0, unclear
	}
	c.report.settled(why, c.problemAt(id, problemOf(unclear, s)), nil, decision)
	return other, nil
}

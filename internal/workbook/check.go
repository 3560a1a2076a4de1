package workbook

import (
	"errors"
	"fmt"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Position is where in a file a row stands.
type Position struct {
	Sheet string
	Row   int // as the spreadsheet shows it
}

func (p Position) String() string { return fmt.Sprintf("%s!%d", quoteSheet(p.Sheet), p.Row) }

// checker turns the cells of one row after another into facts, and what cannot
// be one into problems.
type checker struct {
	report *report
	dates  dateReader
	facts  map[string]columnID
	made   []registry.Decision // for the file
	decisions
	words map[columnID]dictionary
	seen  [columnCount]seen // by column, what no two rows may share

	head  *header
	texts []string // the header's names, folded, to know it when it comes again
	at    Position
	row   row
	bad   bool           // the row has a problem
	left  bool           // it was decided that the row is left out
	found []foundProblem // in the row, which counts only if the row is not left out

	instead  map[columnID]string // what cells of the row are read as, by decision
	anew     bool                // the row is to be read once more, with these
	readings int                 // of the row
	swapped  bool                // its coordinates stood the wrong way round

	own      []ownValue // of the row
	excluded []Problem  // of earlier rows that are left out with a later one
	survey   func(column int) (dateOrder, error)
	orders   map[int]dateOrder // of the sheet's columns of dates that were surveyed
	mixtures map[dateColumn]*dateMixture
	turned   map[dateColumn]bool // columns of which a reading before found that dates may be turned round
	failed   error               // why the file cannot be read on

	day   memo[fleet.Date]
	price memo[fleet.Rupees]
}

// foundProblem is a problem on its way into the report.
type foundProblem struct {
	Problem
	cause  cause
	offers []string
	told   bool // of an earlier row
}

func newChecker(r *report, date1904 bool, facts map[string]columnID, made []registry.Decision) *checker {
	return &checker{
		report: r, dates: dateReader{date1904: date1904}, facts: facts, made: made, instead: map[columnID]string{},
		mixtures: map[dateColumn]*dateMixture{},
		words: map[columnID]dictionary{
			colGender: genders.dictionary(), colLevel: levels.dictionary(), colState: states.dictionary(),
			colElectricity: answers.dictionary(), colInternet: answers.dictionary(), colCondition: comings.dictionary(),
			colRole: roleWords.dictionary(),
		},
	}
}

// sheet takes the header of the sheet whose rows follow, and how a column of its
// dates is looked through.
func (c *checker) sheet(name string, h *header, survey func(column int) (dateOrder, error)) {
	c.head, c.at = h, Position{Sheet: name}
	c.survey, c.orders, c.day = survey, map[int]dateOrder{}, memo[fleet.Date]{}
	c.decisions = newDecisions(c.made, c.facts)
	c.decisions.add(h.layout.Decisions, c.facts)
	c.texts = make([]string, len(h.texts))
	for i, text := range h.texts {
		c.texts[i] = key(text)
	}
}

// begin takes a row; false means that it is none of the list's rows: a total, the
// header once more, or nothing in any column that counts.
func (c *checker) begin(r row) bool {
	c.row, c.at.Row = r, r.number
	c.fresh()
	clear(c.instead)
	c.readings = 1
	switch {
	case c.nothing():
		c.report.ignored.empty++
	case c.repeats(r):
		c.report.ignored.headers++
	case c.total():
		c.report.ignored.totals++
	default:
		return true
	}
	return false
}

// fresh forgets what was found in the row in hand.
func (c *checker) fresh() {
	c.bad, c.left, c.anew, c.swapped, c.found = false, false, false, false, c.found[:0]
}

func (c *checker) nothing() bool {
	for _, at := range c.head.at {
		if at >= 0 && (strings.TrimSpace(c.row.cell(at)) != "" || c.row.isUnsolved(at)) {
			return false
		}
	}
	return true
}

// text is a cell's cleaned text, empty when the sheet has no such column.
func (c *checker) text(id columnID) string {
	at := c.head.at[id]
	if c.row.isUnsolved(at) {
		c.problem(id, "", errUnsolved)
		return ""
	}
	if at < 0 || at >= len(c.row.cells) {
		return ""
	}
	if text, found := c.instead[id]; found {
		return text
	}
	raw := c.row.cells[at]
	s, ok := clean(raw)
	switch {
	case !ok:
		c.problem(id, raw, errControl)
		return ""
	case s != "" && s[0] == '#' && excelErrors[s]:
		c.problem(id, s, fleet.Invalidf("cell.error", "the cell shows Excel's error %s: correct its formula, or type the value", s))
		return ""
	case lostLetters(s):
		c.problem(id, s, errLost)
		return ""
	}
	return unquote(s)
}

var errControl = fleet.Invalidf("cell.control", "the cell holds a character that cannot be seen or typed: type its text again")

// lostLetters says whether nothing but question marks is left of a text: so programs
// save letters that the file's encoding does not have.
func lostLetters(s string) bool {
	return len(s) > 1 && s[0] == '?' && strings.Trim(s, "? ") == ""
}

var errLost = fleet.Invalidf("cell.lost", "only question marks are left of the cell's letters: save the original list as .xlsx or as CSV UTF-8, or type the text again")

var errUnsolved = fleet.Invalidf("cell.formula", "the cell holds a formula without a result: open the workbook in Excel and save it again, or type the value")

var excelErrors = map[string]bool{
	"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NUM!": true, "#NULL!": true, "#SPILL!": true, "#CALC!": true,
}

// unquote takes away the apostrophe by which an export keeps a text from being
// taken for a formula.
func unquote(s string) string {
	if len(s) > 1 && s[0] == '\'' && (s[1] == '\'' || startsFormula(s[1:])) {
		return s[1:]
	}
	return s
}

// startsFormula says whether a spreadsheet could take the text for a formula.
func startsFormula(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return true
	}
	return strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠")
}

// code is the text of a cell that holds a serial or the like: a number that the
// workbook holds is written out in full.
func (c *checker) code(id columnID) string {
	s := c.text(id)
	if at := c.head.at[id]; s != "" && c.row.isNumber(at) {
		return wholeDigits(s)
	}
	return s
}

// exact is the text of a cell that must be right to its last digit, as a serial's:
// numbers in which Excel has lost some are problems.
func (c *checker) exact(id columnID) string {
	s := c.code(id)
	if s == "" || !c.row.isNumber(c.head.at[id]) {
		return s
	}
	if err := exactNumber(s); err != nil {
		c.problem(id, s, err)
		return ""
	}
	return s
}

// problem notes what is wrong with a cell of the row, unless that was decided about.
func (c *checker) problem(id columnID, value string, err error) {
	c.note(id, value, err, false)
}

// alike notes what is wrong with the row, and was told of an earlier one.
func (c *checker) alike(id columnID, err error) { c.note(id, "", err, true) }

func (c *checker) note(id columnID, value string, err error, told bool) {
	p := c.problemAt(id, problemOf(err, value))
	why, offers := c.report.groups.told(causeOf(p.Code, id, value)), offersOf(err)
	d := c.decisions[why]
	switch {
	case why.value != "" && (d.Do == Use || d.Do == Empty) && c.readAs(id, d.Value):
		c.report.settled(why, p, offers, d)
		return
	}
	switch d.Do {
	case Empty, Accept:
		c.report.settled(why, p, offers, d)
		return
	case LeaveOut, KeepFirst:
		c.bad, c.left = true, true
		c.report.settled(why, p, offers, d)
		c.report.explain(p)
		return
	}
	c.bad = true
	c.found = append(c.found, foundProblem{p, why, offers, told})
}

// readAs makes the row be read once more, with another text in the place of a
// cell's. Only the cells that have the problem are: the same text may be right in
// another row, as the name of a tehsil is in another district. False means that one
// text led to the next too often, perhaps back to the first.
func (c *checker) readAs(id columnID, text string) bool {
	const often = 8
	if c.readings > often {
		return false
	}
	c.instead[id] = text
	c.bad, c.anew = true, true
	return true
}

// readsAnew says whether the row is to be read once more, and begins to.
func (c *checker) readsAnew() bool {
	if !c.readsOn() {
		return false
	}
	c.fresh()
	c.readings++
	return true
}

// readsOn says whether the row will be read once more, unless it is left out anyway.
func (c *checker) readsOn() bool { return c.anew && !c.left }

// end reports the row's problems, unless it was decided to leave it out anyway.
func (c *checker) end() {
	if c.swapped {
		c.report.swapped++
	}
	for _, f := range c.found {
		if !c.left {
			c.report.add(f)
		}
	}
	for _, own := range c.own {
		if c.left { // a row that was decided to stay out takes nothing from the others
			c.seen[own.id].leave(own.value, c.at)
		}
	}
	c.own = c.own[:0]
}

// problemAt puts a problem to a cell of the row.
func (c *checker) problemAt(id columnID, p Problem) Problem {
	p.Sheet, p.Row = c.at.Sheet, c.at.Row
	if at := c.head.at[id]; at >= 0 {
		p.Column, p.Header = sheet.ColumnName(at+1), c.head.texts[at]
	}
	return p
}

// once refuses a value that an earlier row has, and names both rows.
func (c *checker) once(id columnID, code, what, value, shown string) {
	if first, twice := c.seen[id].take(value, c.at); twice {
		err := fleet.Invalidf(code, "%s %s is in the file twice, in %s and in %s: keep one of the two rows", what, shown, first, c.at)
		c.problem(id, shown, err)
		if c.decisions[cause{code: code, id: id}].Do == LeaveOut {
			p := c.problemAt(id, problemOf(err, shown))
			p.Sheet, p.Row = first.Sheet, first.Row
			c.excluded = append(c.excluded, p)
		}
		return
	}
	c.own = append(c.own, ownValue{id, value})
}

// ownValue is a value that no other row may have.
type ownValue struct {
	id    columnID
	value string
}

// word finds a value of a column that has few.
func (c *checker) word(id columnID, code, what, use string) string {
	s := c.text(id)
	if s == "" {
		return ""
	}
	if v, ok := c.words[id].find(s); ok {
		return v
	}
	offers, likeliest := c.words[id].offers(s)
	c.problem(id, s, &suggestion{fleet.Invalidf(code, "%q is not a %s: use %s", s, what, use), likeliest, offers})
	return ""
}

func (c *checker) known(id columnID) fleet.Known {
	switch c.word(id, "answer.unknown", "yes or a no", "Yes or No") {
	case "yes":
		return fleet.Yes
	case "no":
		return fleet.No
	}
	return fleet.Unknown
}

// count reads a whole number; no number is zero.
func (c *checker) count(id columnID) uint32 {
	s := c.text(id)
	if s == "" || s == "-" {
		return 0
	}
	n, err := parseCount(s)
	if err != nil {
		c.problem(id, s, err)
	}
	return n
}

func (c *checker) date(id columnID) fleet.Date {
	s := c.text(id)
	if s == "" {
		return 0
	}
	if s == c.day.text && id == c.day.id {
		return c.day.value
	}
	d, err := c.dates.read(s, anyOrder)
	unclear := errors.Is(err, errOrder)
	if unclear {
		d, err = c.dates.read(s, c.order(id, s, err))
	}
	if err == nil {
		c.mix(id, s, d, unclear)
		d, err = c.turnBack(id, s, d)
	}
	if err != nil {
		c.problem(id, s, err)
		return 0
	}
	c.day = memo[fleet.Date]{id, s, d}
	return d
}

// order is whether day or month comes first in a column of written dates: as its
// other dates show or, where they do not, as was decided.
func (c *checker) order(id columnID, s string, unclear error) dateOrder {
	at := c.head.at[id]
	order, surveyed := c.orders[at]
	if !surveyed {
		if order, c.failed = c.survey(at); order == monthFirst {
			c.report.note("%s: the dates of the column %q are read with the month first, as some of them can only be read.", c.at.Sheet, c.head.texts[at])
		}
		c.orders[at] = order
	}
	if order != anyOrder {
		return order
	}
	why := cause{code: codeAmbiguous, id: id}
	switch d := c.decisions[why]; d.Do {
	case DayFirst, MonthFirst:
		c.report.settled(why, c.problemAt(id, problemOf(unclear, s)), nil, d)
		return map[string]dateOrder{DayFirst: dayFirst, MonthFirst: monthFirst}[d.Do]
	}
	return anyOrder
}

// memo is the last cell that was understood: in lists, the next one often holds
// the same.
type memo[T any] struct {
	id    columnID
	text  string
	value T
}

func (c *checker) money(id columnID) fleet.Rupees {
	s := c.text(id)
	if s == "" {
		return 0
	}
	if s == c.price.text && id == c.price.id {
		return c.price.value
	}
	m, err := fleet.ParseRupees(s)
	if err != nil {
		c.problem(id, s, err)
		return 0
	}
	c.price = memo[fleet.Rupees]{id, s, m}
	return m
}

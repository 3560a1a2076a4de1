package workbook

import (
	"fmt"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
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
	words  map[columnID]dictionary
	seen   [columnCount]map[string]Position // by column, what no two rows may share

	head  *header
	texts []string // the header's names, folded, to know it when it comes again
	at    Position
	row   row
	bad   bool // the row has a problem

	day   memo[fleet.Date]
	price memo[fleet.Rupees]
}

func newChecker(r *report, date1904 bool) *checker {
	return &checker{
		report: r,
		dates:  dateReader{date1904: date1904},
		words: map[columnID]dictionary{
			colGender: genders.dictionary(), colLevel: levels.dictionary(), colState: states.dictionary(),
			colElectricity: answers.dictionary(), colInternet: answers.dictionary(),
		},
	}
}

// sheet takes the header of the sheet whose rows follow.
func (c *checker) sheet(name string, h *header) {
	c.head, c.at = h, Position{Sheet: name}
	c.texts = make([]string, len(h.texts))
	for i, text := range h.texts {
		c.texts[i] = key(text)
	}
}

// begin takes a row; false means that it is none of the list's rows: a total, the
// header once more, or nothing in any column that counts.
func (c *checker) begin(r row) bool {
	c.row, c.at.Row, c.bad = r, r.number, false
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
	raw := c.row.cells[at]
	s, ok := clean(raw)
	switch {
	case !ok:
		c.problem(id, raw, errControl)
		return ""
	case s != "" && s[0] == '#' && excelErrors[s]:
		c.problem(id, s, fleet.Invalidf("cell.error", "the cell shows Excel's error %s: correct its formula, or type the value", s))
		return ""
	}
	return unquote(s)
}

var errControl = fleet.Invalidf("cell.control", "the cell holds a character that cannot be seen or typed: type its text again")

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

// problem notes what is wrong with a cell of the row.
func (c *checker) problem(id columnID, value string, err error) {
	c.report.add(c.spoiled(id, value, err))
}

// alike notes what is wrong with the row, and was told of an earlier one.
func (c *checker) alike(id columnID, err error) { c.report.explain(c.spoiled(id, "", err)) }

// spoiled describes what is wrong with a cell of the row, which then is bad.
func (c *checker) spoiled(id columnID, value string, err error) Problem {
	c.bad = true
	p := problemOf(err, value)
	p.Sheet, p.Row = c.at.Sheet, c.at.Row
	if at := c.head.at[id]; at >= 0 {
		p.Column, p.Header = sheet.ColumnName(at+1), c.head.texts[at]
	}
	return p
}

// once refuses a value that an earlier row has, and names both rows.
func (c *checker) once(id columnID, code, what, value, shown string) {
	if first, twice := c.seen[id][value]; twice {
		c.problem(id, shown, fleet.Invalidf(code, "%s %s is in the file twice, in %s and in %s: keep one of the two rows", what, shown, first, c.at))
		return
	}
	if c.seen[id] == nil {
		c.seen[id] = map[string]Position{}
	}
	c.seen[id][value] = c.at
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
	c.problem(id, s, fleet.Invalidf(code, "%q is not a %s: use %s", s, what, use))
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
	if s == c.day.text {
		return c.day.value
	}
	d, err := c.dates.read(s)
	if err != nil {
		c.problem(id, s, err)
		return 0
	}
	c.day = memo[fleet.Date]{s, d}
	return d
}

// memo is the last cell that was understood: in lists, the next one often holds
// the same.
type memo[T any] struct {
	text  string
	value T
}

func (c *checker) money(id columnID) fleet.Rupees {
	s := c.text(id)
	if s == "" {
		return 0
	}
	if s == c.price.text {
		return c.price.value
	}
	m, err := fleet.ParseRupees(s)
	if err != nil {
		c.problem(id, s, err)
		return 0
	}
	c.price = memo[fleet.Rupees]{s, m}
	return m
}

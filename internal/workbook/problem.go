package workbook

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Problem is one thing that is wrong with a file, told so that its owner finds
// the cell and knows what to do with it.
type Problem struct {
	Sheet      string `json:"sheet"`
	Row        int    `json:"row"`    // as the spreadsheet shows it
	Column     string `json:"column"` // its letter; empty when the whole row is meant
	Header     string `json:"-"`      // what the file calls the column
	Value      string `json:"value"`  // as it was read
	Code       string `json:"code"`   // such as serial.scientific: the key of the translated text
	Message    string `json:"message"`
	Suggestion string `json:"suggestion,omitempty"` // a value that could be meant
	Cause      string `json:"cause,omitempty"`      // of its [Group]
}

// String is the problem as one line: where it is, what is wrong.
func (p Problem) String() string {
	s := p.Cell() + ": " + p.Message
	if p.Suggestion != "" && !strings.Contains(p.Message, p.Suggestion) {
		s += " (perhaps " + p.Suggestion + ")"
	}
	return s
}

// Cell is where the problem is: Sheet1!B17, or Sheet1!17 for a whole row.
func (p Problem) Cell() string {
	return quoteSheet(p.Sheet) + "!" + p.Column + strconv.Itoa(p.Row)
}

// quoteSheet writes a sheet's name as Excel does in a reference.
func quoteSheet(name string) string {
	for _, r := range name {
		if r < 128 && !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '.') {
			return "'" + strings.ReplaceAll(name, "'", "''") + "'"
		}
	}
	return name
}

// maxValue is how much of a cell is repeated in a problem, in bytes.
const maxValue = 200

// problemOf describes an error of a rule as a problem of a cell.
func problemOf(err error, value string) Problem {
	var e *fleet.Error
	if !errors.As(err, &e) {
		e = fleet.Invalidf("cell.invalid", "%s", err)
	}
	value = fleet.Showable(value) // as the message repeats it
	p := Problem{Value: short(value, maxValue), Code: e.Code, Message: e.Message}
	if p.Value != value {
		p.Message = strings.ReplaceAll(p.Message, value, p.Value)
	}
	var known *suggestion
	if errors.As(err, &known) {
		p.Suggestion = known.value
	}
	return p
}

// suggestion is an error that knows what may have been meant.
type suggestion struct {
	error
	value  string   // the likeliest, if one is likely at all
	offers []string // all that may have been meant, the likeliest first
}

// suggest adds to an error what may have been meant, the likeliest first.
func suggest(err error, offers ...string) error {
	return &suggestion{err, offers[0], offers}
}

// offersOf are what an error knows that may have been meant.
func offersOf(err error) []string {
	var known *suggestion
	if errors.As(err, &known) {
		return known.offers
	}
	return nil
}

// Unwrap gives the error itself.
func (s *suggestion) Unwrap() error { return s.error }

// short cuts a text to at most n bytes, between two characters.
func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// byPlace sorts problems as their sheets follow one another, then by row and column.
func byPlace(sheets []string) func(a, b Problem) int {
	return func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(slices.Index(sheets, a.Sheet), slices.Index(sheets, b.Sheet)),
			cmp.Compare(a.Row, b.Row),
			cmp.Compare(len(a.Column), len(b.Column)),
			cmp.Compare(a.Column, b.Column),
		)
	}
}

package workbook

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// annotation is what a copy says of a file.
type annotation struct {
	plan   *Plan
	file   File
	source []string            // the file's own names of its sheets
	names  map[string]string   // what they are called in the copy
	moved  map[Position]int    // the rows' numbers in the copy; nil: they stay where they are
	heads  map[string][]header // of each sheet, in the order of its rows
	left   map[Position]*registry.RowReason
}

func newAnnotation(f File, p *Plan, book source) *annotation {
	a := &annotation{plan: p, file: f, names: map[string]string{}, heads: map[string][]header{}, left: p.leftOut()}
	for _, s := range book.Sheets() {
		name := s.Name
		if book.Dialect() != (sheet.Dialect{}) {
			name = f.base()
		}
		a.source, a.names[name] = append(a.source, name), name
	}
	for _, h := range p.heads {
		a.heads[h.sheet] = append(a.heads[h.sheet], h.header)
	}
	return a
}

// leftOut are the rows that are not imported, and why; some have no reason of their
// own.
func (p *Plan) leftOut() map[Position]*registry.RowReason {
	left := map[Position]*registry.RowReason{}
	for _, r := range p.rows {
		if r.Outcome == registry.RowLeftOut {
			left[Position{r.Sheet, r.Row}] = r.Reason
		}
	}
	return left
}

// row is where a row stands in the copy; zero when it is not there.
func (a *annotation) row(sheet string, number int) int {
	if a.moved == nil {
		return number
	}
	return a.moved[Position{sheet, number}]
}

// marks are those of all problems, in a workbook that is the copy but for them.
func (a *annotation) marks(book source) sheet.Marks {
	number, taken := map[string]int{}, map[string]bool{}
	for i, s := range book.Sheets() {
		number[s.Name] = i
		taken[strings.ToLower(s.Name)] = true
	}
	m := sheet.Marks{Author: "Takhti", Heading: remarksHeading, Width: maxColumns, Sheets: map[int]sheet.SheetMarks{}}
	for _, name := range a.source {
		if i, there := number[a.names[name]]; there && len(a.heads[name]) > 0 {
			if marks := a.sheetMarks(name); len(marks.Rows) > 0 || marks.Column != 0 {
				m.Sheets[i] = marks
			}
		}
	}
	m.Front = a.front(a.frontName(book, taken))
	return m
}

// frontName is what the sheet is called that counts the problems: as that of an
// earlier copy, which gives way to it, or as no other.
func (a *annotation) frontName(book source, taken map[string]bool) string {
	const usual = "Problems"
	for i, s := range book.Sheets() {
		for r, err := range book.Rows(i) {
			if err == nil && r.Number == 1 && r.Cell(1).String() == problemsTitle {
				return s.Name
			}
			break
		}
	}
	name := usual
	for n := 2; taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s %d", usual, n)
	}
	return name
}

// sheetMarks are those of the sheet of a list.
func (a *annotation) sheetMarks(name string) sheet.SheetMarks {
	first := a.heads[name][0]
	m := sheet.SheetMarks{Header: first.row, Column: first.remarks, Rows: map[int]sheet.RowMarks{}}
	if a.moved != nil {
		m.Header, m.Column = 1, 0
	}
	for _, p := range a.plan.Problems {
		if n := a.row(name, p.Row); p.Sheet == name && n > 0 {
			m.Rows[n] = withProblem(m.Rows[n], p)
		}
	}
	for at, why := range a.left {
		if n := a.row(name, at.Row); at.Sheet == name && n > 0 && m.Rows[n].Remark == "" {
			m.Rows[n] = sheet.RowMarks{Remark: leftOutBecause(why)}
		}
	}
	return m
}

// leftOutBecause is the remark on a row whose problems are not described: they are
// told of another row only, were decided about, or are too many.
func leftOutBecause(why *registry.RowReason) string {
	if why == nil {
		return "This row is not imported either."
	}
	return Problem{Message: why.Message}.sentence()
}

func withProblem(m sheet.RowMarks, p Problem) sheet.RowMarks {
	text := p.sentence()
	if m.Remark != "" {
		m.Remark += "\n"
	}
	if p.Header == "" {
		m.Remark += text
	} else {
		m.Remark += p.Header + ": " + text
	}
	column := columnNumber(p.Column)
	switch last := len(m.Cells) - 1; {
	case column == 0:
	case last >= 0 && m.Cells[last].Column == column:
		m.Cells[last].Comment += "\n" + text
	default:
		m.Cells = append(m.Cells, sheet.CellMark{Column: column, Comment: text})
	}
	return m
}

// columnNumber is the number of the column with the letters; zero for none.
func columnNumber(letters string) int {
	n := 0
	for _, c := range letters {
		n = n*26 + int(c-'A') + 1
	}
	return n
}

// sentence is what is wrong, and what may be meant.
func (p Problem) sentence() string {
	s := strings.TrimRight(p.Message, " ")
	if first, size := utf8.DecodeRuneInString(s); size > 0 {
		s = string(unicode.ToUpper(first)) + s[size:]
	}
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") && !strings.HasSuffix(s, "!") {
		s += "."
	}
	if p.Suggestion != "" && !strings.Contains(p.Message, p.Suggestion) {
		s += " Perhaps " + p.Suggestion + "."
	}
	return s
}

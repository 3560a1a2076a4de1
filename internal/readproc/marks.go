package readproc

import (
	"iter"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// The marks of a copy go to the process in parts: first all but those of rows,
// then those, and the rows of the sheet in front, some at a time.

// moreMarks are some of the marks.
type moreMarks struct {
	Rows  []markedRow         `json:",omitempty"`
	Front [][]sheet.FrontCell `json:",omitempty"`
	Last  bool                `json:",omitempty"`
}

// markedRow is a row of a sheet, with its marks.
type markedRow struct {
	Sheet, Row int
	Marks      sheet.RowMarks
}

// marksWithoutRows are the marks with which the process is asked for a copy.
func marksWithoutRows(m sheet.Marks) *sheet.Marks {
	sheets := map[int]sheet.SheetMarks{}
	for i, s := range m.Sheets {
		s.Rows = nil
		sheets[i] = s
	}
	m.Sheets = sheets
	if m.Front != nil {
		front := *m.Front
		front.Rows = nil
		m.Front = &front
	}
	return &m
}

// partsOf are all other marks, in parts of no more than usualFrame bytes of text
// unless one row alone has more.
func partsOf(m sheet.Marks) iter.Seq[moreMarks] {
	return func(yield func(moreMarks) bool) {
		parts := &marksParter{yield: yield}
		_ = parts.all(m) && yield(moreMarks{Rows: parts.part.Rows, Front: parts.part.Front, Last: true})
	}
}

// marksParter gives marks away in parts, as long as they are wanted.
type marksParter struct {
	yield func(moreMarks) bool
	part  moreMarks
	size  int
}

func (p *marksParter) all(m sheet.Marks) bool {
	for i, s := range m.Sheets {
		for n, marks := range s.Rows {
			if !p.room(rowSize(marks)) {
				return false
			}
			p.part.Rows = append(p.part.Rows, markedRow{i, n, marks})
		}
	}
	if m.Front == nil {
		return true
	}
	for _, row := range m.Front.Rows {
		if !p.room(frontSize(row)) {
			return false
		}
		p.part.Front = append(p.part.Front, row)
	}
	return true
}

// room gives the part away that so many bytes would make too long.
func (p *marksParter) room(size int) bool {
	if p.size += size; p.size <= usualFrame || p.size == size {
		return true
	}
	full := p.part
	p.part, p.size = moreMarks{}, size
	return p.yield(full)
}

// beside is how many bytes a row, a cell or a text takes on its way beside its text.
const beside = 64

func rowSize(m sheet.RowMarks) int {
	n := beside + len(m.Remark)
	for _, c := range m.Cells {
		n += beside + len(c.Comment)
	}
	return n
}

func frontSize(row []sheet.FrontCell) int {
	n := beside
	for _, c := range row {
		n += beside + len(c.Text) + len(c.Link)
	}
	return n
}

// gatheredMarks are the marks of a copy, as far as they have come in.
type gatheredMarks struct {
	marks sheet.Marks
	texts map[string]string // remarks that were there before: rows say the same by the thousand
}

// mostTexts are as many as it is worth while to know again.
const mostTexts = 1000

func newMarks(m *sheet.Marks) *gatheredMarks {
	for i, s := range m.Sheets {
		s.Rows = map[int]sheet.RowMarks{}
		m.Sheets[i] = s
	}
	return &gatheredMarks{*m, map[string]string{}}
}

// add takes a part in, and says whether it is the last.
func (g *gatheredMarks) add(more *moreMarks) (last bool) {
	for _, r := range more.Rows {
		r.Marks.Remark = g.known(r.Marks.Remark)
		g.marks.Sheets[r.Sheet].Rows[r.Row] = r.Marks
	}
	if g.marks.Front != nil {
		g.marks.Front.Rows = append(g.marks.Front.Rows, more.Front...)
	}
	return more.Last
}

// known is the text, in the memory of an equal one if there is one.
func (g *gatheredMarks) known(text string) string {
	if before, is := g.texts[text]; is {
		return before
	}
	if len(g.texts) < mostTexts {
		g.texts[text] = text
	}
	return text
}

package workbook

import (
	"cmp"
	"fmt"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// front is the sheet that counts the problems.
func (a *annotation) front(name string) *sheet.Front {
	p := a.plan
	f := &sheet.Front{Name: name, Widths: []int{100, 20, 30, 8, 20}, Rows: [][]sheet.FrontCell{
		{{Text: problemsTitle, Bold: true}},
		{{Text: fmt.Sprintf("%s: %s of %s left out.", a.file.Name, plural(p.LeftOut, "row", "rows"), fmt.Sprint(p.Rows)+" "+isAre(p.LeftOut))}},
		{{Text: "Correct the coloured cells and send the workbook again: rows that are in the register already stay as they are. The column " + remarksHeading + " and this sheet need not be deleted."}},
		{},
		{{Text: "What is wrong", Bold: true}, {Text: "Column", Bold: true}, {Text: "Value", Bold: true}, {Text: "Rows", Bold: true}, {Text: "First cell", Bold: true}},
	}}
	for _, g := range p.Groups {
		if g.Decision.Do != "" {
			continue // there is nothing left to be done about it
		}
		if g.Problems == 1 {
			g.Value = g.First.Value
		}
		row := []sheet.FrontCell{{Text: g.First.sentence()}, {Text: g.Header}, {Text: g.Value}, {Count: g.Problems}, {}}
		if at := a.cellInCopy(g.First); at != "" {
			row[4] = sheet.FrontCell{Text: at, Link: at}
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// cellInCopy is where a problem stands in the copy; empty when that has no such row.
func (a *annotation) cellInCopy(p Problem) string {
	n := a.row(p.Sheet, p.Row)
	if n == 0 {
		return ""
	}
	p.Sheet, p.Row, p.Column = a.names[p.Sheet], n, cmp.Or(p.Column, "A")
	return p.Cell()
}

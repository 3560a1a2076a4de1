package workbook

import (
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Sheet is a table as somebody else would send it: with rows of text above its
// header, and columns of any name.
type Sheet struct {
	Name   string
	Title  []string // the rows above the header
	Header []string
	Rows   iter.Seq[[]any] // cells are string, int, float64, fleet.Date, fleet.Rupees or nil
}

// WriteSheet writes a workbook of one sheet to w: texts as texts, dates and
// numbers as such. It holds one row at a time.
func WriteSheet(w io.Writer, s Sheet) error {
	x := &xlsxWriter{file: excelize.NewFile(), to: w, columns: sheetColumns(s.Header), styles: map[form]int{}}
	err := x.sheet(s)
	if err != nil {
		x.abandon()
		return err
	}
	return x.finish()
}

// sheetColumns are columns wide enough for their headers and what is usual below.
func sheetColumns(header []string) []column {
	columns := make([]column, len(header))
	for i, text := range header {
		columns[i] = column{header: text, width: float64(max(14, utf8.RuneCountInString(text)+4))}
	}
	return columns
}

func (x *xlsxWriter) sheet(s Sheet) error {
	header, err := x.open(s.Name, len(s.Title)+1)
	if err != nil {
		return err
	}
	for _, line := range s.Title {
		if x.cells = x.cells[:0]; line != "" {
			x.cells = append(x.cells, line)
		}
		if err := x.put(); err != nil {
			return err
		}
	}
	x.cells = make([]any, len(x.columns))
	for i, c := range x.columns {
		x.cells[i] = excelize.Cell{StyleID: header, Value: c.header}
	}
	if err := x.put(); err != nil {
		return err
	}
	for row := range s.Rows {
		if err := x.anyRow(row); err != nil {
			return err
		}
	}
	return nil
}

func (x *xlsxWriter) anyRow(row []any) error {
	if len(row) != len(x.cells) {
		return fmt.Errorf("row %d has %d cells under %d columns", x.rows+1, len(row), len(x.cells))
	}
	for i, v := range row {
		cell, err := x.anyCell(v)
		if err != nil {
			return fmt.Errorf("%s: %w", sheet.CellName(i+1, x.rows+1), err)
		}
		x.cells[i] = cell
	}
	return x.put()
}

// anyCell is nil for what is empty.
func (x *xlsxWriter) anyCell(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		if v == "" {
			return nil, nil
		}
		return excelize.Cell{StyleID: x.styles[formText], Value: v}, nil
	case int:
		return excelize.Cell{StyleID: x.styles[formCount], Value: v}, nil
	case float64:
		return excelize.Cell{StyleID: x.styles[formDegrees], Value: v}, nil
	case fleet.Date:
		return excelize.Cell{StyleID: x.styles[formDate], Value: inXLSX(formDate, date(v))}, nil
	case fleet.Rupees:
		return excelize.Cell{StyleID: x.styles[formMoney], Value: inXLSX(formMoney, money(v))}, nil
	}
	return nil, fmt.Errorf("a sheet has no cells of type %T", v)
}

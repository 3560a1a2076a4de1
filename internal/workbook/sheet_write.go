package workbook

import (
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

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
	x := &xlsxWriter{columns: sheetColumns(s.Header)}
	if err := x.open(w, s.Name, len(s.Title)+1); err != nil {
		return err
	}
	if err := x.sheet(s); err != nil {
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
	for _, line := range s.Title {
		var title []sheet.Value
		if line != "" {
			title = []sheet.Value{{Kind: sheet.Text, Text: line}}
		}
		if err := x.put(title); err != nil {
			return err
		}
	}
	if err := x.header(); err != nil {
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
	return x.put(x.cells)
}

func (x *xlsxWriter) anyCell(v any) (sheet.Value, error) {
	switch v := v.(type) {
	case nil:
		return sheet.Value{}, nil
	case string:
		if v == "" {
			return sheet.Value{}, nil
		}
		return sheet.Value{Kind: sheet.Text, Text: v, Style: x.styles[formText]}, nil
	case int:
		return sheet.Value{Kind: sheet.Number, Number: float64(v), Style: x.styles[formCount]}, nil
	case float64:
		return sheet.Value{Kind: sheet.Number, Number: v, Style: x.styles[formDegrees]}, nil
	case fleet.Date:
		return x.inXLSX(formDate, date(v)), nil
	case fleet.Rupees:
		return x.inXLSX(formMoney, money(v)), nil
	}
	return sheet.Value{}, fmt.Errorf("a sheet has no cells of type %T", v)
}

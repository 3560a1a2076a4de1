package main

import (
	"io"
	"iter"
	"slices"
	"strconv"

	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// countsHead names the columns of a list of counts, in which places have their
// code as well.
func countsHead(by []takhti.Dimension) (head []string) {
	if slices.Contains(by, takhti.ByPlace) {
		head = append(head, "place_code")
	}
	for _, d := range by {
		head = append(head, string(d))
	}
	return append(head, "count")
}

// countsLabels are the cells of a row before its number.
func countsLabels(r takhti.CountRow, by []takhti.Dimension) (cells []string) {
	if slices.Contains(by, takhti.ByPlace) {
		cells = append(cells, r.Place)
	}
	for _, d := range by {
		cells = append(cells, dimension(r, d))
	}
	return cells
}

func countsCSV(w io.Writer, counts takhti.Counts, by []takhti.Dimension) error {
	rows := [][]string{countsHead(by)}
	for _, r := range counts.Rows {
		rows = append(rows, append(countsLabels(r, by), strconv.FormatInt(r.Count, 10)))
	}
	return writeCSV(w, rows)
}

func countsWorkbook(w io.Writer, counts takhti.Counts, by []takhti.Dimension) error {
	return workbook.WriteSheet(w, workbook.Sheet{
		Name: "Counts", Title: []string{"Devices at " + counts.Place + " on " + string(counts.AsOf)},
		Header: countsHead(by), Rows: countsCells(counts, by),
	})
}

func countsCells(counts takhti.Counts, by []takhti.Dimension) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, r := range counts.Rows {
			var row []any
			for _, cell := range countsLabels(r, by) {
				row = append(row, cell)
			}
			if !yield(append(row, int(r.Count))) {
				return
			}
		}
	}
}

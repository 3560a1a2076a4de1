package atlas

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// readTable reads an embedded table, which must have exactly these columns.
// Lines that begin with # are remarks.
func readTable(text string, columns ...string) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 || !slices.Equal(rows[0], columns) {
		return nil, fmt.Errorf("the table must have rows under the columns %s", strings.Join(columns, ","))
	}
	return rows[1:], nil
}

// numbers reads cells that must all be numbers.
func numbers(cells ...string) ([]float64, error) {
	out := make([]float64, len(cells))
	for i, cell := range cells {
		n, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", cell)
		}
		out[i] = n
	}
	return out, nil
}

// list splits the names in a cell.
func list(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, ";")
}

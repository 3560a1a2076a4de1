package demo

import (
	"encoding/csv"
	"fmt"
	"slices"
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

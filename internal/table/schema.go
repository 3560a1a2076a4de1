package table

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Schema draws the table: one line for each kind of key, its parts, and what is
// stored there.
func (t *Table[T]) Schema() string { return t.frame().schema() }

func (f *frame) schema() string {
	lines := [][2]string{{f.name, "ID → record" + f.sealNote()}}
	for _, x := range f.indexes {
		entry := x.parts + ", ID"
		if x.unique {
			entry = x.parts + " → ID"
		}
		lines = append(lines, [2]string{f.name + "." + x.name, entry})
	}
	for _, c := range f.counts {
		name := f.name + "." + c.name
		lines = append(lines, [2]string{name, fmt.Sprintf("%s; %s → number of records", c.scope, c.dims)})
		if c.ledger != nil {
			lines = append(lines, [2]string{name + dailySuffix, fmt.Sprintf("%s; day; %s → change on that day", c.scope, c.dims)})
		}
	}
	return aligned(lines)
}

func (f *frame) sealNote() string {
	if f.sealed {
		return " (sealed: journals keep only its digest)"
	}
	return ""
}

func aligned(lines [][2]string) string {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l[0]))
	}
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%-*s  %s\n", width, l[0], l[1])
	}
	return b.String()
}

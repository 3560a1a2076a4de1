package table

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Schema draws the table: one line for each kind of key, its parts, and what is
// stored there.
func (t *Table[T]) Schema() string {
	lines := [][2]string{{t.Name, "ID → record" + t.sealNote()}}
	for _, x := range t.Indexes {
		entry := x.Parts + ", ID"
		if x.Unique {
			entry = x.Parts + " → ID"
		}
		lines = append(lines, [2]string{t.Name + "." + x.Name, entry})
	}
	for _, c := range t.Counts {
		name := t.Name + "." + c.Name
		lines = append(lines, [2]string{name, fmt.Sprintf("%s; %s → number of records", c.Scope, c.Dims)})
		if c.Daily {
			lines = append(lines, [2]string{name + dailySuffix, fmt.Sprintf("%s; day; %s → change on that day", c.Scope, c.Dims)})
		}
	}
	return aligned(lines)
}

func (t *Table[T]) sealNote() string {
	if t.Sealed {
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

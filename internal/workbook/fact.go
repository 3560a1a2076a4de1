package workbook

import (
	"slices"
	"strings"
	"unicode"
)

// Fact is something that a column of a list can hold.
type Fact struct {
	Name   string // for programs: serial_number
	Header string // what an export calls the column
	Needed bool   // a list must have it, or another of those that are needed
}

// Facts are what the columns of a kind of list can hold, in the order of an export.
func Facts(k Kind) []Fact {
	var all []Fact
	for i := range tables[k].columns {
		c := &tables[k].columns[i]
		if !slices.Contains(tables[k].left, c.id) {
			all = append(all, Fact{c.fact(), c.header, tables[k].isNeeded(c.id)})
		}
	}
	return all
}

// factList names them in a sentence.
func factList(k Kind) string {
	var names []string
	for _, f := range Facts(k) {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// fact is the name by which choices know what the column holds.
func (c *column) fact() string {
	words := strings.FieldsFunc(strings.ToLower(c.header), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "_")
}

func (t table) isNeeded(id columnID) bool {
	return slices.ContainsFunc(t.needs, func(n need) bool { return slices.Contains(n.any, id) })
}

// facts finds the columns of a kind by the names of what they hold.
func (t table) facts() map[string]columnID {
	byName := map[string]columnID{}
	for i := range t.columns {
		if c := &t.columns[i]; !slices.Contains(t.left, c.id) {
			byName[c.fact()] = c.id
		}
	}
	return byName
}

// factNames is the same the other way round.
func (t table) factNames() [columnCount]string {
	var names [columnCount]string
	for name, id := range t.facts() {
		names[id] = name
	}
	return names
}

package main

import (
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// cross are counts with a column for each status that occurs.
type cross struct {
	rows     []takhti.Dimension // what the rows are, beside the status
	statuses []takhti.Status
	labels   [][]string // of the rows, in the order of the answer
	cells    map[string]map[takhti.Status]int64
	sums     map[takhti.Status]int64
}

func crossTable(counts takhti.Counts, by []takhti.Dimension) *grid {
	x := &cross{cells: map[string]map[takhti.Status]int64{}, sums: map[takhti.Status]int64{}}
	x.rows = slices.DeleteFunc(slices.Clone(by), func(d takhti.Dimension) bool { return d == takhti.ByStatus })
	for _, r := range counts.Rows {
		x.add(r)
	}
	for _, s := range fleet.Statuses() {
		if status := takhti.Status(s.String()); x.sums[status] != 0 {
			x.statuses = append(x.statuses, status)
		}
	}
	return x.grid()
}

func (x *cross) add(r takhti.CountRow) {
	key := r.Place
	var label []string
	for _, d := range x.rows {
		label = append(label, dimension(r, d))
	}
	key += "\x00" + strings.Join(label, "\x00")
	if x.cells[key] == nil {
		x.cells[key] = map[takhti.Status]int64{}
		x.labels = append(x.labels, append(label, key))
	}
	x.cells[key][r.Status] += r.Count
	x.sums[r.Status] += r.Count
}

func (x *cross) grid() *grid {
	g := &grid{right: map[int]bool{}}
	head := make([]string, len(x.rows))
	for _, s := range x.statuses {
		g.right[len(head)] = true
		head = append(head, string(s))
	}
	g.right[len(head)] = true
	g.add(append(head, "devices")...)
	for _, label := range x.labels {
		names, key := label[:len(label)-1], label[len(label)-1]
		x.line(g, names, x.cells[key])
	}
	foot := make([]string, len(x.rows))
	foot[0] = "devices"
	x.line(g, foot, x.sums)
	return g
}

func (x *cross) line(g *grid, names []string, numbers map[takhti.Status]int64) {
	cells := slices.Clone(names)
	var sum int64
	for _, s := range x.statuses {
		cells = append(cells, grouped(numbers[s]))
		sum += numbers[s]
	}
	g.add(append(cells, grouped(sum))...)
}

package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// tolerance is by how much a goal may be missed before --check fails: ratios of
// one run on a busy machine lie within about that of each other.
const tolerance = 1.2

// line is one thing that was measured. Its figure, a ratio or an amount, is held
// against the goal.
type line struct {
	what, ours, peer string
	figure           float64
	unit             string // of the figure: × for a ratio
	goal             float64
	bound            bound
}

// bound says on which side of its goal a figure must be.
type bound uint8

const (
	shownOnly bound = iota + 1 // there is no goal
	atMost
	atLeast
)

func (l line) met() bool { return l.within(1) }

func (l line) within(slack float64) bool {
	switch l.bound {
	case atMost:
		return l.figure <= l.goal*slack
	case atLeast:
		return l.figure*slack >= l.goal
	default:
		return true
	}
}

func (l line) cells() []string {
	cells := []string{l.what, l.ours, l.peer, "", "", ""}
	if l.figure != 0 {
		cells[3] = amount(l.figure) + l.unit
	}
	if l.bound == shownOnly {
		return cells
	}
	sign, verdict := "≤", "met"
	if l.bound == atLeast {
		sign = "≥"
	}
	if !l.met() {
		verdict = "not met"
	}
	cells[4], cells[5] = sign+" "+amount(l.goal)+l.unit, verdict
	return cells
}

func amount(v float64) string {
	if v >= 100 || v == float64(int64(v)) {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// table is all that was measured.
type table struct{ lines []line }

func (t *table) add(l line) { t.lines = append(t.lines, l) }

// missed says whether any goal was missed by more than the tolerance.
func (t *table) missed() bool {
	for _, l := range t.lines {
		if !l.within(tolerance) {
			return true
		}
	}
	return false
}

// print writes the table as Markdown that is legible as it stands.
func (t *table) print(w io.Writer) {
	rows := [][]string{{"what", "ours", "peer", "figure", "goal", "verdict"}}
	for _, l := range t.lines {
		rows = append(rows, l.cells())
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, row := range rows {
		printRow(w, row, widths)
		if n == 0 {
			rule := make([]string, len(widths))
			for i, width := range widths {
				rule[i] = strings.Repeat("-", width)
			}
			printRow(w, rule, widths)
		}
	}
}

func printRow(w io.Writer, cells []string, widths []int) {
	for i, cell := range cells {
		fmt.Fprintf(w, "| %s%s ", cell, strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)))
	}
	fmt.Fprintln(w, "|")
}

package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// printJSON writes v as one line.
func (c *cli) printJSON(v any) error { return writeJSON(c.stdout, v) }

func writeJSON(w io.Writer, v any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, inertJSON(out.String()))
	return err
}

// inertJSON escapes what does something to a terminal, of which the encoder leaves
// some as it is.
func inertJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r > 0x7E && fleet.Showable(string(r)) != string(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// say writes one line to people.
func (c *cli) say(format string, args ...any) {
	fmt.Fprintln(c.stdout, fleet.Showable(fmt.Sprintf(format, args...)))
}

// tell writes one line about what goes on, apart from the command's result.
func (c *cli) tell(format string, args ...any) {
	fmt.Fprintln(c.stderr, fleet.Showable(fmt.Sprintf(format, args...)))
}

// grid is a table for a terminal: columns padded with blanks, numbers to the right.
type grid struct {
	rows  [][]string
	right map[int]bool
}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

func (g *grid) write(w io.Writer) error {
	widths := g.widths()
	for _, row := range g.rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-width(cell))
			if g.right[i] {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
			line.WriteString("  ")
		}
		if _, err := fmt.Fprintln(w, fleet.Showable(strings.TrimRight(line.String(), " "))); err != nil {
			return err
		}
	}
	return nil
}

func (g *grid) widths() (widths []int) {
	for _, row := range g.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width(cell))
		}
	}
	return widths
}

// width is how many columns a text takes on a terminal, marks above letters
// taking none.
func width(s string) (n int) {
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Cf) {
			n++
		}
	}
	return n
}

// grouped writes a number with its thousands apart: 1,234,567.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// counted is a number with its noun: 1 row, 2 rows.
func counted(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return grouped(n) + " " + noun
}

// writeCSV writes rows for spreadsheets, which take a text that begins like a
// formula for one: such a text gets an apostrophe.
func writeCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		for i, cell := range row {
			if first, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune("=+-@\t\r", first) && !isNumber(cell) {
				row[i] = "'" + cell
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func isNumber(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}

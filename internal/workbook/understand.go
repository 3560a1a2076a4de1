package workbook

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Origin is where the understanding of a sheet or of one of its columns comes from.
type Origin string

// The origins.
const (
	Found      Origin = "found"      // by the names of the columns
	Remembered Origin = "remembered" // as it was chosen for an earlier file of this layout
	Chosen     Origin = "chosen"     // by whoever imports the file
)

// understanding finds the header of one sheet after another: as it was chosen for
// this file, as it was for an earlier one of the same layout, or by the names.
type understanding struct {
	words   *vocabulary
	facts   map[string]columnID
	reading registry.Reading
	layouts map[string]registry.Layout // by the names of their columns
}

// newUnderstanding takes what was chosen for the file, and what was remembered; of
// two layouts with the same names the later one counts.
func newUnderstanding(k Kind, r registry.Reading, remembered []registry.Layout) *understanding {
	u := &understanding{words: newVocabulary(k), reading: r, layouts: map[string]registry.Layout{}}
	u.facts = u.words.table.facts()
	for _, l := range remembered {
		u.layouts[l.Names] = l
	}
	return u
}

// chosen is what was chosen for a sheet, by its name or for all without one; ok is
// false when nothing was.
func (u *understanding) chosen(sheet string) (c registry.SheetReading, ok bool) {
	for _, name := range []string{sheet, ""} {
		for _, c := range u.reading.Sheets {
			if c.Name == name {
				return c, true
			}
		}
	}
	return c, false
}

// isBeginning says whether the rows are enough of a sheet to find its header in: some,
// and as far as the row that was chosen to be it.
func (u *understanding) isBeginning(sheet string, rows []row) bool {
	choice, _ := u.chosen(sheet)
	return len(rows) >= headerSearch && (rows[len(rows)-1].number >= choice.Header || len(rows) == deepestHeader)
}

// among refuses choices for sheets that the file does not have.
func (u *understanding) among(tabs []tab) error {
	for _, c := range u.reading.Sheets {
		if c.Name == "" || slices.ContainsFunc(tabs, func(t tab) bool { return t.name == c.Name }) {
			continue
		}
		var names []string
		for _, t := range tabs {
			names = append(names, t.name)
		}
		return fleet.Invalidf("reading.sheet", "the file has no sheet %q: it has %s", c.Name, quoteAll(names, 20)).In("reading")
	}
	return nil
}

// header is the header of a sheet that begins with the rows. The error says that
// what was chosen cannot be.
func (u *understanding) header(sheet string, first []row, merged mergedCells) (header, error) {
	choice, made := u.chosen(sheet)
	h, err := u.find(sheet, choice, first, merged)
	if err != nil {
		return h, err
	}
	if l, known := u.layouts[h.names()]; known {
		h.layout, h.skip = l, l.Skip && !made
		if err := h.hold(u, l.Columns, Remembered); err != nil {
			return h, err
		}
	}
	if err := h.hold(u, choice.Columns, Chosen); err != nil {
		return h, fleet.Invalidf("reading.column", "%s: %s", quoteSheet(sheet), err).In("reading")
	}
	h.skip = h.skip || choice.Skip
	return h, nil
}

func (u *understanding) find(sheet string, choice registry.SheetReading, first []row, merged mergedCells) (header, error) {
	switch {
	case choice.Header == registry.NoHeader:
		return u.words.bare(first), nil
	case choice.Header != 0:
		i := slices.IndexFunc(first, func(r row) bool { return r.number == choice.Header })
		if i < 0 {
			return header{}, fleet.Invalidf("reading.header", "%s!%d cannot be the row that names the columns: it is empty, or not among the first %d filled rows: choose another row, or delete rows that stand above the list", quoteSheet(sheet), choice.Header, deepestHeader).In("reading")
		}
		h, err := u.words.endsAt(first, i, merged)
		h.origin = Chosen
		return h, err
	}
	if h, known, err := u.remembered(first, merged); known || err != nil {
		return h, err
	}
	return u.words.find(first, merged)
}

// remembered is the header whose layout was seen before.
func (u *understanding) remembered(first []row, merged mergedCells) (header, bool, error) {
	if len(u.layouts) == 0 {
		return header{}, false, nil
	}
	for i := range first {
		h, err := u.words.endsAt(first, i, merged)
		if err != nil {
			return h, false, err
		}
		if _, known := u.layouts[h.names()]; known {
			h.origin = Remembered
			return h, true, nil
		}
	}
	return header{}, false, nil
}

// endsAt is the header whose last row is the i-th, alone or with the one above it.
func (v *vocabulary) endsAt(rows []row, i int, merged mergedCells) (header, error) {
	one := v.name(rows[i].number, rows[i].cells, rows[i+1:])
	if i == 0 {
		return one, nil
	}
	both, err := v.begins(rows[i-1:], merged)
	if err != nil || both.row != one.row {
		return one, err
	}
	return both, nil
}

// bare is the header of a sheet that has none: its columns go by their letters.
func (v *vocabulary) bare(rows []row) header {
	h := v.name(0, nil, nil)
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	for i := range width {
		h.texts = append(h.texts, "column "+sheet.ColumnName(i+1))
	}
	h.origin, h.unknown = Chosen, h.left()
	return h
}

// names stands for the names of all the columns, as layouts are known by; it is
// empty where no row of the sheet names any, for then nothing tells its layout.
func (h *header) names() string {
	var b strings.Builder
	for _, text := range h.texts {
		b.WriteString(key(text))
		b.WriteByte('\n')
	}
	all := strings.TrimRight(b.String(), "\n")
	if h.row == 0 || all == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(all))
	return hex.EncodeToString(sum[:16])
}

// columnsWith are the columns that were said to hold something, when what was chosen is
// added to what was said before.
func columnsWith(before, chosen []registry.ColumnReading) []registry.ColumnReading {
	all := slices.DeleteFunc(slices.Clone(before), func(b registry.ColumnReading) bool {
		return slices.ContainsFunc(chosen, func(c registry.ColumnReading) bool {
			return c.Column == b.Column || c.Means == b.Means && c.Means != ""
		})
	})
	return append(all, chosen...)
}

// hold makes columns hold what was said of them, whatever their names are.
func (h *header) hold(u *understanding, columns []registry.ColumnReading, by Origin) error {
	if len(columns) == 0 {
		return nil
	}
	spoken, said := map[int]bool{}, map[columnID]int{}
	for _, c := range columns {
		if c.Column < 1 || c.Column > maxColumns {
			return fmt.Errorf("there is no column %d", c.Column)
		}
		if c.Means != "" && c.Column <= len(h.texts) && holdsSecrets(h.texts[c.Column-1]) {
			return fmt.Errorf("the column %q seems to hold passwords, which are never imported", h.texts[c.Column-1])
		}
		h.release(c.Column - 1)
		spoken[c.Column-1] = true
		if c.Means == "" {
			continue
		}
		id, known := u.facts[c.Means]
		switch other, twice := said[id]; {
		case !known:
			return fmt.Errorf("%q is nothing that a column of this list can hold", c.Means)
		case twice:
			return fmt.Errorf("the columns %s and %s were both said to hold %s", sheet.ColumnName(other+1), sheet.ColumnName(c.Column), c.Means)
		}
		said[id] = c.Column - 1
	}
	for id := range said {
		h.rivals = slices.DeleteFunc(h.rivals, func(r rivalry) bool { return r.id == id })
	}
	h.decideRivals(spoken)
	for id, column := range said {
		h.at[id], h.by[id] = column, by
	}
	h.settle(u.words.table)
	return nil
}

// release makes the column hold nothing.
func (h *header) release(column int) {
	for len(h.texts) <= column {
		h.texts = append(h.texts, "")
	}
	for id, at := range h.at {
		if at == column {
			h.at[id] = -1
		}
	}
}

// decideRivals ends the rivalries of columns that were spoken of: the other one
// holds what both could.
func (h *header) decideRivals(spoken map[int]bool) {
	h.rivals = slices.DeleteFunc(h.rivals, func(r rivalry) bool {
		if !spoken[r.second] && !h.has(r.id) {
			h.at[r.id] = r.second
			return true
		}
		return spoken[r.second]
	})
}

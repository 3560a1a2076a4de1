package workbook

import (
	"slices"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

const (
	headerSearch  = 40   // filled rows that are looked at for the header
	deepestHeader = 1000 // filled rows among which it can be chosen
)

// header is the row, or the two rows, that name a sheet's columns.
type header struct {
	row     int              // the last row of it
	at      [columnCount]int // the column of each kind of fact, from zero; -1 when the sheet has none
	texts   []string         // the name of each column as the file has it
	unknown []string         // names of columns that are not imported
	score   int
	missing []need
	rivals  []rivalry // columns of which neither is surer than the other
	counted string    // the name of a column that could be of serials, and counts the rows
	ranks   [columnCount]int

	remarks int // the column in which an earlier copy of ours said what is wrong, from one; zero for none

	origin Origin
	by     [columnCount]Origin // of columns whose meaning was said, by whom
	layout registry.Layout     // that it is known by; none when its Names are empty
	skip   bool                // the sheet was chosen not to be read
}

// rivalry is a second column that could hold what another one is taken to hold.
type rivalry struct {
	id     columnID
	second int
}

// sheetHeader is the header of a sheet, or of the part of it that follows.
type sheetHeader struct {
	sheet string
	header
}

func (h *header) has(id columnID) bool { return h.at[id] >= 0 }

// vocabulary finds a column by what a file calls it.
type vocabulary struct {
	kind  Kind
	table table
	byKey map[string]sense
}

// sense is what a name means, and how sure that is: less is surer.
type sense struct {
	id   columnID
	rank int
}

func newVocabulary(k Kind) *vocabulary {
	v := &vocabulary{kind: k, table: tables[k], byKey: map[string]sense{}}
	for _, c := range v.table.columns {
		v.learn(c.header, sense{c.id, 0})
		for i, name := range c.names {
			v.learn(name, sense{c.id, rankOf(c.id, name, i)})
		}
	}
	return v
}

// rankOf is how sure the name is that stands i-th in the table. Those of serials
// that say whose serial it is are as sure as the column's own name; of the others,
// "Serial No" and the like, none is surer than the next.
func rankOf(id columnID, name string, i int) int {
	switch {
	case id != colSerial:
		return i + 1
	case slices.Contains(deviceSerialNames, name):
		return 0
	}
	return 1
}

func (v *vocabulary) learn(name string, s sense) {
	k := key(name)
	if _, known := v.byKey[k]; !known {
		v.byKey[k] = s
	}
}

// find looks for the header among the first filled rows of a sheet. It returns
// the best it found; missing says whether that is enough. Below a header that has
// all that is needed, one with more columns is preferred only until a row of the
// list comes: no row may be lost above the header. The sheet's merged blocks are
// asked for only where they could matter.
func (v *vocabulary) find(rows []row, merged mergedCells) (header, error) {
	best := v.name(0, nil, nil)
	for i := range rows {
		if v.listed(rows[i], &best) {
			break
		}
		h, err := v.begins(rows[i:], merged)
		if err != nil {
			return best, err
		}
		if h.better(&best) {
			best = h
		} else if best.counted == "" {
			best.counted = h.counted
		}
	}
	return best, nil
}

// mergedCells gives the merged blocks of a sheet.
type mergedCells func() ([]sheet.Range, error)

// begins is the header that the first of the rows makes, alone or together with
// the second.
func (v *vocabulary) begins(rows []row, merged mergedCells) (header, error) {
	one := v.name(rows[0].number, rows[0].cells, rows[1:])
	if len(rows) == 1 || rows[1].number != rows[0].number+1 {
		return one, nil
	}
	upper, lower, below := rows[0], rows[1], rows[2:]
	var merges []sheet.Range
	if gapped(upper, lower) {
		var err error
		if merges, err = merged(); err != nil {
			return one, err
		}
	}
	two := v.name(lower.number, v.join(upper, lower, merges), below)
	alone := v.name(lower.number, lower.cells, below)
	spans := spansBelow(upper, lower, merges)
	if two.score > alone.score && (two.score > one.score || spans && len(two.missing) == 0) {
		return two, nil
	}
	return one, nil
}

// listed says whether a row below the header h holds what the list needs, and not
// only names of columns.
func (v *vocabulary) listed(r row, h *header) bool {
	if len(h.missing) > 0 || r.number <= h.row {
		return false
	}
	for _, n := range v.table.needs {
		if !slices.ContainsFunc(n.any, func(id columnID) bool { return h.has(id) && v.isFact(r.cell(h.at[id])) }) {
			return false
		}
	}
	return true
}

func (v *vocabulary) isFact(cell string) bool {
	k := key(cell)
	_, name := v.byKey[k]
	return k != "" && !name
}

// again says whether a row below the header h names the columns once more, and
// where they are from there on.
func (v *vocabulary) again(r row, h *header) (header, bool) {
	for _, id := range v.table.needs[0].any {
		if h.has(id) && strings.ContainsAny(r.cell(h.at[id]), "0123456789") {
			return header{}, false // a code or a serial, as nearly every row has one
		}
	}
	next := v.name(r.number, r.cells, nil)
	return next, len(next.missing) == 0
}

// onlyNames says whether a row below the header h holds nothing but names of columns.
func (v *vocabulary) onlyNames(r row, h *header) bool {
	found := false
	for _, at := range h.at {
		cell := ""
		if at >= 0 {
			cell = r.cell(at)
		}
		switch {
		case cell == "":
		case strings.ContainsAny(cell, "0123456789") || v.isFact(cell):
			return false
		default:
			found = true
		}
	}
	return found
}

// better prefers a header that has all that is needed, then the one in which
// more columns were recognised, then the earlier one.
func (h *header) better(than *header) bool {
	if len(h.missing) != len(than.missing) {
		return len(h.missing) < len(than.missing)
	}
	return h.score > than.score
}

// name recognises the columns of one possible header, which the rows follow. Where
// two columns mean the same, the surer name wins.
func (v *vocabulary) name(number int, cells []string, rows []row) header {
	h := header{row: number, origin: Found}
	for id := range h.at {
		h.at[id] = -1
	}
	for i, text := range cells {
		if text, _ = clean(text); isRemarks(text) {
			h.remarks, text = i+1, ""
		}
		h.texts = append(h.texts, text)
		s, known := v.byKey[key(text)]
		if s.id == colSerial && countsRows(rows, i) {
			h.counted = text
			known = s.rank == 0 // it says that it holds serials; any other column that does is surer
			s.rank = columnCountsRows
		}
		switch {
		case !known || i >= maxColumns:
		case !h.has(s.id):
			h.at[s.id], h.ranks[s.id] = i, s.rank
		case s.rank < h.ranks[s.id]:
			h.at[s.id], h.ranks[s.id] = i, s.rank
			h.rivals = slices.DeleteFunc(h.rivals, func(r rivalry) bool { return r.id == s.id })
		case s.rank == h.ranks[s.id]:
			h.rivals = append(h.rivals, rivalry{s.id, i})
		}
	}
	h.settle(v.table)
	return h
}

// settle works out what follows from which column holds what.
func (h *header) settle(t table) {
	h.score, h.missing, h.unknown = 0, nil, h.left()
	for _, at := range h.at {
		if at >= 0 {
			h.score++
		}
	}
	for _, n := range t.needs {
		if !h.any(n.any) {
			h.missing = append(h.missing, n)
		}
	}
}

// columnCountsRows is the rank of a column of serials that look like row numbers.
const columnCountsRows = 2

// countsRows says whether a column only numbers the rows: whole numbers of few
// digits, each one more than the one before, and those of more digits from the
// beginning on.
func countsRows(rows []row, column int) bool {
	const enough, fewDigits, beginning = 3, 4, 3
	n, last := 0, 0
	for _, r := range rows {
		cell := latinDigits(strings.TrimSpace(r.cell(column)))
		if cell == "" {
			continue
		}
		next, err := strconv.Atoi(wholeDigits(cell))
		if err != nil || n == 0 && next > beginning && len(cell) > fewDigits || n > 0 && next != last+1 {
			return false
		}
		n, last = n+1, next
	}
	return n >= enough
}

func (h *header) any(ids []columnID) bool {
	for _, id := range ids {
		if h.has(id) {
			return true
		}
	}
	return false
}

// left are the names of the columns that no fact is read from.
func (h *header) left() []string {
	used := make([]bool, len(h.texts))
	for _, at := range h.at {
		if at >= 0 {
			used[at] = true
		}
	}
	var names []string
	for i, text := range h.texts {
		if !used[i] && text != "" {
			names = append(names, text)
		}
	}
	return names
}

// join reads two rows as one header: "Enrolment" merged over "Boys" and "Girls"
// gives "Enrolment Boys" and "Enrolment Girls". A name that means nothing
// together with the one above it is taken by itself.
func (v *vocabulary) join(upper, lower row, merges []sheet.Range) []string {
	joined := make([]string, max(len(upper.cells), len(lower.cells)))
	for i := range joined {
		below := lower.cell(i)
		if below == "" {
			joined[i] = upper.cell(i)
			continue
		}
		joined[i] = below
		both := spread(upper, i, merges) + " " + below
		if _, known := v.byKey[key(both)]; known {
			joined[i] = both
		}
	}
	return joined
}

// spread is the text that stands above column i: that of the block merged over
// it or, as in text files, of the last filled cell to the left.
func spread(r row, i int, merges []sheet.Range) string {
	for _, m := range merges {
		if m.Holds(i+1, r.number) {
			return r.cell(int(m.Left) - 1)
		}
	}
	for len(merges) == 0 && i > 0 && r.cell(i) == "" {
		i--
	}
	return r.cell(i)
}

// spansBelow says whether a cell of the upper row stands over several filled
// cells of the lower one, as in a header of two rows.
func spansBelow(upper, lower row, merges []sheet.Range) bool {
	for _, m := range merges {
		if int(m.Top) == upper.number && m.Bottom == m.Top && m.Right > m.Left && lower.cell(int(m.Left)) != "" {
			return true
		}
	}
	for i := 1; i < len(lower.cells) && len(merges) == 0; i++ {
		if upper.cell(i) == "" && upper.cell(i-1) != "" && lower.cell(i) != "" {
			return true
		}
	}
	return false
}

// gapped says whether a cell is filled below an empty one: only then can it matter
// what is merged over what.
func gapped(upper, lower row) bool {
	for i, text := range lower.cells {
		if text != "" && upper.cell(i) == "" {
			return true
		}
	}
	return false
}

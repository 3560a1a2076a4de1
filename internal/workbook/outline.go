package workbook

import (
	"context"
	"strings"
	"unicode"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Outline is how a file is understood, for whoever is to say whether that is right.
type Outline struct {
	Kind   Kind
	Sheets []SheetOutline
}

// SheetOutline is one sheet of an outline.
type SheetOutline struct {
	Name    string
	Hidden  bool // it is never read
	Read    bool // its rows are taken for a list
	Header  int  // the last row that names the columns; zero when none does
	Origin  Origin
	By      string   // who chose what is remembered
	Missing []string // what the list needs and no column holds, as a sentence has it
	Unclear string   // why the columns cannot be told apart
	Columns []ColumnOutline
	Rows    []RowOutline // the first filled ones
}

// RowOutline is a row as the file has it.
type RowOutline struct {
	Number int // as the spreadsheet shows it
	Cells  []string
}

// ColumnOutline is one column of a sheet.
type ColumnOutline struct {
	Column  int    // from one
	Header  string // what the file calls it
	Means   string // the fact that it holds, such as serial_number; empty: it is not imported
	Sure    Sureness
	Guess   string   // what its cells look like, where a needed fact is missing
	Samples []string // the first of its cells, below the header
}

// Letter is the column as spreadsheets call it.
func (c ColumnOutline) Letter() string { return sheet.ColumnName(c.Column) }

// Sureness is how sure it is what a column holds.
type Sureness string

// The degrees of sureness; empty for a column that is not imported.
const (
	SaidSo     Sureness = "chosen"     // whoever imports the file said so
	SaidBefore Sureness = "remembered" // it was said of an earlier file of this layout
	Sure       Sureness = "sure"       // by its name, and its cells look like it
	Likely     Sureness = "likely"     // by its name; it has no cells to tell, or some look otherwise
	Unsure     Sureness = "unsure"     // by its name; most cells look otherwise, or another column has the same name
)

// maxSamples is how many cells of a column an outline shows.
const maxSamples = 3

// Look says how a file would be understood by the options.
func Look(ctx context.Context, s registry.Session, f File, o Options) (*Outline, error) {
	if err := CheckReading(o.Kind, o.Reading); err != nil {
		return nil, err
	}
	how, err := settingOf(ctx, s, o.Kind, o.Limits, o.Reading)
	if err != nil {
		return nil, err
	}
	return look(ctx, f, how)
}

// look reads the beginning of each sheet and says how it is understood.
func look(ctx context.Context, f File, s setting) (*Outline, error) {
	b, err := open(ctx, f, s.limits.withDefaults())
	if err != nil {
		return nil, err
	}
	defer b.close()
	u := newUnderstanding(s.kind, s.reading, s.remembered)
	if err := u.among(b.tabs); err != nil {
		return nil, err
	}
	judge := newChecker(newReport(s.kind, 0), b.date1904, u.facts, nil)
	o := &Outline{Kind: s.kind}
	for _, t := range b.tabs {
		if own, err := t.isOwn(ctx); err != nil {
			return nil, err
		} else if own {
			continue
		}
		sheet, err := u.outline(ctx, t, judge)
		if err != nil {
			return nil, err
		}
		o.Sheets = append(o.Sheets, sheet)
	}
	return o, nil
}

func (u *understanding) outline(ctx context.Context, t tab, judge *checker) (SheetOutline, error) {
	o := SheetOutline{Name: t.name, Hidden: t.hidden}
	if t.hidden {
		return o, nil
	}
	var first []row
	for r, err := range t.rows(ctx) {
		if err != nil {
			return o, err
		}
		if first = append(first, r.clone()); u.isBeginning(t.name, first) {
			break
		}
	}
	h, err := u.header(t.name, first, t.merges)
	if err != nil {
		return o, err
	}
	o.Rows = outlined(&h, first)
	o.Header, o.Origin, o.By = h.row, h.origin, h.layout.By
	o.Read = !h.skip && len(h.missing) == 0
	for _, n := range h.missing {
		o.Missing = append(o.Missing, n.what)
	}
	if err := h.unclear(t.name); err != nil {
		o.Unclear = err.Error()
	}
	if !o.Read && h.score == 0 && h.origin == Found {
		o.Header = 0
	}
	o.Columns = u.columnsOf(&h, first, judge)
	return o, nil
}

// outlined are the rows as they are shown. What speaks of people is not shown again.
func outlined(h *header, first []row) (all []RowOutline) {
	for _, r := range first {
		cells := make([]string, len(r.cells))
		for i, text := range r.cells {
			if r.number <= h.row || !h.ofPeople(i) {
				cells[i] = short(shown(text), maxSample)
			}
		}
		all = append(all, RowOutline{r.number, cells})
	}
	return all
}

// ofPeople says whether a column speaks of persons or of their passwords, by its name.
func (h *header) ofPeople(column int) bool {
	return column < len(h.texts) && (namesPeople(h.texts[column]) || holdsSecrets(h.texts[column]))
}

// maxSample is how much of a cell an outline shows, in bytes.
const maxSample = 60

func (u *understanding) columnsOf(h *header, first []row, judge *checker) []ColumnOutline {
	width := len(h.texts)
	for _, r := range first {
		width = max(width, min(len(r.cells), maxColumns))
	}
	names := u.words.table.factNames()
	all := make([]ColumnOutline, 0, width)
	for column := range width {
		c := ColumnOutline{Column: column + 1}
		if column < len(h.texts) {
			c.Header = h.texts[column]
		}
		cells := filledCells(first, h.row, column)
		for _, cell := range cells[:min(maxSamples, len(cells))] {
			if h.ofPeople(column) {
				break
			}
			c.Samples = append(c.Samples, short(cell, maxSample))
		}
		for id, at := range h.at {
			if at == column && names[id] != "" {
				c.Means, c.Sure = names[id], h.sureness(columnID(id), cells, judge)
			}
		}
		if c.Means == "" && len(h.missing) > 0 {
			c.Guess = u.guess(h, cells)
		}
		all = append(all, c)
	}
	return all
}

// filledCells are the filled cells of a column below the header.
func filledCells(rows []row, header, column int) []string {
	var cells []string
	for _, r := range rows {
		if text := shown(r.cell(column)); r.number > header && text != "" {
			cells = append(cells, text)
		}
	}
	return cells
}

func (h *header) sureness(id columnID, cells []string, judge *checker) Sureness {
	switch h.by[id] {
	case Chosen:
		return SaidSo
	case Remembered:
		return SaidBefore
	}
	for _, r := range h.rivals {
		if r.id == id {
			return Unsure
		}
	}
	fits := 0
	for _, cell := range cells {
		if judge.fits(id, cell) {
			fits++
		}
	}
	switch {
	case len(cells) == 0:
		return Likely
	case fits*10 >= len(cells)*9:
		return Sure
	case fits*2 >= len(cells):
		return Likely
	}
	return Unsure
}

// fits says whether a cell looks like one of a column.
func (c *checker) fits(id columnID, cell string) bool {
	if d := c.words[id]; d != nil {
		_, isClasses := levelOfClasses(cell)
		_, known := d.find(cell)
		return known || id == colLevel && isClasses
	}
	var err error
	switch id {
	case colSerial:
		return looksLikeSerial(cell)
	case colWarranty:
		_, err = c.dates.read(cell, dayFirst)
	case colPrice:
		_, err = fleet.ParseRupees(cell)
	case colEnrolment:
		_, err = parseCount(cell)
	case colLatitude, colLongitude:
		_, err = parseDegrees(cell)
	case colEMIS:
		return strings.ContainsFunc(latinDigits(cell), unicode.IsDigit)
	case colName, colNameUrdu, colProvince, colDivision, colDistrict, colTehsil:
		return strings.ContainsFunc(cell, unicode.IsLetter)
	}
	return err == nil
}

// guess is the needed fact that a column's cells look like, though its name does
// not say so: a serial, for only those can be told by their looks.
func (u *understanding) guess(h *header, cells []string) string {
	serial, needed := u.facts["serial_number"]
	if !needed || h.has(serial) || len(cells) == 0 {
		return ""
	}
	seen := map[string]bool{}
	for _, cell := range cells {
		if strings.Contains(cell, " ") || !looksLikeSerial(cell) || !strings.ContainsFunc(cell, unicode.IsLetter) {
			return ""
		}
		seen[cell] = true
	}
	if 2*len(seen) < len(cells) { // serials differ, but for slips
		return ""
	}
	return "serial_number"
}

// CheckReading refuses choices that no file of the kind can be read by.
func CheckReading(k Kind, r registry.Reading) error {
	facts := tables[k].facts()
	for _, s := range r.Sheets {
		if s.Header < registry.NoHeader {
			return fleet.Invalidf("reading.header", "%d is not the number of a row", s.Header).In("reading")
		}
		for _, c := range s.Columns {
			if _, known := facts[c.Means]; c.Means != "" && !known {
				return fleet.Invalidf("reading.column", "%q is nothing that a column of this list can hold: use one of %s", c.Means, factList(k)).In("reading")
			}
		}
	}
	return CheckDecisions(k, r.Decisions)
}

package workbook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// each takes the facts of the checker's row, which may have a problem already.
type each[T any] func(c *checker, facts T) error

// setting is how a file is read.
type setting struct {
	kind       Kind
	limits     Limits
	reading    registry.Reading  // what was chosen for the file
	remembered []registry.Layout // what was chosen for earlier ones
	scope      fleet.Path        // of whom what is chosen is remembered for
	turned     map[dateColumn]bool
}

// list reads the rows of a list from a file. Every visible sheet that has the
// columns the list needs is read; the others are named in a note.
func list[T any](ctx context.Context, f File, s setting, parse func(*checker) T, take each[T]) (*report, error) {
	return readList(ctx, f, s, rowTaker(parse, take))
}

// rowTaker parses the checker's row and hands its facts on. It is all that differs
// between the kinds of list, so that the rest is compiled once.
func rowTaker[T any](parse func(*checker) T, take each[T]) func(*checker) error {
	return func(c *checker) error {
		facts := parse(c)
		if c.failed != nil {
			return c.failed
		}
		return take(c, facts)
	}
}

func readList(ctx context.Context, f File, s setting, take func(*checker) error) (*report, error) {
	s.limits = s.limits.withDefaults()
	b, err := open(ctx, f, s.limits)
	if err != nil {
		return nil, err
	}
	defer b.close()
	w := newWalk(s, b.date1904, take)
	w.report.notes = b.notes
	if err := w.among(b.tabs); err != nil {
		return nil, err
	}
	for _, t := range b.tabs {
		if own, err := t.isOwn(ctx); err != nil {
			return nil, err
		} else if own {
			continue
		}
		if err := w.tab(ctx, t); err != nil {
			return nil, err
		}
	}
	return w.report, w.finish()
}

// walk goes through the sheets of one file.
type walk struct {
	limits Limits
	kind   Kind
	scope  fleet.Path
	*understanding
	report  *report
	checker *checker
	take    func(*checker) error // the checker's row

	skipped []skippedSheet
}

func newWalk(s setting, date1904 bool, take func(*checker) error) *walk {
	r, u := newReport(s.kind, s.limits.Problems), newUnderstanding(s.kind, s.reading, s.remembered)
	w := &walk{
		limits: s.limits, kind: s.kind, scope: s.scope, understanding: u,
		report: r, checker: newChecker(r, date1904, u.facts, s.reading.Decisions), take: take,
	}
	w.checker.turned = s.turned
	return w
}

// skippedSheet is a sheet in which no header was found: what its first rows
// hold, and the best guess at a header.
type skippedSheet struct {
	name   string
	first  []row
	merges mergedCells
	best   header
}

// tab reads a sheet to its end, even when it holds no list: a file with a damaged
// sheet is damaged.
func (w *walk) tab(ctx context.Context, t tab) error {
	if t.hidden {
		return w.hidden(ctx, t)
	}
	var first []row
	begun, isList := false, false
	for r, err := range t.rows(ctx) {
		switch {
		case err != nil:
			return err
		case begun && isList:
			err = w.row(r)
		case !begun:
			if first = append(first, r.clone()); w.isBeginning(t.name, first) {
				begun = true
				isList, err = w.begin(ctx, t, first)
			}
		}
		if err != nil {
			return err
		}
	}
	if !begun && len(first) > 0 {
		_, err := w.begin(ctx, t, first)
		return err
	}
	return nil
}

// hidden tells of a hidden sheet, if it holds anything.
func (w *walk) hidden(ctx context.Context, t tab) error {
	for _, err := range t.rows(ctx) {
		if err == nil {
			w.report.note("The hidden sheet %q was not read.", t.name)
		}
		return err
	}
	return nil
}

// begin finds the header among a sheet's first rows and takes the rows that
// follow it; false means that the sheet holds no such list.
func (w *walk) begin(ctx context.Context, t tab, first []row) (bool, error) {
	h, err := w.header(t.name, first, t.merges)
	switch {
	case err != nil:
		return false, err
	case h.skip:
		w.keep(t.name, &h)
		w.report.note("The sheet %q was not read, as %s.", t.name, w.whoSkipped(t.name, &h))
		w.report.chosenAway++
		return false, nil
	case len(h.missing) > 0:
		w.skipped = append(w.skipped, skippedSheet{t.name, first, t.merges, h})
		return false, nil
	}
	if h.origin == Found {
		if err := w.words.mistaken(t.name, &h, first); err != nil {
			return false, err
		}
	}
	w.report.sheets = append(w.report.sheets, t.name)
	survey := func(column int) (dateOrder, error) { return surveyDates(ctx, t, h.row, column) }
	if err := w.columns(t.name, &h, survey); err != nil {
		return false, err
	}
	w.keep(t.name, &h)
	for _, r := range first {
		if err := r.tooWide(); err != nil {
			return false, err
		}
		if r.number > h.row {
			if err := w.row(r); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// whoSkipped says who chose that a sheet is not read.
func (w *walk) whoSkipped(sheet string, h *header) string {
	if _, made := w.chosen(sheet); made {
		return "was chosen"
	}
	return h.layout.By + " chose for an earlier file like this one"
}

// keep remembers what was chosen for a sheet, for the next file of its layout.
func (w *walk) keep(name string, h *header) {
	choice, made := w.chosen(name)
	l := registry.Layout{
		Scope: w.scope, Kind: w.kind.String(), Names: h.names(), Skip: choice.Skip,
		Columns: columnsWith(h.layout.Columns, choice.Columns),
	}
	for _, d := range w.reading.Decisions {
		if parseCause(d.Cause, w.facts).code == codeAmbiguous && h.has(parseCause(d.Cause, w.facts).id) {
			l.Decisions = append(l.Decisions, d)
		}
	}
	decided := len(l.Decisions) > 0
	for _, d := range h.layout.Decisions {
		if !slices.ContainsFunc(l.Decisions, func(now registry.Decision) bool { return now.Cause == d.Cause }) {
			l.Decisions = append(l.Decisions, d)
		}
	}
	if l.Names != "" && (made || decided) {
		w.report.remember = append(w.report.remember, l)
	}
}

// layoutsKept are the layouts to remember: of sheets with the same names, of which
// some are read, not that the others are not.
func (w *walk) layoutsKept() []registry.Layout {
	read := map[string]bool{}
	for i := range w.report.heads {
		read[w.report.heads[i].names()] = true
	}
	return slices.DeleteFunc(w.report.remember, func(l registry.Layout) bool { return l.Skip && read[l.Names] })
}

// surveyDates looks through a column below the header for written dates that show
// whether the day or the month comes first. Where they contradict each other, or
// none shows it, the order is not known.
func surveyDates(ctx context.Context, t tab, header, column int) (dateOrder, error) {
	order := anyOrder
	for r, err := range t.rows(ctx) {
		if err != nil {
			return anyOrder, err
		}
		if r.number <= header {
			continue
		}
		switch shows := evidence(r.cell(column)); {
		case shows == anyOrder:
		case order == anyOrder:
			order = shows
		case order != shows:
			return anyOrder, nil
		}
	}
	return order, nil
}

// columns takes the header of the rows that follow, and tells which of its columns
// nothing is read from.
func (w *walk) columns(sheet string, h *header, survey func(column int) (dateOrder, error)) error {
	if err := h.unclear(sheet); err != nil {
		return err
	}
	w.report.left(sheet, h.unknown)
	var left []string
	for _, id := range w.words.table.left {
		if h.has(id) {
			left = append(left, h.texts[h.at[id]])
		}
	}
	if len(left) > 0 {
		w.report.note("%s: these columns are left alone, because what they hold changes through actions of its own: %s.", sheet, quoteAll(left, 30))
	}
	if h.origin == Remembered || h.layout.Names != "" {
		w.report.note("%s: its columns are read as %s chose for an earlier file like this one.", sheet, h.layout.By)
	}
	w.checker.sheet(sheet, h, survey)
	w.report.heads = append(w.report.heads, sheetHeader{sheet, *h})
	return nil
}

// rename goes on with the columns that a row in the middle of a sheet names.
func (w *walk) rename(r row, h header) error {
	if h.at == w.checker.head.at || w.checker.repeats(r) {
		w.report.ignored.headers++
		return nil
	}
	sheet := w.checker.at.Sheet
	w.report.note("%s: row %d names the columns anew; the rows below it were read by these names.", sheet, h.row)
	return w.columns(sheet, &h, w.checker.survey)
}

func (w *walk) row(r row) error {
	if err := r.tooWide(); err != nil {
		return err
	}
	if h, found := w.words.again(r, w.checker.head); found {
		return w.rename(r, h)
	}
	if !w.checker.begin(r) {
		return nil
	}
	if w.report.rows++; w.report.rows > w.limits.Rows {
		return fleet.Invalidf("file.too_large", "the file has more than %d rows: split it into several files", w.limits.Rows)
	}
	names := w.words.onlyNames(r, w.checker.head)
	var err error
	for again := true; again && err == nil; again = w.checker.readsAnew() {
		if names {
			w.checker.problem(0, "", errNames)
		}
		err = w.take(w.checker)
	}
	w.checker.end()
	return err
}

// finish reports what was passed over, and refuses a file without any list.
func (w *walk) finish() error {
	r := w.report
	r.remember = w.layoutsKept()
	if len(r.sheets) == 0 {
		return w.noHeader()
	}
	for _, s := range w.skipped {
		r.note("The sheet %q was not read: it has no column for %s.", s.name, needsOf(s.best.missing))
	}
	return nil
}

// noHeader says what was found instead of a header, and what one needs.
func (w *walk) noHeader() error {
	switch {
	case len(w.skipped) == 0 && w.report.chosenAway > 0:
		return fleet.Invalidf("reading.nothing", "every sheet was chosen not to be read: choose one").In("reading")
	case len(w.skipped) == 0:
		return fleet.Invalidf("file.empty", "the file has no filled rows")
	}
	best := w.skipped[0]
	for _, s := range w.skipped[1:] {
		if s.best.better(&best.best) {
			best = s
		}
	}
	if err := w.words.otherKind(best); err != nil {
		return err
	}
	var b strings.Builder
	if h := best.best; h.score > 0 {
		fmt.Fprintf(&b, "the row %s!%d seems to name the columns (%s), but no column holds %s.", quoteSheet(best.name), h.row, quoteAll(h.named(), 8), needsOf(h.missing))
	} else {
		fmt.Fprintf(&b, "no row that names the columns was found. The sheet %q begins with %s.", best.name, firstRows(best.first))
	}
	if best.best.counted != "" {
		fmt.Fprintf(&b, " The column %q counts the rows.", best.best.counted)
	}
	for _, n := range best.best.missing {
		fmt.Fprintf(&b, " Call the column for %s %s.", n.what, w.words.examples(n))
	}
	return fleet.Invalidf("header.not_found", "%s", b.String())
}

// unclear refuses a header with two columns that mean the same.
func (h *header) unclear(sheet string) error {
	if len(h.rivals) == 0 {
		return nil
	}
	r := h.rivals[len(h.rivals)-1]
	at, one, other := fmt.Sprintf("%s!%d", quoteSheet(sheet), h.row), h.texts[h.at[r.id]], h.texts[r.second]
	if key(one) == key(other) {
		return fleet.Invalidf("header.twice", "%s: two columns are called %q: keep one of them, or say which is meant", at, other)
	}
	return fleet.Invalidf("header.twice", "%s: the columns %q and %q could both be meant: keep one of them, or say which is meant", at, one, other)
}

// named are the texts of the columns that were recognised.
func (h *header) named() []string {
	var names []string
	for i, text := range h.texts {
		for _, at := range h.at {
			if at == i {
				names = append(names, text)
				break
			}
		}
	}
	return names
}

func firstRows(rows []row) string {
	var lines []string
	for _, r := range rows[:min(len(rows), 3)] {
		var cells []string
		for _, c := range r.cells {
			if c, _ = clean(c); c != "" {
				cells = append(cells, c)
			}
		}
		lines = append(lines, fmt.Sprintf("row %d: %s", r.number, quoteAll(cells, 6)))
	}
	return strings.Join(lines, "; ")
}

func needsOf(needs []need) string {
	var what []string
	for _, n := range needs {
		what = append(what, n.what)
	}
	return strings.Join(what, " and ")
}

// examples are names that a needed column may have.
func (v *vocabulary) examples(n need) string {
	var names []string
	for _, c := range v.table.columns {
		if c.id == n.any[0] {
			names = append(names, fmt.Sprintf("%q", c.header), fmt.Sprintf("%q", c.names[0]))
		}
	}
	return strings.Join(names, " or ")
}

package workbook

import (
	"fmt"
	"strings"

	"github.com/takhti-edu/takhti/internal/registry"
)

// report gathers what reading a file found beside its rows.
type report struct {
	limit      int // problems kept
	problems   []Problem
	beyond     int // problems not kept
	notes      []string
	sheets     []string                         // the names of the sheets that were read
	heads      []sheetHeader                    // of those sheets, in the order in which they were met
	rows       int                              // rows of the list, good and bad
	reasons    map[Position]*registry.RowReason // the first problem of each row
	swapped    int                              // pairs of coordinates that were put in order
	ignored    struct{ empty, headers, totals int }
	groups     *groups
	chosenAway int               // sheets that were chosen not to be read
	remember   []registry.Layout // what was chosen for the layouts of the sheets
}

func newReport(k Kind, limit int) *report { return &report{limit: limit, groups: newGroups(k)} }

// add takes a problem that nothing was decided about.
func (r *report) add(f foundProblem) {
	r.explain(f.Problem)
	f.Cause = r.groups.add(f.cause, f.Problem, f.offers).Cause
	if f.told {
		return
	}
	if len(r.problems) >= r.limit {
		r.beyond++
		return
	}
	r.problems = append(r.problems, f.Problem)
}

// settled counts a problem that was decided about.
func (r *report) settled(c cause, p Problem, offers []string, d registry.Decision) {
	r.groups.add(c, p, offers).Decision = d
}

// explain notes why a row is left out, unless that was said already. Problems that
// are alike are told once, but each row has its reason.
func (r *report) explain(p Problem) {
	at := Position{p.Sheet, p.Row}
	if r.reasons == nil {
		r.reasons = map[Position]*registry.RowReason{}
	}
	if r.reasons[at] == nil {
		r.reasons[at] = &registry.RowReason{Column: p.Column, Code: p.Code, Message: p.Message}
	}
}

func (r *report) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// account says which rows were passed over, so that every row of the file is
// accounted for.
func (r *report) account() {
	for _, i := range []struct {
		n         int
		one, many string
	}{
		{r.ignored.totals, "1 row with totals was", "%d rows with totals were"},
		{r.ignored.headers, "1 row that repeats the header was", "%d rows that repeat the header were"},
		{r.ignored.empty, "1 row without anything in the columns that are imported was", "%d rows without anything in the columns that are imported were"},
	} {
		switch {
		case i.n == 1:
			r.note("%s left aside.", i.one)
		case i.n > 1:
			r.note(i.many+" left aside.", i.n)
		}
	}
	if r.swapped > 0 {
		r.note("%s of coordinates stood the wrong way round and %s put right.", plural(r.swapped, "pair", "pairs"), wasWere(r.swapped))
	}
	if r.beyond > 0 {
		r.note("%d more problems are not listed.", r.beyond)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// quoteAll lists texts for a sentence.
func quoteAll(texts []string, most int) string {
	var b strings.Builder
	for i, t := range texts {
		switch {
		case i == most:
			fmt.Fprintf(&b, " and %d more", len(texts)-most)
			return b.String()
		case i > 0:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", short(t, 40))
	}
	return b.String()
}

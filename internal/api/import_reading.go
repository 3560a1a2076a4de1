package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) readings() {
	add(a, operation{
		Route: Route{http.MethodGet, "/imports/{id}/outline", fleet.RunImports},
		id:    "get-import-outline", summary: "How an import's workbook is understood: its sheets, its header, what each column holds and how sure that is",
		sdk: `o, err := c.ImportOutline(ctx, "I-17")`,
	}, a.getOutline)
	add(a, operation{
		Route: Route{http.MethodPost, "/imports/{id}/reading", fleet.RunImports},
		id:    "read-import", summary: "Say how an import's workbook is to be read, and what to do about its problems",
		about: "This replaces all that was said before. The answer is the plan made anew. What is said of columns, and of the order of dates, is remembered for files with the same columns once the import is carried out.",
		sdk:   `i, err := c.ReadImport(ctx, "I-17", takhti.Reading{Decisions: []takhti.Decision{{Cause: i.Groups[0].Cause, Do: "leave_out"}}})`,
	}, a.readImport)
}

func (a *api) getOutline(ctx context.Context, in *importIn) (*answer[takhti.Outline], error) {
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	o, err := a.Desk.Outline(ctx, a.session(ctx), id)
	if err != nil {
		return nil, err
	}
	return &answer[takhti.Outline]{OutlineOf(o)}, nil
}

// OutlineOf is an outline as clients are told it.
func OutlineOf(o *workbook.Outline) takhti.Outline {
	w := takhti.Outline{Sheets: []takhti.SheetOutline{}, Facts: []takhti.Fact{}}
	for _, f := range workbook.Facts(o.Kind) {
		w.Facts = append(w.Facts, takhti.Fact(f))
	}
	for _, s := range o.Sheets {
		sheet := takhti.SheetOutline{
			Name: s.Name, Hidden: s.Hidden, Read: s.Read, Header: s.Header, Origin: string(s.Origin),
			Missing: s.Missing, Unclear: s.Unclear, Columns: []takhti.ColumnOutline{},
		}
		for _, c := range s.Columns {
			sheet.Columns = append(sheet.Columns, takhti.ColumnOutline{
				Column: c.Column, Header: c.Header, Means: c.Means, Sure: string(c.Sure), Guess: c.Guess, Samples: c.Samples,
			})
		}
		w.Sheets = append(w.Sheets, sheet)
	}
	return w
}

type readImportIn struct {
	Keyed
	ID   string `path:"id" maxLength:"30" example:"I-17"`
	Body takhti.Reading
}

func (a *api) readImport(ctx context.Context, in *readImportIn) (*written[takhti.Import], error) {
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	s := a.session(ctx)
	receipt, err := a.Desk.Read(ctx, s, registry.Request{ID: in.Key}, registry.ReadImport{ID: id, Reading: ReadingOf(in.Body)})
	if err != nil {
		return nil, err
	}
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	plan, err := a.plan(ctx, s, id)
	if err != nil {
		return nil, err
	}
	return &written[takhti.Import]{replayed(receipt.Repeated), importOf(&i, plan)}, nil
}

// ReadingOf is a client's reading as the register keeps it.
func ReadingOf(w takhti.Reading) (r registry.Reading) {
	for _, s := range w.Sheets {
		sheet := registry.SheetReading{Name: s.Name, Skip: s.Skip, Header: s.Header}
		for _, c := range s.Columns {
			sheet.Columns = append(sheet.Columns, registry.ColumnReading(c))
		}
		r.Sheets = append(r.Sheets, sheet)
	}
	for _, d := range w.Decisions {
		r.Decisions = append(r.Decisions, registry.Decision(d))
	}
	return r
}

// readingFrom is the same the other way round; nil when nothing was said.
func readingFrom(r registry.Reading) *takhti.Reading {
	w := takhti.Reading{}
	for _, s := range r.Sheets {
		sheet := takhti.SheetReading{Name: s.Name, Skip: s.Skip, Header: s.Header}
		for _, c := range s.Columns {
			sheet.Columns = append(sheet.Columns, takhti.ColumnReading(c))
		}
		w.Sheets = append(w.Sheets, sheet)
	}
	for _, d := range r.Decisions {
		w.Decisions = append(w.Decisions, takhti.Decision(d))
	}
	if len(w.Sheets)+len(w.Decisions) == 0 {
		return nil
	}
	return &w
}

// shownGroups is how many causes an import's summary has, those of the most rows.
const shownGroups = 100

// GroupsOf are the largest groups of a plan as clients are told them.
func GroupsOf(all []workbook.Group) []takhti.Group {
	list := []takhti.Group{}
	for _, g := range all[:min(shownGroups, len(all))] {
		w := takhti.Group{
			Cause: g.Cause, Code: g.Code, Fact: g.Fact, Value: g.Value, Message: g.First.Message, Cell: g.First.Cell(),
			Rows: g.Problems, Choices: g.Choices, Offers: g.Offers, Suggestion: g.First.Suggestion,
		}
		if g.Decision.Do != "" {
			w.Decision = new(takhti.Decision(g.Decision))
		}
		list = append(list, w)
	}
	return list
}

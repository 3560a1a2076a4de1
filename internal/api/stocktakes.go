package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// stockTakes has one operation for all counts and for a single one.
func (a *api) stockTakes() {
	add(a, operation{
		Route: Route{http.MethodGet, "/places/{code}/stock-takes", fleet.Read},
		id:    "list-stock-takes", summary: "What was counted at a place and below it, or on one day",
		about: "In the order of the tree, of each place the newest first. With date it is the place's own count of that day, with each device that differs. Counts come in as lists: POST /imports with kind stocktake.",
		sdk:   `for s, err := range c.StockTakes(ctx, "PK601") { … }`,
	}, a.listStockTakes)
}

type stockTakesIn struct {
	Listed
	Code string      `path:"code" maxLength:"60" doc:"Its code, or a school's EMIS code" example:"PK601"`
	Date takhti.Date `query:"date" doc:"Only the place's own count of this day, with its lines"`
}

func (a *api) listStockTakes(ctx context.Context, in *stockTakesIn) (*answer[takhti.Page[takhti.StockTake]], error) {
	s := a.session(ctx)
	if in.Date != "" {
		return oneStockTake(ctx, s, in)
	}
	place, err := s.Place(ctx, fleet.PlaceCode(in.Code))
	if err != nil {
		return nil, err
	}
	f := filter{"stock-takes", place.Path}
	after, err := stockTakeAfter(f, in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := s.StockTakesUnder(ctx, place.Path, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.StockTake]{Items: make([]takhti.StockTake, 0, len(found))}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		last := found[in.Limit-1]
		page.Next = f.cursor([]byte(last.Date.String() + string(last.Place)))
	}
	paths := make([]fleet.Path, 0, len(found))
	for i := range found {
		paths = append(paths, found[i].Place)
	}
	at, err := s.PlacesAt(ctx, paths...)
	for i := range found {
		page.Items = append(page.Items, stockTakeOf(&found[i], at[found[i].Place].Code))
	}
	return &answer[takhti.Page[takhti.StockTake]]{page}, err
}

// stockTakeAfter is the count that a cursor stands behind; nil for none.
func stockTakeAfter(f filter, cursor string) (*fleet.StockTake, error) {
	position, err := f.position(cursor)
	if err != nil || len(position) == 0 {
		return nil, err
	}
	const day = len("2026-06-30")
	if len(position) < day {
		return nil, errCursor
	}
	date, err := fleet.ParseDate(string(position[:day]))
	if err != nil {
		return nil, errCursor
	}
	return &fleet.StockTake{Place: fleet.Path(position[day:]), Date: date}, nil
}

func oneStockTake(ctx context.Context, s registry.Session, in *stockTakesIn) (*answer[takhti.Page[takhti.StockTake]], error) {
	day, err := dateOr(in.Date, 0)
	if err != nil {
		return nil, err
	}
	n, err := workbook.ReadStockTake(ctx, s, fleet.PlaceCode(in.Code), day)
	if err != nil {
		return nil, err
	}
	w := stockTakeOf(&n.StockTake, n.At.Code)
	for _, l := range n.Lines {
		line := takhti.StockLine{Serial: string(l.Serial), What: l.What.String(), Place: string(l.Place.Code)}
		if l.Status != 0 {
			line.Status = takhti.Status(l.Status.String())
		}
		w.Lines = append(w.Lines, line)
	}
	return &answer[takhti.Page[takhti.StockTake]]{takhti.Page[takhti.StockTake]{Items: []takhti.StockTake{w}}}, nil
}

func stockTakeOf(s *fleet.StockTake, at fleet.PlaceCode) takhti.StockTake {
	return takhti.StockTake{
		Place: string(at), Date: dateOf(s.Date), By: s.By, Time: moment(s.Time),
		Found: len(s.Found), Missing: len(s.Missing), Unexpected: len(s.Unexpected), Misplaced: len(s.Misplaced),
	}
}

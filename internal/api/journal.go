package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) journal() {
	add(a, operation{
		Route: Route{http.MethodGet, "/journal", fleet.ReadJournal},
		id:    "list-journal", summary: "Who did what, where and when: the journal, the newest entries first",
		about: "Only the entries of places where your role reads the journal. A page may be shorter than its limit, even empty, and yet not the last: go on for as long as there is a next.",
		sdk:   `for e, err := range c.Journal(ctx, takhti.JournalQuery{Who: "asma", From: "2026-06-01"}) { … }`,
	}, a.listJournal)
}

type listJournalIn struct {
	Listed
	Who    string      `query:"who" maxLength:"200" doc:"The name of an account, or one that a stranger tried" example:"asma.khan"`
	What   string      `query:"what" maxLength:"200" doc:"A serial, a fault's reference, a place's code or a shipment's number" example:"F-00169"`
	Change string      `query:"change" maxLength:"100" doc:"A change or an act" example:"assign_device"`
	Place  string      `query:"place" doc:"At the place with this code and below it" example:"PK601"`
	From   takhti.Date `query:"from" doc:"The first day"`
	Until  takhti.Date `query:"until" doc:"The last day"`
}

func (a *api) listJournal(ctx context.Context, in *listJournalIn) (*answer[takhti.Page[takhti.JournalEntry]], error) {
	s := a.session(ctx)
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	f := filter{"journal", q.Who, q.What, q.Change, q.Place, q.From, q.Until}
	if q.Before, err = f.number(in.Cursor); err != nil {
		return nil, err
	}
	found, next, err := s.JournalPage(ctx, q)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.JournalEntry]{Next: f.numberCursor(next)}
	page.Items, err = describeEntries(ctx, s, found)
	return &answer[takhti.Page[takhti.JournalEntry]]{page}, err
}

func (in *listJournalIn) query(ctx context.Context, s registry.Session) (q registry.JournalQuery, err error) {
	q = registry.JournalQuery{Who: in.Who, What: in.What, Change: in.Change, Limit: in.Limit}
	if in.Place != "" {
		at, err := s.Place(ctx, fleet.PlaceCode(in.Place))
		if err != nil {
			return q, err
		}
		q.Place = at.Path
	}
	from, err := dateOr(in.From, 0)
	if err != nil {
		return q, err
	}
	until, err := dateOr(in.Until, 0)
	if err != nil {
		return q, err
	}
	q.During(from, until)
	return q, nil
}

// describeEntries describes entries with the codes of their places.
func describeEntries(ctx context.Context, s registry.Session, found []registry.Entry) ([]takhti.JournalEntry, error) {
	at, err := s.PlacesOf(ctx, found)
	if err != nil {
		return nil, err
	}
	list := make([]takhti.JournalEntry, 0, len(found))
	for i := range found {
		e := &found[i]
		list = append(list, takhti.JournalEntry{
			Seq: e.Seq, Time: e.Time, Change: e.Change, Account: uint64(e.User), By: e.Actor, Via: e.Via, Address: e.Address,
			Place: string(at[e.Place].Code), Record: e.Record(), RecordNumber: e.ID, About: e.Subject, Remark: e.Note,
			More: e.Count, Request: e.Request, ErasedBy: e.Erased,
		})
	}
	return list, nil
}

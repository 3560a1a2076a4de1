package api

import (
	"context"

	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

type rowsIn struct {
	Listed
	ID      string            `path:"id" maxLength:"30" example:"I-17"`
	Outcome takhti.RowOutcome `query:"outcome" doc:"Only rows of which this came"`
}

func (a *api) listRows(ctx context.Context, in *rowsIn) (*answer[takhti.Page[takhti.ImportRow]], error) {
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	f := filter{"rows", id, in.Outcome}
	after, err := f.number(in.Cursor)
	if err != nil {
		return nil, err
	}
	q := registry.RowQuery{After: int(after), Limit: in.Limit}
	if in.Outcome != "" {
		if q.Only, err = registry.ParseRowOutcome(string(in.Outcome)); err != nil {
			return nil, err
		}
	}
	found, next, err := a.session(ctx).ImportRows(ctx, id, q)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.ImportRow]{Items: make([]takhti.ImportRow, 0, len(found)), Next: f.numberCursor(uint64(next))}
	for _, r := range found {
		page.Items = append(page.Items, rowOf(r))
	}
	return &answer[takhti.Page[takhti.ImportRow]]{page}, nil
}

func rowOf(r registry.ImportRow) takhti.ImportRow {
	w := takhti.ImportRow{Sheet: r.Sheet, Row: r.Row, Outcome: takhti.RowOutcome(r.Outcome.String()), Subject: r.Subject}
	if r.Reason != nil {
		w.Column, w.Code, w.Message = r.Reason.Column, r.Reason.Code, r.Reason.Message
	}
	return w
}

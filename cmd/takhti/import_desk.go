package main

import (
	"context"
	"io"

	"github.com/takhti-edu/takhti/internal/api"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// deskImporter imports into the register of the data folder. A file that is
// refused, or only tried, leaves no trace.
type deskImporter struct {
	session registry.Session
	desk    *workbook.Desk
	planned *workbook.Plan
}

func newDeskImporter(reg *registry.Register, folder string) *deskImporter {
	return &deskImporter{session: reg.As(registry.Operator()), desk: workbook.NewDesk(folder, workbook.Limits{})}
}

func (d *deskImporter) plan(ctx context.Context, j *importJob, p *progress) (err error) {
	kind, err := workbook.ParseKind(string(j.Kind))
	if err != nil {
		return err
	}
	if err := workbook.CheckReading(kind, readingOf(j.Reading)); err != nil {
		return err
	}
	file := workbook.File{Name: j.FileName, Data: j.source, Size: j.size}
	d.planned, err = workbook.NewPlan(ctx, d.session, file, workbook.Options{
		Kind: kind, SkipBad: j.SkipBad, Shipment: j.Shipment, Supplier: j.Supplier, To: fleet.PlaceCode(j.To), Date: j.day, Reading: readingOf(j.Reading),
		Progress: func(rows int) { p.set("reading "+j.FileName, int64(rows), 0) },
	})
	if err != nil {
		return err
	}
	j.result = importResult{
		Rows: d.planned.Rows, New: d.planned.New, Changed: d.planned.Changed,
		Unchanged: d.planned.Unchanged, LeftOut: d.planned.LeftOut, Problems: append([]workbook.Problem{}, d.planned.Problems...),
		Groups: api.GroupsOf(d.planned.Groups),
	}
	j.problemCount, j.notes = len(d.planned.Problems), d.planned.Notes
	return nil
}

func (d *deskImporter) carryOut(ctx context.Context, j *importJob, p *progress) error {
	kept, err := d.desk.Import(ctx, d.session, workbook.Incoming{
		Name: j.FileName, Kind: d.planned.Kind, Shipment: j.Shipment, Supplier: j.Supplier, To: fleet.PlaceCode(j.To), Date: j.day, SkipBad: j.SkipBad,
		Reading: readingOf(j.Reading),
	}, io.NewSectionReader(j.source, 0, j.size), d.planned, func(now workbook.Progress) {
		p.set("importing "+j.FileName, int64(now.Done), int64(now.Known))
	})
	if err == nil {
		r := &j.result
		r.ID = registry.ImportRef(kept.ID)
		r.Rows, r.New, r.Changed, r.Unchanged, r.LeftOut = int(kept.Rows), int(kept.New), int(kept.Changed), int(kept.Unchanged), int(kept.LeftOut)
	}
	return err
}

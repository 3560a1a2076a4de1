package demo

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// mostRows is how many rows a workbook has; what has more comes in several.
const mostRows = 50_000

// incoming is a workbook that somebody sends in.
type incoming struct {
	name  string // without its ending
	sheet workbook.Sheet
	workbook.Incoming
}

// placeWorkbooks imports the stores and workshops, then the schools, province by
// province, as each one's department lists them.
func (f *filler) placeWorkbooks(ctx context.Context) error {
	if err := f.bringIn(ctx, depotSheet(f.world)); err != nil {
		return err
	}
	for _, p := range f.world.country.Provinces {
		if err := f.bringIn(ctx, schoolSheet(f.world, p)); err != nil {
			return err
		}
	}
	return nil
}

// announce brings in a shipment's packing list. The list does not tell when the
// shipment leaves, so that is entered afterwards.
func (f *filler) announce(ctx context.Context, shipment int) error {
	ship := &f.world.shipments[shipment]
	f.progress("packing list "+ship.Number, 0, 0)
	if !f.workbooks {
		return f.announceChanges(ctx, shipment)
	}
	if err := f.bringIn(ctx, packingSheet(f.world, shipment)); err != nil {
		return err
	}
	now, err := f.operator.Shipment(ctx, ship.Number)
	if err != nil {
		return err
	}
	_, err = f.operator.Apply(ctx, registry.Request{}, registry.AnnounceShipment{
		Number: ship.Number, Supplier: ship.Supplier, Destination: ship.To, Dispatched: ship.Dispatched,
		File: now.File, FileName: now.FileName,
	})
	return err
}

// bringIn writes the workbooks, leaves them in the folder and imports them.
func (f *filler) bringIn(ctx context.Context, in incoming) error {
	for part, rows := range parts(in.sheet.Rows) {
		name := in.name + ".xlsx"
		if part > 1 {
			name = fmt.Sprintf("%s-part-%d.xlsx", in.name, part)
		}
		sheet := in.sheet
		sheet.Rows = rows
		i, err := f.take(ctx, f.operator, name, sheet, in.Incoming)
		if err != nil {
			return err
		}
		if err := f.importAll(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f.summary.Workbooks = append(f.summary.Workbooks, name)
	}
	return nil
}

// take writes a workbook, leaves it in the folder and hands it in.
func (f *filler) take(ctx context.Context, s registry.Session, name string, sheet workbook.Sheet, as workbook.Incoming) (registry.Import, error) {
	var file bytes.Buffer
	if err := workbook.WriteSheet(&file, sheet); err != nil {
		return registry.Import{}, fmt.Errorf("%s: %w", name, err)
	}
	if err := os.MkdirAll(f.Folder, 0o700); err != nil {
		return registry.Import{}, err
	}
	if err := os.WriteFile(filepath.Join(f.Folder, name), file.Bytes(), 0o600); err != nil {
		return registry.Import{}, err
	}
	as.Name = name
	return f.Desk.Take(ctx, s, as, &file)
}

// importAll does what whoever sent the workbook would: look at the plan, then
// say yes to it.
func (f *filler) importAll(ctx context.Context, i registry.Import) error {
	plan, _, err := f.Desk.Plan(ctx, f.operator, i.ID, nil)
	if err != nil {
		return err
	}
	if len(plan.Problems) > 0 {
		return fleet.Invalidf("demo.workbook", "%s", plan.Problems[0])
	}
	_, _, err = f.Desk.Commit(ctx, f.operator, i.ID, plan.Digest, false)
	return err
}

// parts cuts rows into workbooks, numbered from one; there are none without rows.
func parts(rows iter.Seq[[]any]) iter.Seq2[int, iter.Seq[[]any]] {
	return func(yield func(int, iter.Seq[[]any]) bool) {
		next, stop := iter.Pull(rows)
		defer stop()
		row, more := next()
		for part := 1; more; part++ {
			some := func(yield func([]any) bool) {
				for n := 0; more && n < mostRows; n++ {
					if !yield(row) {
						return
					}
					row, more = next()
				}
			}
			if !yield(part, some) {
				return
			}
		}
	}
}

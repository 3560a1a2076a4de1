package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// mistakes hands in, for the officer of Lahore, a packing list with the usual
// mistakes. It waits to be put right, and nothing of it is imported.
func (f *filler) mistakes(ctx context.Context) error {
	if !f.workbooks {
		return nil
	}
	f.Clock.turn(f.world.opts.Now)
	in := f.world.faultySheet(f.cast.schoolAt)
	if _, err := f.take(ctx, f.cast.officer.session, in.name+".xlsx", in.sheet, in.Incoming); err != nil {
		return err
	}
	f.summary.Workbooks = append(f.summary.Workbooks, in.name+".xlsx")
	return nil
}

// faultySheet lists nine devices, of which three are as they should be.
func (w *World) faultySheet(school int) incoming {
	ship := &w.shipments[0]
	number := fmt.Sprintf("SHP-%d-%02d", w.opts.Now.Year(), len(w.shipments)+1)
	return incoming{
		name:     "packing-list-with-mistakes",
		Incoming: workbook.Incoming{Kind: workbook.Devices, Shipment: number, Supplier: ship.Supplier, To: lahore},
		sheet: workbook.Sheet{
			Name: "Packing list", Header: margallaColumns,
			Title: []string{"Packing list of shipment " + number, "Made up for a demonstration: find the mistakes", ""},
			Rows:  slices.Values(w.faultyRows(&w.schools[school])),
		},
	}
}

func (w *World) faultyRows(school *atlas.Place) [][]any {
	rows := make([][]any, 9)
	for i := range rows {
		n := w.DeviceCount() + i // of no device
		rows[i] = []any{
			string(w.serial(0, n)), fmt.Sprintf("CB-%07d", n+1), mac(n), modelTable[0].Name, "C000001", "SQ11-C", "Line 1", "PO-311",
			58_500 * rupee, "Punjab ADP", fleet.DateOf(w.opts.Now) + 730, school.EMIS, school.Name, w.country.District(school.Parent).Name,
		}
	}
	rows[1][0] = "1.23457E+11" // Excel took the serial for a number
	rows[3][0] = rows[0][0]    // the same device twice
	rows[4][11] = school.EMIS[:len(school.EMIS)-1]
	rows[5][13] = "Lahorre"
	rows[6][10] = "31/02/2028"
	rows[7][8] = "sixty thousand"
	return rows
}

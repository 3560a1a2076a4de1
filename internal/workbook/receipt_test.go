package workbook

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// anyLine is a line of a packing list: good or bad, and whether it counts as a row.
func anyLine(n int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		serial := rapid.SampledFrom([]string{
			fmt.Sprintf("TK-%05d", n), fmt.Sprintf("TK-%05d", n), "TK-00001", "OLD-0001", "OLD-0002", "1.23E+11", "", "Carton two",
		}).Draw(t, "serial")
		cell := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
		return strings.Join([]string{
			serial, cell("lot", "", "L1", "L2"), cell("school", "", "35200001", "35200009"), cell("price", "", "45000", "cheap"),
			cell("shipment", "", "S-1", "S-2", "S-OLD"),
		}, ",")
	})
}

// Whatever a file holds, each of its rows is new, changed, unchanged or left out;
// what is said of each row adds up to what is said of the file, and is true.
func TestNoRowIsLost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		w.imported(lines("old.csv", "Serial,Lot", "OLD-0001,L1", "OLD-0002,L2"), Options{Kind: Devices, Shipment: "S-OLD", To: "PK601"})
		list := []string{"Serial,Lot,School EMIS,Price,Shipment"}
		rows := 0
		for n := range rapid.IntRange(1, 25).Draw(r, "lines") {
			line := anyLine(n).Draw(r, "line")
			if strings.Trim(line, ",") != "" {
				rows++
			}
			list = append(list, line)
		}
		d := NewDesk(t.TempDir(), Limits{Part: rapid.IntRange(1, 12).Draw(r, "part")})
		in := Incoming{Name: "list.csv", Kind: Devices, To: "PK601", SkipBad: true}
		if rapid.Bool().Draw(r, "shipment named") {
			in.Shipment = "S-1"
		}
		i, err := d.Take(t.Context(), w.boss, in, strings.NewReader(strings.Join(list, "\n")))
		if err != nil {
			r.Fatal(err)
		}
		p, _, err := d.Plan(t.Context(), w.boss, i.ID, nil)
		if err != nil {
			r.Fatal(err)
		}
		was := w.known(p)
		done, _, err := d.Commit(t.Context(), w.boss, i.ID, p.Digest, true)
		if err != nil {
			r.Fatal(err)
		}
		if p.Rows != rows || int(done.Rows) != rows || int(done.New) != p.New || int(done.Changed) != p.Changed || int(done.Unchanged) != p.Unchanged || int(done.LeftOut) != p.LeftOut {
			r.Fatalf("%d rows; planned %d: %d %d %d %d; done %+v", rows, p.Rows, p.New, p.Changed, p.Unchanged, p.LeftOut, done)
		}
		w.checkReceipts(r, done, was)
	})
}

// known are the devices of the plan's rows that the register has.
func (w *world) known(p *Plan) map[string]fleet.Device {
	was := map[string]fleet.Device{}
	for _, row := range p.rows {
		if d, err := w.boss.Device(w.t.Context(), fleet.Serial(row.Subject)); err == nil {
			was[row.Subject] = d
		}
	}
	return was
}

func (w *world) checkReceipts(r *rapid.T, i registry.Import, was map[string]fleet.Device) {
	rows, next, err := w.boss.ImportRows(w.t.Context(), i.ID, registry.RowQuery{Limit: 1000})
	if err != nil || next != 0 {
		r.Fatal(err, next)
	}
	tally := map[registry.RowOutcome]uint32{}
	last := 0
	for _, row := range rows {
		tally[row.Outcome]++
		if row.Row <= last {
			r.Fatalf("row %d after row %d", row.Row, last)
		}
		last = row.Row
		old, before := was[row.Subject]
		now, err := w.boss.Device(w.t.Context(), fleet.Serial(row.Subject))
		switch {
		case row.Outcome == registry.RowLeftOut && (row.Reason == nil || row.Reason.Code == "" || row.Reason.Message == ""):
			r.Fatalf("row %d is left out, and nothing says why", row.Row)
		case row.Outcome == registry.RowLeftOut:
		case err != nil, before == (row.Outcome == registry.RowNew), before && (now.Version == old.Version) == (row.Outcome == registry.RowChanged):
			r.Fatalf("row %d, of %s, is said to be %s: it was %+v, and is %+v, %v", row.Row, row.Subject, row.Outcome, old, now, err)
		}
	}
	if i.Rows != uint32(len(rows)) || i.New != tally[registry.RowNew] || i.Changed != tally[registry.RowChanged] ||
		i.Unchanged != tally[registry.RowUnchanged] || i.LeftOut != tally[registry.RowLeftOut] {
		r.Fatalf("%+v, and its rows are %v", i, tally)
	}
}

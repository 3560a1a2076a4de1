package workbook

import (
	"context"
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
		w.noneIdle(r)
	})
}

// noneIdle checks that no shipment came to be of which there is no device.
func (w *world) noneIdle(r *rapid.T) {
	all, err := w.boss.Shipments(context.Background())
	if err != nil {
		r.Fatal(err)
	}
	for _, s := range all {
		if s.Lines == 0 {
			r.Fatalf("shipment %s was announced, and has no device", s.Number)
		}
	}
}

// The rows of a list of any kind add up, whatever they hold and whatever was decided
// about their problems, and rows that are left out leave no trace.
func TestNoRowOfAnyKindIsLost(t *testing.T) {
	serials := []string{"NB0001", "NB0002", "NB0002", "NBO001", "LP1001", "LP1002", "LPI003", "XX9999", "1.2E+11", ""}
	schools := []string{"", "35200001", "35200002", "35200009", "GGHS Chak 77"}
	lists := map[Kind][]struct {
		name  string
		cells []string
	}{
		Places:     {{"EMIS Code", []string{"35200001", "35200008", "35200009", "", "1.2E+11"}}, {"Place Name", []string{"GGHS Chak 77", "GPS Ravi", ""}}, {"District", []string{"Lahore", "Lahor", ""}}, {"Tehsil", []string{"", "Ravi", "Shalimar"}}, {"Level", []string{"", "High", "Hihg"}}},
		Updates:    {{"Serial", serials}, {"Asset Tag", []string{"", "T-1", "T-2"}}, {"Price", []string{"", "5", "much"}}},
		Handouts:   {{"Serial", serials}, {"Class", []string{"", "5-A", "5-B"}}, {"Roll No", []string{"", "7", "Ali"}}, {"School EMIS", schools}},
		Delivery:   {{"Serial", serials}, {"Condition", []string{"", "ok", "damaged", "missing", "odd"}}},
		StockTakes: {{"Serial", serials}, {"School EMIS", schools}, {"Counted On", []string{"", "30/05/2026", "30/05/2036", "x"}}},
		Targets:    {{"District", []string{"Lahore", "Lahor", ""}}, {"EMIS Code", schools}, {"Devices", []string{"", "0", "5", "x"}}, {"By", []string{"30/06/2026", "", "June 2026"}}},
		Models:     {{"Model", []string{"Taleem 11", "Taleem 12", ""}}, {"Manufacturer", []string{"", "Haier", "Dell"}}, {"AUE", []string{"", "2031-06", "x"}}},
	}
	for kind, columns := range lists {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				w := awaiting(t)
				d := NewDesk(t.TempDir(), Limits{Part: 100})
				var list strings.Builder
				rows := 0
				for n := range rapid.IntRange(1, 15).Draw(r, "rows") + 1 {
					var cells []string
					for _, c := range columns {
						if n == 0 {
							cells = append(cells, c.name)
						} else {
							cells = append(cells, rapid.SampledFrom(c.cells).Draw(r, c.name))
						}
					}
					line := strings.Join(cells, ",")
					if n > 0 && strings.Trim(line, ",") != "" {
						rows++
					}
					fmt.Fprintln(&list, line)
				}
				in := Incoming{Name: "list.csv", Kind: kind, SkipBad: true}
				if kind == Delivery {
					in.Shipment = "LHR-2"
				}
				i, err := d.Take(context.Background(), w.boss, in, strings.NewReader(list.String()))
				if err != nil {
					r.Fatal(err)
				}
				p, _, err := d.Plan(context.Background(), w.boss, i.ID, nil)
				if err != nil {
					r.Fatal(err)
				}
				for _, g := range p.Groups {
					if n := rapid.IntRange(0, len(g.Choices)).Draw(r, "decision"); n > 0 {
						made := registry.Decision{Cause: g.Cause, Do: g.Choices[n-1]}
						if made.Do == Use {
							made.Value = rapid.SampledFrom(append(g.Offers, "odd")).Draw(r, "use")
						}
						in.Reading.Decisions = append(in.Reading.Decisions, made)
					}
				}
				if _, err := d.Read(context.Background(), w.boss, registry.Request{}, registry.ReadImport{ID: i.ID, Reading: in.Reading}); err != nil {
					r.Fatal(err)
				}
				if p, _, err = d.Plan(context.Background(), w.boss, i.ID, nil); err != nil {
					r.Fatal(err)
				}
				if p.Rows != rows || p.New+p.Changed+p.Unchanged+p.LeftOut != rows {
					r.Fatalf("of %d rows there are %d: %d new, %d changed, %d unchanged, %d left out\n%s", rows, p.Rows, p.New, p.Changed, p.Unchanged, p.LeftOut, list.String())
				}
				if i, _, err = d.Commit(context.Background(), w.boss, i.ID, p.Digest, true); err != nil {
					r.Fatalf("%v\n%s", err, list.String())
				}
				if i.New != uint32(p.New) || i.Changed != uint32(p.Changed) || i.Unchanged != uint32(p.Unchanged) || i.LeftOut != uint32(p.LeftOut) || int(i.Rows) != rows {
					r.Fatalf("planned %d %d %d %d, done %+v", p.New, p.Changed, p.Unchanged, p.LeftOut, i)
				}
				again, _, err := d.Plan(context.Background(), w.boss, i.ID, nil)
				if err != nil || p.LeftOut == 0 && again.New+again.Changed != 0 {
					r.Fatalf("again %d new, %d changed, %v\n%s", again.New, again.Changed, err, list.String())
				}
				undo, err := d.UndoPlan(context.Background(), w.boss, i.ID)
				if err == nil {
					_, err = d.Undo(context.Background(), w.boss, i.ID, undo.Digest)
				}
				if err != nil || len(undo.Kept) > 0 {
					r.Fatalf("undone: %+v, %v\n%s", undo.Kept, err, list.String())
				}
				w.sound(r)
			})
		})
	}
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

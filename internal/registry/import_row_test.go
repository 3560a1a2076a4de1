package registry_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// started is a new import of the world's operator.
func (w *world) started() uint64 {
	w.t.Helper()
	receipt := w.do(w.boss, registry.StartImport{Import: registry.Import{Kind: "devices", FileName: "list.xlsx", SHA256: strings.Repeat("ab", 32)}})
	var id uint64
	if _, err := fmt.Sscanf(receipt.Refs[0], "I-%d", &id); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func anyRow() *rapid.Generator[registry.ImportRow] {
	return rapid.Custom(func(t *rapid.T) registry.ImportRow {
		row := registry.ImportRow{
			Sheet: rapid.SampledFrom([]string{"", "Sheet1", "فہرست"}).Draw(t, "sheet"), Row: rapid.IntRange(0, 1<<20).Draw(t, "row"),
			Outcome: rapid.SampledFrom(registry.RowOutcomes()).Draw(t, "outcome"), Subject: rapid.StringMatching(`(TK26000)?[A-Z0-9]{0,12}`).Draw(t, "subject"),
		}
		if row.Outcome == registry.RowLeftOut {
			row.Reason = &registry.RowReason{Column: rapid.StringMatching(`[A-Z]{0,2}`).Draw(t, "column"), Code: "serial.twice", Message: rapid.String().Draw(t, "message")}
		}
		return row
	})
}

// What came of each row is read as it was recorded, page by page, and the import's
// numbers are those of its rows.
func TestRowsAreKeptAsTheyCame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		id := w.started()
		rows := rapid.SliceOfN(anyRow(), 0, 60).Draw(r, "rows")
		cut := rapid.IntRange(0, len(rows)).Draw(r, "cut")
		w.do(w.boss, registry.ImportPart{ID: id, Part: 1, Rows: rows[:cut]})
		w.do(w.boss, registry.ImportPart{ID: id, Part: 2, Rows: rows[cut:], Last: true})
		tally := map[registry.RowOutcome]uint32{}
		for _, row := range rows {
			tally[row.Outcome]++
		}
		i, err := w.boss.Import(context.Background(), id)
		if err != nil || i.Rows != uint32(len(rows)) || i.New != tally[registry.RowNew] || i.Changed != tally[registry.RowChanged] ||
			i.Unchanged != tally[registry.RowUnchanged] || i.LeftOut != tally[registry.RowLeftOut] {
			r.Fatalf("%+v, %v", i, err)
		}
		only := rapid.SampledFrom(append(registry.RowOutcomes(), 0)).Draw(r, "only")
		var want []registry.ImportRow
		for _, row := range rows {
			if only == 0 || row.Outcome == only {
				want = append(want, row)
			}
		}
		if got := w.rowsOf(id, registry.RowQuery{Only: only, Limit: rapid.IntRange(1, 9).Draw(r, "limit")}); !reflect.DeepEqual(got, want) {
			r.Fatalf("got  %+v\nwant %+v", got, want)
		}
		w.sound()
	})
}

// rowsOf reads all pages.
func (w *world) rowsOf(id uint64, q registry.RowQuery) (all []registry.ImportRow) {
	w.t.Helper()
	for {
		page, next, err := w.boss.ImportRows(context.Background(), id, q)
		if err != nil || len(page) > q.Limit {
			w.t.Fatal(len(page), err)
		}
		all = append(all, page...)
		if q.After = next; next == 0 {
			return all
		}
	}
}

// The rows of a whole workbook take little room, also when their serials have
// nothing in common.
func TestRowsTakeLittleRoom(t *testing.T) {
	const many = 50_000
	w := newWorld(t)
	id := w.started()
	rows := make([]registry.ImportRow, many)
	for i := range rows {
		var serial [5]byte
		rand.Read(serial[:])
		rows[i] = registry.ImportRow{Sheet: "Sheet1", Row: i + 2, Outcome: registry.RowNew, Subject: hex.EncodeToString(serial[:])}
	}
	before := w.size()
	w.do(w.boss, registry.ImportPart{ID: id, Part: 1, Rows: rows, Last: true})
	if took := w.size() - before; took > 600_000 {
		t.Errorf("%d rows take %d bytes", many, took)
	}
	if got := w.rowsOf(id, registry.RowQuery{Limit: 1000}); !reflect.DeepEqual(got, rows) {
		t.Error("the rows are not those that were kept")
	}
}

// size is how many bytes a backup of the register has.
func (w *world) size() int {
	w.t.Helper()
	var all countingWriter
	if _, err := w.boss.Dump(context.Background(), &all); err != nil {
		w.t.Fatal(err)
	}
	return int(all)
}

type countingWriter int

func (n *countingWriter) Write(p []byte) (int, error) {
	*n += countingWriter(len(p))
	return len(p), nil
}

// Parts come one after the other, each once.
func TestPartsComeInOrder(t *testing.T) {
	w := newWorld(t)
	id := w.started()
	w.refused(w.boss, "import.applied", registry.ImportPart{ID: id, Part: 2})
	w.do(w.boss, registry.ImportPart{ID: id, Part: 1})
	w.refused(w.boss, "import.applied", registry.ImportPart{ID: id, Part: 1})
	w.do(w.boss, registry.ImportPart{ID: id, Part: 2, Last: true})
	w.refused(w.boss, "import.applied", registry.ImportPart{ID: id, Part: 3})
}

// In later parts a row that is refused is left out and the others are made; in the
// first part it refuses them all.
func TestOnlyLaterPartsLeaveRowsOut(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK6-35200001", "AAA-0001")
	id := w.started()
	row := func(n int, serial string) registry.ImportRow {
		return registry.ImportRow{Sheet: "Sheet1", Row: n, Outcome: registry.RowNew, Subject: serial}
	}
	part := registry.ImportPart{ID: id, Part: 1, Rows: []registry.ImportRow{row(2, "AAA-0002"), row(3, "AAA-0001")}}
	for n, r := range part.Rows {
		change := registry.ExpectDevice{Shipment: "SHP-1", Place: w.path("PK6-35200001"), Device: fleet.Device{Serial: fleet.Serial(r.Subject)}}
		part.Steps = append(part.Steps, registry.ImportStep{Change: change, Row: n})
	}
	w.refused(w.boss, "serial.taken", part)
	w.refused(w.boss, "device.not_found", registry.ReceiveDevice{Serial: "AAA-0002"})
	w.do(w.boss, registry.ImportPart{ID: id, Part: 1})
	part.Part, part.Last = 2, true
	w.do(w.boss, part)
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA-0002"})
	got := w.rowsOf(id, registry.RowQuery{Limit: 10})
	if len(got) != 2 || got[0].Outcome != registry.RowNew || got[1].Outcome != registry.RowLeftOut || got[1].Reason.Code != "serial.taken" {
		t.Errorf("%+v", got)
	}
	w.sound()
}

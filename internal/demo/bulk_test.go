package demo

import (
	"context"
	"iter"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// A large country comes in without workbooks. It has to be the same one.
func TestWorkbooksAndChangesComeToTheSame(t *testing.T) {
	o := Options{Seed: 2, Devices: 300, Schools: 90, Now: time.Date(2026, 9, 15, 12, 0, 0, 0, fleet.PKT)}
	fromWorkbooks, fromChanges := lived(t, o, true), lived(t, o, false)
	if len(fromWorkbooks.devices) != o.Devices || !slices.Equal(fromWorkbooks.devices, fromChanges.devices) {
		t.Errorf("%d devices came in as workbooks, %d as changes, and they differ", len(fromWorkbooks.devices), len(fromChanges.devices))
	}
	if !slices.Equal(fromWorkbooks.shipments, fromChanges.shipments) {
		t.Errorf("as workbooks came the shipments\n%v, as changes\n%v", fromWorkbooks.shipments, fromChanges.shipments)
	}
}

// holding is what a filled register holds, but for the workbooks.
type holding struct {
	devices   []fleet.Device // in the order in which they came
	shipments []fleet.Shipment
}

func lived(t *testing.T, o Options, workbooks bool) (h holding) {
	t.Helper()
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	clock := NewClock(func() time.Time { return o.Now })
	reg, err := registry.Open(t.Context(), memkv.New(), registry.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reg.Close() })
	dir := t.TempDir()
	f := filler{world: w, workbooks: workbooks, operator: reg.As(registry.Operator()), Target: Target{
		Register: reg, Clock: clock, Folder: filepath.Join(dir, "demo-workbooks"),
		Desk: workbook.NewDesk(filepath.Join(dir, "imports"), workbook.Limits{}),
		Hash: func(_ context.Context, password string) (string, error) { return password, nil },
	}}
	summary, err := f.fill(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if (len(summary.Workbooks) > 0) != workbooks {
		t.Errorf("the workbooks are %q", summary.Workbooks)
	}
	if err := reg.Verify(t.Context(), func(string) {}, func(found table.Finding) { t.Error(found) }); err != nil {
		t.Fatal(err)
	}
	if h.devices, _, err = f.operator.Devices(t.Context(), registry.DeviceQuery{Limit: o.Devices + 1}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(h.devices, func(a, b fleet.Device) int { return int(a.ID) - int(b.ID) })
	if h.shipments, err = f.operator.Shipments(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range h.shipments {
		s := &h.shipments[i]
		if s.Version, s.File, s.FileName = 0, "", ""; s.Received == 0 {
			t.Errorf("nothing of shipment %s came", s.Number)
		}
	}
	return h
}

func TestParts(t *testing.T) {
	for _, c := range []struct {
		rows int
		want []int
	}{
		{0, nil}, {1, []int{1}}, {mostRows, []int{mostRows}}, {mostRows + 1, []int{mostRows, 1}}, {3 * mostRows, []int{mostRows, mostRows, mostRows}},
	} {
		var got []int
		next := 0
		for part, rows := range parts(numbered(c.rows)) {
			if part != len(got)+1 {
				t.Errorf("part %d comes after %d parts", part, len(got))
			}
			got = append(got, 0)
			for row := range rows {
				if row[0] != next {
					t.Fatalf("row %v comes in place of %d", row[0], next)
				}
				next++
				got[len(got)-1]++
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d rows are cut into %v, want %v", c.rows, got, c.want)
		}
	}
}

func numbered(n int) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range n {
			if !yield([]any{i}) {
				return
			}
		}
	}
}

package api_test

import (
	"fmt"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// Counts come in pages, each place's newest first, and one of them with its lines.
func TestStockTakes(t *testing.T) {
	w := newWorld(t)
	day := fleet.NewDate(2026, 6, 1)
	for _, at := range []fleet.PlaceCode{"PK601-STORE", "PK6-35200001"} {
		w.do(registry.RecordStockTake{Place: at, Date: day - 1}, registry.RecordStockTake{Place: at, Date: day, Serials: []fleet.Serial{"LAH0000001", "KASUR00001", "ZZZ1"}})
	}
	c, ctx := w.as("lahore.officer"), t.Context()
	var got []string
	for cursor, n := "", 0; n == 0 || cursor != ""; n++ {
		page := must(c.StockTakePage(ctx, "PK601", "", 1, cursor))(t)
		for _, s := range page.Items {
			got = append(got, fmt.Sprint(s.Place, " ", s.Date, " ", s.Found, s.Missing, s.Unexpected, s.Misplaced))
		}
		cursor = page.Next
	}
	if want := "[PK601-STORE 2026-06-01 1 1 2 0 PK601-STORE 2026-05-31 0 2 0 0 PK6-35200001 2026-06-01 0 1 2 1 PK6-35200001 2026-05-31 0 1 0 0]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	one := must(w.as("analyst").StockTake(ctx, "35200001", "2026-06-01"))(t)
	if len(one.Lines) != 4 || one.Lines[1] != (takhti.StockLine{Serial: "KASUR00001", What: "misplaced", Place: "KASUR-STORE", Status: "in_store"}) {
		t.Errorf("%+v", one)
	}
	_, err := c.StockTake(ctx, "PK601", "2026-06-01")
	wantCode(t, err, "stocktake.not_found")
	_, err = c.StockTake(ctx, "PK602-KASUR", "2026-06-01")
	wantCode(t, err, "place.not_found")
	_, err = c.StockTakePage(ctx, "PK601", "", 10, "nonsense")
	wantCode(t, err, "cursor.invalid")
	for s, err := range c.StockTakes(ctx, "PK601-STORE") {
		if err != nil || s.By != "operator" {
			t.Errorf("%+v, %v", s, err)
		}
	}
}

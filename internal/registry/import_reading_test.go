package registry_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestReadingIsKeptUntilTheImportIsDone(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.do(w.boss, registry.StartImport{Import: registry.Import{Kind: "devices", SHA256: strings.Repeat("ab", 32)}})
	chosen := registry.Reading{
		Sheets:    []registry.SheetReading{{Name: "Sheet1", Header: 3, Columns: []registry.ColumnReading{{Column: 2, Means: "serial_number"}}}},
		Decisions: []registry.Decision{{Cause: "district.unknown|district|lahor", Do: "use", Value: "Lahore"}},
	}
	w.do(w.boss, registry.ReadImport{ID: 1, Reading: chosen})
	i, err := w.boss.Import(ctx, 1)
	if err != nil || !reflect.DeepEqual(i.Reading, chosen) {
		t.Fatalf("%+v, %v", i.Reading, err)
	}
	w.do(w.boss, registry.ImportPart{Part: 1, Last: true, ID: 1})
	_, err = w.boss.Apply(ctx, registry.Request{}, registry.ReadImport{ID: 1})
	if fleet.KindOf(err) != fleet.Conflict {
		t.Errorf("an import that was done can be read otherwise: %v", err)
	}
}

func TestReadingIsBounded(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.StartImport{Import: registry.Import{Kind: "devices", SHA256: strings.Repeat("ab", 32)}})
	for _, r := range []registry.Reading{
		{Sheets: make([]registry.SheetReading, 1000)},
		{Sheets: []registry.SheetReading{{Columns: make([]registry.ColumnReading, 1000)}}},
		{Sheets: []registry.SheetReading{{Columns: []registry.ColumnReading{{Means: strings.Repeat("x", 5000)}}}}},
		{Decisions: make([]registry.Decision, 10_000)},
		{Decisions: []registry.Decision{{Value: strings.Repeat("x", 5000)}}},
	} {
		if _, err := w.boss.Apply(t.Context(), registry.Request{}, registry.ReadImport{ID: 1, Reading: r}); fleet.KindOf(err) != fleet.Invalid {
			t.Errorf("%v", err)
		}
	}
}

// What was chosen at a place holds there and below, and the last choice counts.
func TestLayoutsHoldBelowThePlace(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	punjab, lahore, kasur := w.path("PK6"), w.path("PK601"), w.path("PK602")
	remember := func(at fleet.Path, means string) {
		w.do(w.boss, registry.RememberLayout{Layout: registry.Layout{
			Scope: at, Kind: "devices", Names: "dev id", Columns: []registry.ColumnReading{{Column: 1, Means: means}},
		}})
	}
	remember(punjab, "carton")
	remember(lahore, "lot")
	remember(lahore, "serial_number")
	seen := func(at fleet.Path, kind string) (means []string) {
		all, err := w.boss.Layouts(ctx, kind, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			means = append(means, l.Columns[0].Means)
		}
		return means
	}
	for at, want := range map[fleet.Path][]string{lahore: {"carton", "serial_number"}, kasur: {"carton"}, punjab: {"carton"}, w.path("PK7"): nil} {
		if got := seen(at, "devices"); !reflect.DeepEqual(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	if got := seen(lahore, "places"); got != nil {
		t.Errorf("lists of another kind have %v", got)
	}
}

func TestLayoutsMoveWithTheirPlace(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.do(w.boss, registry.RememberLayout{Layout: registry.Layout{Scope: w.path("PK601"), Kind: "devices", Names: "dev id", Skip: true}})
	w.do(w.boss, place("PK601", "PK7", fleet.District, "Lahore"))
	if all, err := w.boss.Layouts(ctx, "devices", w.path("PK601")); err != nil || len(all) != 1 {
		t.Errorf("%v, %v", all, err)
	}
	w.sound()
}

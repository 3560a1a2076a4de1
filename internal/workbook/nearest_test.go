package workbook

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/registry"
)

func TestNearest(t *testing.T) {
	districts := []string{"pishin", "quetta", "killa saifullah", "killa abdullah", "ziarat", "usta muhammad", "jaffarabad", "nasirabad", "kech"}
	for text, want := range map[string][]string{
		"pisheen":       {"pishin"},
		"quteta":        {"quetta"},
		"qila abdullah": {"killa abdullah"},
		"usta mohammad": {"usta muhammad"},
		"naseerabad":    {"nasirabad"},
		"jafarabad":     {"jaffarabad"},
		"kech":          {"kech"},
		"lahore":        nil,
		"x":             nil,
	} {
		got := nearest(text, districts, 1)
		if !slices.Equal(got, want) {
			t.Errorf("nearest to %q: %q, want %q", text, got, want)
		}
	}
	if got := nearest("killa", []string{"kila", "killi", "qilla", "mastung"}, 3); !slices.Equal(got, []string{"kila", "killi", "qilla"}) {
		t.Errorf("the three nearest to killa: %q", got)
	}
}

// A serial typed by hand is nearest to the one it was read from.
func TestNearestKnowsLookalikes(t *testing.T) {
	serials := []string{"5cd0123abc", "5cd8123abc", "5cd9123abc"}
	if got := nearest("5cdo123abc", serials, 1); !slices.Equal(got, serials[:1]) {
		t.Errorf("O for 0: %q", got)
	}
	if got := nearest("5cdb123abc", serials, 1); !slices.Equal(got, serials[1:2]) {
		t.Errorf("B for 8: %q", got)
	}
}

// What people really type for a tehsil or a union council leads to the right one.
func TestNearestOnRealSpellings(t *testing.T) {
	f, err := os.Open(realData(t, "pk-schools", "balochistan", "emis_spelling_variants.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for _, r := range rows[1:] {
		if n := registry.Fold(r[2]); !slices.Contains(names[r[0]], n) {
			names[r[0]] = append(names[r[0]], n)
		}
	}
	first, third, all := 0, 0, 0
	for _, r := range rows[1:] {
		written, meant := registry.Fold(r[1]), registry.Fold(r[2])
		if slices.Contains(names[r[0]], written) {
			continue
		}
		all++
		got := nearest(written, names[r[0]], 3)
		if len(got) > 0 && got[0] == meant {
			first++
		}
		if slices.Contains(got, meant) {
			third++
		}
	}
	if first < 220 || third < 225 || all != 247 {
		t.Errorf("of %d spellings only %d lead to the right name, and %d have it among three", all, first, third)
	}
}

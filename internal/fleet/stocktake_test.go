package fleet

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What was found against what the register has at a school, in every status.
func TestCompareACount(t *testing.T) {
	school, other := Path("").Child(1).Child(2), Path("").Child(1).Child(3)
	at := func(serial Serial, p Path, s Status) Device { return Device{Serial: serial, Place: p, Status: s} }
	register := []Device{
		at("AAA1", school, AtSchool), at("AAA2", school, Issued), at("AAA3", school, AtSchool), at("AAA4", school, Lost),
		at("AAA5", school, InTransit), at("AAA6", school, InRepair), at("AAA7", school, Retired), at("BBB1", other, AtSchool), at("BBB2", other, InStore),
	}
	known := map[Serial]Device{}
	for _, d := range register {
		known[d.Serial] = d
	}
	got, err := StockTake{Place: school}.Compare([]Serial{"ZZZ9", "BBB1", "AAA2", "AAA1", "AAA4", "AAA1", "AAA5"}, known, register)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Found, []Serial{"AAA1", "AAA2"}) || !slices.Equal(got.Missing, []Serial{"AAA3"}) || !slices.Equal(got.Unexpected, []Serial{"ZZZ9"}) {
		t.Errorf("found %v, missing %v, unexpected %v", got.Found, got.Missing, got.Unexpected)
	}
	if !slices.Equal(got.Misplaced, []Misplaced{{"AAA4", 2, Lost}, {"AAA5", 2, InTransit}, {"BBB1", 3, AtSchool}}) {
		t.Errorf("misplaced %v", got.Misplaced)
	}
	if want := []Serial{"AAA1", "AAA2", "AAA4", "AAA5", "BBB1", "ZZZ9"}; !slices.Equal(got.Listed(), want) {
		t.Errorf("listed %v, want %v", got.Listed(), want)
	}
}

// Every serial that was found is in one list, and every device at hand was found or
// is missing.
func TestACountLosesNothing(t *testing.T) {
	here, there := Path("").Child(1), Path("").Child(2)
	serials := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 30), func(n int) Serial { return Serial(rune('A'+n)) + "00" }), 0, 40)
	rapid.Check(t, func(r *rapid.T) {
		known := map[Serial]Device{}
		var devices []Device
		for _, serial := range slices.Compact(slices.Sorted(slices.Values(serials.Draw(r, "register")))) {
			d := Device{Serial: serial, Place: rapid.SampledFrom([]Path{here, there}).Draw(r, "at"), Status: rapid.SampledFrom(Statuses()).Draw(r, "status")}
			known[serial] = d
			devices = append(devices, d)
		}
		listed := serials.Draw(r, "listed")
		s, err := StockTake{Place: here}.Compare(listed, known, devices)
		if err != nil {
			r.Fatal(err)
		}
		if want := slices.Compact(slices.Sorted(slices.Values(listed))); !slices.Equal(s.Listed(), want) {
			r.Fatalf("listed %v, want %v", s.Listed(), want)
		}
		atHand := 0
		for i := range devices {
			if devices[i].StandsAt(here) {
				atHand++
			}
		}
		if len(s.Found)+len(s.Missing) != atHand {
			r.Fatalf("%d found and %d missing of %d", len(s.Found), len(s.Missing), atHand)
		}
	})
}

func TestCountsThatCannotBe(t *testing.T) {
	today := NewDate(2026, 6, 15)
	for day, code := range map[Date]string{0: "stocktake.date_missing", today: "", today - 400: "", today + 1: "stocktake.date"} {
		if err := CheckCounted(day, today); codeOf(err) != code {
			t.Errorf("counted on %s: %v, want %q", day, err, code)
		} else if code != "" {
			refused(t, err, code, "date")
		}
	}
	listed := make([]Serial, maxCounted+1)
	for i := range listed {
		listed[i] = Serial(rune(i + 1000))
	}
	_, err := StockTake{}.Compare(listed, nil, nil)
	refused(t, err, "stocktake.too_many", "serial")
	if _, err := (StockTake{}).Compare(listed[1:], nil, nil); err != nil {
		t.Error(err)
	}
}

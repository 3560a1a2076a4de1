package fleet

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A day of the register begins and ends at midnight in Pakistan, five hours
// before midnight in Greenwich.
func TestDateOf(t *testing.T) {
	for _, c := range []struct {
		moment time.Time
		want   string
	}{
		{time.Date(2026, 6, 29, 18, 59, 59, 999, time.UTC), "2026-06-29"},
		{time.Date(2026, 6, 29, 19, 0, 0, 0, time.UTC), "2026-06-30"},
		{time.Date(2026, 6, 30, 18, 59, 59, 0, time.UTC), "2026-06-30"},
		{time.Date(2026, 6, 30, 0, 0, 0, 0, PKT), "2026-06-30"},
		{time.Date(2026, 6, 30, 23, 59, 59, 0, PKT), "2026-06-30"},
		{time.Date(2025, 12, 31, 19, 0, 0, 0, time.UTC), "2026-01-01"},
		{time.Date(2028, 2, 28, 20, 0, 0, 0, time.UTC), "2028-02-29"},
	} {
		if got := DateOf(c.moment).String(); got != c.want {
			t.Errorf("%v falls on %s, want %s", c.moment, got, c.want)
		}
	}
}

func TestDateStart(t *testing.T) {
	d := NewDate(2026, 6, 30)
	if want := time.Date(2026, 6, 29, 19, 0, 0, 0, time.UTC); !d.Start().Equal(want) {
		t.Errorf("the day starts at %v, want %v", d.Start(), want)
	}
	if want := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC); d.Time() != want {
		t.Errorf("as a calendar date %v, want %v", d.Time(), want)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.Int32Range(-40_000, 60_000).Draw(t, "day"))
		if DateOf(d.Start()) != d || DateOf(d.Start().Add(-time.Second)) != d-1 || DateOf((d+1).Start()) != d+1 {
			t.Fatalf("day %d starts at %v", d, d.Start())
		}
	})
}

func TestNewDate(t *testing.T) {
	for _, c := range []struct {
		date Date
		want Date
	}{
		{NewDate(1970, time.January, 2), 1},
		{NewDate(1969, time.December, 31), -1},
		{NewDate(2026, 2, 30), NewDate(2026, 3, 2)},
		{NewDate(2026, 13, 1), NewDate(2027, 1, 1)},
	} {
		if c.date != c.want {
			t.Errorf("got %s, want %s", c.date, c.want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct{ text, want, code string }{
		{"2026-06-30", "2026-06-30", ""},
		{" 2026-06-30\n", "2026-06-30", ""},
		{"2028-02-29", "2028-02-29", ""},
		{"1990-01-01", "1990-01-01", ""},
		{"2100-12-31", "2100-12-31", ""},

		{"", "", "date.invalid"},
		{"30/06/2026", "", "date.invalid"},
		{"2026-02-29", "", "date.invalid"},
		{"2026-13-01", "", "date.invalid"},
		{"2026-6-30", "", "date.invalid"},
		{"2026-06-30T10:00:00Z", "", "date.invalid"},
		{"1989-12-31", "", "date.year"},
		{"2101-01-01", "", "date.year"},
		{"0026-06-30", "", "date.year"},
	} {
		got, err := ParseDate(c.text)
		if got.String() != c.want || codeOf(err) != c.code {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, got, codeOf(err), c.want, c.code)
		}
	}
}

func TestDateAsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.Int32Range(int32(NewDate(firstYear, 1, 1)), int32(NewDate(lastYear, 12, 31))).Draw(t, "day"))
		text, err := d.MarshalText()
		if err != nil || string(text) != d.String() {
			t.Fatalf("%d is written as %q (%v)", d, text, err)
		}
		back := Date(99)
		if err := back.UnmarshalText(text); err != nil || back != d {
			t.Fatalf("%q reads back as %s (%v)", text, back, err)
		}
	})
	none := Date(99)
	if err := none.UnmarshalText(nil); err != nil || none != 0 || none.String() != "" {
		t.Errorf("no text reads as %s (%v), want no date", none, err)
	}
	for _, text := range []string{"soon", "7"} {
		refused(t, none.UnmarshalText([]byte(text)), "date.invalid", "")
	}
}

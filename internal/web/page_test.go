package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestAddressesStayWithinTheSite(t *testing.T) {
	for address, want := range map[string]string{
		"/devices?status=issued": "/devices?status=issued",
		"/d/AAA%2F1":             "/d/AAA%2F1",
		"":                       "/",
		"devices":                "/",
		"//evil.example":         "/",
		"/%2Fevil.example":       "/",
		"/\\evil.example":        "/",
		"https://evil.example/":  "/",
		"javascript:alert(1)":    "/",
		"/sign-out":              "/",
		"/sign-in?next=/sign-in": "/",
		"/devices#top":           "/devices",
		"\t//evil.example":       "/",
	} {
		if got := within(address); got != want {
			t.Errorf("%q leads to %q, want %q", address, got, want)
		}
	}
}

func TestABarIsAsLongAsItsShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shares []share
		for range rapid.IntRange(0, 9).Draw(t, "shares") {
			shares = append(shares, share{name: "issued", count: rapid.Int64Range(0, 600_000).Draw(t, "count")})
		}
		full := sumOf(shares)
		end := 0
		for _, s := range segments(shares, full) {
			at, long := atoi(t, s.at), atoi(t, s.long)
			if at != end || long <= 0 {
				t.Fatalf("a part from %d, %d long, behind one that ends at %d", at, long, end)
			}
			end = at + long
		}
		if full > 0 && end != barLength {
			t.Fatalf("the bar ends at %d of %d", end, barLength)
		}
	})
}

func atoi(t *rapid.T, text string) (n int) {
	for _, d := range text {
		if d < '0' || d > '9' {
			t.Fatalf("%q is no length", text)
		}
		n = n*10 + int(d-'0')
	}
	return n
}

func TestATrendEndsOnTheDayAskedFor(t *testing.T) {
	days := monthEnds(fleet.NewDate(2026, time.March, 31), 4)
	want := "2025-12-31 2026-01-31 2026-02-28 2026-03-31"
	if got := dates(days); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := dates(monthEnds(fleet.NewDate(2024, time.March, 1), 2)); got != "2024-02-29 2024-03-01" {
		t.Errorf("got %s", got)
	}
}

func dates(days []fleet.Date) string {
	var texts []string
	for _, d := range days {
		texts = append(texts, d.String())
	}
	return strings.Join(texts, " ")
}

func TestATrendBeginsWithTheFirstDevice(t *testing.T) {
	counts := func(issued ...int64) (all []registry.StatusCounts) {
		for _, n := range issued {
			var c registry.StatusCounts
			c[fleet.Issued] = n
			all = append(all, c)
		}
		return all
	}
	full := trend{
		days:    monthEnds(fleet.NewDate(2026, time.June, 15), 6),
		devices: counts(0, 0, 0, 5, 7, 9),
		faults:  []registry.FaultPoint{{}, {}, {Reported: 1}, {Reported: 4, Open: 2}, {Reported: 4, Open: 1}, {Reported: 6, Open: 3}},
	}
	got := full.begun()
	if d := dates(got.days); d != "2026-04-30 2026-05-31 2026-06-15" {
		t.Errorf("the months are %s", d)
	}
	if got.reported(0) != 3 || got.reported(1) != 0 || got.reported(2) != 2 {
		t.Errorf("reported %d, %d and %d faults, want 3, 0 and 2", got.reported(0), got.reported(1), got.reported(2))
	}
	if d, f := topOf(got.totals()), topOf(got.openFaults()); d != 9 || f != 3 {
		t.Errorf("the tops are %d devices and %d faults", d, f)
	}
}

// Whatever the statuses, a month's columns stand one on top of the other, from
// the ground to where its total is.
func TestColumnsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c registry.StatusCounts
		for _, s := range fleet.Statuses() {
			c[s] = rapid.Int64Range(0, 300_000).Draw(t, s.String())
		}
		one := trend{days: make([]fleet.Date, 1), devices: []registry.StatusCounts{c}}
		ground := trendHeight
		for _, col := range one.deviceColumns(0) {
			y, height := atoi(t, col.y), atoi(t, col.height)
			if y+height != ground {
				t.Fatalf("a column ends at %d and the next begins at %d", y+height, ground)
			}
			ground = y
		}
		if want := trendHeight - int(c.Total()*trendHeight/ceiling(c.Total())); ground != want {
			t.Fatalf("the columns reach %d, want %d", ground, want)
		}
	})
}

// A store is full once and then nearly empty: the months after are still read, and
// the one that goes beyond the drawing is said to.
func TestOneBigMonthDoesNotHideTheOthers(t *testing.T) {
	for _, test := range []struct {
		months []int64
		top    int64
		beyond []int
	}{
		{[]int64{4000, 60, 80, 75, 90}, 100, []int{0}},
		{[]int64{100, 400, 900, 1600}, 2000, nil},
		{[]int64{2100, 700, 5, 4, 4, 3, 6, 5}, 6, []int{0, 1}},
		{[]int64{1150, 780, 620, 450, 250}, 1200, nil},
		{[]int64{4000, 60}, 4000, nil},
		{[]int64{10, 50, 300, 2000}, 2000, nil}, // it grows, and the present is what counts
		{[]int64{5, 0, 0, 0}, 5, nil},
		{[]int64{0, 0, 0}, 1, nil},
	} {
		if got := topOf(test.months); got != test.top {
			t.Errorf("%v: the top is %d, want %d", test.months, got, test.top)
		}
		if got := beyond(test.months); !slices.Equal(got, test.beyond) {
			t.Errorf("%v: the months %v go beyond the top, want %v", test.months, got, test.beyond)
		}
	}
	first := trend{days: make([]fleet.Date, 4), devices: make([]registry.StatusCounts, 4)}
	for i, n := range []int64{4000, 60, 80, 75} {
		first.devices[i][fleet.InStore] = n
	}
	if parts := first.deviceColumns(0); len(parts) != 2 || parts[0].y != "0" || parts[1].name != "gap" {
		t.Errorf("the month beyond the top is drawn as %v", parts)
	}
}

func TestCeilingIsRoundAndNotFarAbove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 5_000_000).Draw(t, "n")
		top := ceiling(n)
		if top < max(n, 1) || n > 10 && top > n*3/2 {
			t.Fatalf("%d has the ceiling %d", n, top)
		}
	})
}

func TestFormulasBecomeText(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "+92 300": "'+92 300", "-": "'-", "@x": "'@x", "Lahore": "Lahore", "": ""} {
		if got := inert(text); got != want {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
	}
}

func TestErrorsBecomeSentences(t *testing.T) {
	for message, want := range map[string]string{
		"the serial is missing":  "The serial is missing.",
		`"x" is not a serial`:    `"x" is not a serial.`,
		"Done already.":          "Done already.",
		"":                       "",
		"say who holds it: who?": "Say who holds it: who?",
	} {
		if got := sentence(message); got != want {
			t.Errorf("%q becomes %q, want %q", message, got, want)
		}
	}
}

// A phone on a slow line pays for every byte once: the style sheet, its mark and
// nothing else.
func TestFilesAreSmallAndKeptForGood(t *testing.T) {
	f := loadFiles()
	if len(f.contents) != 5 {
		t.Errorf("%d files, want the style sheets of pages and of cards, the mark and the scripts of imports and uploads", len(f.contents))
	}
	for name, limit := range map[string]int{"takhti.css": 10 << 10, "cards.css": 3 << 10, "mark.svg": 1 << 10, "import.js": 1 << 10, "upload.js": 5 << 10} {
		data := f.contents[f.at(name)]
		if len(data) == 0 || len(data) > limit {
			t.Errorf("%s has %d bytes, want at most %d", name, len(data), limit)
		}
		if !strings.HasPrefix(f.at(name), "/static/"+strings.TrimSuffix(name, name[strings.Index(name, "."):])+"-") {
			t.Errorf("%s is served at %s", name, f.at(name))
		}
	}
	css := string(f.contents[f.at("takhti.css")])
	for _, physical := range []string{"margin-left", "margin-right", "padding-left", "padding-right", "text-align: left", "text-align: right", " left:", " right:", "float:"} {
		if strings.Contains(css, physical) {
			t.Errorf("the style sheet says %q: say inline-start or inline-end, for languages written from the right", physical)
		}
	}
}

package workbook

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// schoolLists are lists of schools as offices keep them, and what is recognised
// in each.
var schoolLists = []struct {
	path    []string
	rows    int // of the list
	bad     int
	first   fleet.Place
	in      region
	note    []string
	problem string // the first one
}{
	{
		path: []string{"balochistan", "quetta_gov_schools.xlsx"}, rows: 687,
		first: fleet.Place{EMIS: "2936", Name: "GBMIDS ZARKHOO", Latitude: 30.04726939, Longitude: 67.13185511, Level: "middle", Gender: "boys", Enrolment: 118},
		in:    region{"", "QUETTA", "CHILTAN"},
		note:  []string{"687 pairs of coordinates stood the wrong way round", `"Boundry wall"`},
	},
	{
		path: []string{"balochistan", "killa_saifullah_gps.xlsx"}, rows: 621,
		first: fleet.Place{EMIS: "1838", Name: "GBPS TALKHAN SAKHOBI", Latitude: 31.1744956139409, Longitude: 68.4788417492901},
		in:    region{"", "KILLA SAIFULLAH", ""},
	},
	{
		path: []string{"punjab", "rwp_tehsil_male_REDACTED.xlsx"}, rows: 103,
		first: fleet.Place{EMIS: "37330250", Name: "GPS HAYAL."},
		note:  []string{`The sheet "SUMMARY" was not read`, `"MARKAZ NAME"`},
	},
	{
		path: []string{"balochistan", "gov_schools_dev.csv"}, rows: 7083, bad: 2,
		first:   fleet.Place{EMIS: "1245", Name: "GBPS KILLI PIR MUHAMMAD (PANIZAI)", Latitude: 30.7111766666666, Longitude: 66.64415, Level: "primary", Gender: "boys"},
		in:      region{"", "KILLA ABDULLAH", "KILLA ABDULLAH"},
		problem: "gov_schools_dev!I5688: latitude 0.09456 and longitude 0.301951666666666 are not in Pakistan",
	},
	{
		path: []string{"islamabad-fde", "fde_institutions.csv"}, rows: 432,
		first: fleet.Place{EMIS: "201", Name: "IMCG G-6/1-4", Level: "higher_secondary", Gender: "girls"},
		note:  []string{`not imported: "sector", "uc"`},
	},
	{
		path: []string{"punjab", "rwp_emis_pasted.csv"}, rows: 16,
		first: fleet.Place{EMIS: "37330227", Name: "GGPS Chakra"},
	},
}

func TestRealSchoolLists(t *testing.T) {
	for _, c := range schoolLists {
		f := fileOf(t, realData(t, append([]string{"pk-schools"}, c.path...)...))
		var good []placeRow
		r, err := list(t.Context(), f, setting{kind: Places}, parsePlace, func(c *checker, p placeRow) error {
			if !c.bad {
				good = append(good, p)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		r.account()
		if r.rows != c.rows || len(good) != c.rows-c.bad {
			t.Errorf("%s: %d rows, %d good; want %d and %d", f.Name, r.rows, len(good), c.rows, c.rows-c.bad)
		}
		if !good[0].facts.Same(&c.first) || good[0].in != c.in {
			t.Errorf("%s: the first row is %+v in %+v", f.Name, good[0].facts, good[0].in)
		}
		for _, want := range c.note {
			if notes := strings.Join(r.notes, "\n"); !strings.Contains(notes, want) {
				t.Errorf("%s: the notes\n%s\ndo not say %s", f.Name, notes, want)
			}
		}
		if len(r.problems) > 0 && (c.problem == "" || !strings.HasPrefix(r.problems[0].String(), c.problem)) {
			t.Errorf("%s: the first problem is %s", f.Name, r.problems[0])
		}
	}
}

// Lists of other things are no lists of schools or devices, and are told why.
func TestRealListsOfOtherThings(t *testing.T) {
	for _, c := range []struct {
		path []string
		kind Kind
		say  string
	}{
		{[]string{"snipe-it", "assets-sample.csv"}, Devices, `("Asset Tag", "Location", "Order Number", "Model", "Purchase Cost"), but no column holds the serial`},
		{[]string{"snipe-it", "locations-sample.csv"}, Places, "no column holds the EMIS code"},
		{[]string{"snipe-it", "users-sample.csv"}, Devices, "no column holds the serial"},
		{[]string{"pk-census2023", "table_01_punjab_all.csv"}, Places, "no column holds the EMIS code and the name"},
	} {
		_, err := list(t.Context(), fileOf(t, realData(t, c.path...)), setting{kind: c.kind}, parsePlace, func(*checker, placeRow) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v does not say %s", c.path[1], err, c.say)
		}
	}
}

// A firm's own register: its serials are read, and every row that cannot be a
// device is named.
func TestARealRegisterOfDevices(t *testing.T) {
	f := fileOf(t, realData(t, "device-exports", "it_asset_register_2025_ANON.csv"))
	good := 0
	r, err := list(t.Context(), f, setting{kind: Devices}, parseDevice, func(c *checker, _ deviceRow) error {
		if !c.bad {
			good++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]int{}
	for _, p := range r.problems {
		codes[p.Code]++
	}
	want := map[string]int{"serial.characters": 1, "serial.length": 12, "serial.twice": 3, "tag.twice": 3}
	if r.rows != 245 || !maps.Equal(codes, want) {
		t.Errorf("%d rows, %d good, problems %v, want %v", r.rows, good, codes, want)
	}
}

// districts writes the country's provinces and districts as a list of places.
func districts(t *testing.T) File {
	t.Helper()
	f, err := os.Open(realData(t, "pk-admin", "districts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list := []string{"Place Code,Kind,Place Name,Province", "PK,country,Pakistan,"}
	seen := map[string]bool{}
	for _, r := range rows[1:] {
		if code, name := r[5], r[6]; !seen[code] {
			seen[code] = true
			list = append(list, fmt.Sprintf("%s,province,%s,", code, name))
		}
		code := r[0]
		if code == "" {
			code = "PK800" // the source has no code for Jammu & Kashmir
		}
		list = append(list, fmt.Sprintf("%s,district,%s,%s", code, r[1], r[6]))
	}
	return lines("districts.csv", list...)
}

// The whole way on real files: the country, then the schools of two provinces,
// each twice.
func TestRealListsAreImported(t *testing.T) {
	w := newEmptyWorld(t)
	country := districts(t)
	wantCounts(t, w.imported(country, Options{Kind: Places}), 170, 0, 0, 0)
	for _, c := range []struct {
		path []string
		to   fleet.PlaceCode
		left int
	}{
		{[]string{"balochistan", "quetta_gov_schools.xlsx"}, "", 0},
		{[]string{"punjab", "rwp_tehsil_male_REDACTED.xlsx"}, "PK630", 0},
		{[]string{"islamabad-fde", "fde_institutions.csv"}, "PK401", 0},
	} {
		f := fileOf(t, realData(t, append([]string{"pk-schools"}, c.path...)...))
		o := Options{Kind: Places, To: c.to, SkipBad: c.left > 0}
		p := w.imported(f, o)
		wantCounts(t, p, p.Rows-c.left, 0, 0, c.left)
		wantCounts(t, w.plan(f, o), 0, 0, p.Rows-c.left, c.left)
	}
	again := w.exported(w.boss, ExportOptions{Kind: Places, Format: XLSX})
	p, err := NewPlan(context.Background(), w.boss, again, Options{Kind: Places})
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, p)
	if n := len(p.Changes()); n > 0 {
		t.Errorf("importing the export of all places makes %d changes, the first: %+v", n, p.Changes()[0])
	}
}

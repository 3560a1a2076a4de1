package web_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// realLists are the lists of real offices, as they go in: what their columns are
// taken to hold, what is asked, and what comes of it when that is answered.
var realLists = []struct {
	file    string
	columns string // of the sheet that is read: letter and what it holds
	says    []string
	press   [][2]string // a button, and the fields filled in before; one click each
	result  []string
}{
	{
		file:    "balochistan/quetta_gov_schools.xlsx",
		columns: "A emis_code, B place_name, C longitude, D latitude, E district, F tehsil, H level, I gender, J enrolment",
		says:    []string{"687 rows in the file New 687 Changed 0 Unchanged 0 With a problem 0", "687 pairs of coordinates stood the wrong way round and were put right"},
		press:   [][2]string{{"Import these 687 rows"}},
		result:  []string{"New 687 Changed 0 Unchanged 0 Left out 0"},
	},
	{
		file:    "balochistan/killa_saifullah_gps.xlsx",
		columns: "A place_name, B emis_code, C latitude, D longitude, E district",
		says:    []string{"621 rows in the file New 621 Changed 0 Unchanged 0 With a problem 0"},
		press:   [][2]string{{"Import these 621 rows"}},
		result:  []string{"New 621 Changed 0 Unchanged 0 Left out 0"},
	},
	{
		file:    "balochistan/gov_schools_dev.csv",
		columns: "A emis_code, B place_name, C district, D tehsil, F level, G gender, H longitude, I latitude",
		says:    []string{"7,083 rows in the file", "tehsil: NOSHKI 274 rows"},
		press:   [][2]string{{"Take all 20 suggestions", "all=yes"}, {"Keep these answers", "do0=empty"}, {"Import these 6,837 rows"}},
		result:  []string{"New 5,775 Changed 1,062 Unchanged 246 Left out 0"}, // some are in the two lists before
	},
	{
		file:    "punjab/rwp_tehsil_male_REDACTED.xlsx",
		columns: "E emis_code, F place_name",
		says:    []string{"103 rows in the file New 0 Changed 0 Unchanged 0 With a problem 103", `The sheet "SUMMARY" was not read`},
		press:   [][2]string{{"Check the file again", "to=PK630"}, {"Import these 103 rows"}},
		result:  []string{"New 103 Changed 0 Unchanged 0 Left out 0"},
	},
	{
		file:    "punjab/rwp_emis_pasted.csv",
		columns: "A emis_code, B place_name",
		says:    []string{"16 rows in the file"},
		press:   [][2]string{{"Check the file again", "to=PK630"}, {"Keep these answers", "do0=keep_first"}, {"Import these 12 rows"}},
		result:  []string{"New 8 Changed 4 Unchanged 3 Left out 1"}, // some are in the list of Rawalpindi's tehsil
	},
	{
		file:    "islamabad-fde/fde_institutions.csv",
		columns: "A emis_code, B place_name, C gender, D level",
		says:    []string{"432 rows in the file"},
		press:   [][2]string{{"Check the file again", "to=PK401"}, {"Import these 432 rows"}},
		result:  []string{"New 432 Changed 0 Unchanged 0 Left out 0"},
	},
}

// realData is a file that nobody here wrote.
func realData(t *testing.T, path ...string) []byte {
	t.Helper()
	folder := os.Getenv("TAKHTI_REAL_DATA")
	if folder == "" {
		t.Skip("TAKHTI_REAL_DATA is not set: real files are not read")
	}
	data, err := os.ReadFile(filepath.Join(append([]string{folder}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRealListsGoInWithFewClicks(t *testing.T) {
	realData(t, "pk-schools", "PROVENANCE.md")
	w := emptyWorld(t, 10*time.Minute)
	if err := atlas.Plant(context.Background(), w.boss); err != nil {
		t.Fatal(err)
	}
	hash, err := w.auth.HashPassword(context.Background(), password)
	if err != nil {
		t.Fatal(err)
	}
	w.do(registry.AddUser{User: "manager", Password: hash, Grants: []registry.UserGrant{{Role: fleet.Manager, Place: "PK"}}})
	for _, c := range realLists {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			b := w.signedIn(t, "manager")
			b.get("/imports/new?kind=places")
			b.press("Check the file", nil, map[string][]byte{filepath.Base(c.file): realData(t, "pk-schools", c.file)})
			page := b.at
			b.get(page + "/columns")
			if got := columnsRead(b.page); got != c.columns {
				t.Errorf("the columns are %s", got)
			}
			b.get(page)
			b.says(c.says)
			for _, click := range c.press {
				values, err := url.ParseQuery(click[1])
				if err != nil {
					t.Fatal(err)
				}
				b.press(click[0], values, nil)
			}
			b.says(c.result)
		})
	}
}

var columnRow = regexp.MustCompile(`(?s)<th scope="row">([A-Z]+)</th>.*?<select name="s\d+c\d+"[^>]*>.*?<option value="([^"]*)" selected>`)

// columnsRead are the columns of a page that hold something.
func columnsRead(page string) string {
	var read []string
	for _, m := range columnRow.FindAllStringSubmatch(page, -1) {
		if m[2] != "" {
			read = append(read, m[1]+" "+m[2])
		}
	}
	return strings.Join(read, ", ")
}

func (b *browser) says(want []string) {
	b.t.Helper()
	for _, text := range want {
		if !strings.Contains(b.text(), text) {
			b.t.Errorf("%q cannot be read on\n%.3000s", text, b.text())
		}
	}
}

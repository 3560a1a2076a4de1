package workbook

import (
	"encoding/csv"
	"fmt"
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
		got := newSpellings(districts).nearest(text, 1)
		if !slices.Equal(got, want) {
			t.Errorf("nearest to %q: %q, want %q", text, got, want)
		}
	}
	if got := newSpellings([]string{"kila", "killi", "qilla", "mastung"}).nearest("killa", 3); !slices.Equal(got, []string{"kila", "killi", "qilla"}) {
		t.Errorf("the three nearest to killa: %q", got)
	}
}

// The many ways to write a name: abbreviated, with initials, in one word or two, with
// numerals, with words more, less or in another order, and in Urdu.
func TestNearestKnowsHowPeopleWrite(t *testing.T) {
	names := []string{
		"gghs chak 77", "gghs chak 78", "gbhs chak 77", "ghss model town", "gps kot lakhpat", "gps kot radha kishan",
		"rahim yar khan", "dera ghazi khan", "dera ismail khan", "toba tek singh", "nawabshah", "faizabad", "faisalabad",
		"muhammad pur", "khan garh", "umarkot", "musakhel", "sanjawi", "yaru 1", "yaru 2", "ma jinnah road", "usta muhammad",
		"گورنمنٹ ہائی سکول لاہور", "ضلع خضدار", "قصور",
	}
	for i, name := range names {
		names[i] = registry.Fold(name)
	}
	known := newSpellings(names)
	for text, want := range map[string]string{
		"government girls high school chak 77":     "gghs chak 77",
		"govt girls high school chak no 77":        "gghs chak 77",
		"govt boys high school chak 77":            "gbhs chak 77",
		"chak 78 gghs":                             "gghs chak 78",
		"govt higher secondary school moddel town": "ghss model town",
		"govt primary school kot lakpat":           "gps kot lakhpat",
		"r y khan":                                 "rahim yar khan",
		"d g khan":                                 "dera ghazi khan",
		"d i khan":                                 "dera ismail khan",
		"t t singh":                                "toba tek singh",
		"nawab shah":                               "nawabshah",
		"faiz abad":                                "faizabad",
		"faislabad":                                "faisalabad",
		"mohd poor":                                "muhammad pur",
		"khangarh":                                 "khan garh",
		"umer kot":                                 "umarkot",
		"tehsil moosa khail":                       "musakhel",
		"uc 12 sanjavi":                            "sanjawi",
		"yaroo ii":                                 "yaru 2",
		"yaro1":                                    "yaru 1",
		"muhammad ali jinnah road":                 "ma jinnah road",
		"muhammad usta":                            "usta muhammad",
		"گورنمنٹ ہای اسکول لاہور": "گورنمنٹ ہائی سکول لاہور",
		"کسور": "قصور",
	} {
		if got := known.nearest(registry.Fold(text), 1); !slices.Equal(got, []string{registry.Fold(want)}) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Names that are far off are not guessed at.
func TestNearestLeavesTheFarAlone(t *testing.T) {
	known := newSpellings([]string{"lahore", "kasur", "okara", "pakpattan", "sahiwal", "hamid pur", "nasirabad", "gghs chak 77", "gps model town", "quetta", "kot addu", "dasht"})
	for _, text := range []string{
		"karachi", "peshawar", "multan", "hyderabad", "khanpur", "hasil pur", "saeed abad", "gilgit", "attock", "gps jinnah colony",
		"gghs civil lines", "takht e nasrati", "kot lakhpat", "x", "", "123", "n a", "total", "لاہور",
	} {
		if got := known.nearest(text, 1); got != nil {
			t.Errorf("%q is taken for %q", text, got)
		}
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

// realRows reads a real list, without the row that names its columns.
func realRows(t *testing.T, path ...string) [][]string {
	t.Helper()
	f, err := os.Open(realData(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// What people really type for a district, a tehsil or a union council leads to the
// right one, among all of its kind that the list has.
func TestNearestOnRealSpellings(t *testing.T) {
	pairs := realRows(t, "pk-schools", "balochistan", "emis_spelling_variants.csv")
	names := map[string][]string{}
	for _, r := range pairs {
		names[r[0]] = append(names[r[0]], registry.Fold(r[2]))
	}
	known := map[string]*spellings{}
	for level, all := range names {
		slices.Sort(all)
		names[level] = slices.Compact(all)
		known[level] = newSpellings(names[level])
	}
	right := 0
	for _, r := range pairs {
		written, meant := registry.Fold(r[1]), registry.Fold(r[2])
		got := []string{written} // which is found, and nothing is asked
		if !slices.Contains(names[r[0]], written) {
			got = known[r[0]].nearest(written, 3)
		}
		if len(got) > 0 && got[0] == meant {
			right++
			continue
		}
		t.Logf("the %s %q is meant for %q: %q", r[0], written, meant, got)
	}
	t.Logf("%d of %d spellings lead to the right name", right, len(pairs))
	if right*100 < 90*len(pairs) {
		t.Errorf("of %d spellings only %d lead to the right name", len(pairs), right)
	}
}

// The tehsils of the other provinces are not in the list. Few of them sound so much
// like one that is that it would be asked for.
func TestNearestOnRealNamesThatAreNotThere(t *testing.T) {
	var there []string
	for _, r := range realRows(t, "pk-schools", "balochistan", "emis_spelling_variants.csv") {
		there = append(there, registry.Fold(r[2]))
	}
	slices.Sort(there)
	all := newSpellings(slices.Compact(there))
	rows := realRows(t, "pk-admin", "tehsils.csv")
	asked, elsewhere := 0, 0
	for _, r := range rows {
		if r[4] == "Balochistan" {
			continue
		}
		elsewhere++
		if len(all.nearest(registry.Fold(r[1]), 1)) > 0 {
			asked++
		}
	}
	t.Logf("%d of %d names that are not there have one near", asked, elsewhere)
	if elsewhere < 400 || asked*5 > elsewhere {
		t.Errorf("%d of %d names that are not in the list are taken for one that is", asked, elsewhere)
	}
}

// BenchmarkNearest looks a name up among those of a large district, one that is
// there with a slip in it and one that is not.
func BenchmarkNearest(b *testing.B) {
	known := newSpellings(schoolNames3000())
	for _, text := range []string{"ggps killi haji abdul raheem shaboozai 2", "fazaia inter college islamabad"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				known.nearest(text, 3)
			}
		})
	}
	b.Run("made", func(b *testing.B) {
		names := schoolNames3000()
		for b.Loop() {
			newSpellings(names)
		}
	})
}

// schoolNames3000 are names as the schools of a district have them.
func schoolNames3000() []string {
	kinds := []string{"ggps", "gbps", "ggms", "gbhs", "gghss"}
	people := []string{"abdul rahim", "muhammad khan", "gul zaman", "saleh muhammad", "lal jan", "nawab din", "sher ali", "mir hazar", "faqir muhammad", "ghulam rasool"}
	places := []string{"shabozai", "kakozai", "model town", "kot lakhpat", "chak jhumra", "tor shah", "nawa killi", "mehtarzai", "gulistan", "sarki"}
	var names []string
	for i := range 3000 {
		names = append(names, fmt.Sprintf("%s killi haji %s %s %d", kinds[i%5], people[i/5%10], places[i/50%10], i/500+1))
	}
	return names
}

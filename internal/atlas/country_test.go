package atlas_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

func load(t *testing.T) *atlas.Country {
	t.Helper()
	c, err := atlas.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheTreeIsComplete(t *testing.T) {
	kinds, districts := map[fleet.PlaceKind]int{}, map[fleet.PlaceCode]int{}
	for p := range load(t).Places() {
		kinds[p.Kind]++
		if p.Kind == fleet.District {
			districts[p.Parent]++
		}
	}
	for kind, want := range map[fleet.PlaceKind]int{fleet.Country: 1, fleet.Province: 8, fleet.District: 161, fleet.Tehsil: 577} {
		if kinds[kind] != want {
			t.Errorf("there are %d places of kind %v, want %d", kinds[kind], kind, want)
		}
	}
	want := map[fleet.PlaceCode]int{
		atlas.AzadKashmir: 10, atlas.Balochistan: 35, atlas.GilgitBaltistan: 14, atlas.Islamabad: 1,
		atlas.KhyberPakhtunkhwa: 35, atlas.Punjab: 36, atlas.Sindh: 29, atlas.JammuKashmir: 1,
	}
	for province, n := range want {
		if districts[province] != n {
			t.Errorf("%s has %d districts, want %d", province, districts[province], n)
		}
	}
}

func TestEveryPlaceFollowsTheOneItLiesIn(t *testing.T) {
	seen := map[fleet.PlaceCode]fleet.PlaceKind{}
	for p := range load(t).Places() {
		if err := p.Check(); err != nil {
			t.Errorf("%s %s: %v", p.Code, p.Name, err)
		}
		if _, twice := seen[p.Code]; twice {
			t.Errorf("code %s is used twice", p.Code)
		}
		parent, known := seen[p.Parent]
		if p.Kind != fleet.Country && (!known || !p.Kind.Below(parent)) {
			t.Errorf("%s %s comes before the place it belongs to, %s, or cannot be below it", p.Code, p.Name, p.Parent)
		}
		seen[p.Code] = p.Kind
	}
}

func TestUrduNamesAreWrittenInUrdu(t *testing.T) {
	for p := range load(t).Places() {
		if p.NameUrdu == "" || strings.ContainsFunc(p.NameUrdu, notUrdu) {
			t.Errorf("%s %s: Urdu name %q", p.Code, p.Name, p.NameUrdu)
		}
		if strings.ContainsFunc(p.Name, func(r rune) bool { return r > '~' }) {
			t.Errorf("%s: English name %q", p.Code, p.Name)
		}
	}
}

// notUrdu is true of what Urdu is not written with: its letters have to be those
// of Urdu, not the ones of Arabic that look alike.
func notUrdu(r rune) bool {
	const letters = "اآأبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوؤہھۂۃءئیۓٰ"
	return r != ' ' && (r < '۰' || r > '۹') && !strings.ContainsRune(letters, r)
}

func TestADistrictIsFoundByTheCodeOfATehsil(t *testing.T) {
	c := load(t)
	for code, want := range map[fleet.PlaceCode]string{"PK617": "Lahore", "PK61702": "Lahore", "PK107": "Muzaffarabad"} {
		if d := c.District(code); d == nil || d.Name != want {
			t.Errorf("%s lies in %v, want %s", code, d, want)
		}
	}
	for _, code := range []fleet.PlaceCode{"", "PK", "PK6", "PK999", "ST-LHR"} {
		if d := c.District(code); d != nil {
			t.Errorf("%q lies in %s, want none", code, d.Name)
		}
	}
}

func TestSpellingsThatPeopleTypeAreKnown(t *testing.T) {
	spellings := map[string]fleet.PlaceCode{}
	for _, d := range load(t).Districts {
		for _, name := range append(slices.Clone(d.Aliases), d.Name) {
			spellings[name] = d.Code
		}
	}
	for name, want := range map[string]fleet.PlaceCode{
		"Leiah": "PK618", "Layyah": "PK618", "Shaheed Sikandarabad": "PK233", "Surab": "PK233", "Lahor": "PK617",
		"Rawal Pindi": "PK630", "DG Khan": "PK607", "D. I. Khan": "PK509", "Nawabshah": "PK719", "Qilla Saifullah": "PK215",
		"Karachi Central": "PK702", "Central Karachi": "PK702", "TT Singh": "PK635", "Torghar": "PK534", "Tor Ghar": "PK534",
	} {
		if spellings[name] != want {
			t.Errorf("district %q is %q, want %s", name, spellings[name], want)
		}
	}
}

func TestNoSpellingMeansTwoPlaces(t *testing.T) {
	type level struct {
		kind   fleet.PlaceKind
		parent fleet.PlaceCode
	}
	meant := map[level]map[string]fleet.PlaceCode{}
	for p := range load(t).Places() {
		l := level{p.Kind, ""}
		if p.Kind == fleet.Tehsil {
			l.parent = p.Parent // tehsils of two districts may share a name
		}
		if meant[l] == nil {
			meant[l] = map[string]fleet.PlaceCode{}
		}
		for _, name := range append(slices.Clone(p.Aliases), p.Name) {
			key := strings.ToLower(name)
			if other, taken := meant[l][key]; taken {
				t.Errorf("%q is both %s and %s", name, other, p.Code)
			}
			meant[l][key] = p.Code
		}
	}
}

func TestAnIteratorCanBeLeft(t *testing.T) {
	c := load(t)
	for stop := range 12 {
		left := stop
		for range c.Places() {
			if left--; left < 0 {
				break
			}
		}
	}
}

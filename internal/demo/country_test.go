package demo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
)

func loadPlaces(t *testing.T) []demo.Place {
	t.Helper()
	c, err := demo.LoadCountry()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(c.Places())
}

func TestTheTreeIsComplete(t *testing.T) {
	kinds, districts := map[fleet.PlaceKind]int{}, map[fleet.PlaceCode]int{}
	for _, p := range loadPlaces(t) {
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
	want := map[fleet.PlaceCode]int{"PK1": 10, "PK2": 35, "PK3": 14, "PK4": 1, "PK5": 35, "PK6": 36, "PK7": 29, "PK8": 1}
	for province, n := range want {
		if districts[province] != n {
			t.Errorf("%s has %d districts, want %d", province, districts[province], n)
		}
	}
}

func TestEveryPlaceCanBePutIntoARegister(t *testing.T) {
	w := world(t, demo.Options{})
	seen := map[fleet.PlaceCode]fleet.PlaceKind{}
	for p := range w.Places() {
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
	w := world(t, demo.Options{})
	for p := range w.Places() {
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

func TestSpellingsThatPeopleTypeAreKnown(t *testing.T) {
	aliases := map[string]fleet.PlaceCode{}
	for _, p := range loadPlaces(t) {
		if p.Kind == fleet.District {
			for _, name := range append(p.Aliases, p.Name) {
				aliases[name] = p.Code
			}
		}
	}
	for name, want := range map[string]fleet.PlaceCode{
		"Leiah": "PK618", "Layyah": "PK618", "Shaheed Sikandarabad": "PK233", "Surab": "PK233", "Lahor": "PK617",
		"Rawal Pindi": "PK630", "DG Khan": "PK607", "D. I. Khan": "PK509", "Nawabshah": "PK719", "Qilla Saifullah": "PK215",
		"Karachi Central": "PK702", "Central Karachi": "PK702", "TT Singh": "PK635", "Torghar": "PK534", "Tor Ghar": "PK534",
	} {
		if aliases[name] != want {
			t.Errorf("district %q is %q, want %s", name, aliases[name], want)
		}
	}
}

func TestNoSpellingMeansTwoPlaces(t *testing.T) {
	type level struct {
		kind   fleet.PlaceKind
		parent fleet.PlaceCode
	}
	meant := map[level]map[string]fleet.PlaceCode{}
	for _, p := range loadPlaces(t) {
		l := level{p.Kind, ""}
		if p.Kind == fleet.Tehsil {
			l.parent = p.Parent // tehsils of two districts may share a name
		}
		if meant[l] == nil {
			meant[l] = map[string]fleet.PlaceCode{}
		}
		for _, name := range append(p.Aliases, p.Name) {
			key := strings.ToLower(name)
			if other, taken := meant[l][key]; taken {
				t.Errorf("%q is both %s and %s", name, other, p.Code)
			}
			meant[l][key] = p.Code
		}
	}
}

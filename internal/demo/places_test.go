package demo_test

import (
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
)

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

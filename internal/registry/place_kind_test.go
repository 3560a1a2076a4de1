package registry

import (
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/table"
)

// unchecked saves a place as no change of ours would.
type unchecked struct{ place fleet.Place }

func (unchecked) Name() string { return "save_place" }

func (c unchecked) apply(t *tx) error { return t.savePlace(&c.place) }

func openPlaces(t *testing.T) Session {
	t.Helper()
	reg, err := Open(t.Context(), memkv.New(), Options{Now: func() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	s := reg.As(Operator())
	save := func(code, parent fleet.PlaceCode, k fleet.PlaceKind) Change {
		return SavePlace{Parent: parent, Place: fleet.Place{Code: code, Kind: k, State: fleet.Active, Name: string(code), EMIS: strings.TrimPrefix(string(code), "PK6-")}}
	}
	_, err = s.Apply(t.Context(), Request{},
		save("PK", "", fleet.Country), save("PK6", "PK", fleet.Province), save("PK601", "PK6", fleet.District),
		save("PK601-CITY", "PK601", fleet.Tehsil), save("PK6-35200001", "PK601", fleet.School))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A place that others lie in becomes none that they may not lie in: nothing could
// be brought in below a district that has become a school.
func TestAPlaceKeepsAKindForWhatLiesInIt(t *testing.T) {
	s := openPlaces(t)
	for kind, refused := range map[fleet.PlaceKind]bool{fleet.School: true, fleet.Tehsil: true, fleet.Store: true, fleet.District: false} {
		_, err := s.Apply(t.Context(), Request{}, SavePlace{Parent: "PK6", Place: fleet.Place{Code: "PK601", Kind: kind, State: fleet.Active, Name: "Lahore", EMIS: "1"}})
		if got := err != nil && strings.Contains(err.Error(), "cannot become a "+kind.String()); got != refused {
			t.Errorf("a district with a tehsil as a %s: %v", kind, err)
		}
	}
}

// Verify finds a place that lies where it may not, or nowhere.
func TestVerifyFindsMisplacedPlaces(t *testing.T) {
	for want, change := range map[string]func(p *fleet.Place){
		"":                                       func(*fleet.Place) {},
		"PK601-CITY, a tehsil, lies in a school": func(p *fleet.Place) { p.Kind = fleet.School },
		"the place above PK601 is not there":     func(p *fleet.Place) { p.Path = fleet.Path("").Child(99).Child(p.ID()) },
	} {
		s := openPlaces(t)
		p, err := s.Place(t.Context(), "PK601")
		if err != nil {
			t.Fatal(err)
		}
		change(&p)
		if _, err := s.Apply(t.Context(), Request{}, unchecked{p}); err != nil {
			t.Fatal(err)
		}
		var found []string
		err = s.reg.Verify(t.Context(), func(string) {}, func(f table.Finding) { found = append(found, f.String()) })
		if all := strings.Join(found, "\n"); err != nil || !strings.Contains(all, want) || (all == "") != (want == "") {
			t.Errorf("verify says %q, %v; want %q", all, err, want)
		}
	}
}

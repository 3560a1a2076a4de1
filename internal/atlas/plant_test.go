package atlas_test

import (
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

func newRegister(t *testing.T) *registry.Register {
	t.Helper()
	reg, err := registry.Open(t.Context(), memkv.New(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reg.Close() })
	return reg
}

func operator(t *testing.T) registry.Session { return newRegister(t).As(registry.Operator()) }

func plant(t *testing.T, s registry.Session) {
	t.Helper()
	if err := atlas.Plant(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func planted(t *testing.T, s registry.Session) []fleet.Place {
	t.Helper()
	all, err := s.PlacesUnder(t.Context(), "", "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestANewRegisterGetsTheWholeTree(t *testing.T) {
	s := operator(t)
	plant(t, s)
	if got, want := len(planted(t, s)), len(slices.Collect(load(t).Places())); got != want {
		t.Errorf("the register has %d places, want %d", got, want)
	}
	layyah, err := s.Place(t.Context(), "PK618")
	if err != nil {
		t.Fatal(err)
	}
	if layyah.Name != "Layyah" || layyah.Division != "Dera Ghazi Khan" || !slices.Contains(layyah.Aliases, "Leiah") || layyah.Path.Depth() != 3 {
		t.Errorf("PK618 is %+v", layyah)
	}
}

func TestPlacesThatAreThereAreLeftAlone(t *testing.T) {
	s := operator(t)
	plant(t, s)
	before := planted(t, s)
	renamed := before[0]
	renamed.Name = "Islamic Republic of Pakistan"
	if _, err := s.Apply(t.Context(), registry.Request{}, registry.SavePlace{Place: renamed}); err != nil {
		t.Fatal(err)
	}
	plant(t, s)
	after := planted(t, s)
	if len(after) != len(before) || after[0].Name != renamed.Name {
		t.Errorf("planting again gave %d places, the first of them %q", len(after), after[0].Name)
	}
}

func TestATreeOfOnesOwnStaysAsItIs(t *testing.T) {
	s := operator(t)
	own := fleet.Place{Kind: fleet.Country, State: fleet.Active, Code: "LAND", Name: "Land"}
	if _, err := s.Apply(t.Context(), registry.Request{}, registry.SavePlace{Place: own}); err != nil {
		t.Fatal(err)
	}
	plant(t, s)
	if all := planted(t, s); len(all) != 1 {
		t.Errorf("the register has %d places, want its own one", len(all))
	}
}

func TestOnlyWhoMayEditPlacesPlants(t *testing.T) {
	reg := newRegister(t)
	reader := registry.Actor{Name: "reader", Grants: []fleet.Grant{{Role: fleet.Viewer}}}
	if err := atlas.Plant(t.Context(), reg.As(reader)); fleet.KindOf(err) != fleet.Forbidden {
		t.Errorf("a reader planted: %v", err)
	}
	if all := planted(t, reg.As(registry.Operator())); len(all) != 0 {
		t.Errorf("there are %d places", len(all))
	}
}

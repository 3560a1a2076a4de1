package registry

import (
	"context"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// SavePlace makes a place below Parent, or brings the one with its code to these
// facts. Giving another parent moves it, with all that is below it.
type SavePlace struct {
	Parent fleet.PlaceCode // empty for the country only
	Place  fleet.Place     // Path and Version are ignored
}

// Name is the change's name in the journal.
func (SavePlace) Name() string { return "save_place" }

func (c SavePlace) apply(t *tx) error {
	if err := c.Place.Check(); err != nil {
		return err
	}
	parent, err := t.parentFor(c)
	if err != nil {
		return err
	}
	old, exists, err := placeByCode(t.w, c.Place.Code)
	if err != nil {
		return err
	}
	p := c.Place
	if !exists {
		id, err := places.NextID(t.w)
		if err != nil {
			return err
		}
		if id > uint64(fleet.MaxPlaceID) {
			return fleet.Conflictf("place.too_many", "the register holds no more than %d places", fleet.MaxPlaceID)
		}
		p.Path = parent.Child(fleet.PlaceID(id))
		return t.savePlace(&p)
	}
	if err := t.allow(editing(old.Kind), old.Path, absentPlace(c.Place.Code)); err != nil {
		return err
	}
	if err := t.checkKind(&old, p.Kind); err != nil {
		return err
	}
	p.Path = parent.Child(old.ID())
	if p.Path != old.Path {
		if err := t.allow(editing(old.Kind), old.Path.Parent(), errNotFromThere); err != nil {
			return err
		}
		if err := t.movePlace(old, p.Path); err != nil {
			return err
		}
	}
	p.Version = old.Version
	return t.savePlace(&p)
}

// errNotFromThere is for who has a place and not what it lies in, which loses it.
var errNotFromThere = fleet.Forbiddenf("place.not_from_there", "this place is yours, but what it lies in is not: whoever has both can move it").In("parent")

// checkKind refuses to make another kind of a place that holds devices, whose
// status says what kind of place they are at, or places that may not lie in one of
// that kind.
func (t *tx) checkKind(old *fleet.Place, kind fleet.PlaceKind) error {
	if kind == old.Kind {
		return nil
	}
	below, err := recordsAt(t.w, places, places.Index("by_parent").Str(string(old.Path)))
	if err != nil {
		return err
	}
	for _, p := range below {
		if !p.Kind.Below(kind) {
			return fleet.Conflictf("place.kind_fixed", "%s cannot become a %s: %s, a %s, lies in it", old.Name, kind, p.Name, p.Kind).In("kind")
		}
	}
	n, err := devicesAt(t.w, old.Path)
	if err == nil && n > 0 {
		err = fleet.Conflictf("place.kind_fixed", "%s holds devices and cannot become a %s: move them first", old.Name, kind).In("kind")
	}
	return err
}

func (t *tx) savePlace(p *fleet.Place) error {
	t.touch(p.Path)
	t.placeCache[p.ID()] = *p
	return save(t, places, p)
}

// parentFor finds where the place is to be, and whether the actor may put it there.
func (t *tx) parentFor(c SavePlace) (fleet.Path, error) {
	if c.Parent == "" {
		if c.Place.Kind != fleet.Country {
			return "", fleet.Invalidf("place.parent_missing", "say which place %s lies in", c.Place.Name).In("parent")
		}
		return "", t.allow(fleet.EditPlaces, "", absentPlace(c.Place.Code))
	}
	parent, err := t.place(c.Parent)
	if err != nil {
		return "", err
	}
	if !c.Place.Kind.Below(parent.Kind) {
		return "", fleet.Invalidf("place.kind_order", "a %s cannot lie directly in a %s", c.Place.Kind, parent.Kind).In("parent")
	}
	return parent.Path, t.allow(editing(c.Place.Kind), parent.Path, absentPlace(c.Parent))
}

// editing is the action that saving a place of the kind takes.
func editing(k fleet.PlaceKind) fleet.Action {
	if k >= fleet.School {
		return fleet.EditSchools
	}
	return fleet.EditPlaces
}

func absentPlace(code fleet.PlaceCode) error {
	return fleet.NotFoundf("place.not_found", "there is no place %s", code).In("place")
}

// place finds a place by its code, or a school by its EMIS code when only one
// place in the actor's scope has it.
func (t *tx) place(code fleet.PlaceCode) (fleet.Place, error) {
	return findPlace(t.w, t.actor, code)
}

// placeAt reads the place at a path, which must be up to date.
func (t *tx) placeAt(p fleet.Path) (fleet.Place, error) {
	place, known := t.placeCache[p.ID()]
	if !known {
		var found bool
		var err error
		place, found, err = places.Get(t.w, uint64(p.ID()))
		if err != nil {
			return place, err
		}
		if found {
			t.placeCache[p.ID()] = place
		}
	}
	if place.Path != p {
		return place, fleet.Conflictf("place.moved", "the place has moved in the meantime: look again and repeat").In("place")
	}
	return place, nil
}

func placeByCode(r kv.Reader, code fleet.PlaceCode) (fleet.Place, bool, error) {
	id, ok, err := places.Lookup(r, places.Index("by_code").Str(strings.ToUpper(string(code))))
	if err != nil || !ok {
		return fleet.Place{}, false, err
	}
	return places.Get(r, id)
}

func findPlace(r kv.Reader, a *Actor, code fleet.PlaceCode) (fleet.Place, error) {
	p, ok, err := placeByCode(r, code)
	if err != nil {
		return p, err
	}
	if ok && a.sees(p.Path) {
		return p, nil
	}
	found, err := recordsAt(r, places, places.Index("by_emis").Str(strings.ToUpper(string(code))))
	if err != nil {
		return fleet.Place{}, err
	}
	found = slices.DeleteFunc(found, func(p fleet.Place) bool { return !a.sees(p.Path) })
	switch len(found) {
	case 0:
		return fleet.Place{}, absentPlace(code)
	case 1:
		return found[0], nil
	}
	return fleet.Place{}, fleet.Conflictf("place.ambiguous", "%d schools have EMIS code %s: give the whole code, such as %s", len(found), code, found[0].Code).In("place")
}

// Place reads one place by its code, or a school by its EMIS code.
func (s Session) Place(ctx context.Context, code fleet.PlaceCode) (p fleet.Place, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		p, err = findPlace(r, s.actor, code)
		return err
	})
	return p, err
}

// Ancestors reads the places above p that the actor sees, from the top down, and p.
func (s Session) Ancestors(ctx context.Context, p fleet.Path) (line []fleet.Place, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for depth := 1; depth <= p.Depth(); depth++ {
			if !s.actor.sees(p.At(depth)) {
				continue
			}
			place, ok, err := places.Get(r, uint64(p.At(depth).ID()))
			if err != nil {
				return err
			}
			if ok {
				line = append(line, place)
			}
		}
		return nil
	})
	return line, err
}

// Children reads the places directly below the place.
func (s Session) Children(ctx context.Context, p fleet.Path) (children []fleet.Place, err error) {
	if !s.actor.sees(p) {
		return nil, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		children, err = recordsAt(r, places, places.Index("by_parent").Str(string(p)))
		return err
	})
	return children, err
}

// PlacesUnder pages through a place and all that is below it, in tree order.
// after is the last path of the page before; empty to begin.
func (s Session) PlacesUnder(ctx context.Context, p, after fleet.Path, limit int) (page []fleet.Place, err error) {
	if !s.actor.sees(p) || after != "" && !p.Contains(after) {
		return nil, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		lo := places.Index("by_path").Open(string(p))
		hi := lo.End()
		if after != "" {
			lo = places.Index("by_path").Str(string(after)).End()
		}
		for id, err := range places.IDs(r, lo, hi) {
			if err != nil || len(page) == limit {
				return err
			}
			place, _, err := places.Get(r, id)
			if err != nil {
				return err
			}
			page = append(page, place)
		}
		return nil
	})
	return page, err
}

// SearchPlaces finds places by the words of their names, or by the beginning of
// a code. All words must occur; the last may be cut short.
func (s Session) SearchPlaces(ctx context.Context, text string, limit int) (found []fleet.Place, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		p, err := findPlace(r, s.actor, fleet.PlaceCode(strings.TrimSpace(text)))
		if err == nil {
			found = append(found, p)
			return nil
		}
		found, err = searchWords(r, s.actor, strings.Fields(Fold(text)), limit)
		return err
	})
	return found, err
}

// PlacesNamed finds all places in the actor's scope that are called exactly so, by
// one of their names or aliases in the form in which names are compared.
func (s Session) PlacesNamed(ctx context.Context, name string) (found []fleet.Place, err error) {
	folded := Fold(name)
	if folded == "" {
		return nil, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		found, err = recordsAt(r, places, places.Index("by_name").Str(folded))
		return err
	})
	return slices.DeleteFunc(found, func(p fleet.Place) bool { return !s.actor.sees(p.Path) }), err
}

// maxSearched bounds how many places one search looks at.
const maxSearched = 5_000

// searchWords scans the index of the longest word, which is likely the rarest.
func searchWords(r kv.Reader, a *Actor, words []string, limit int) (found []fleet.Place, err error) {
	if len(words) == 0 {
		return nil, nil
	}
	longest := words[0]
	for _, w := range words {
		if len(w) > len(longest) {
			longest = w
		}
	}
	key := places.Index("by_word").Open(longest)
	seen := map[uint64]bool{}
	for id, err := range places.IDs(r, key, key.End()) {
		if err != nil || len(found) >= limit || len(seen) >= maxSearched {
			return found, err
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		p, _, err := places.Get(r, id)
		if err != nil {
			return nil, err
		}
		if a.sees(p.Path) && hasWords(&p, words) {
			found = append(found, p)
		}
	}
	return found, nil
}

func hasWords(p *fleet.Place, words []string) bool {
	own := placeWords(p)
	for _, want := range words {
		ok := false
		for _, have := range own {
			ok = ok || strings.HasPrefix(have, want)
		}
		if !ok {
			return false
		}
	}
	return true
}

package api

import (
	"context"
	"errors"
	"net/http"
	"sort"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) places() {
	add(a, operation{
		Route: Route{http.MethodGet, "/places", fleet.Read},
		id:    "list-places", summary: "Places: all of them, those in a place, or those with a name",
		about: "Give at most one of under, parent and q. Without any, all places within your scope are listed, in the order of the tree.",
		sdk:   `for p, err := range c.Places(ctx, takhti.PlaceQuery{Under: "PK601"}) { … }`,
	}, a.listPlaces)
	add(a, operation{
		Route: Route{http.MethodGet, "/places/{code}", fleet.Read},
		id:    "get-place", summary: "One place, where it lies, and how many places lie in it",
		sdk: `p, err := c.Place(ctx, "PK601")`,
	}, a.getPlace)
	add(a, operation{
		Route: Route{http.MethodPost, "/places", fleet.EditSchools},
		id:    "save-place", summary: "Make a place, or bring the one with its code to these facts",
		about: "Schools, stores and workshops can be saved by an officer, other places by a manager. Another parent moves the place with all that is in it.",
		sdk:   `p, err := c.SavePlace(ctx, takhti.SavePlace{Code: "PK6-37330250", Parent: "PK60103", Kind: takhti.School, Name: "GGHS Chak 77", EMIS: "37330250"})`,
	}, a.savePlace)
}

type listPlacesIn struct {
	Listed
	Under  string `query:"under" doc:"The place with this code and everything in it, in the order of the tree" example:"PK601"`
	Parent string `query:"parent" doc:"The places directly in the one with this code"`
	Search string `query:"q" maxLength:"200" doc:"Words of a name, in English or Urdu, or a code; the last word may be cut short"`
}

func (a *api) listPlaces(ctx context.Context, in *listPlacesIn) (*answer[takhti.Page[takhti.Place]], error) {
	s := a.session(ctx)
	list := placesUnder
	switch {
	case in.Search != "" && in.Parent == "" && in.Under == "":
		list = placesNamed
	case in.Parent != "" && in.Search == "" && in.Under == "":
		list = placesIn
	case in.Parent != "" || in.Search != "":
		return nil, fleet.Invalidf("places.one_filter", "give only one of under, parent and q").In("under")
	}
	found, next, err := list(ctx, s, in)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.Place]{Next: next}
	page.Items, err = placesOf(ctx, s, found)
	return &answer[takhti.Page[takhti.Place]]{page}, err
}

func placesUnder(ctx context.Context, s registry.Session, in *listPlacesIn) (found []fleet.Place, next string, err error) {
	top, err := placeOr(ctx, s, in.Under)
	if err != nil {
		return nil, "", err
	}
	f := filter{"places under", top.Path}
	position, err := f.position(in.Cursor)
	if err != nil {
		return nil, "", err
	}
	after := fleet.Path(position)
	if after != "" && !top.Path.Contains(after) {
		return nil, "", errCursor
	}
	found, err = s.PlacesUnder(ctx, top.Path, after, in.Limit+1)
	if len(found) > in.Limit {
		found = found[:in.Limit]
		next = f.cursor([]byte(found[in.Limit-1].Path))
	}
	return found, next, err
}

// placesIn pages through the children of a place, which are sorted by their numbers.
func placesIn(ctx context.Context, s registry.Session, in *listPlacesIn) (found []fleet.Place, next string, err error) {
	parent, err := s.Place(ctx, fleet.PlaceCode(in.Parent))
	if err != nil {
		return nil, "", err
	}
	f := filter{"places in", parent.Path}
	after, err := f.number(in.Cursor)
	if err != nil {
		return nil, "", err
	}
	found, err = s.Children(ctx, parent.Path)
	first := sort.Search(len(found), func(i int) bool { return uint64(found[i].ID()) > after })
	found, last := pageOf(found[first:], in.Limit, func(p fleet.Place) uint64 { return uint64(p.ID()) })
	return found, f.numberCursor(last), err
}

func placesNamed(ctx context.Context, s registry.Session, in *listPlacesIn) (found []fleet.Place, next string, err error) {
	found, err = s.SearchPlaces(ctx, in.Search, in.Limit)
	return found, "", err
}

// placesOf describes places, with the codes of what they lie in.
func placesOf(ctx context.Context, s registry.Session, found []fleet.Place) ([]takhti.Place, error) {
	parents := make([]fleet.Path, 0, len(found))
	for i := range found {
		parents = append(parents, found[i].Path.Parent())
	}
	known, err := s.PlacesAt(ctx, parents...)
	if err != nil {
		return nil, err
	}
	list := make([]takhti.Place, 0, len(found))
	for i := range found {
		list = append(list, placeOf(&found[i], known[parents[i]].Code))
	}
	return list, nil
}

func placeOf(p *fleet.Place, parent fleet.PlaceCode) takhti.Place {
	return takhti.Place{
		Code: string(p.Code), Parent: string(parent), Kind: takhti.PlaceKind(p.Kind.String()), State: takhti.PlaceState(p.State.String()),
		Name: p.Name, NameUrdu: p.NameUrdu, Aliases: p.Aliases, EMIS: p.EMIS, Division: p.Division,
		Latitude: p.Latitude, Longitude: p.Longitude,
		Level: p.Level, Gender: p.Gender, Enrolment: p.Enrolment, Phone: p.Phone,
		Electricity: takhti.Known(p.Electricity.String()), Internet: takhti.Known(p.Internet.String()),
	}
}

func refOf(p fleet.Place) takhti.PlaceRef {
	return takhti.PlaceRef{Code: string(p.Code), Kind: takhti.PlaceKind(p.Kind.String()), Name: p.Name}
}

type getPlaceIn struct {
	Code string `path:"code" maxLength:"60" doc:"Its code, or a school's EMIS code" example:"PK601"`
}

func (a *api) getPlace(ctx context.Context, in *getPlaceIn) (*answer[takhti.PlaceDetail], error) {
	s := a.session(ctx)
	p, err := s.Place(ctx, fleet.PlaceCode(in.Code))
	if err != nil {
		return nil, err
	}
	above, err := s.Ancestors(ctx, p.Path.Parent())
	if err != nil {
		return nil, err
	}
	counts, err := s.PlaceCounts(ctx, p.Code)
	if err != nil {
		return nil, err
	}
	d := takhti.PlaceDetail{Line: make([]takhti.PlaceRef, 0, len(above)), Places: make([]takhti.PlaceCount, 0, len(counts))}
	parent := fleet.PlaceCode("")
	for _, up := range above {
		d.Line, parent = append(d.Line, refOf(up)), up.Code
	}
	for _, n := range counts {
		d.Places = append(d.Places, takhti.PlaceCount{Kind: takhti.PlaceKind(n.Kind.String()), State: takhti.PlaceState(n.State.String()), Count: n.Count})
	}
	d.Place = placeOf(&p, parent)
	return &answer[takhti.PlaceDetail]{d}, nil
}

type savePlaceIn struct {
	Keyed
	Body takhti.SavePlace
}

func (a *api) savePlace(ctx context.Context, in *savePlaceIn) (*written[takhti.Place], error) {
	change, err := savedPlace(&in.Body)
	if err != nil {
		return nil, err
	}
	s := a.session(ctx)
	receipt, err := s.Apply(ctx, registry.Request{ID: in.Key}, change)
	if err != nil {
		return nil, err
	}
	p, err := s.PlaceAfter(ctx, receipt, change.Place.Code)
	if err != nil {
		return nil, err
	}
	list, err := placesOf(ctx, s, []fleet.Place{p})
	if err != nil {
		return nil, err
	}
	return &written[takhti.Place]{replayed(receipt.Repeated), list[0]}, nil
}

// savedPlace is the change that brings a place to the facts.
func savedPlace(in *takhti.SavePlace) (c registry.SavePlace, err error) {
	p := fleet.Place{
		Code: fleet.PlaceCode(in.Code), EMIS: in.EMIS, Name: in.Name, NameUrdu: in.NameUrdu, Aliases: in.Aliases,
		Division: in.Division, Latitude: in.Latitude, Longitude: in.Longitude,
		Level: in.Level, Gender: in.Gender, Enrolment: in.Enrolment, Phone: in.Phone,
	}
	if in.State == "" {
		in.State = takhti.PlaceActive
	}
	var errs [4]error
	p.Kind, errs[0] = read(in.Kind, fleet.ParsePlaceKind)
	p.State, errs[1] = read(in.State, fleet.ParsePlaceState)
	p.Electricity, errs[2] = read(in.Electricity, fleet.ParseKnown)
	p.Internet, errs[3] = read(in.Internet, fleet.ParseKnown)
	return registry.SavePlace{Parent: fleet.PlaceCode(in.Parent), Place: p}, errors.Join(errs[:]...)
}

package takhti

import (
	"context"
	"iter"
)

// PlaceRef names a place.
type PlaceRef struct {
	Code string    `json:"code" example:"PK601"`
	Kind PlaceKind `json:"kind"`
	Name string    `json:"name" example:"Lahore"`
}

// Place is a node of the tree: the country, a province, a district, a tehsil, a
// school, a store or a workshop.
type Place struct {
	Code      string     `json:"code" doc:"Its code in the whole register; a school's is its province's code and its EMIS code" example:"PK6-37330250"`
	Parent    string     `json:"parent,omitempty" doc:"The code of the place it lies in, when that is within your scope" example:"PK60103"`
	Kind      PlaceKind  `json:"kind"`
	State     PlaceState `json:"state"`
	Name      string     `json:"name" example:"GGHS Chak 77"`
	NameUrdu  string     `json:"name_urdu,omitempty"`
	Aliases   []string   `json:"aliases,omitempty" nullable:"false" doc:"Other spellings that people type"`
	EMIS      string     `json:"emis,omitempty" doc:"Schools: the EMIS code, which may begin with a zero" example:"37330250"`
	Division  string     `json:"division,omitempty"`
	Latitude  float64    `json:"latitude,omitempty" doc:"Degrees north; absent when not known"`
	Longitude float64    `json:"longitude,omitempty" doc:"Degrees east; absent when not known"`

	Level       string `json:"level,omitempty" doc:"Schools: primary, middle, high or higher_secondary"`
	Gender      string `json:"gender,omitempty" doc:"Schools: boys, girls or mixed"`
	Enrolment   uint32 `json:"enrolment,omitempty"`
	Electricity Known  `json:"electricity,omitempty" doc:"Absent when not known"`
	Internet    Known  `json:"internet,omitempty" doc:"Absent when not known"`
	Phone       string `json:"phone,omitempty"`
}

// PlaceDetail is a place with where it lies and what lies in it.
type PlaceDetail struct {
	Place
	Line   []PlaceRef   `json:"line" nullable:"false" doc:"The places it lies in, from the top of your scope down"`
	Places []PlaceCount `json:"places" nullable:"false" doc:"How many places there are, itself and everything below it"`
}

// PlaceCount is a number of places of one kind and state.
type PlaceCount struct {
	Kind  PlaceKind  `json:"kind"`
	State PlaceState `json:"state"`
	Count int64      `json:"count"`
}

// SavePlace describes a place that is to be made, or the facts that the place
// with its code is to have.
type SavePlace struct {
	Code      string     `json:"code" example:"PK6-37330250"`
	Parent    string     `json:"parent,omitempty" doc:"The code of the place it lies in; another one than before moves it" example:"PK60103"`
	Kind      PlaceKind  `json:"kind" example:"school"`
	State     PlaceState `json:"state,omitempty" doc:"active when left out"`
	Name      string     `json:"name" example:"GGHS Chak 77"`
	NameUrdu  string     `json:"name_urdu,omitempty"`
	Aliases   []string   `json:"aliases,omitempty" nullable:"false"`
	EMIS      string     `json:"emis,omitempty" doc:"Schools only, which need one" example:"37330250"`
	Division  string     `json:"division,omitempty"`
	Latitude  float64    `json:"latitude,omitempty"`
	Longitude float64    `json:"longitude,omitempty"`

	Level       string `json:"level,omitempty"`
	Gender      string `json:"gender,omitempty"`
	Enrolment   uint32 `json:"enrolment,omitempty"`
	Electricity Known  `json:"electricity,omitempty"`
	Internet    Known  `json:"internet,omitempty"`
	Phone       string `json:"phone,omitempty"`
}

// PlaceQuery says which places are wanted. At most one of Under, Parent and
// Search can be given; with none, all places within the token's scope are.
type PlaceQuery struct {
	Under  string // the place with this code and everything below it
	Parent string // the places directly below the one with this code
	Search string // words of a name, in English or Urdu, or a code
	Limit  int    // of one page, at most 1000
	Cursor string // Next of the page before
}

// PlacePage reads one page of places.
func (c *Client) PlacePage(ctx context.Context, q PlaceQuery) (Page[Place], error) {
	p := newParameters().text("under", q.Under).text("parent", q.Parent).text("q", q.Search)
	return get[Page[Place]](ctx, c, "/places", p.number("limit", q.Limit).text("cursor", q.Cursor).Values)
}

// Places yields all places that the query asks for.
func (c *Client) Places(ctx context.Context, q PlaceQuery) iter.Seq2[Place, error] {
	q.Limit = wholePages
	return each(func(cursor string) (Page[Place], error) {
		q.Cursor = cursor
		return c.PlacePage(ctx, q)
	})
}

// Place reads the place with a code, or the school with an EMIS code.
func (c *Client) Place(ctx context.Context, code string) (PlaceDetail, error) {
	return get[PlaceDetail](ctx, c, at("places", code), nil)
}

// SavePlace makes a place, or brings the one with its code to these facts.
func (c *Client) SavePlace(ctx context.Context, p SavePlace) (Place, error) {
	return post[Place](ctx, c, "/places", p)
}

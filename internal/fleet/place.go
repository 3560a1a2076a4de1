package fleet

// PlaceKind says what a place is. Which kinds lie below which is data: any place
// may be put below one of a lower rank.
type PlaceKind uint8

// The kinds of place.
const (
	Country PlaceKind = iota + 1
	Province
	District
	Tehsil
	School
	Store    // a warehouse, usually of a district
	Workshop // where devices are repaired
)

var placeKinds = vocabulary[PlaceKind]{
	code: "place.kind", field: "kind", what: "a kind of place",
	names: []string{"", "country", "province", "district", "tehsil", "school", "store", "workshop"},
}

// PlaceKinds are all kinds of place.
func PlaceKinds() []PlaceKind { return placeKinds.all() }

// String is the kind's name in the API and in files.
func (k PlaceKind) String() string { return placeKinds.name(k) }

// ParsePlaceKind reads a kind's name.
func ParsePlaceKind(s string) (PlaceKind, error) { return placeKinds.parse(s) }

// Below says whether a place of kind k may lie directly below one of kind parent.
func (k PlaceKind) Below(parent PlaceKind) bool {
	return parent >= Country && parent <= Tehsil && k > parent && k <= Workshop
}

// Home is the status of a device that simply is at a place of kind k.
func (k PlaceKind) Home() Status {
	if k == School {
		return AtSchool
	}
	return InStore
}

// PlaceState says whether a place is in use.
type PlaceState uint8

// The states of a place.
const (
	Active PlaceState = iota + 1
	Closed
	Merged
)

var placeStates = vocabulary[PlaceState]{
	code: "place.state", field: "state", what: "a state of a place",
	names: []string{"", "active", "closed", "merged"},
}

// PlaceStates are all states.
func PlaceStates() []PlaceState { return placeStates.all() }

func (s PlaceState) String() string { return placeStates.name(s) }

// ParsePlaceState reads a state's name.
func ParsePlaceState(s string) (PlaceState, error) { return placeStates.parse(s) }

// PlaceCode is a place's code in the whole register: PK, PK6, PK601. A school's
// is its province's code and its EMIS code: PK6-37330250.
type PlaceCode string

// Known is a yes-or-no fact that may not be known.
type Known uint8

// The three answers.
const (
	Unknown Known = iota
	No
	Yes
)

var knowns = vocabulary[Known]{
	code: "place.known", what: "an answer",
	names: []string{"", "no", "yes"},
}

// String is no, yes, or empty when unknown.
func (k Known) String() string { return knowns.name(k) }

// ParseKnown reads no or yes; empty means unknown.
func ParseKnown(s string) (Known, error) {
	if s == "" {
		return Unknown, nil
	}
	return knowns.parse(s)
}

// Place is a node of the tree: the country, a province, a district, a tehsil, a
// school, a store or a workshop.
type Place struct {
	Path      Path       `cbor:"1,keyasint"` // ends in the place's own ID
	Version   uint32     `cbor:"2,keyasint"`
	Kind      PlaceKind  `cbor:"3,keyasint"`
	State     PlaceState `cbor:"4,keyasint"`
	Code      PlaceCode  `cbor:"5,keyasint"`
	EMIS      string     `cbor:"6,keyasint,omitempty"` // text: it may begin with a zero; schools only
	Name      string     `cbor:"7,keyasint"`           // in English
	NameUrdu  string     `cbor:"8,keyasint,omitempty"`
	Aliases   []string   `cbor:"9,keyasint,omitempty"` // spellings people type
	Division  string     `cbor:"10,keyasint,omitempty"`
	Latitude  float64    `cbor:"11,keyasint,omitempty"` // degrees north; 0 with Longitude 0: unknown
	Longitude float64    `cbor:"12,keyasint,omitempty"` // degrees east

	// Facts of a school.
	Level       string `cbor:"13,keyasint,omitempty"` // primary, middle, high, higher_secondary
	Gender      string `cbor:"14,keyasint,omitempty"` // boys, girls, mixed
	Enrolment   uint32 `cbor:"15,keyasint,omitempty"`
	Electricity Known  `cbor:"16,keyasint,omitempty"`
	Internet    Known  `cbor:"17,keyasint,omitempty"`
	Phone       string `cbor:"18,keyasint,omitempty"`
}

// ID is the place's own number.
func (p *Place) ID() PlaceID { return p.Path.ID() }

// Levels are the levels a school can have.
func Levels() []string { return []string{"primary", "middle", "high", "higher_secondary"} }

// Genders are whom a school can be for.
func Genders() []string { return []string{"boys", "girls", "mixed"} }

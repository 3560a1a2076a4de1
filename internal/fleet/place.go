package fleet

import (
	"strings"
	"unicode"
)

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

var placeKindNames = []string{"", "country", "province", "district", "tehsil", "school", "store", "workshop"}

// String is the kind's name in the API and in files.
func (k PlaceKind) String() string { return nameOf(placeKindNames, k) }

// ParsePlaceKind reads a kind's name.
func ParsePlaceKind(s string) (PlaceKind, error) {
	return parseName[PlaceKind](placeKindNames, s, "place.kind", "kind of place")
}

// Below says whether a place of kind k may lie directly below one of kind parent.
func (k PlaceKind) Below(parent PlaceKind) bool {
	return parent >= Country && parent <= Tehsil && k > parent
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

var placeStateNames = []string{"", "active", "closed", "merged"}

func (s PlaceState) String() string { return nameOf(placeStateNames, s) }

// ParsePlaceState reads a state's name.
func ParsePlaceState(s string) (PlaceState, error) {
	return parseName[PlaceState](placeStateNames, s, "place.state", "state of a place")
}

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

var knownNames = []string{"", "no", "yes"}

func (k Known) String() string { return nameOf(knownNames, k) }

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

// Same says whether q holds the same facts, whatever its version.
func (p *Place) Same(q *Place) bool {
	a, b := *p, *q
	a.Version, b.Version = 0, 0
	same := len(a.Aliases) == len(b.Aliases)
	for i := range min(len(a.Aliases), len(b.Aliases)) {
		same = same && a.Aliases[i] == b.Aliases[i]
	}
	a.Aliases, b.Aliases = nil, nil
	return same && samePlaceFacts(a, b)
}

// Check says what is wrong with the facts of a place.
func (p *Place) Check() error {
	switch {
	case p.Kind < Country || p.Kind > Workshop:
		return Invalidf("place.kind", "a place needs a kind").In("kind")
	case strings.TrimSpace(p.Name) == "":
		return Invalidf("place.name_missing", "the name is missing").In("name")
	case len(p.Name) > 200 || len(p.NameUrdu) > 400:
		return Invalidf("place.name_long", "the name is longer than 200 characters").In("name")
	case p.Kind == School && p.EMIS == "":
		return Invalidf("place.emis_missing", "the EMIS code is missing").In("emis")
	case p.Code == "" || len(p.Code) > 60 || strings.ContainsFunc(string(p.Code), badInCode):
		return Invalidf("place.code", "%q is not a place code: use letters, digits, - and .", p.Code).In("code")
	case p.Latitude != 0 && (p.Latitude < minLat || p.Latitude > maxLat):
		return Invalidf("place.latitude", "latitude %v is outside Pakistan (%v to %v)", p.Latitude, minLat, maxLat).In("latitude")
	case p.Longitude != 0 && (p.Longitude < minLon || p.Longitude > maxLon):
		return Invalidf("place.longitude", "longitude %v is outside Pakistan (%v to %v)", p.Longitude, minLon, maxLon).In("longitude")
	}
	return nil
}

// The bounds of Pakistan, in degrees; the two ranges do not overlap, which is
// how swapped coordinates are recognised.
const (
	minLat, maxLat = 23.5, 37.2
	minLon, maxLon = 60.8, 77.9
)

// Coordinates puts a pair of coordinates in order, whichever way round it was
// written, and says whether it had to be swapped. ok is false when neither order
// lies in Pakistan.
func Coordinates(a, b float64) (lat, lon float64, swapped, ok bool) {
	inside := func(lat, lon float64) bool {
		return lat >= minLat && lat <= maxLat && lon >= minLon && lon <= maxLon
	}
	switch {
	case inside(a, b):
		return a, b, false, true
	case inside(b, a):
		return b, a, true, true
	}
	return 0, 0, false, false
}

func badInCode(r rune) bool {
	return r > unicode.MaxASCII || (!unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._/", r))
}

func samePlaceFacts(a, b Place) bool {
	return a.Path == b.Path && a.Kind == b.Kind && a.State == b.State && a.Code == b.Code && a.EMIS == b.EMIS &&
		a.Name == b.Name && a.NameUrdu == b.NameUrdu && a.Division == b.Division &&
		a.Latitude == b.Latitude && a.Longitude == b.Longitude && a.Level == b.Level && a.Gender == b.Gender &&
		a.Enrolment == b.Enrolment && a.Electricity == b.Electricity && a.Internet == b.Internet && a.Phone == b.Phone
}

package fleet

import (
	"cmp"
	"slices"
	"strings"
)

// The longest texts of a place, in characters.
const (
	maxName    = 200
	maxCode    = 60
	maxEMIS    = 20
	maxPhone   = 40
	maxAliases = 20 // not characters, but spellings
)

// Check says what is wrong with the facts of a place.
func (p *Place) Check() error {
	return cmp.Or(p.checkNames(), p.checkCodes(), p.checkPosition(), p.checkSchool())
}

func (p *Place) checkNames() error {
	switch {
	case p.Kind < Country || p.Kind > Workshop:
		return Invalidf("place.kind", "say what kind of place it is: %s", namesOf(PlaceKinds())).In("kind")
	case p.State < Active || p.State > Merged:
		return Invalidf("place.state", "say whether the place is %s", namesOf(PlaceStates())).In("state")
	case strings.TrimSpace(p.Name) == "":
		return Invalidf("place.name_missing", "the name is missing").In("name")
	case len(p.Aliases) > maxAliases:
		return Invalidf("place.aliases_many", "a place has at most %d other spellings", maxAliases).In("aliases")
	}
	for _, alias := range p.Aliases {
		if err := checkTexts("place.text_long", fieldText{"aliases", "a spelling", alias, maxName}); err != nil {
			return err
		}
	}
	return checkTexts("place.text_long",
		fieldText{"name", "the name", p.Name, maxName},
		fieldText{"name_urdu", "the Urdu name", p.NameUrdu, maxName},
		fieldText{"division", "the division", p.Division, maxText},
		fieldText{"phone", "the phone number", p.Phone, maxPhone})
}

func (p *Place) checkCodes() error {
	switch {
	case !code(string(p.Code), maxCode):
		return Invalidf("place.code", "%s is not a place code: use at most %d letters A–Z, digits and - . _ /", quoted(string(p.Code)), maxCode).In("code")
	case p.Kind == School && p.EMIS == "":
		return Invalidf("place.emis_missing", "the EMIS code is missing").In("emis")
	case p.EMIS != "" && !code(p.EMIS, maxEMIS):
		return Invalidf("place.emis", "%s is not an EMIS code: use at most %d letters A–Z, digits and - . _ /", quoted(p.EMIS), maxEMIS).In("emis")
	}
	return nil
}

// code says whether s can be a code, in either case.
func code(s string, longest int) bool {
	return s != "" && len(s) <= longest && plain(strings.ToUpper(s))
}

func (p *Place) checkPosition() error {
	switch {
	case p.Latitude == 0 && p.Longitude == 0:
		return nil
	case !within(p.Latitude, minLat, maxLat):
		return Invalidf("place.latitude", "latitude %v is outside Pakistan (%v to %v)", p.Latitude, minLat, maxLat).In("latitude")
	case !within(p.Longitude, minLon, maxLon):
		return Invalidf("place.longitude", "longitude %v is outside Pakistan (%v to %v)", p.Longitude, minLon, maxLon).In("longitude")
	}
	return nil
}

func (p *Place) checkSchool() error {
	switch {
	case p.Level != "" && !slices.Contains(Levels(), p.Level):
		return Invalidf("place.level", "%s is not a level of school: use one of %s", quoted(p.Level), strings.Join(Levels(), ", ")).In("level")
	case p.Gender != "" && !slices.Contains(Genders(), p.Gender):
		return Invalidf("place.gender", "%s is not whom a school can be for: use one of %s", quoted(p.Gender), strings.Join(Genders(), ", ")).In("gender")
	case p.Electricity > Yes:
		return Invalidf("place.known", "say yes or no, or nothing when it is not known").In("electricity")
	case p.Internet > Yes:
		return Invalidf("place.known", "say yes or no, or nothing when it is not known").In("internet")
	}
	return nil
}

// Same says whether q holds the same facts, whatever its version.
func (p *Place) Same(q *Place) bool {
	return p.Path == q.Path && p.Kind == q.Kind && p.State == q.State && p.Code == q.Code && p.EMIS == q.EMIS &&
		p.Name == q.Name && p.NameUrdu == q.NameUrdu && slices.Equal(p.Aliases, q.Aliases) && p.Division == q.Division &&
		p.Latitude == q.Latitude && p.Longitude == q.Longitude && p.Level == q.Level && p.Gender == q.Gender &&
		p.Enrolment == q.Enrolment && p.Electricity == q.Electricity && p.Internet == q.Internet && p.Phone == q.Phone
}

// The bounds of Pakistan, in degrees, with a little room; the two ranges do not
// overlap, which is how swapped coordinates are recognised.
const (
	minLat, maxLat = 23.5, 37.2
	minLon, maxLon = 60.8, 77.9
)

// Coordinates puts a pair of coordinates in order, whichever way round it was
// written, and says whether it had to be swapped. ok is false when neither order
// lies in Pakistan.
func Coordinates(a, b float64) (lat, lon float64, swapped, ok bool) {
	switch {
	case within(a, minLat, maxLat) && within(b, minLon, maxLon):
		return a, b, false, true
	case within(b, minLat, maxLat) && within(a, minLon, maxLon):
		return b, a, true, true
	}
	return 0, 0, false, false
}

// within is false for what is not a number.
func within(x, low, high float64) bool { return x >= low && x <= high }

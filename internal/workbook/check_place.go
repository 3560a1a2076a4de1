package workbook

import (
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// placeRow is a row of a list of places: its facts, and the places it lies in as
// the file has them. A zero fact is one that the file does not state.
type placeRow struct {
	facts   fleet.Place // without Path, Version and Aliases
	aliases string
	parent  fleet.PlaceCode
	in      region
}

// region names the places above another one, as a file does.
type region struct{ province, district, tehsil string }

func parsePlace(c *checker) placeRow {
	var r placeRow
	p := &r.facts
	p.Code = fleet.PlaceCode(strings.ToUpper(c.placeCode(colCode)))
	p.EMIS = c.placeCode(colEMIS)
	p.Kind, p.State = c.placeKind(), c.placeState()
	p.Name = c.text(colName)
	if p.Name == "" && !c.bad {
		c.problem(colName, "", fleet.Invalidf("place.name_missing", "the name is missing"))
	}
	p.NameUrdu, p.Division, p.Phone = c.text(colNameUrdu), c.text(colDivision), c.phone()
	r.aliases = c.text(colAliases)
	p.Gender = c.word(colGender, "gender.unknown", "gender of a school", "Boys, Girls or Mixed")
	p.Level = c.level()
	p.Enrolment = c.count(colEnrolment)
	p.Electricity, p.Internet = c.known(colElectricity), c.known(colInternet)
	p.Latitude, p.Longitude = c.coordinates()
	r.parent = fleet.PlaceCode(strings.ToUpper(c.placeCode(colParent)))
	r.in = c.region()
	c.placeIdentity(p)
	return r
}

func (c *checker) region() region {
	return region{c.stated(colProvince), c.stated(colDistrict), c.stated(colTehsil)}
}

// stated is the text of a cell that names a place, empty where the file only fills
// the cell to say that it has none.
func (c *checker) stated(id columnID) string {
	s := c.text(id)
	if fillers[key(s)] {
		return ""
	}
	return s
}

// fillers are such texts; of dashes and dots nothing is left.
var fillers = map[string]bool{"": true, "0": true, "na": true, "nil": true, "none": true, "null": true}

// placeCode reads a place's code or EMIS code, which files often hold as a number.
func (c *checker) placeCode(id columnID) string {
	s := c.exact(id)
	if s == "" {
		return ""
	}
	code := wholeDigits(strings.ToUpper(strings.ReplaceAll(latinDigits(s), " ", "")))
	switch {
	case strings.Contains(code, "E+"):
		c.problem(id, s, fleet.Invalidf("emis.scientific", "%q is not a code: Excel turned it into a number. Format the column as Text and type the code again", s))
		return ""
	case strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/") != "":
		c.problem(id, s, fleet.Invalidf("emis.characters", "%q is not a code: only letters A–Z, digits and - . _ / are allowed", s))
		return ""
	}
	return code
}

// placeIdentity says whether the place is known by anything, and by no whole code
// that an earlier row has. EMIS codes are unique within a province, which is not
// known yet.
func (c *checker) placeIdentity(p *fleet.Place) {
	switch {
	case c.bad:
	case p.Code != "":
		c.once(colCode, "place.code_twice", "place code", string(p.Code), string(p.Code))
	case p.EMIS != "" && (p.Kind == 0 || p.Kind >= fleet.School):
	case p.Kind != 0 && p.Kind != fleet.School:
		c.problem(colCode, "", fleet.Invalidf("place.code_missing", "the code is missing: a %s needs one", p.Kind))
	default:
		c.problem(colEMIS, "", fleet.Invalidf("place.emis_missing", "the EMIS code is missing"))
	}
}

// placeKind reads what kind of place it is; zero means that the file does not say.
func (c *checker) placeKind() fleet.PlaceKind {
	s := c.text(colKind)
	if s == "" {
		return 0
	}
	k, err := fleet.ParsePlaceKind(strings.ToLower(s))
	if err != nil {
		c.problem(colKind, s, &suggestion{error: err, offers: kindWords()})
	}
	return k
}

// kindWords are the kinds that a place can be said to be.
func kindWords() (words []string) {
	for _, k := range fleet.PlaceKinds() {
		words = append(words, k.String())
	}
	return words
}

func (c *checker) placeState() fleet.PlaceState {
	s, err := fleet.ParsePlaceState(c.word(colState, "place.state", "state of a place", "Active, Closed or Merged"))
	if err != nil {
		return 0 // nothing was said, or the problem is noted
	}
	return s
}

// level reads a school's level, or the classes it teaches.
func (c *checker) level() string {
	s := c.text(colLevel)
	if s == "" {
		return ""
	}
	if _, known := c.words[colLevel].find(s); !known {
		if level, ok := levelOfClasses(s); ok {
			return level
		}
	}
	return c.word(colLevel, "level.unknown", "level of school", "Primary, Middle, High or Higher Secondary, or classes such as VI-X")
}

func (c *checker) phone() string {
	s := latinDigits(c.code(colPhone))
	if c.row.isNumber(c.head.at[colPhone]) && len(s) == 10 && s[0] == '3' && digits(s) {
		return "0" + s // a mobile number that lost its zero
	}
	return s
}

// coordinates reads the two columns and puts them in order; none are zero.
func (c *checker) coordinates() (lat, lon float64) {
	a, b := c.text(colLatitude), c.text(colLongitude)
	if nothingMeasured(a) && nothingMeasured(b) {
		return 0, 0
	}
	x, err := parseDegrees(a)
	if err != nil {
		c.problem(colLatitude, a, err)
		return 0, 0
	}
	y, err := parseDegrees(b)
	if err != nil {
		c.problem(colLongitude, b, err)
		return 0, 0
	}
	lat, lon, swapped, ok := fleet.Coordinates(x, y)
	if !ok {
		c.problem(colLatitude, a+", "+b, fleet.Invalidf("coordinates.outside", "latitude %s and longitude %s are not in Pakistan, either way round", a, b))
		return 0, 0
	}
	c.swapped = swapped
	return lat, lon
}

func nothingMeasured(s string) bool {
	return s == "" || s == "-" || strings.Trim(s, "0.") == "" || strings.EqualFold(s, "n/a") || strings.EqualFold(s, "null")
}

const aliasSeparator = " | "

func splitAliases(s string) []string {
	var all []string
	for _, a := range strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == ';' || r == '؛' }) {
		if a = strings.TrimSpace(a); a != "" {
			all = append(all, a)
		}
	}
	return all
}

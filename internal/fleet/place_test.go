package fleet

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What may lie directly below what.
const belowMatrix = `
          in:country  province  district  tehsil  school  store  workshop
country   no          no        no        no      no      no     no
province  yes         no        no        no      no      no     no
district  yes         yes       no        no      no      no     no
tehsil    yes         yes       yes       no      no      no     no
school    yes         yes       yes       yes     no      no     no
store     yes         yes       yes       yes     no      no     no
workshop  yes         yes       yes       yes     no      no     no
`

func TestPlacesLieBelowPlaces(t *testing.T) {
	grid(t, belowMatrix, func(row, column, cell string) {
		kind := named(t, PlaceKinds(), row)
		parent := named(t, PlaceKinds(), strings.TrimPrefix(column, "in:"))
		if got := kind.Below(parent); got != (cell == "yes") {
			t.Errorf("a %s below a %s: %v, want %s", kind, parent, got, cell)
		}
	})
	if (Workshop + 1).Below(Country) || School.Below(0) || School.Below(Workshop+1) {
		t.Error("what is no kind of place lies below one, or above")
	}
}

func TestHome(t *testing.T) {
	for _, k := range PlaceKinds() {
		want := InStore
		if k == School {
			want = AtSchool
		}
		if got := k.Home(); got != want {
			t.Errorf("a device at a %s is %s, want %s", k, got, want)
		}
	}
}

func validSchool() Place {
	return Place{
		Path: pathOf(1, 6, 601, 7), Version: 3, Kind: School, State: Active, Code: "PK6-37330250", EMIS: "37330250",
		Name: "GGHS Chak 77", NameUrdu: "گورنمنٹ گرلز ہائی سکول چک ۷۷", Aliases: []string{"Chak 77"}, Division: "Faisalabad",
		Latitude: 31.4, Longitude: 73.1, Level: "high", Gender: "girls", Enrolment: 412,
		Electricity: Yes, Internet: No, Phone: "0300-0000001",
	}
}

func TestPlaceCheck(t *testing.T) {
	p := validSchool()
	if err := p.Check(); err != nil {
		t.Fatalf("a good school was refused: %v", err)
	}
	urdu := func(n int) string { return strings.Repeat("س", n) }
	for _, c := range []struct {
		name        string
		spoil       func(*Place)
		code, field string
	}{
		{"no kind", func(p *Place) { p.Kind = 0 }, "place.kind", "kind"},
		{"no such kind", func(p *Place) { p.Kind = Workshop + 1 }, "place.kind", "kind"},
		{"no state", func(p *Place) { p.State = 0 }, "place.state", "state"},
		{"no such state", func(p *Place) { p.State = Merged + 1 }, "place.state", "state"},
		{"no name", func(p *Place) { p.Name = "\u00a0" }, "place.name_missing", "name"},
		{"a long name", func(p *Place) { p.Name = urdu(201) }, "place.text_long", "name"},
		{"a long Urdu name", func(p *Place) { p.NameUrdu = urdu(201) }, "place.text_long", "name_urdu"},
		{"a long division", func(p *Place) { p.Division = urdu(101) }, "place.text_long", "division"},
		{"a long phone number", func(p *Place) { p.Phone = urdu(41) }, "place.text_long", "phone"},
		{"many aliases", func(p *Place) { p.Aliases = make([]string, 21) }, "place.aliases_many", "aliases"},
		{"a long alias", func(p *Place) { p.Aliases[0] = urdu(201) }, "place.text_long", "aliases"},
		{"no code", func(p *Place) { p.Code = "" }, "place.code", "code"},
		{"a long code", func(p *Place) { p.Code = PlaceCode(strings.Repeat("A", 61)) }, "place.code", "code"},
		{"a blank in the code", func(p *Place) { p.Code = "PK 6" }, "place.code", "code"},
		{"Urdu in the code", func(p *Place) { p.Code = "PK۶" }, "place.code", "code"},
		{"no EMIS code", func(p *Place) { p.EMIS = "" }, "place.emis_missing", "emis"},
		{"a long EMIS code", func(p *Place) { p.EMIS = strings.Repeat("1", 21) }, "place.emis", "emis"},
		{"an EMIS code that Excel changed", func(p *Place) { p.EMIS = "3.7E+07" }, "place.emis", "emis"},
		{"latitude in the south", func(p *Place) { p.Latitude = 23.4 }, "place.latitude", "latitude"},
		{"latitude in the north", func(p *Place) { p.Latitude = 37.3 }, "place.latitude", "latitude"},
		{"no latitude", func(p *Place) { p.Latitude = 0 }, "place.latitude", "latitude"},
		{"latitude that is no number", func(p *Place) { p.Latitude = math.NaN() }, "place.latitude", "latitude"},
		{"longitude in the west", func(p *Place) { p.Longitude = 60.7 }, "place.longitude", "longitude"},
		{"longitude in the east", func(p *Place) { p.Longitude = 78 }, "place.longitude", "longitude"},
		{"no longitude", func(p *Place) { p.Longitude = 0 }, "place.longitude", "longitude"},
		{"swapped coordinates", func(p *Place) { p.Latitude, p.Longitude = 73.1, 31.4 }, "place.latitude", "latitude"},
		{"no such level", func(p *Place) { p.Level = "High" }, "place.level", "level"},
		{"no such gender", func(p *Place) { p.Gender = "co-education" }, "place.gender", "gender"},
		{"no such answer", func(p *Place) { p.Electricity = Yes + 1 }, "place.known", "electricity"},
		{"no such answer, either", func(p *Place) { p.Internet = Yes + 1 }, "place.known", "internet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := validSchool()
			c.spoil(&p)
			refused(t, p.Check(), c.code, c.field)
		})
	}
}

// The least that can be said of a place, and the most.
func TestPlaceCheckAllows(t *testing.T) {
	urdu := func(n int) string { return strings.Repeat("س", n) }
	district := Place{Kind: District, State: Active, Code: "pk601", Name: "Lahore"}
	full := validSchool()
	full.Name, full.NameUrdu, full.Division, full.Phone = urdu(200), urdu(200), urdu(100), urdu(40)
	full.Code, full.EMIS, full.Aliases = PlaceCode(strings.Repeat("A", 60)), strings.Repeat("1", 20), make([]string, 20)
	full.State, full.Electricity, full.Internet = Merged, Unknown, Yes
	corner := district
	corner.Latitude, corner.Longitude = 23.5, 77.9
	workshop := Place{Kind: Workshop, State: Closed, Code: "PK6-W.1/A_2", Name: "Workshop"}
	country := Place{Kind: Country, State: Active, Code: "PK", Name: "Pakistan", Latitude: 37.2, Longitude: 60.8}
	for _, p := range []Place{district, full, corner, workshop, country} {
		if err := p.Check(); err != nil {
			t.Errorf("%+v was refused: %v", p, err)
		}
	}
	for _, level := range []string{"", "primary", "middle", "high", "higher_secondary"} {
		for _, gender := range []string{"", "boys", "girls", "mixed"} {
			p := validSchool()
			p.Level, p.Gender = level, gender
			if err := p.Check(); err != nil {
				t.Errorf("level %q for %q was refused: %v", level, gender, err)
			}
		}
	}
}

// Same looks at every field but the version.
func TestPlaceSame(t *testing.T) {
	p := validSchool()
	q := validSchool()
	if q.Version = 9; !p.Same(&q) {
		t.Error("the same facts in another version count as others")
	}
	fields := reflect.TypeFor[Place]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if name == "Version" {
			continue
		}
		q := validSchool()
		alter(t, reflect.ValueOf(&q).Elem().Field(i))
		if p.Same(&q) || q.Same(&p) {
			t.Errorf("another %s counts as the same facts", name)
		}
	}
	q = validSchool()
	if q.Aliases = append(q.Aliases, "77 chak"); p.Same(&q) || q.Same(&p) {
		t.Error("one more alias counts as the same facts")
	}
}

func alter(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(v.Uint() + 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Slice:
		v.Set(reflect.ValueOf([]string{"another"}))
	default:
		t.Fatalf("no way to alter a %s", v.Kind())
	}
}

func TestPlaceID(t *testing.T) {
	p := validSchool()
	if p.ID() != 7 {
		t.Errorf("the place's number is %d, want the last on its path, 7", p.ID())
	}
}

func TestCoordinates(t *testing.T) {
	for _, c := range []struct{ a, b, lat, lon, want string }{
		{"30.19", "67.01", "30.19", "67.01", "in order"},
		{"67.01", "30.19", "30.19", "67.01", "swapped"},
		{"23.5", "60.8", "23.5", "60.8", "in order"},
		{"77.9", "37.2", "37.2", "77.9", "swapped"},
		{"0", "0", "0", "0", "outside"},
		{"30.19", "30.19", "0", "0", "outside"},
		{"67.01", "67.01", "0", "0", "outside"},
		{"51.5", "-0.1", "0", "0", "outside"},
		{"23.4", "67.01", "0", "0", "outside"},
		{"37.3", "67.01", "0", "0", "outside"},
		{"30.19", "60.7", "0", "0", "outside"},
		{"30.19", "78", "0", "0", "outside"},
		{"67.01", "37.3", "0", "0", "outside"},
		{"78", "30.19", "0", "0", "outside"},
		{"NaN", "67.01", "0", "0", "outside"},
		{"30.19", "NaN", "0", "0", "outside"},
	} {
		var a, b float64
		if _, err := fmt.Sscan(c.a+" "+c.b, &a, &b); err != nil {
			t.Fatal(err)
		}
		lat, lon, swapped, ok := Coordinates(a, b)
		got := map[bool]string{true: "swapped", false: "in order"}[swapped]
		if !ok {
			got = "outside"
		}
		if got != c.want || fmt.Sprint(lat) != c.lat || fmt.Sprint(lon) != c.lon {
			t.Errorf("%s, %s: %v, %v %s; want %s, %s %s", c.a, c.b, lat, lon, got, c.lat, c.lon, c.want)
		}
	}
}

// Whichever way round a pair in Pakistan is written, it is put right, and a place
// takes it.
func TestCoordinatesEitherWayRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.Float64Range(23.7, 37.1).Draw(t, "latitude")
		lon := rapid.Float64Range(60.9, 77.8).Draw(t, "longitude")
		for _, swapped := range []bool{false, true} {
			a, b := lat, lon
			if swapped {
				a, b = b, a
			}
			p := validSchool()
			var was, ok bool
			if p.Latitude, p.Longitude, was, ok = Coordinates(a, b); !ok || was != swapped || p.Latitude != lat || p.Longitude != lon {
				t.Fatalf("%v, %v became %v, %v (%v, %v)", a, b, p.Latitude, p.Longitude, was, ok)
			}
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

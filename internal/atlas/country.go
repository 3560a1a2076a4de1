package atlas

import (
	_ "embed"
	"fmt"
	"iter"

	"github.com/takhti-edu/takhti/internal/fleet"
)

//go:embed districts.csv
var districtTable string

//go:embed tehsils.csv
var tehsilTable string

// Place is a place that is in no register yet: its path is empty, and Parent
// names the place above it.
type Place struct {
	fleet.Place
	Parent fleet.PlaceCode
}

// Country is Pakistan. It is not to be changed.
type Country struct {
	Place
	Provinces []Place
	Districts []District

	position map[fleet.PlaceCode]int // of a district, by its code
}

// District is a district of the country.
type District struct {
	Place
	Population int // in thousands, roughly
	Tehsils    []Tehsil
}

// Tehsil is a tehsil of a district. Its coordinates are the point farthest from
// its border.
type Tehsil struct {
	Place
	Reach float64 // kilometres from its coordinates to its border
}

// CountryCode is the code of the country.
const CountryCode fleet.PlaceCode = "PK"

// districtCodeLen is how many characters of a tehsil's code are its district's.
const districtCodeLen = 5

// Load reads the tree from the embedded tables.
func Load() (*Country, error) {
	c := &Country{
		Place:    place(fleet.Country, CountryCode, "", "Pakistan", "پاکستان", nil),
		position: map[fleet.PlaceCode]int{},
	}
	for _, p := range provinceTable {
		c.Provinces = append(c.Provinces, place(fleet.Province, p.code, CountryCode, p.name, p.urdu, p.aliases))
	}
	if err := c.loadDistricts(); err != nil {
		return nil, fmt.Errorf("districts.csv: %w", err)
	}
	if err := c.loadTehsils(); err != nil {
		return nil, fmt.Errorf("tehsils.csv: %w", err)
	}
	return c, nil
}

// Places are the country, its provinces, districts and tehsils, each after the
// place that it belongs to.
func (c *Country) Places() iter.Seq[Place] {
	return func(yield func(Place) bool) {
		if !yield(c.Place) {
			return
		}
		for _, p := range c.Provinces {
			if !yield(p) {
				return
			}
		}
		for i := range c.Districts {
			if !c.Districts[i].places(yield) {
				return
			}
		}
	}
}

func (d *District) places(yield func(Place) bool) bool {
	if !yield(d.Place) {
		return false
	}
	for _, t := range d.Tehsils {
		if !yield(t.Place) {
			return false
		}
	}
	return true
}

// District finds a district by its code or by that of a tehsil in it; nil when
// there is none.
func (c *Country) District(code fleet.PlaceCode) *District {
	if i, known := c.position[code[:min(len(code), districtCodeLen)]]; known {
		return &c.Districts[i]
	}
	return nil
}

func (c *Country) loadDistricts() error {
	rows, err := readTable(districtTable, "code", "name", "urdu", "aliases", "province", "division", "lat", "lon", "population")
	if err != nil {
		return err
	}
	for _, r := range rows {
		n, err := numbers(r[6:9]...)
		if err != nil {
			return fmt.Errorf("%s: %w", r[0], err)
		}
		p := place(fleet.District, fleet.PlaceCode(r[0]), fleet.PlaceCode(r[4]), r[1], r[2], list(r[3]))
		p.Division, p.Latitude, p.Longitude = r[5], n[0], n[1]
		c.position[p.Code] = len(c.Districts)
		c.Districts = append(c.Districts, District{Place: p, Population: int(n[2])})
	}
	return nil
}

func (c *Country) loadTehsils() error {
	rows, err := readTable(tehsilTable, "code", "name", "urdu", "aliases", "district", "lat", "lon", "reach_km")
	if err != nil {
		return err
	}
	for _, r := range rows {
		n, err := numbers(r[5:8]...)
		if err != nil {
			return fmt.Errorf("%s: %w", r[0], err)
		}
		d := c.District(fleet.PlaceCode(r[4]))
		if d == nil {
			return fmt.Errorf("%s: there is no district %s", r[0], r[4])
		}
		p := place(fleet.Tehsil, fleet.PlaceCode(r[0]), d.Code, r[1], r[2], list(r[3]))
		p.Latitude, p.Longitude = n[0], n[1]
		d.Tehsils = append(d.Tehsils, Tehsil{Place: p, Reach: n[2]})
	}
	return nil
}

func place(kind fleet.PlaceKind, code, parent fleet.PlaceCode, name, urdu string, aliases []string) Place {
	return Place{Parent: parent, Place: fleet.Place{
		Kind: kind, State: fleet.Active, Code: code, Name: name, NameUrdu: urdu, Aliases: aliases,
	}}
}

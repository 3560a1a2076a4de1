package demo

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

// Place is a place of the generated country. It is in no register yet: its path
// is empty, and Parent names the place above it.
type Place struct {
	fleet.Place
	Parent fleet.PlaceCode
}

// Country is Pakistan's tree of places down to the tehsils, under their real
// codes and names.
type Country struct {
	root      Place
	provinces []Place
	districts []district
	position  map[fleet.PlaceCode]int // of a district, by its code
}

type district struct {
	Place
	population int    // in thousands
	style      string // how its villages are named: a kind in names.csv
	emis       string // what its EMIS codes begin with, in Punjab
	tehsils    []tehsil
}

type tehsil struct {
	Place
	reach float64 // kilometres from its coordinates to its nearest border
}

const countryCode fleet.PlaceCode = "PK"

// The first characters of a tehsil's code are those of its district and province.
const provinceCodeLen, districtCodeLen = 3, 5

// LoadCountry reads the tree from the embedded tables.
func LoadCountry() (*Country, error) {
	c := &Country{
		root:     place(fleet.Country, countryCode, "", "Pakistan", "پاکستان", nil),
		position: map[fleet.PlaceCode]int{},
	}
	for _, p := range provinceTable {
		c.provinces = append(c.provinces, place(fleet.Province, p.code, countryCode, p.name, p.urdu, p.aliases))
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
		if !yield(c.root) || !yieldAll(c.provinces, yield) {
			return
		}
		for _, d := range c.districts {
			if !yield(d.Place) {
				return
			}
			for _, t := range d.tehsils {
				if !yield(t.Place) {
					return
				}
			}
		}
	}
}

func yieldAll(places []Place, yield func(Place) bool) bool {
	for _, p := range places {
		if !yield(p) {
			return false
		}
	}
	return true
}

// district finds a district by the code of a place in it.
func (c *Country) district(within fleet.PlaceCode) *district {
	if i, known := c.position[within[:min(len(within), districtCodeLen)]]; known {
		return &c.districts[i]
	}
	return nil
}

func (c *Country) loadDistricts() error {
	rows, err := readTable(districtTable, "code", "name", "urdu", "aliases", "province", "division", "lat", "lon", "population", "style", "emis")
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
		c.position[p.Code] = len(c.districts)
		c.districts = append(c.districts, district{Place: p, population: int(n[2]), style: r[9], emis: r[10]})
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
		d := c.district(fleet.PlaceCode(r[4]))
		if d == nil {
			return fmt.Errorf("%s: there is no district %s", r[0], r[4])
		}
		p := place(fleet.Tehsil, fleet.PlaceCode(r[0]), d.Code, r[1], r[2], list(r[3]))
		p.Latitude, p.Longitude = n[0], n[1]
		d.tehsils = append(d.tehsils, tehsil{Place: p, reach: n[2]})
	}
	return nil
}

func place(kind fleet.PlaceKind, code, parent fleet.PlaceCode, name, urdu string, aliases []string) Place {
	return Place{Parent: parent, Place: fleet.Place{
		Kind: kind, State: fleet.Active, Code: code, Name: name, NameUrdu: urdu, Aliases: aliases,
	}}
}

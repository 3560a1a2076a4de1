package demo

import (
	_ "embed"
	"fmt"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

//go:embed districts.csv
var traitTable string

// country is the atlas with what is made up about its districts.
type country struct {
	*atlas.Country
	traits map[fleet.PlaceCode]traits // by district
}

// The first characters of a tehsil's code are those of its district and province.
const provinceCodeLen, districtCodeLen = 3, 5

// traits say how the schools of a district are made up.
type traits struct {
	style string // how its villages are named: a kind in names.csv
	emis  string // what its EMIS codes begin with, in Punjab
}

func loadCountry() (*country, error) {
	a, err := atlas.Load()
	if err != nil {
		return nil, err
	}
	rows, err := readTable(traitTable, "code", "style", "emis")
	if err != nil {
		return nil, fmt.Errorf("districts.csv: %w", err)
	}
	c := &country{a, map[fleet.PlaceCode]traits{}}
	for _, r := range rows {
		c.traits[fleet.PlaceCode(r[0])] = traits{style: r[1], emis: r[2]}
	}
	return c, nil
}

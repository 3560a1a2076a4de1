package demo

import (
	"fmt"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// emisCodes gives out the codes by which each province knows its schools. They
// have the shape of the real ones and are text: each is unique in its province.
type emisCodes map[fleet.PlaceCode]int // codes given out, by province or tehsil

// assign gives every school its EMIS code and, made of it, its place code.
func (e emisCodes) assign(c *country, schools []atlas.Place) {
	total := emisCodes{}
	for i := range schools {
		total[emisScope(schools[i].Parent)]++
	}
	for i := range schools {
		s := &schools[i]
		scope := emisScope(s.Parent)
		s.EMIS = emisCode(c, s.Parent, e[scope]*gap(scope, total[scope]))
		s.Code = s.Parent[:provinceCodeLen] + "-" + fleet.PlaceCode(s.EMIS)
		e[scope]++
	}
}

// emisScope is the place in which codes are numbered: the tehsil where its
// number is in the code, else the province.
func emisScope(tehsil fleet.PlaceCode) fleet.PlaceCode {
	switch province := tehsil[:provinceCodeLen]; province {
	case atlas.Punjab, atlas.Sindh:
		return tehsil
	default:
		return province
	}
}

// gap leaves room between codes, as closed and private schools do.
func gap(scope fleet.PlaceCode, schools int) int {
	room := 9_900 // four digits
	switch scope {
	case atlas.Islamabad:
		room = 700
	case atlas.AzadKashmir, atlas.Balochistan, atlas.GilgitBaltistan, atlas.KhyberPakhtunkhwa:
		room = 80_000
	}
	return max(1, min(7, room/schools))
}

// emisCode is the code of the nth school counted in its scope.
func emisCode(c *country, tehsil fleet.PlaceCode, n int) string {
	district, tehsilNo := tehsil[:districtCodeLen], tehsil[districtCodeLen:]
	switch tehsil[:provinceCodeLen] {
	case atlas.Punjab: // 8 digits: the district's three, the tehsil's one, four
		return fmt.Sprintf("%s%s%04d", c.traits[district].emis, tehsilNo[1:], n+101)
	case atlas.Sindh: // 9 digits
		return fmt.Sprintf("4%s%s%04d", district[provinceCodeLen:], tehsilNo, n+1)
	case atlas.Islamabad: // 3 digits
		return fmt.Sprintf("%d", n+201)
	case atlas.Balochistan: // 4 or 5 digits
		return fmt.Sprintf("%d", n+1_001)
	case atlas.AzadKashmir: // 6 digits
		return fmt.Sprintf("1%05d", n+1)
	default: // 5 digits
		return fmt.Sprintf("%d", n+10_001)
	}
}

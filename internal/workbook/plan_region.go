package workbook

import (
	"github.com/takhti-edu/takhti/internal/fleet"
)

// found is what came of looking for a place: the place, or what is wrong and in
// which column. Neither means that the row names none.
type found struct {
	node   *node
	column columnID
	value  string
	err    error
}

// note makes the failure, if it is one, a problem of the checker's row.
func (f found) note(c *checker) *node {
	if f.err != nil {
		c.problem(f.column, f.value, f.err)
	}
	return f.node
}

// region finds the lowest place that the names lead to. addTehsil makes tehsils
// that the register does not have.
func (g *gazetteer) region(in region, addTehsil func(district *node, name string) (*node, error)) (found, error) {
	var at *node
	provinces := g.below(nil, fleet.Province)
	if in.province != "" && len(provinces) > 0 { // officers of a district see none
		n, err := g.named(provinces, fleet.Province, in.province, nil)
		if err != nil {
			return found{column: colProvince, value: in.province, err: err}, nil
		}
		at = n
	}
	if in.district != "" {
		n, err := g.named(g.below(at, fleet.District), fleet.District, in.district, at)
		if err != nil {
			return found{column: colDistrict, value: in.district, err: err}, nil
		}
		at = n
	}
	if in.tehsil == "" {
		return found{node: at}, nil
	}
	return g.tehsil(at, in.tehsil, addTehsil)
}

func inside(n *node) string {
	if n == nil {
		return ""
	}
	return " in " + n.Name
}

func (g *gazetteer) tehsil(district *node, name string, add func(*node, string) (*node, error)) (found, error) {
	if district == nil || district.Kind != fleet.District {
		return found{column: colTehsil, value: name, err: fleet.Invalidf("district.missing", "the district is missing: a tehsil's name alone does not tell which one it is. Add it to the row")}, nil
	}
	if _, err := g.childrenOf(district); err != nil {
		return found{}, err
	}
	n, err := g.named(g.below(district, fleet.Tehsil), fleet.Tehsil, name, district)
	if fleet.KindOf(err) == fleet.NotFound && add != nil {
		n, err = add(district, name)
	}
	return found{n, colTehsil, name, err}, nil
}

package workbook

import (
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// destination finds the place that a row names; nil when it names none, or none
// that there is, which is then a problem of the row.
func (p *devicePlanner) destination(c *checker, d destination) (*node, error) {
	if d == (destination{}) {
		return nil, nil
	}
	f, kept := p.places[d]
	if !kept {
		var err error
		if f, err = p.find(d); err != nil {
			return nil, err
		}
		p.places[d] = f
	}
	return f.note(c), nil
}

func (p *devicePlanner) find(d destination) (found, error) {
	if d.code != "" {
		n, err := p.gazetteer.codeOrEMIS(d.code)
		return orAbsent(n, err, colCode, string(d.code))
	}
	in, err := p.gazetteer.region(d.in, nil)
	if err != nil || in.err != nil {
		return in, err
	}
	if d.emis != "" {
		return p.school(d.emis, in.node)
	}
	if d.name != "" {
		return p.byName(d.name, in.node)
	}
	return in, nil
}

func orAbsent(n *node, err error, column columnID, value string) (found, error) {
	if err == nil && n == nil {
		err = fleet.NotFoundf("place.not_found", "there is no place %s", value)
	}
	if err != nil && fleet.KindOf(err) == 0 {
		return found{}, err
	}
	return found{n, column, value, err}, nil
}

// school finds a school by its EMIS code, which only its province makes unique.
func (p *devicePlanner) school(emis string, in *node) (found, error) {
	if in != nil {
		code, err := p.gazetteer.schoolCode(in, emis)
		if err != nil {
			return found{}, err
		}
		if n, err := p.gazetteer.code(code); n != nil || err != nil {
			return p.lyingIn(n, in, emis, err)
		}
	}
	n, err := p.gazetteer.codeOrEMIS(fleet.PlaceCode(emis))
	if err == nil && n == nil {
		err = p.unknownSchool(emis, in)
	}
	return p.lyingIn(n, in, emis, err)
}

// lyingIn refuses a school that lies elsewhere than the row says.
func (p *devicePlanner) lyingIn(n, in *node, emis string, err error) (found, error) {
	if err == nil && in != nil && !n.within(in) {
		err = fleet.Conflictf("school.elsewhere", "school %s (%s) does not lie in %s: correct the EMIS code or the place", emis, n.Name, in.Name)
	}
	return orAbsent(n, err, colEMIS, emis)
}

// unknownSchool tells which codes are near, among the schools of the district
// that the row names, or else of the one that the list is for.
func (p *devicePlanner) unknownSchool(emis string, in *node) error {
	e := fleet.NotFoundf("school.unknown", "there is no school with EMIS code %s%s", emis, inside(in))
	if in == nil {
		to, err := p.usualPlace()
		if err != nil {
			return err
		}
		in = to.up(fleet.District)
	}
	schools, err := p.schoolsIn(in)
	if err != nil {
		return err
	}
	byEMIS := map[string]*node{}
	var codes []string
	for _, n := range schools {
		if n.EMIS != "" {
			byEMIS[strings.ToLower(n.EMIS)] = n
			codes = append(codes, strings.ToLower(n.EMIS))
		}
	}
	near := nearest(strings.ToLower(emis), codes, 3)
	if len(near) == 0 {
		return e
	}
	var list, offers []string
	for _, code := range near {
		list = append(list, byEMIS[code].EMIS+" "+byEMIS[code].Name)
		offers = append(offers, byEMIS[code].EMIS)
	}
	e.Message += "; is it " + strings.Join(list, ", ") + "?"
	return suggest(e, offers...)
}

// schoolsIn are the schools of a district or a tehsil; of nothing larger.
func (p *devicePlanner) schoolsIn(in *node) ([]*node, error) {
	if in == nil {
		if roots := p.gazetteer.roots; len(roots) == 1 {
			in = roots[0]
		}
	}
	if in == nil || in.Kind < fleet.District {
		return nil, nil
	}
	children, err := p.gazetteer.childrenOf(in)
	if err != nil {
		return nil, err
	}
	for _, c := range children {
		if c.Kind == fleet.Tehsil {
			if _, err := p.gazetteer.childrenOf(c); err != nil {
				return nil, err
			}
		}
	}
	return p.gazetteer.below(in, fleet.School), nil
}

// byName finds a school, a store or a workshop by its name.
func (p *devicePlanner) byName(name string, in *node) (found, error) {
	all, err := p.schoolsIn(in)
	if err != nil {
		return found{}, err
	}
	if len(all) == 0 {
		return p.anywhere(name, in)
	}
	for _, k := range []fleet.PlaceKind{fleet.Store, fleet.Workshop} {
		all = append(all, p.gazetteer.below(in, k)...)
	}
	n, err := p.gazetteer.named(all, fleet.School, name, in)
	return found{n, colName, name, err}, nil
}

// anywhere finds a place by its name in all that the actor sees.
func (p *devicePlanner) anywhere(name string, in *node) (found, error) {
	places, err := p.session.PlacesNamed(p.ctx, name)
	if err == nil && len(places) == 0 { // a code, perhaps, or a name with a slip in it
		const near = 50
		places, err = p.session.SearchPlaces(p.ctx, name, near)
	}
	if err != nil {
		return found{}, err
	}
	all, err := p.nodes(places, in)
	if err != nil {
		return found{}, err
	}
	n, err := only(all, fleet.School, name, in, func() *nodeNames { return namesOf(all) })
	return found{n, colName, name, err}, nil
}

// nodes are those of the places that lie in a given one.
func (p *devicePlanner) nodes(places []fleet.Place, in *node) ([]*node, error) {
	var all []*node
	for _, place := range places {
		parent, err := p.gazetteer.at(place.Path.Parent())
		if err != nil {
			return nil, err
		}
		n := p.gazetteer.byPath[place.Path]
		if n == nil {
			n = p.gazetteer.add(place, parent)
		}
		if in == nil || n.within(in) {
			all = append(all, n)
		}
	}
	return all, nil
}

package workbook

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// placePlanner plans a list of places.
type placePlanner struct {
	*planner
	usual   *node // in which places lie whose rows do not say
	regions map[region]found
}

func (m *planner) places(f File) (*report, error) {
	usual, err := m.usualPlace()
	if err != nil {
		return nil, err
	}
	p := placePlanner{planner: m, usual: usual, regions: map[region]found{}}
	return listed(m, f, Places, parsePlace, placeRow.subject, p.plan)
}

// usualPlace is the place the options name, or the one district or tehsil that
// the actor works in.
func (m *planner) usualPlace() (*node, error) {
	if m.options.To != "" {
		n, err := m.gazetteer.codeOrEMIS(m.options.To)
		if err == nil && n == nil {
			err = fleet.NotFoundf("place.not_found", "there is no place %s", m.options.To).In("place")
		}
		return n, err
	}
	if roots := m.gazetteer.roots; len(roots) == 1 && roots[0].Kind >= fleet.District {
		return roots[0], nil
	}
	return nil, nil
}

func (r placeRow) subject() string { return string(or(r.facts.Code, fleet.PlaceCode(r.facts.EMIS))) }

func (p *placePlanner) plan(c *checker, r placeRow) error {
	parent, err := p.parent(c, &r)
	if err != nil || c.bad {
		return err
	}
	stated := r.facts.Code != ""
	old, err := p.known(c, &r, parent)
	if old != nil {
		p.about(string(old.Code))
	} else {
		p.about(string(or(r.facts.Code, fleet.PlaceCode(r.facts.EMIS))))
	}
	if err == nil && !stated && !c.bad {
		c.once(colEMIS, "emis.twice", "EMIS code", string(resolved(&r.facts, old)), r.facts.EMIS)
	}
	switch {
	case err != nil || c.bad:
		return err
	case old != nil:
		return p.update(c, r, old, parent)
	}
	return p.create(c, r, parent)
}

// parent finds the place that the row's place lies in; nil when the row does not say.
func (p *placePlanner) parent(c *checker, r *placeRow) (*node, error) {
	if r.parent != "" {
		n, err := p.gazetteer.code(r.parent)
		if err == nil && n == nil {
			c.problem(colParent, string(r.parent), fleet.NotFoundf("place.not_found", "there is no place %s", r.parent))
		}
		return n, err
	}
	in := r.in
	switch { // a list of districts has their own names in its column of districts
	case r.facts.Kind == 0 || r.facts.Kind >= fleet.School:
	case r.facts.Kind <= fleet.Province:
		in = region{}
	case r.facts.Kind == fleet.District:
		in = region{province: in.province}
	case r.facts.Kind == fleet.Tehsil:
		in.tehsil = ""
	}
	if in == (region{}) {
		return nil, nil
	}
	if in.district == "" && in.tehsil != "" && p.usual != nil && p.usual.Kind == fleet.District {
		in.district = string(p.usual.Code)
	}
	f, kept := p.regions[in]
	if !kept {
		var err error
		if f, err = p.gazetteer.region(in, p.newTehsil); err != nil {
			return nil, err
		}
		p.regions[in] = f
	}
	return f.note(c), nil
}

// newTehsil plans a tehsil that the register does not have, unless its name is a
// slip of one that it has, or the actor may not add places there.
func (p *placePlanner) newTehsil(district *node, name string) (*node, error) {
	_, unknown := p.gazetteer.named(p.gazetteer.below(district, fleet.Tehsil), fleet.Tehsil, name, district)
	if !p.session.May(fleet.EditPlaces, district.Path) || isSlip(name, district.children) {
		return nil, unknown
	}
	t := fleet.Place{Kind: fleet.Tehsil, State: fleet.Active, Name: name, Code: tehsilCode(district.Code, name)}
	if err := t.Check(); err != nil {
		return nil, err
	}
	p.add(step{change: registry.SavePlace{Parent: district.Code, Place: t}, effect: supports, at: p.checker.at, value: name})
	return p.gazetteer.add(t, district), nil
}

// isSlip says whether the name is one slip away from that of a tehsil there.
func isSlip(name string, there []*node) bool {
	folded := encode(registry.Fold(name))
	var m matcher
	for _, n := range there {
		for _, other := range n.names {
			if n.Kind == fleet.Tehsil && m.distance(folded, encode(other), slipCost) <= slipCost {
				return true
			}
		}
	}
	return false
}

// tehsilCode makes a code of a district's and a name: PK201-DERA-BUGTI.
func tehsilCode(district fleet.PlaceCode, name string) fleet.PlaceCode {
	latin := strings.Map(func(r rune) rune {
		if r > 127 {
			return -1
		}
		return r
	}, registry.Fold(name))
	words := strings.Fields(strings.ToUpper(latin))
	if len(words) == 0 {
		words = []string{fmt.Sprintf("%X", registry.Fold(name))}
	}
	return district + fleet.PlaceCode("-"+short(strings.Join(words, "-"), 40))
}

// known finds the place that the row is about, nil when it is a new one.
func (p *placePlanner) known(c *checker, r *placeRow, parent *node) (*node, error) {
	if r.facts.Code != "" {
		return p.gazetteer.code(r.facts.Code)
	}
	in := parent
	if in == nil {
		in = p.usual
	}
	if in != nil {
		code, err := p.gazetteer.schoolCode(in, r.facts.EMIS)
		if err != nil {
			return nil, err
		}
		r.facts.Code = code
		if n, err := p.gazetteer.code(code); n != nil || err != nil {
			return n, err
		}
	}
	n, err := p.gazetteer.codeOrEMIS(fleet.PlaceCode(r.facts.EMIS))
	switch {
	case fleet.KindOf(err) == fleet.Conflict:
		if in == nil {
			c.problem(colEMIS, r.facts.EMIS, err)
		}
		return nil, nil
	case err != nil || n == nil || n.EMIS != r.facts.EMIS:
		return nil, err
	case in != nil && n.up(fleet.Province) != in.up(fleet.Province):
		return nil, nil // another province's school
	case in == nil && !slices.Contains(n.names, registry.Fold(r.facts.Name)):
		c.problem(colEMIS, r.facts.EMIS, fleet.Invalidf("place.province_unsaid",
			"the register's school with the EMIS code %s is %s, and each province has its own codes: add a column for the province, or say where the schools of this list lie", r.facts.EMIS, n.Name))
		return nil, nil
	}
	return n, nil
}

// resolved is the whole code of the place that a row is about, as far as it is
// known: a row that names no place above it may be about any province's.
func resolved(p *fleet.Place, old *node) fleet.PlaceCode {
	if old != nil {
		return upperCode(old.Code)
	}
	return upperCode(or(p.Code, fleet.PlaceCode(p.EMIS)))
}

func (p *placePlanner) create(c *checker, r placeRow, parent *node) error {
	facts := r.facts
	if facts.Kind == 0 {
		facts.Kind = fleet.School
	}
	if facts.State == 0 {
		facts.State = fleet.Active
	}
	facts.Aliases = splitAliases(r.aliases)
	if parent == nil {
		parent = p.usual
	}
	if parent == nil && facts.Kind == fleet.Province {
		if countries := p.gazetteer.below(nil, fleet.Country); len(countries) == 1 {
			parent = countries[0]
		}
	}
	var above fleet.PlaceCode
	switch {
	case facts.Kind == fleet.Country:
		parent = nil
	case parent == nil:
		c.problem(colDistrict, "", fleet.Invalidf("district.missing", "the row does not say in which district %s lies: add a column District, or name the place when you import", facts.Name))
		return nil
	default:
		above = parent.Code
	}
	if err := facts.Check(); err != nil {
		c.breaks(err)
		return nil
	}
	p.add(step{change: registry.SavePlace{Parent: above, Place: facts}, effect: creates, at: c.at, value: string(facts.Code)})
	n := p.gazetteer.add(facts, parent)
	if parent == nil {
		p.gazetteer.roots = append(p.gazetteer.roots, n)
	}
	return nil
}

// update brings a place that the register has to what the row states; what the
// row leaves empty stays as it is.
func (p *placePlanner) update(c *checker, r placeRow, old, parent *node) error {
	if old.Path == "" {
		c.problem(colEMIS, r.facts.EMIS, fleet.Invalidf("emis.twice", "an earlier row of the file is about the place %s, too: keep one of the two rows", old.Code))
		return nil
	}
	now := restated(old.Place, r)
	above := old.parent
	if parent != nil && parent != old && !old.within(parent) {
		above = parent
	}
	if now.Same(&old.Place) && above == old.parent {
		return nil
	}
	if err := now.Check(); err != nil {
		c.breaks(err)
		return nil
	}
	var code fleet.PlaceCode
	if above != nil {
		code = above.Code
	}
	p.add(step{change: registry.SavePlace{Parent: code, Place: now}, effect: alters, at: c.at, value: string(now.Code)})
	return nil
}

// restated is the place with the facts that the row states.
func restated(p fleet.Place, r placeRow) fleet.Place {
	f := r.facts
	p.Kind, p.State = or(f.Kind, p.Kind), or(f.State, p.State)
	p.EMIS = or(f.EMIS, p.EMIS)
	if f.Phone != latinDigits(shown(p.Phone)) {
		p.Phone = or(f.Phone, p.Phone)
	}
	p.Name, p.NameUrdu, p.Division = keep(p.Name, f.Name), keep(p.NameUrdu, f.NameUrdu), keep(p.Division, f.Division)
	p.Level, p.Gender = or(f.Level, p.Level), or(f.Gender, p.Gender)
	p.Enrolment, p.Electricity, p.Internet = or(f.Enrolment, p.Enrolment), or(f.Electricity, p.Electricity), or(f.Internet, p.Internet)
	if f.Latitude != 0 && (far(f.Latitude, p.Latitude) || far(f.Longitude, p.Longitude)) {
		p.Latitude, p.Longitude = f.Latitude, f.Longitude
	}
	if r.aliases != "" && r.aliases != shown(strings.Join(p.Aliases, aliasSeparator)) {
		p.Aliases = splitAliases(r.aliases)
	}
	return p
}

// or is now unless it is zero, which means that nothing was said.
func or[T comparable](now, was T) T {
	var zero T
	if now == zero {
		return was
	}
	return now
}

// keep is now, or was when both show the same text or nothing was said.
func keep(was, now string) string {
	if now == "" || now == shown(was) {
		return was
	}
	return now
}

// far says whether two coordinates differ by more than the rounding of a
// spreadsheet, which keeps 15 digits.
func far(a, b float64) bool { return math.Abs(a-b) > 1e-9 }

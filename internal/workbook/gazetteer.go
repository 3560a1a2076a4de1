package workbook

import (
	"context"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// gazetteer finds the places that a file names. It knows the upper levels of the
// tree, reads the places of a district when the first row names that district,
// and learns the places that the file itself brings.
type gazetteer struct {
	ctx     context.Context
	session registry.Session
	roots   []*node
	byPath  map[fleet.Path]*node
	byCode  map[fleet.PlaceCode]*node
	spelt   map[listKey]*nodeNames
}

// node is a place of the register, or one that the file will make.
type node struct {
	fleet.Place // Path is empty while the register does not have it
	parent      *node
	children    []*node
	loaded      bool // children holds what the register has
	names       []string
	prefix      string // of the codes of schools, once it was looked for
}

// within says whether n is p or lies somewhere below it.
func (n *node) within(p *node) bool {
	for ; n != nil; n = n.parent {
		if n == p {
			return true
		}
	}
	return false
}

// label is the place as a sentence has it: Lahore (PK601).
func (n *node) label() string {
	if n == nil {
		return "a place elsewhere"
	}
	return n.Name + " (" + string(n.Code) + ")"
}

// up is the place of kind k that n lies in, or n itself; nil when the actor does
// not see one.
func (n *node) up(k fleet.PlaceKind) *node {
	for n != nil && n.Kind > k {
		n = n.parent
	}
	if n != nil && n.Kind == k {
		return n
	}
	return nil
}

// line is n and the names of what it lies in, as an export has them.
func (n *node) line() placeLine {
	if n == nil {
		return placeLine{}
	}
	line := placeLine{here: n.Place}
	for ; n != nil; n = n.parent {
		line.name(&n.Place)
	}
	return line
}

// newGazetteer reads the places that the actor sees down to the districts.
func newGazetteer(ctx context.Context, s registry.Session) (*gazetteer, error) {
	g := &gazetteer{ctx: ctx, session: s, byPath: map[fleet.Path]*node{}, byCode: map[fleet.PlaceCode]*node{}, spelt: map[listKey]*nodeNames{}}
	for _, scope := range scopesOf(s) {
		top, err := s.PlacesUnder(ctx, scope, "", 1)
		if err != nil {
			return nil, err
		}
		if len(top) == 0 {
			continue
		}
		root := g.add(top[0], nil)
		g.roots = append(g.roots, root)
		if err := g.loadDown(root); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *gazetteer) add(p fleet.Place, parent *node) *node {
	n := &node{Place: p, parent: parent, names: registry.FoldedNames(&p)}
	if parent != nil {
		parent.children = append(parent.children, n)
	}
	if p.Path != "" {
		g.byPath[p.Path] = n
	}
	g.byCode[upperCode(p.Code)] = n
	return n
}

func upperCode(c fleet.PlaceCode) fleet.PlaceCode {
	return fleet.PlaceCode(strings.ToUpper(string(c)))
}

func (g *gazetteer) loadDown(n *node) error {
	if n.Kind >= fleet.District {
		return nil
	}
	children, err := g.childrenOf(n)
	if err != nil {
		return err
	}
	for _, c := range children {
		if err := g.loadDown(c); err != nil {
			return err
		}
	}
	return nil
}

// childrenOf are the places directly below n.
func (g *gazetteer) childrenOf(n *node) ([]*node, error) {
	if n.loaded || n.Path == "" {
		return n.children, nil
	}
	places, err := g.session.Children(g.ctx, n.Path)
	if err != nil {
		return nil, err
	}
	n.loaded = true
	for _, p := range places {
		if g.byPath[p.Path] == nil {
			g.add(p, n)
		}
	}
	return n.children, nil
}

// at is the place at a path, as far as the actor sees it.
func (g *gazetteer) at(p fleet.Path) (*node, error) {
	if n := g.byPath[p]; n != nil || p == "" {
		return n, nil
	}
	parent, err := g.at(p.Parent())
	if err != nil || parent == nil {
		return nil, err
	}
	_, err = g.childrenOf(parent)
	return g.byPath[p], err
}

// code finds a place by its whole code, in the file and in the register; nil when
// there is none.
func (g *gazetteer) code(code fleet.PlaceCode) (*node, error) {
	code = upperCode(code)
	if n := g.byCode[code]; n != nil {
		return n, nil
	}
	n, err := g.codeOrEMIS(code)
	if n != nil && upperCode(n.Code) != code {
		n = nil // another place has it for its EMIS code
	}
	return n, err
}

// codeOrEMIS finds a place by its code, or a school by its EMIS code when only
// one has it. An EMIS code that several have is an error.
func (g *gazetteer) codeOrEMIS(code fleet.PlaceCode) (*node, error) {
	if n := g.byCode[upperCode(code)]; n != nil {
		return n, nil
	}
	p, err := g.session.Place(g.ctx, code)
	if fleet.KindOf(err) == fleet.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	parent, err := g.at(p.Path.Parent())
	if err != nil {
		return nil, err
	}
	if n := g.byPath[p.Path]; n != nil {
		return n, nil
	}
	return g.add(p, parent), nil
}

// below lists the places of a kind under n, or under all that the actor sees
// when n is nil. Districts that nothing was read of yet are not read for it.
func (g *gazetteer) below(n *node, k fleet.PlaceKind) []*node {
	var found []*node
	under := g.roots
	if n != nil {
		under = []*node{n}
	}
	for len(under) > 0 {
		next := under[0]
		under = under[1:]
		if next.Kind == k {
			found = append(found, next)
		}
		if next.Kind < k {
			under = append(under, next.children...)
		}
	}
	return found
}

// schoolCode is a school's code in the whole register: its province's and its
// EMIS code. Officers do not see their province; its code is then taken from
// that of a school nearby.
func (g *gazetteer) schoolCode(in *node, emis string) (fleet.PlaceCode, error) {
	if province := in.up(fleet.Province); province != nil {
		return province.Code + fleet.PlaceCode("-"+emis), nil
	}
	top := in
	for top.parent != nil {
		top = top.parent
	}
	if top.prefix == "" {
		prefix, err := g.schoolPrefix(top)
		if err != nil {
			return "", err
		}
		top.prefix = prefix
	}
	return fleet.PlaceCode(top.prefix + "-" + emis), nil
}

// schoolPrefix is what the code of a school below n begins with; n's own code
// when there is no school.
func (g *gazetteer) schoolPrefix(n *node) (string, error) {
	under := []*node{n}
	for len(under) > 0 {
		next := under[0]
		under = under[1:]
		if prefix, ok := strings.CutSuffix(string(next.Code), "-"+next.EMIS); ok && next.EMIS != "" {
			return prefix, nil
		}
		children, err := g.childrenOf(next)
		if err != nil {
			return "", err
		}
		under = append(under, children...)
	}
	return string(n.Code), nil
}

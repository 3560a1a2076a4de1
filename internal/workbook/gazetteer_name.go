package workbook

import (
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// named finds the one of the places of a kind in another that has the name or the
// code. The error tells which are near, or that there are several.
func (g *gazetteer) named(all []*node, k fleet.PlaceKind, text string, in *node) (*node, error) {
	return only(all, k, text, in, func() *nodeNames {
		at := listKey{in, k, len(all)}
		if g.spelt[at] == nil {
			g.spelt[at] = namesOf(all)
		}
		return g.spelt[at]
	})
}

// listKey tells lists of places apart, which only grow.
type listKey struct {
	in *node
	k  fleet.PlaceKind
	n  int
}

// only finds the one place of those that has the name or the code. Their names in
// all spellings are asked for when there is none.
func only(all []*node, k fleet.PlaceKind, text string, in *node, names func() *nodeNames) (*node, error) {
	folded := registry.Fold(text)
	var found []*node
	for _, n := range all {
		if slices.Contains(n.names, folded) || strings.EqualFold(string(n.Code), text) {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, unknownPlace(k, text, inside(in), names().nearest(folded, 3))
	}
	return nil, fleet.Invalidf("place.ambiguous", "%d places are called %q: add the code of the right one, such as %s", len(found), text, found[0].Code)
}

func unknownPlace(k fleet.PlaceKind, text, in string, near []*node) error {
	e := fleet.NotFoundf(k.String()+".unknown", "there is no %s %q%s", k, text, in)
	if len(near) == 0 {
		e.Message += "; write its code, or a name that the register has"
		return e
	}
	var names []string
	for _, n := range near {
		names = append(names, n.Name)
	}
	e.Message += "; is it " + strings.Join(names, ", ") + "?"
	return suggest(e, names...)
}

// nodeNames are the names of places, each with the first place that has it.
type nodeNames struct {
	*spellings
	owner map[string]*node
}

func namesOf(all []*node) *nodeNames {
	owner := map[string]*node{}
	var names []string
	for _, n := range all {
		for _, name := range n.names {
			if owner[name] == nil {
				owner[name] = n
				names = append(names, name)
			}
		}
	}
	return &nodeNames{newSpellings(names), owner}
}

// nearest are the places whose names are closest to a folded text.
func (l *nodeNames) nearest(folded string, most int) []*node {
	var found []*node
	for _, name := range l.spellings.nearest(folded, most) {
		if n := l.owner[name]; !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	return found
}

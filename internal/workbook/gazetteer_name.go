package workbook

import (
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// named finds the one place of those that has the name or the code. The error
// tells which are near, or that there are several.
func named(all []*node, k fleet.PlaceKind, text, in string) (*node, error) {
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
		near := nearestNodes(all, folded, 3)
		return nil, unknownPlace(k, text, in, near)
	}
	return nil, fleet.Invalidf("place.ambiguous", "%d places are called %q: add the code of the right one, such as %s", len(found), text, found[0].Code)
}

func unknownPlace(k fleet.PlaceKind, text, in string, near []*node) error {
	e := fleet.NotFoundf(k.String()+".unknown", "there is no %s %q%s", k, text, in)
	if len(near) == 0 {
		return e
	}
	var names []string
	for _, n := range near {
		names = append(names, n.Name)
	}
	e.Message += "; is it " + strings.Join(names, ", ") + "?"
	return &suggestion{e, near[0].Name}
}

// nearestNodes are the places whose names are closest to a folded text.
func nearestNodes(all []*node, folded string, most int) []*node {
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
	var found []*node
	for _, name := range nearest(folded, names, most) {
		if n := owner[name]; !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	return found
}

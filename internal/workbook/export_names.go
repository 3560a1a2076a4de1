package workbook

import (
	"context"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// placeLine is a place and the names of those above it, or of itself.
type placeLine struct {
	here                       fleet.Place
	province, district, tehsil string
}

// name takes the name of a place of the line.
func (l *placeLine) name(p *fleet.Place) {
	switch p.Kind {
	case fleet.Province:
		l.province = p.Name
	case fleet.District:
		l.district = p.Name
	case fleet.Tehsil:
		l.tehsil = p.Name
	}
}

// placeNames finds the names of places while an export runs. Records come in the
// order of their places, mostly, so few are kept.
type placeNames struct {
	ctx     context.Context
	session registry.Session
	lines   map[fleet.Path]placeLine
}

const namesKept = 5000

func newPlaceNames(ctx context.Context, s registry.Session) *placeNames {
	return &placeNames{ctx: ctx, session: s, lines: map[fleet.Path]placeLine{}}
}

// above is the line of a path; what the actor does not see is empty.
func (p *placeNames) above(path fleet.Path) (placeLine, error) {
	if line, kept := p.lines[path]; kept {
		return line, nil
	}
	places, err := p.session.Ancestors(p.ctx, path)
	if err != nil {
		return placeLine{}, err
	}
	var line placeLine
	for _, place := range places {
		line.name(&place)
		if place.Path == path {
			line.here = place
		}
	}
	if len(p.lines) >= namesKept {
		clear(p.lines)
	}
	p.lines[path] = line
	return line, nil
}

// scopesOf are the places at which an actor has a role, without those that lie in
// another of them: every role reads there. The empty path stands for everything.
func scopesOf(s registry.Session) []fleet.Path {
	var all []fleet.Path
	for _, g := range s.Actor().Grants {
		all = append(all, g.Place)
	}
	slices.Sort(all) // what lies above comes first
	var top []fleet.Path
	for _, p := range all {
		if !slices.ContainsFunc(top, func(t fleet.Path) bool { return t.Contains(p) }) {
			top = append(top, p)
		}
	}
	return top
}

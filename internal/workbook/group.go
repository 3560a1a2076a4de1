package workbook

import (
	"sort"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Group is the problems of one cause, which one decision settles.
type Group struct {
	Cause    string   // what the decision names
	Code     string   // such as district.unknown
	Fact     string   // of the column, such as district; empty when whole rows are meant
	Header   string   // what the file calls the column
	Value    string   // what all the cells hold, where it is the same
	Problems int      // how many rows have it
	First    Problem  // the first of them
	Choices  []string // what can be decided, the likeliest first
	Offers   []string // what may be meant instead of the value, the likeliest first

	Decision registry.Decision // zero while nothing was decided
}

// maxGroups is how many causes are told apart by the texts of their cells; further
// problems are grouped by their column alone.
const maxGroups = 500

// groups gathers problems by cause.
type groups struct {
	table table
	facts [columnCount]string
	of    map[cause]*Group
	order []*Group
	last  map[cause]Position // the row that was counted last
	named map[cause]bool     // the causes that are known by the text of their cells
}

func newGroups(k Kind) *groups {
	return &groups{table: tables[k], facts: tables[k].factNames(), of: map[cause]*Group{}, last: map[cause]Position{}, named: map[cause]bool{}}
}

// told is the cause by which problems of a cause are told: when very many have a text
// of their own, that of their column. Which ones have depends on the rows alone, and
// on nothing that was decided.
func (g *groups) told(c cause) cause {
	switch {
	case c.value == "" || g.named[c]:
	case len(g.named) == maxGroups:
		c.value = ""
	default:
		g.named[c] = true
	}
	return c
}

// add counts a problem.
func (g *groups) add(c cause, p Problem, offers []string) *Group {
	c = g.told(c)
	group := g.of[c]
	if group == nil {
		group = &Group{
			Cause: c.text(&g.facts), Code: c.code, Fact: g.facts[c.id], Header: p.Header, First: p,
			Choices: choicesFor(c, g.table.isNeeded(c.id)), Offers: offers,
		}
		if c.value != "" {
			group.Value = p.Value
		}
		g.of[c] = group
		g.order = append(g.order, group)
	}
	if at := (Position{p.Sheet, p.Row}); g.last[c] != at {
		g.last[c] = at
		group.Problems++
	}
	return group
}

// list is the groups: those that nothing was decided about first, the largest of
// each before the others.
func (g *groups) list() []Group {
	all := make([]Group, len(g.order))
	for i, group := range g.order {
		all[i] = *group
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		if decided := len(a.Decision.Do) > 0; decided != (len(b.Decision.Do) > 0) {
			return !decided
		}
		return a.Problems > b.Problems
	})
	return all
}

package workbook

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// nearest lists the codes closest to text, at most n, the closest first. Those that
// differ too much to be a slip are left out. All are folded by the caller; names of
// places, which people spell in more ways, are found by [newSpellings].
func nearest(text string, codes []string, n int) []string {
	var m matcher
	written, limit := encode(text), slipLimit(text)
	best := shortlist{most: n, limit: limit}
	for i, code := range codes {
		best.add(code, i, m.distance(written, encode(code), best.limit))
	}
	return best.names()
}

// slipLimit is the cost beyond which a code is taken for another one: one slip, and
// one more for every four characters.
func slipLimit(text string) int { return slipCost * (1 + utf8.RuneCountInString(text)/4) }

// shortlist keeps the nearest few of many candidates.
type shortlist struct {
	most  int
	limit int // what a candidate may cost; less, once there are enough
	found []candidate
}

type candidate struct {
	name string
	at   int // among all
	cost int
}

// add takes a candidate unless it costs too much. One that is there already keeps
// its lesser cost.
func (s *shortlist) add(name string, at, cost int) {
	if cost > s.limit {
		return
	}
	if i := slices.IndexFunc(s.found, func(c candidate) bool { return c.at == at }); i >= 0 {
		s.found[i].cost = min(s.found[i].cost, cost)
	} else {
		s.found = append(s.found, candidate{name, at, cost})
	}
	slices.SortFunc(s.found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.name, b.name), cmp.Compare(a.at, b.at))
	})
	if len(s.found) >= s.most {
		s.found = s.found[:s.most]
		s.limit = s.found[s.most-1].cost
	}
}

func (s *shortlist) names() []string {
	var names []string
	for _, c := range s.found {
		names = append(names, c.name)
	}
	return names
}

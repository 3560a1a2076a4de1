package workbook

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// nearest lists the names closest to text, at most n, the closest first. Names
// that differ too much to be a slip are left out. All are folded by the caller.
func nearest(text string, names []string, n int) []string {
	type candidate struct {
		name string
		cost int
	}
	limit := slipCost * (1 + utf8.RuneCountInString(text)/4)
	var found []candidate
	var m matcher
	for _, name := range names {
		cost := m.distance(text, name, limit)
		if hasMoreWords(text, name) || hasMoreWords(name, text) {
			cost = min(cost, slipCost)
		}
		if cost <= limit {
			found = append(found, candidate{name, cost})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.name, b.name)) })
	var out []string
	for _, c := range found[:min(n, len(found))] {
		out = append(out, c.name)
	}
	return out
}

// hasMoreWords says whether a is b with words added, as "quetta city" is "quetta".
func hasMoreWords(a, b string) bool { return b != "" && strings.HasPrefix(a, b+" ") }

// Costs of an edit. What sounds or looks alike costs half.
const (
	slipCost  = 4
	alikeCost = 2
)

// matcher measures how far two texts lie apart: the cheapest way from one to the
// other by inserting, leaving out, replacing and swapping characters
// (Damerau and Levenshtein), where slips that people make are cheap.
type matcher struct {
	a, b             []rune
	row, last, third []int
}

// distance is the cost, or something above limit.
func (m *matcher) distance(a, b string, limit int) int {
	m.a, m.b = append(m.a[:0], []rune(a)...), append(m.b[:0], []rune(b)...)
	if d := len(m.a) - len(m.b); max(d, -d)*alikeCost > limit {
		return limit + 1
	}
	m.row, m.last, m.third = resize(m.row, len(m.b)+1), resize(m.last, len(m.b)+1), resize(m.third, len(m.b)+1)
	m.row[0] = 0
	for j := range m.b {
		m.row[j+1] = m.row[j] + gapCost(m.b, j)
	}
	for i := range m.a {
		m.row, m.last, m.third = m.third, m.row, m.last
		if m.step(i) > limit {
			return limit + 1
		}
	}
	return m.row[len(m.b)]
}

// step fills the row for the first i+1 characters of a, and gives its least cost.
func (m *matcher) step(i int) int {
	m.row[0] = m.last[0] + gapCost(m.a, i)
	least := m.row[0]
	for j := range m.b {
		cost := min(
			m.last[j]+replaceCost(m.a[i], m.b[j]),
			m.last[j+1]+gapCost(m.a, i),
			m.row[j]+gapCost(m.b, j),
		)
		if i > 0 && j > 0 && m.a[i] == m.b[j-1] && m.a[i-1] == m.b[j] {
			cost = min(cost, m.third[j-1]+slipCost)
		}
		m.row[j+1] = cost
		least = min(least, cost)
	}
	return least
}

func resize(s []int, n int) []int { return slices.Grow(s[:0], n)[:n] }

// gapCost is the cost of a character that one text has and the other has not:
// half for blanks, for a letter doubled, and for h and vowels, which the
// spelling of Urdu names in English leaves open.
func gapCost(s []rune, i int) int {
	r := s[i]
	if i > 0 && s[i-1] == r || sounds[r] == 'a' || r == 'h' || r == ' ' {
		return alikeCost
	}
	return slipCost
}

func replaceCost(a, b rune) int {
	switch {
	case a == b:
		return 0
	case sounds[a] != 0 && sounds[a] == sounds[b] || looks[a] != 0 && looks[a] == looks[b]:
		return alikeCost
	}
	return slipCost
}

// sounds gives letters that stand for the same sound the same value.
var sounds = map[rune]rune{
	'a': 'a', 'e': 'a', 'i': 'a', 'o': 'a', 'u': 'a', 'y': 'a',
	'k': 'k', 'q': 'k', 'c': 'k', 'g': 'k',
	'v': 'v', 'w': 'v', 's': 's', 'z': 's', 'j': 's', 'd': 'd', 't': 'd', 'b': 'b', 'p': 'b', 'm': 'm', 'n': 'm',
}

// looks gives characters that are taken for one another the same value.
var looks = map[rune]rune{
	'0': '0', 'o': '0', 'd': '0', '1': '1', 'i': '1', 'l': '1', '5': '5', 's': '5', '8': '8', 'b': '8', '2': '2', 'z': '2', '6': '6', 'g': '6',
}

package demo

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

//go:embed names.csv
var nameTable string

// text is the same words in English and in Urdu.
type text struct{ en, ur string }

func (t text) join(u text) text { return text{t.en + " " + u.en, t.ur + " " + u.ur} }

// grammar says in which ways each kind of thing can be named; see names.csv.
// A choice of weight three is listed three times.
type grammar map[string][]text

func loadGrammar() (grammar, error) {
	rows, err := readTable(nameTable, "kind", "weight", "english", "urdu")
	if err != nil {
		return nil, fmt.Errorf("names.csv: %w", err)
	}
	g := grammar{}
	for _, r := range rows {
		weight, err := strconv.Atoi(r[1])
		if err != nil {
			return nil, fmt.Errorf("names.csv: the weight of %s is not a number: %q", r[0], r[1])
		}
		for range weight {
			g[r[0]] = append(g[r[0]], text{r[2], r[3]})
		}
	}
	return g, nil
}

// namer names things in one tehsil.
type namer struct {
	grammar  grammar
	rand     *rand.Rand
	district string // code
	town     text
}

// name makes up a name for a thing of this kind, the same in both languages.
func (n *namer) name(kind string) text {
	choices := n.grammar[kind+"."+n.district]
	if choices == nil {
		choices = n.grammar[kind]
	}
	t := choices[n.rand.IntN(len(choices))]
	for {
		before, rest, found := strings.Cut(t.en, "{")
		key, after, _ := strings.Cut(rest, "}")
		if !found {
			return t
		}
		v := n.value(key)
		t = text{before + v.en + after, strings.Replace(t.ur, "{"+key+"}", v.ur, 1)}
	}
}

// value is what stands for {key}.
func (n *namer) value(key string) text {
	if key == "town" {
		return n.town
	}
	if lo, hi, ok := span(key); ok {
		return number(lo + n.rand.IntN(hi-lo+1))
	}
	return n.name(key)
}

// span reads a key such as 2-9.
func span(key string) (lo, hi int, ok bool) {
	a, b, ok := strings.Cut(key, "-")
	lo, errLo := strconv.Atoi(a)
	hi, errHi := strconv.Atoi(b)
	return lo, hi, ok && errLo == nil && errHi == nil
}

func number(n int) text {
	en := strconv.Itoa(n)
	return text{en, strings.Map(func(r rune) rune { return r - '0' + '۰' }, en)}
}

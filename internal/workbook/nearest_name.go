package workbook

import (
	"slices"
	"strings"
)

// spellings finds names by the many ways in which people spell them. It is made
// once for the names of a list, and asked for one text after another.
type spellings struct {
	names   []string
	words   [][]string
	forms   [inOrder + 1][]nameForm // by writing; made when they are first needed
	matcher matcher
	queue   [][]*nameForm // by the least that each can cost
}

// writing says how the words of a name are written.
type writing uint8

const (
	inFull    writing = iota + 1
	initialed         // the first words by their initials, as D M Jamali or DMJAMALI
	inOrder           // by the alphabet, to compare words that changed places
)

// newSpellings takes folded names.
func newSpellings(names []string) *spellings {
	s := &spellings{names: names, words: make([][]string, len(names)), matcher: matcher{parts: true}}
	for i, name := range names {
		s.words[i] = nameWords(name)
	}
	return s
}

// nearest lists the names closest to a folded text, at most n, the closest first.
// Names that differ too much to be meant are left out.
func (s *spellings) nearest(text string, n int) []string {
	words := nameWords(text)
	full := formOf(0, words)
	best := shortlist{most: n, limit: nameLimit(full.telling)}
	effort := mostEffort
	s.compare(&best, &full, inFull, 0, &effort)
	if len(best.found) > 0 && best.found[0].cost <= slipCost {
		return best.names()
	}
	s.compare(&best, &full, initialed, vowelCost, &effort)
	for n := 1; n < len(words) && n <= mostInitials && !schoolInitials(words[0]); n++ {
		short := formOf(0, initials(words, n))
		s.compare(&best, &short, inFull, vowelCost, &effort)
	}
	if len(words) > 1 {
		sorted := formOf(0, slices.Sorted(slices.Values(words)))
		s.compare(&best, &sorted, inOrder, swapCost, &effort)
	}
	return best.names()
}

// nameLimit is the cost beyond which a name is taken for another one, by the letters
// that tell it from others. Measured on lists of real names, it lets through what
// people meant and stops most of what only sounds a little alike.
func nameLimit(telling int) int { return 10 + 2*telling }

// mostEffort bounds the characters that are compared for one text, so that a file
// of unknown names takes no longer where the list is long.
const mostEffort = 120_000

// compare tries the names in a writing, those first that promise most. The extra
// cost is that of reading the text in such a way at all, and calls for more likeness.
func (s *spellings) compare(best *shortlist, text *nameForm, as writing, extra int, effort *int) {
	limit := best.limit
	if extra > 0 {
		limit = min(limit-extra, nameLimit(text.telling)/2)
	}
	s.line(text, as, limit)
	for least, forms := range s.queue {
		for _, f := range forms {
			l := min(limit, best.limit-extra)
			if *effort -= len(text.code) * len(f.code); least > l || *effort < 0 {
				return
			}
			if cost := s.matcher.distance(text.code, f.code, l) + firstCost(text.code, f.code); cost <= l {
				best.add(s.names[f.at], f.at, cost+extra)
			}
		}
	}
}

// line queues the names in a writing that may cost no more than limit.
func (s *spellings) line(text *nameForm, as writing, limit int) {
	s.queue = slices.Grow(s.queue[:0], max(limit+1, 0))[:max(limit+1, 0)]
	for i := range s.queue {
		s.queue[i] = s.queue[i][:0]
	}
	all := s.written(as)
	for i := range all {
		if least := text.least(&all[i]); least < len(s.queue) {
			s.queue[least] = append(s.queue[least], &all[i])
		}
	}
}

// written are the names in a writing.
func (s *spellings) written(as writing) []nameForm {
	if s.forms[as] != nil {
		return s.forms[as]
	}
	forms := make([]nameForm, 0, len(s.words))
	for i, words := range s.words {
		switch as {
		case inFull:
			forms = append(forms, formOf(i, words))
		case inOrder:
			forms = append(forms, formOf(i, slices.Sorted(slices.Values(words))))
		case initialed:
			for n := 1; n < len(words) && n <= mostInitials && !schoolInitials(words[0]); n++ {
				forms = append(forms, formOf(i, initials(words, n)))
			}
		}
	}
	s.forms[as] = forms
	return forms
}

// mostInitials are the letters of a word that may be initials.
const mostInitials = 3

// initials writes the first words by their first letters, as one word.
func initials(words []string, n int) []string {
	var first strings.Builder
	for _, w := range words[:n] {
		for _, r := range w {
			first.WriteRune(r)
			break
		}
	}
	return append([]string{first.String()}, words[n:]...)
}

// firstCost is what it costs more that names begin differently: people rarely
// mistake the first sound.
func firstCost(a, b []letter) int {
	if len(a) == 0 || len(b) == 0 || a[0] == b[0] || sounds[a[0]] != 0 && sounds[a[0]] == sounds[b[0]] {
		return 0
	}
	return vowelCost
}

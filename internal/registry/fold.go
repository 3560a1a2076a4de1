package registry

import (
	"slices"
	"strings"
	"unicode"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Fold brings a name to the form in which names are compared: lower case, Latin
// digits, one form of each Urdu letter that keyboards write in several ways,
// without diacritics, and one space for any run of blanks and punctuation.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		r = foldRune(r)
		switch {
		case r < 0:
			continue
		case r == ' ':
			gap = b.Len() > 0
			continue
		case gap:
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// urduForms maps the Arabic forms of letters to those of Urdu.
var urduForms = map[rune]rune{
	'ي': 'ی', 'ى': 'ی', 'ئ': 'ی', 'ك': 'ک', 'ه': 'ہ', 'ة': 'ہ', 'ۃ': 'ہ', 'ھ': 'ہ',
	'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ؤ': 'و',
}

// foldRune gives the folded rune, ' ' for what separates words, and -1 for what
// is to be dropped.
func foldRune(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < unicode.MaxASCII:
		return ' '
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || r == 'ـ':
		return -1
	}
	if f, ok := urduForms[r]; ok {
		return f
	}
	r = fleet.LatinDigit(r)
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return unicode.ToLower(r)
	}
	return ' '
}

// FoldedNames are the distinct names of a place, its aliases among them, in the
// form in which names are compared.
func FoldedNames(p *fleet.Place) []string {
	names := make([]string, 0, 2+len(p.Aliases))
	for _, name := range append([]string{p.Name, p.NameUrdu}, p.Aliases...) {
		if name = Fold(name); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// placeWords are the distinct folded words under which a place is found.
func placeWords(p *fleet.Place) []string {
	var words []string
	for _, name := range FoldedNames(p) {
		words = append(words, strings.Fields(name)...)
	}
	for i, w := range words {
		if len(w) > 60 {
			words[i] = w[:60]
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

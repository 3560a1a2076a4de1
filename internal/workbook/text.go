package workbook

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean is a cell's text without what nobody sees: blanks of every kind at its
// ends, runs of them inside, marks without width. ok is false when it holds a
// control character, which no keyboard writes.
//
// The two joiners stay inside a text: Urdu is written with them.
func clean(s string) (text string, ok bool) {
	if isClean(s) {
		return s, true
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = true
			continue
		case invisible(r):
			continue
		case r == utf8.RuneError || unicode.IsControl(r):
			return s, false
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return strings.Trim(b.String(), "\u200C\u200D"), true
}

// shown is a text as a cell shows it: cleaned, and without control characters.
func shown(s string) string {
	text, ok := clean(s)
	if ok {
		return text
	}
	text, _ = clean(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s))
	return text
}

// isClean recognises plain text that needs no cleaning, which most cells hold.
func isClean(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= utf8.RuneSelf || c == 0x7F || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

// invisible says whether a character shows nothing and means nothing: marks of
// direction, byte order marks, soft hyphens, blanks without width.
func invisible(r rune) bool {
	return r == '\u00AD' || r == '\u200B' || r == '\u2060' || r == '\uFEFF' || r == '\u061C' ||
		r == '\u200E' || r == '\u200F' || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// latinDigits turns ۰-۹ and ٠-٩ into 0-9, and the Arabic signs for the decimal
// point and for thousands into . and ,.
func latinDigits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(latinDigit, s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

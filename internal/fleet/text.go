package fleet

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest free texts, in characters.
const (
	maxText     = 100 // of a plain field
	maxFileName = 255
)

// fieldText is what stands in a field, and how long it may be, in characters.
type fieldText struct {
	field, what, value string
	most               int
}

// CheckText says what is wrong with the text of a plain field.
func CheckText(field, what, value string) error {
	return checkTexts("text.long", fieldText{field, what, value, maxText})
}

// checkTexts says what is wrong with texts that people write freely, code being
// that of one that is too long. They are shown in pages, workbooks and terminals,
// so they may have no character that makes those do something instead.
func checkTexts(code string, texts ...fieldText) error {
	for _, t := range texts {
		if len(t.value) > t.most && utf8.RuneCountInString(t.value) > t.most {
			return Invalidf(code, "%s is longer than %d characters", t.what, t.most).In(t.field)
		}
		if err := checkCharacters(t.field, t.what, t.value, false); err != nil {
			return err
		}
	}
	return nil
}

// checkCharacters refuses control characters, those that turn the direction of a
// text around, and what is no text at all. Line breaks are for texts with lines.
func checkCharacters(field, what, value string, lines bool) error {
	for i, r := range value {
		if r >= ' ' && r < 0x7F || lines && (r == '\n' || r == '\r' || r == '\t') {
			continue
		}
		broken := r == utf8.RuneError && !isRune(value[i:])
		if broken || unicode.IsControl(r) || turns(r) {
			return Invalidf("text.character", "%s has a character that cannot be shown, at %s: type it anew", what, quoted(value[i:])).In(field)
		}
	}
	return nil
}

// isRune says whether s begins with a whole character.
func isRune(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size > 1
}

// turns says whether a rune overrides the direction of the text behind it, or
// breaks its line. The plain marks of direction, which Urdu is typed with, do not.
func turns(r rune) bool {
	return r >= '\u2028' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// Showable writes the characters of a text that do something to a page, a log or a
// terminal as what they are, such as \x1b: for messages, which repeat what somebody
// sent, and for what may have been stored before it was refused.
func Showable(text string) string {
	if !strings.ContainsFunc(text, acts) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if acts(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// acts says whether a rune does something instead of being shown.
func acts(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || turns(r) }

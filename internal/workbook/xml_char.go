package workbook

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checkXMLText accepts character data: legal characters, known entities.
func checkXMLText(b []byte) error {
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == '&':
			n := entityLength(b[i:])
			if n == 0 {
				return xmlErrorf("%.12q is not a character that XML knows", b[i:])
			}
			i += n
		case c == ']' && bytes.HasPrefix(b[i:], []byte("]]>")):
			return xmlErrorf("]]> outside CDATA")
		case c >= ' ' && c < utf8.RuneSelf:
			i++
		default:
			n := charLength(b[i:])
			if n == 0 {
				return xmlErrorf("%q is not a character that XML allows", c)
			}
			i += n
		}
	}
	return nil
}

func checkXMLChars(b []byte) error {
	for i := 0; i < len(b); {
		n := charLength(b[i:])
		if n == 0 {
			return xmlErrorf("%q is not a character that XML allows", b[i])
		}
		i += n
	}
	return nil
}

// charLength is the length of the first character, zero if it is not allowed.
func charLength(b []byte) int {
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n == 1 || !isXMLChar(r) {
		return 0
	}
	return n
}

func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// entityLength is the length of an entity such as &amp; or &#10; at the
// beginning of b, zero if it is none.
func entityLength(b []byte) int {
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return 0
	}
	name := string(b[1:end])
	switch name {
	case "lt", "gt", "amp", "quot", "apos":
		return end + 1
	}
	if name[0] != '#' {
		return 0
	}
	digits, base := name[1:], 10
	if hex, found := strings.CutPrefix(digits, "x"); found {
		digits, base = hex, 16
	}
	r, err := strconv.ParseUint(digits, base, 31)
	if err != nil || !isXMLChar(rune(r)) {
		return 0
	}
	return end + 1
}

package sheet

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// appendText adds the text of the last token to dst.
func (x *scanner) appendText(dst []byte) []byte {
	if x.literal {
		return append(dst, x.text...)
	}
	return appendDecoded(dst, x.text)
}

// appendDecoded puts characters in place of entities, and \n for every line end.
// The text has passed checkText.
func appendDecoded(dst, b []byte) []byte {
	for {
		i := bytes.IndexAny(b, "&\r")
		if i < 0 {
			return append(dst, b...)
		}
		dst = append(dst, b[:i]...)
		if b[i] == '\r' {
			if i+1 == len(b) || b[i+1] != '\n' {
				dst = append(dst, '\n')
			}
			b = b[i+1:]
			continue
		}
		r, n := entity(b[i:])
		dst = utf8.AppendRune(dst, r)
		b = b[i+n:]
	}
}

// entity reads an entity such as &amp; or &#x41; at the beginning of b: the
// five that XML has from birth, and numbers. Its length is zero if it is none.
func entity(b []byte) (r rune, n int) {
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	switch name := string(b[1:end]); name {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		r = numericEntity(name)
	}
	if r == 0 {
		return 0, 0
	}
	return r, end + 1
}

func numericEntity(name string) rune {
	digits, found := strings.CutPrefix(name, "#")
	if !found {
		return 0
	}
	base := 10
	if hex, found := strings.CutPrefix(digits, "x"); found {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 31)
	if r := rune(n); err == nil && isXMLChar(r) {
		return r
	}
	return 0
}

func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// unescape replaces, in place, what Excel writes for characters that XML cannot
// hold: _x000D_ for a carriage return, and _x005F_ for the _ of a literal _x.
func unescape(b []byte) []byte {
	i := bytes.Index(b, []byte("_x"))
	if i < 0 {
		return b
	}
	out := b[:i]
	for i < len(b) {
		u, ok := escaped(b[i:])
		if !ok {
			out = append(out, b[i])
			i++
			continue
		}
		i += escapeLength
		r := rune(u)
		if utf16.IsSurrogate(r) {
			low, _ := escaped(b[i:])
			if pair := utf16.DecodeRune(r, rune(low)); pair != utf8.RuneError {
				r, i = pair, i+escapeLength
			}
		}
		out = utf8.AppendRune(out, r) // never longer than what it replaces
	}
	return out
}

const escapeLength = len("_x005F_")

func escaped(b []byte) (u uint16, ok bool) {
	if len(b) < escapeLength || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	for _, c := range b[2:6] {
		d, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		u = u<<4 | uint16(d)
	}
	return u, true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

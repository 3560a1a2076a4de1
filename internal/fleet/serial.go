package fleet

import (
	"strings"
	"unicode"
)

// Serial identifies a device: upper case, without blanks or invisible characters.
type Serial string

// Tag is an asset tag, normalised like a serial; empty when a device has none.
type Tag string

const (
	minSerial = 4
	maxSerial = 40
)

// ParseSerial normalises what people and spreadsheets write as a serial, or says
// why it cannot be one.
func ParseSerial(text string) (Serial, error) {
	s := squeeze(text)
	switch {
	case s == "":
		return "", Invalidf("serial.missing", "the serial is missing").In("serial")
	case scientific(s):
		return "", Invalidf("serial.scientific", "%s is not a serial: Excel turned it into a number. Format the column as Text and type or paste the serial again", quoted(text)).In("serial")
	case !plain(s):
		return "", Invalidf("serial.characters", "%s is not a serial: only letters A–Z, digits and - . _ / are allowed", quoted(text)).In("serial")
	case len(s) < minSerial || len(s) > maxSerial:
		return "", Invalidf("serial.length", "%s is not a serial: it must have %d to %d characters", quoted(text), minSerial, maxSerial).In("serial")
	case strings.Trim(s, punctuation) == "":
		return "", Invalidf("serial.empty", "%s is not a serial: it has neither letters nor digits", quoted(text)).In("serial")
	}
	return Serial(s), nil
}

// ParseTag normalises an asset tag; an empty one is allowed.
func ParseTag(text string) (Tag, error) {
	s := squeeze(text)
	switch {
	case scientific(s):
		return "", Invalidf("tag.scientific", "%s is not an asset tag: Excel turned it into a number. Format the column as Text and enter the tag again", quoted(text)).In("asset_tag")
	case !plain(s):
		return "", Invalidf("tag.characters", "%s is not an asset tag: only letters A–Z, digits and - . _ / are allowed", quoted(text)).In("asset_tag")
	case len(s) > maxSerial:
		return "", Invalidf("tag.length", "%s is not an asset tag: it must have at most %d characters", quoted(text), maxSerial).In("asset_tag")
	}
	return Tag(s), nil
}

// squeeze upper-cases s, turns Urdu and Arabic digits to 0-9 and drops blanks
// and characters that show nothing.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > ' ' && r < unicode.MaxASCII:
			return unicode.ToUpper(r)
		case unicode.IsSpace(r) || invisible(r):
			return -1
		default:
			return unicode.ToUpper(LatinDigit(r))
		}
	}, s)
}

// invisible says whether a rune shows nothing: zero-width characters, marks of
// direction and order, control characters.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// LatinDigit turns ۰-۹ and ٠-٩ into 0-9 and leaves other runes alone.
func LatinDigit(r rune) rune {
	switch {
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	}
	return r
}

// scientific recognises what Excel makes of a long number: 1.23E+11, or 1,23E+11
// where a comma is the decimal sign. The argument is squeezed.
func scientific(s string) bool {
	mantissa, exponent, found := strings.Cut(s, "E+")
	return found && mantissa != "" && strings.Trim(mantissa, "0123456789.,") == "" && digits(exponent)
}

// punctuation is what codes may hold beside letters and digits.
const punctuation = "-._/"

// plain says whether s holds only what a serial, a tag or a code may hold.
func plain(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(punctuation, r) {
			return false
		}
	}
	return true
}

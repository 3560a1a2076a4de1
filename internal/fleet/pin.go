package fleet

import (
	"strings"
	"unicode"
)

// pinDigits is how many digits a PIN has.
const pinDigits = 6

// NormalisePIN is what was typed as a PIN, with Latin digits and without blanks
// and hyphens: the form that is hashed.
func NormalisePIN(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return LatinDigit(r)
	}, text)
}

// ParsePIN reads a PIN that somebody chose: six digits, and none of those that
// are guessed first. emis is the code that it is used with, which tells nothing.
func ParsePIN(text, emis string) (string, error) {
	pin := NormalisePIN(text)
	switch {
	case len(pin) != pinDigits || strings.Trim(pin, "0123456789") != "":
		return "", Invalidf("pin.digits", "a PIN has %d digits", pinDigits).In("pin")
	case weakPIN(pin) || strings.Contains(strings.Map(LatinDigit, emis), pin):
		return "", Invalidf("pin.weak", "this PIN is one of the first that somebody would guess: choose another one").In("pin")
	}
	return pin, nil
}

// weakPIN says whether a PIN is guessed first: it repeats itself, or counts up or
// down.
func weakPIN(pin string) bool {
	for _, size := range []int{1, 2, 3} {
		if strings.Repeat(pin[:size], len(pin)/size) == pin {
			return true
		}
	}
	step := pin[1] - pin[0]
	if step != 1 && step+1 != 0 {
		return false
	}
	for i := 2; i < len(pin); i++ {
		if pin[i]-pin[i-1] != step {
			return false
		}
	}
	return true
}

package workbook

import (
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// key is the form in which headers and words are compared: the register's form
// of a name, without the blanks between its words.
func key(s string) string {
	return strings.ReplaceAll(registry.Fold(s), " ", "")
}

func latinDigit(r rune) rune {
	switch r {
	case '٫':
		return '.'
	case '٬', '،':
		return ','
	}
	return fleet.LatinDigit(r)
}

package workbook

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// cause is what problems have in common that one decision settles.
type cause struct {
	code  string
	id    columnID // zero when the whole row is meant
	value string   // the folded text of the cells, where it matters which text it is
}

// causeSeparator stands between the parts of a cause, none of which holds it.
const causeSeparator = "|"

// causeOf groups a problem of a column: with those of the same text, where a file
// repeats few texts and another one could be read instead; else with those of the
// same column.
func causeOf(code string, id columnID, value string) cause {
	c := cause{code: code, id: id}
	_, what, _ := strings.Cut(code, ".")
	switch {
	case value == "" || id == colSerial || id == colTag:
	case slices.Contains(wordColumns[:], id), what == "unknown", what == "not_found", what == "ambiguous" && code != codeAmbiguous:
		c.value = causeValue(value)
	}
	return c
}

// causeValue is a cell's text as causes know it: folded, and of a long one its
// beginning and what tells it from others that begin alike.
func causeValue(text string) string {
	const longest = 200 // bytes; decisions are kept, and posted in forms
	value := strings.ReplaceAll(key(text), causeSeparator, "")
	if len(value) <= longest {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return short(value, longest/2) + hex.EncodeToString(sum[:8])
}

// wordColumns hold one of few words.
var wordColumns = [...]columnID{colKind, colState, colLevel, colGender, colElectricity, colInternet}

// text is how decisions and programs name the cause: district.unknown|district|lahor.
func (c cause) text(facts *[columnCount]string) string {
	parts := []string{c.code, facts[c.id], c.value}
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, causeSeparator)
}

// parseCause is the same the other way round.
func parseCause(s string, facts map[string]columnID) cause {
	parts := append(strings.SplitN(s, causeSeparator, 3), "", "")
	return cause{parts[0], facts[parts[1]], parts[2]}
}

package fleet

import (
	"fmt"
	"strconv"
	"strings"
)

// vocabulary is the names of an enumerated type, as the API and files write
// them, and what an error says of a word that is not among them.
type vocabulary[E ~uint8] struct {
	code  string   // of the error
	field string   // the input that usually holds such a word
	what  string   // with its article: "a status"
	names []string // by value; empty at values that have no name
}

// name is the name of a value; "?" for one out of range.
func (v *vocabulary[E]) name(e E) string {
	if int(e) < len(v.names) {
		return v.names[e]
	}
	return "?"
}

// parse finds the value with the given name.
func (v *vocabulary[E]) parse(name string) (E, error) {
	for i, n := range v.names {
		if n != "" && n == name {
			return E(i), nil
		}
	}
	return 0, Invalidf(v.code, "%s is not %s: use one of %s", quoted(name), v.what, strings.Join(v.names[1:], ", ")).In(v.field)
}

// all are the values that have a name, in order.
func (v *vocabulary[E]) all() []E {
	all := make([]E, 0, len(v.names)-1)
	for i := range v.names[1:] {
		all = append(all, E(i+1))
	}
	return all
}

// namesOf lists values for people: "repaired, replaced".
func namesOf[E fmt.Stringer](values []E) string {
	names := make([]string, 0, len(values))
	for _, v := range values {
		names = append(names, v.String())
	}
	return strings.Join(names, ", ")
}

// quoted shows what somebody wrote, invisible characters too, and cuts what is
// too long to be shown.
func quoted(text string) string {
	const longest = 60
	shown := 0
	for i := range text {
		if shown == longest {
			return strconv.Quote(text[:i] + "…")
		}
		shown++
	}
	return strconv.Quote(text)
}

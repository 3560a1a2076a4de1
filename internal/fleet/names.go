package fleet

import "strings"

// nameOf is the name of an enumerated value, or "?" for one out of range.
func nameOf[E ~uint8](names []string, e E) string {
	if int(e) < len(names) {
		return names[e]
	}
	return "?"
}

// parseName finds the value with the given name.
func parseName[E ~uint8](names []string, s, code, what string) (E, error) {
	for i, name := range names {
		if name != "" && name == s {
			return E(i), nil
		}
	}
	return 0, Invalidf(code, "%q is not a %s: use one of %s", s, what, strings.Join(names[1:], ", "))
}

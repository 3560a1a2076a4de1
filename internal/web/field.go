package web

import (
	"fmt"
	"slices"
)

// field is one field of a form.
type field struct {
	name, label  string
	kind         string // of an input; empty: text
	hint         string
	value        string // unless something was typed
	autocomplete string
	plain        bool // no capitals, no spelling: a name or a code
	digits       bool // phones offer digits to type
	optional     bool
	rows         int // of a text area
	limit        int // characters; zero: the browser's own
}

// choice is one of the values that a field can have.
type choice struct{ value, label string }

// choices are the values of a vocabulary, with the words for them.
func choices[E fmt.Stringer](v *view, screen string, all []E) []choice {
	list := make([]choice, 0, len(all))
	for _, e := range all {
		list = append(list, choice{value: e.String(), label: v.word(screen, e.String())})
	}
	return list
}

// describedBy are the ids of the texts about a field.
func (f field) describedBy(in form) string {
	ids := ""
	if f.hint != "" {
		ids = in.id(f.name) + "-hint "
	}
	if in.problem(f.name) != "" {
		ids += in.id(f.name) + "-problem"
	}
	return ids
}

// filled are the texts that are not empty.
func filled(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

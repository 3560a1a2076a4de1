package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// form is a form on a page: what somebody typed into it, and what is wrong with it.
type form struct {
	name     string // tells the forms of a page apart; the value of its field "do"
	key      string // makes sending it again the same as sending it once
	values   url.Values
	problems []problem
	status   int    // of the page that shows the problems
	personal string // the field with what looks like a person's number, which its sender may confirm
}

// problem is one thing that is wrong with a form; field is empty when no one
// field is at fault.
type problem struct{ field, text string }

// keyField holds the form's key, doField its name; confirmField is ticked by who knows
// that a text may hold a person's number.
const (
	keyField     = "key"
	doField      = "do"
	confirmField = "confirmed"
)

// blankForm is a form that nobody has filled in yet.
func blankForm(name string) form {
	return form{name: name, key: registry.NewRequestID(), values: url.Values{}, status: http.StatusOK}
}

// as is the form if it has the name, as it was sent, or a blank one: of several forms
// on a page one was.
func (f form) as(name string) form {
	if f.name == name {
		return f
	}
	return blankForm(name)
}

// formOf is the form as it came in. A form without a key, which only a program
// sends, is carried out each time it comes.
func formOf(values url.Values) form {
	return form{name: values.Get(doField), key: values.Get(keyField), values: values, status: http.StatusOK}
}

// filterOf is a form that only picks what is shown, as its address says it.
func filterOf(values url.Values) form {
	return form{name: "filter", values: values, status: http.StatusOK}
}

// saves says whether sending the form changes the register, rather than looks
// something up or signs in.
func (f form) saves() bool { return f.key != "" }

// value is what was typed into a field, without blanks around it.
func (f form) value(field string) string { return strings.TrimSpace(f.values.Get(field)) }

// or is what was typed into a field, or else the given value.
func (f form) or(field, value string) string { return cmp.Or(f.value(field), value) }

// date is the day in a field; zero when it is empty.
func (f form) date(field string) (fleet.Date, error) {
	day, err := optional(f.value(field), fleet.ParseDate)
	if e, ok := asFleetError(err); ok {
		err = e.In(field)
	}
	return day, err
}

// id is the HTML id of a field.
func (f form) id(field string) string { return strings.Trim(f.name+"-"+field, "-") }

// problem is what is wrong with a field, or empty.
func (f form) problem(field string) string {
	for _, p := range f.problems {
		if p.field == field {
			return p.text
		}
	}
	return ""
}

// reject adds the error to the form, when it is one that its sender can mend.
// fields are the names of the form's own fields, where they differ from those
// that errors speak of: pairs of the error's and the form's.
func (v *visit) reject(f form, err error, fields ...string) (form, bool) {
	e, ok := asFleetError(err)
	if !ok || e.Kind != fleet.Invalid && e.Kind != fleet.Conflict && e.Kind != fleet.NotFound {
		return f, false
	}
	v.leaveCode(e)
	field := e.Field
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == field {
			field = fields[i+1]
		}
	}
	if e.Code == "request.reused" {
		f.key = registry.NewRequestID()
	}
	if e.Code == fleet.CodePersonal {
		f.personal = field
	}
	f.problems = append(f.problems, problem{field: field, text: v.errorText(e)})
	f.status = http.StatusUnprocessableEntity
	if e.Kind == fleet.Conflict && len(f.problems) == 1 {
		f.status = http.StatusConflict
	}
	return f, true
}

// again is the page with the form, answered as the form's problems require.
func (f form) again(r reply) reply {
	r.status = cmp.Or(f.status, http.StatusOK)
	return r
}

package web

import (
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// A form gives several roles in numbered pairs of fields, of which the first have no
// number: role and place, role2 and place2. Which role is not chosen is not given.

// mostRoles is how many roles a form can give.
const mostRoles = 50

// moreRoles is how many an account that is made can have beside its first.
const moreRoles = 2

// numbered is the name of a field in the pair with the number.
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	return name + strconv.Itoa(n)
}

// grants are the roles at places that a form gives.
func (f form) grants() (list []registry.UserGrant, err error) {
	for n := 1; n <= mostRoles; n++ {
		field := numbered("role", n)
		name := f.value(field)
		if name == "" {
			continue
		}
		role, err := fleet.ParseRole(name)
		if err != nil {
			if e, ok := asFleetError(err); ok {
				err = e.In(field)
			}
			return nil, err
		}
		list = append(list, registry.UserGrant{Role: role, Place: fleet.PlaceCode(f.value(numbered("place", n)))})
	}
	if len(list) == 0 {
		return nil, registry.ErrNoRole
	}
	return list, nil
}

// roleFields are one pair of fields.
type roleFields struct {
	n           int
	role, place string // that the fields begin with
	optional    bool
}

// field is a field of the pair.
func (r roleFields) field(name, label, value, hint string) field {
	return field{name: numbered(name, r.n), label: label, value: value, hint: hint, plain: true}
}

// among are the roles that can be chosen, or none.
func (r roleFields) among(v *view, roles []choice) []choice {
	if !r.optional {
		return roles
	}
	return append([]choice{{label: v.say("user.no_role")}}, roles...)
}

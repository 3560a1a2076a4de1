package demo

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// cast are those who enter what happens. What one of the demo's accounts could
// have entered is entered by it, so that whoever signs in finds work of their
// own; the rest of the country is the operator's.
type cast struct {
	operator, officer, workshop, school *crew
	schoolAt                            int // index of the school that has the account
}

// crew is one of the cast, with the changes that it has yet to enter.
type crew struct {
	session registry.Session
	entries
}

func (f *filler) newCast(users []fleet.User, school int) cast {
	as := func(role fleet.Role) *crew {
		i := slices.IndexFunc(accounts, func(a account) bool { return a.role == role })
		u := users[slices.IndexFunc(users, accounts[i].fits)]
		return &crew{session: f.Register.As(registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants, Via: "web"})}
	}
	return cast{
		operator: &crew{session: f.operator}, officer: as(fleet.Officer), workshop: as(fleet.WorkshopRole),
		school: as(fleet.SchoolRole), schoolAt: school,
	}
}

// all are the members in the order in which they enter a day's events.
func (c *cast) all() []*crew { return []*crew{c.operator, c.officer, c.workshop, c.school} }

// enters says who enters an event about devices.
func (c *cast) enters(w *World, e *Event) *crew {
	inLahore := e.Kind > Receive && w.schools[e.School].Parent[:districtCodeLen] == lahore
	switch e.Kind {
	case Receive, Dispatch: // from stores that serve more than one district
		return c.operator
	case Deliver, Accept, Assign, Report, Close:
		if e.School == c.schoolAt {
			return c.school
		}
	case Triage, SendToRepair, ReturnFromRepair:
		if inLahore {
			return c.workshop
		}
	}
	if inLahore {
		return c.officer
	}
	return c.operator
}

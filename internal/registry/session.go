package registry

import (
	"context"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Actor is who asks: a user or a program, with the roles it has at places.
type Actor struct {
	User   fleet.UserID
	Name   string
	Grants []fleet.Grant
	Via    string // web, api or cli
	// Address is the client's, as the server saw it; empty: not over a network.
	Address string
	// Token names the API token that the actor came with; empty: with none.
	Token string
	// TokenID is the number of the session or the token that the actor is known by;
	// zero: of none.
	TokenID uint64
}

// Operator is whoever has the database file itself: the command line on the
// machine that holds it.
func Operator() Actor {
	return Actor{Name: "operator", Via: "cli", Grants: []fleet.Grant{{Role: fleet.Admin}}}
}

// isOperator holds for nobody who has an account.
func (a *Actor) isOperator() bool { return a.User == 0 && a.Via == Operator().Via }

// May says whether the actor may do a at the place.
func (a *Actor) May(action fleet.Action, at fleet.Path) bool { return a.at(at).Has(action) }

// at is all that the actor may do at the place.
func (a *Actor) at(place fleet.Path) (all fleet.ActionSet) {
	for i := range a.Grants {
		all |= a.Grants[i].At(place)
	}
	return all
}

// MayAnywhere says whether the actor may do it at any place at all.
func (a *Actor) MayAnywhere(action fleet.Action) bool { return a.MaySome(fleet.SetOf(action)) }

// MaySome says whether the actor may do one of the actions at least, at any place
// at all.
func (a *Actor) MaySome(actions fleet.ActionSet) bool {
	for i := range a.Grants {
		if a.Grants[i].Role.Where(fleet.Inside)&actions != 0 {
			return true
		}
	}
	return false
}

// covers says whether the actor may do at the grant's place all that the grant
// allows there, and so may give it to others.
func (a *Actor) covers(g fleet.Grant) bool { return g.Role.Where(fleet.Inside)&^a.at(g.Place) == 0 }

// MayGive says whether there may be a place at which the actor can give the role to
// others.
func (a *Actor) MayGive(r fleet.Role) bool {
	for _, g := range a.Grants {
		if g.Role.May(fleet.EditUsers) && a.covers(fleet.Grant{Role: r, Place: g.Place}) {
			return true
		}
	}
	return false
}

// MayHold says whether there may be a place at which a token of the actor's has the
// role.
func (a *Actor) MayHold(r fleet.Role) bool {
	return slices.ContainsFunc(a.Grants, func(g fleet.Grant) bool { return a.covers(fleet.Grant{Role: r, Place: g.Place}) })
}

// outermost are the places where the actor may do it, without those that lie in
// another of them.
func (a *Actor) outermost(action fleet.Action) (list []fleet.Path) {
	for _, g := range a.Grants {
		if g.Role.May(action) {
			list = append(list, g.Place)
		}
	}
	slices.Sort(list) // a place comes right before those in it
	kept := list[:0]
	for _, p := range list {
		if len(kept) == 0 || !kept[len(kept)-1].Contains(p) {
			kept = append(kept, p)
		}
	}
	return kept
}

func (a *Actor) sees(p fleet.Path) bool { return a.May(fleet.Read, p) }

// seesDevice includes devices on their way from the actor's places.
func (a *Actor) seesDevice(d *fleet.Device) bool {
	return a.sees(d.Place) || d.From != "" && a.sees(d.From)
}

// Session is the register as one actor sees it.
type Session struct {
	reg   *Register
	actor *Actor
}

// As opens the register to an actor.
func (r *Register) As(a Actor) Session { return Session{reg: r, actor: &a} }

// Actor is who the session is for.
func (s Session) Actor() Actor { return *s.actor }

// May says whether the session's actor may do it at the place.
func (s Session) May(action fleet.Action, at fleet.Path) bool { return s.actor.May(action, at) }

// MayAnywhere says whether the session's actor may do it at any place at all.
func (s Session) MayAnywhere(action fleet.Action) bool { return s.actor.MayAnywhere(action) }

// Today is the day on which the session's changes are made.
func (s Session) Today() fleet.Date { return fleet.DateOf(s.reg.now()) }

// Home is the highest place the actor has a role at; ok is false when it has none
// or the place is gone.
func (s Session) Home(ctx context.Context) (home fleet.Place, ok bool, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for _, g := range s.actor.Grants {
			place := g.Place
			if place == "" {
				place = theCountry
			}
			if ok && home.Path.Depth() <= place.Depth() {
				continue
			}
			p, found, err := places.Get(r, uint64(place.ID()))
			if err != nil {
				return err
			}
			if found {
				home, ok = p, true
			}
		}
		return nil
	})
	return home, ok, err
}

// firstPlace is the country: the place made first.
const firstPlace fleet.PlaceID = 1

// theCountry is where what belongs to everybody lies.
var theCountry = fleet.Path("").Child(firstPlace)

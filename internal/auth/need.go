package auth

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Route is an address of the engine and what it takes to use it. Every edge tells
// those that it serves, and a server with any other does not start.
type Route struct {
	Method string
	Path   string // with parameters as :serial or *serial
	Needs  Need
}

// Need is what it takes to use a route. At which place, the register says. The zero
// value is none: it has to be said that a route is open.
type Need struct {
	who     who
	actions fleet.ActionSet
}

type who uint8

const (
	everybody who = iota + 1
	account
	allowed
)

// Nothing is the need of a route that is open to everybody.
func Nothing() Need { return Need{who: everybody} }

// SignedIn is the need of a route that is open to all who are signed in.
func SignedIn() Need { return Need{who: account} }

// Any is the need of a route that is open to those who may do one of the actions, at
// some place at least.
func Any(actions ...fleet.Action) Need { return Need{who: allowed, actions: fleet.SetOf(actions...)} }

// Said says whether it was said what the route takes.
func (n Need) Said() bool { return n.who == everybody || n.who == account || n.actions != 0 }

// Open says whether the route is open to everybody.
func (n Need) Open() bool { return n.who == everybody }

// Actions are those of which one is needed; none of a route that takes less.
func (n Need) Actions() fleet.ActionSet { return n.actions }

// Admits says whether the actor, who is signed in, has what is needed.
func (n Need) Admits(a registry.Actor) bool {
	return n.who == everybody || n.who == account || a.MaySome(n.actions)
}

package auth

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// How an actor came in, as the journal says it.
const (
	viaWeb = "web"
	viaAPI = "api"
)

// Options say how a service runs; the zero value is right for use.
type Options struct {
	// Now is the clock; nil means the computer's.
	Now func() time.Time
	// BehindTLS says that browsers come over TLS, even where a proxy ends it and
	// this program sees none: cookies are never to travel without it.
	BehindTLS bool
	// OpenID is where people may sign in instead of here; nil: nowhere.
	OpenID *OpenID
	Log    *slog.Logger // gets what a provider is refused for; nil: none
	// SecondStep is the role from which on, in the order of [fleet.Roles], nobody
	// signs in by a password alone; zero: everybody may.
	SecondStep fleet.Role
}

// Service finds out who is asking. It is safe for use by many goroutines.
type Service struct {
	reg       *registry.Register
	gate      registry.Gate
	now       func() time.Time
	behindTLS bool
	hasher    hasher
	guard     *guard // of passwords
	codes     *guard // of second steps
	pins      *guard // of schools
	seen      *sightings

	secondStep fleet.Role

	provider *provider // nil: none
	sealer   sealer
	back     *once
}

// New returns the service for a register's accounts.
func New(reg *registry.Register, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Service{
		reg: reg, gate: reg.Gate(), now: o.Now, behindTLS: o.BehindTLS, hasher: newHasher(),
		guard: newGuard(passwordPace), codes: newGuard(codePace), pins: newGuard(pinPace),
		seen: newSightings(o.Now()), secondStep: o.SecondStep,
		sealer: newSealer(), back: newOnce(),
	}
	if o.OpenID != nil {
		s.provider = newProvider(*o.OpenID, o.Now, cmp.Or(o.Log, slog.New(slog.DiscardHandler)))
	}
	return s
}

// The answers to those who could not be identified. ErrWrong is the same for all
// that does not fit, so that it tells nobody which accounts there are.
var (
	ErrWrong   = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.wrong", Message: "the name or code, or the password or PIN, is wrong"}
	ErrSession = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.session", Message: "you are not signed in, or have been signed out: sign in"}
	ErrHalf    = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.half", Message: "the second step has to follow within ten minutes of the password: sign in again"}
	ErrToken   = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.token", Message: "the token is not one of ours, has expired or was revoked: ask for a new one"}
	ErrFeed    = &fleet.Error{Kind: fleet.NotFound, Code: "feed.not_found", Message: "this is not the address of a feed, or it has expired or was revoked: ask whoever gave it to you for a new one"}
)

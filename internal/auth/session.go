package auth

import (
	"context"
	"errors"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Credentials are an attempt to sign in.
type Credentials struct {
	Name     string          // or a school's EMIS code
	Password string          // or a school's PIN
	Province fleet.PlaceCode // where the EMIS code is from, if schools of several provinces have it
	From     string          // the client's address, with or without a port; guesses are slowed down by its network
	Agent    string          // what the client says that it is: a User-Agent header
}

// Next is what has to be done before somebody is signed in.
type Next uint8

// What has to be done: nothing, or the second step.
const (
	NextNothing Next = iota + 1
	NextCode         // give a code, see [Service.EnterCode]
	NextEnrol        // set the second step up, see [Service.Enrol]
)

// Admission is what a sign-in gave. The secret is for the browser, and cannot be
// had again: it is that of a session when Next is [NextNothing], see [SetCookie],
// and else opens nothing but the second step, see [SetHalfCookie].
type Admission struct {
	Secret  string
	Expires time.Time
	Next    Next
}

// SignIn begins a session, or asks for a second step.
func (s *Service) SignIn(ctx context.Context, c Credentials) (Admission, error) {
	visit := visitOf(c)
	guard := s.guardOf(c.Name)
	if err := guard.admit(visit, s.now()); err != nil {
		s.SignInFailed(c.Name, c.From, withFor(c.Name)+", too many tries")
		return Admission{}, err
	}
	u, err := s.identify(ctx, c)
	if err != nil {
		if errors.Is(err, ErrWrong) {
			s.SignInFailed(c.Name, c.From, withFor(c.Name))
		}
		return Admission{}, err
	}
	in, change, err := s.begin(ctx, &u, c)
	if err != nil {
		return Admission{}, err
	}
	_, err = s.reg.As(selfAt(&u, c.From)).Apply(ctx, registry.Request{}, change)
	if errors.Is(err, registry.ErrPasswordChanged) {
		return Admission{}, ErrWrong
	}
	guard.welcome(visit, s.now())
	return in, err
}

// begin prepares a session of somebody whose password is right, or the half of one.
func (s *Service) begin(ctx context.Context, u *fleet.User, c Credentials) (Admission, registry.AddToken, error) {
	if s.wantsSecondStep(u) {
		return s.beginHalf(ctx, u, c)
	}
	in, change := s.newSession(u, c.From, c.Agent)
	return in, change, nil
}

// newSession prepares a session for the user.
func (s *Service) newSession(u *fleet.User, from, agent string) (Admission, registry.AddToken) {
	l := limitOf(u.Grants)
	in := Admission{Secret: sessionSecret(), Expires: s.now().Add(l.most), Next: NextNothing}
	return in, registry.AddToken{
		Kind: fleet.SessionToken, User: u.Name, Hash: digest(in.Secret), Expires: in.Expires, Idle: l.idle,
		Label: deviceOf(agent), From: addressOf(from), Verified: u.Password, With: withOf(u),
	}
}

// selfAt is the user as whoever signs in from the address.
func selfAt(u *fleet.User, from string) registry.Actor {
	return registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants, Via: viaWeb, Address: addressOf(from)}
}

// How the journal says what somebody signed in with.
const (
	withPassword = "password"
	withPIN      = "pin"
)

// withOf is what the user signs in with.
func withOf(u *fleet.User) string {
	if u.School != 0 {
		return withPIN
	}
	return withPassword
}

// withFor is what whoever has such a name would sign in with, see [IsSchoolCode].
func withFor(name string) string {
	if IsSchoolCode(name) {
		return withPIN
	}
	return withPassword
}

// identify finds the account that the credentials open.
func (s *Service) identify(ctx context.Context, c Credentials) (fleet.User, error) {
	u, ok, err := s.gate.Account(ctx, c.Name, c.Province)
	if err != nil {
		return u, err
	}
	ok = ok && !u.Disabled && u.Password != ""
	hash := u.Password
	if !ok {
		hash = nobodysHash()
	}
	fits, err := s.hasher.verify(ctx, hash, asKept(&u, c.Password))
	if err != nil {
		return u, err
	}
	if !ok || !fits {
		return fleet.User{}, ErrWrong
	}
	return u, nil
}

// asKept is a password as its account keeps it: a school's is a PIN, which is typed
// in several ways.
func asKept(u *fleet.User, password string) string {
	if u.School != 0 {
		return fleet.NormalisePIN(password)
	}
	return password
}

// Provinces are what a school is asked for when its EMIS code may be that of
// another one as well.
func (s *Service) Provinces(ctx context.Context) ([]fleet.Place, error) { return s.gate.Provinces(ctx) }

// SignOut ends the session. One that has ended already is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	tok, a, ok, err := s.session(ctx, secret)
	if err != nil || !ok {
		return err
	}
	asking, _ := ActorOf(ctx)
	a.Address = asking.Address
	_, err = s.reg.As(a).Apply(ctx, registry.Request{}, registry.RevokeToken{ID: tok.ID})
	return err
}

// Session is who holds the secret of a session; [ErrSession] when it has ended,
// was left alone for too long, or lacks a second step that is by now required.
func (s *Service) Session(ctx context.Context, secret string) (registry.Actor, error) {
	tok, a, ok, err := s.session(ctx, secret)
	if err == nil && ok && (tok.Stepped || !s.requiresSecondStep(a.Grants)) {
		ok, err = s.see(ctx, &tok)
	} else {
		ok = false
	}
	switch {
	case err != nil:
		return registry.Actor{}, err
	case !ok:
		return registry.Actor{}, ErrSession
	}
	return a, nil
}

// session finds the session with the secret: one that was signed in by password
// or PIN, or a phone's that was by card.
func (s *Service) session(ctx context.Context, secret string) (tok fleet.Token, a registry.Actor, ok bool, err error) {
	hash := digest(secret)
	if tok, a, ok, err = s.gate.Token(ctx, fleet.SessionToken, hash, s.now()); err != nil || ok {
		a.Via = viaWeb
		return tok, a, ok, err
	}
	tok, a, ok, err = s.gate.Token(ctx, fleet.PhoneToken, hash, s.now())
	a.Via = registry.ViaCard
	return tok, a, ok, err
}

// OwnSession is a session of the actor's, as it is shown to its owner.
type OwnSession struct {
	fleet.Token
	Seen    time.Time
	Present bool // it is the one that asks
}

// OwnSessions are the sessions in which the actor is signed in.
func (s *Service) OwnSessions(ctx context.Context, by registry.Session) (all []OwnSession, err error) {
	list, err := by.OwnSessions(ctx)
	if err != nil {
		return nil, err
	}
	for _, tok := range list {
		seen, err := s.LastSeen(ctx, &tok)
		if err != nil {
			return nil, err
		}
		if idled(&tok, seen, s.now()) {
			continue
		}
		if seen.IsZero() {
			seen = time.Unix(tok.Created, 0)
		}
		all = append(all, OwnSession{Token: tok, Seen: seen, Present: tok.ID == by.Actor().TokenID})
	}
	return all, nil
}

// Holds says whether the session or token that the actor came with still stands. It is
// for answers that go on for long, such as live updates, which have to end with it;
// asking uses nothing, so that a page left open is left alone all the same.
func (s *Service) Holds(ctx context.Context, a registry.Actor) bool {
	if a.TokenID == 0 {
		return true
	}
	ok, err := s.gate.Holds(ctx, a.TokenID, s.now())
	return err == nil && ok
}

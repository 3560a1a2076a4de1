package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Found is an account elsewhere that is somebody's, to be linked once they confirm it.
type Found struct {
	Errand
	Identity fleet.Identity
	Stepped  bool   // its owner passed a second step there
	Name     string // of the account here
	Password bool   // it has one, which confirming takes
	School   bool   // of which it is a PIN
	Expires  time.Time
}

// keepFound leaves what was found with the browser until its user confirms it.
// Without that, whoever gets somebody's browser to come back from the provider as
// another would have their own account there open somebody else's here.
func (s *Service) keepFound(w http.ResponseWriter, r *http.Request, f Found) error {
	f.Expires = s.now().Add(awayLife)
	return s.setSealed(w, r, foundCookie, f)
}

// FoundElsewhere is what the browser has to confirm. The actor is who is signed in
// there, if anybody is.
func (s *Service) FoundElsewhere(r *http.Request) (f Found, err error) {
	if !s.sealed(r, foundCookie, &f) || !s.now().Before(f.Expires) {
		return Found{}, errAgain
	}
	ctx := r.Context()
	actor, _ := ActorOf(ctx)
	if f.Invitation != "" {
		actor, err = s.invited(ctx, f.Invitation)
	} else if actor.User != f.Link {
		err = errAgain
	}
	if err != nil {
		return Found{}, err
	}
	u, ok, err := s.gate.User(ctx, actor.Name)
	switch {
	case err == nil && !ok:
		err = errAgain
	case err == nil:
		err = s.enoughSteps(&u, f) // or it would open nothing
	}
	f.Name, f.Password, f.School = u.Name, u.Password != "" && f.Invitation == "", u.School != 0
	return f, err
}

// LinkFound links what was found, given the account's password if it has one. Who
// was invited is signed in by it, too.
func (s *Service) LinkFound(w http.ResponseWriter, r *http.Request, by registry.Session, password string) (b Back, err error) {
	f, err := s.FoundElsewhere(r)
	if err != nil {
		return b, err
	}
	if f.Invitation == "" {
		err = s.linkOwn(r.Context(), by, f, password)
	} else if err = s.acceptBy(r.Context(), f); err == nil {
		b.Admission, err = s.signInBy(r, f)
	}
	if err == nil {
		s.clearSealed(w, r, foundCookie)
	}
	return b, err
}

func (s *Service) linkOwn(ctx context.Context, by registry.Session, f Found, password string) error {
	verified := ""
	if f.Password {
		u, err := s.VerifyOwn(ctx, by, Own{User: f.Name, Current: password})
		if err != nil {
			return err
		}
		verified = u.Password
	}
	_, err := by.Apply(ctx, registry.Request{}, registry.LinkIdentity{User: f.Name, Identity: f.Identity, Verified: verified})
	return err
}

func (s *Service) acceptBy(ctx context.Context, f Found) error {
	a, err := s.invited(ctx, f.Invitation)
	if err != nil {
		return err
	}
	_, err = s.reg.As(a).Apply(ctx, registry.Request{}, registry.AcceptByIdentity{Hash: digest(f.Invitation), Identity: f.Identity})
	return err
}

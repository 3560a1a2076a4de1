package auth

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// keepFound leaves what was found with the browser until its user confirms it.
// Without that, whoever gets somebody's browser to come back from the provider as
// another would have their own account there open somebody else's here.
func (s *Service) keepFound(w http.ResponseWriter, r *http.Request, e Errand, i fleet.Identity) error {
	return s.setSealed(w, r, foundCookie, Found{Errand: e, Identity: i, Expires: s.now().Add(awayLife)})
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
	if err == nil && !ok {
		err = errAgain
	}
	f.Name, f.Password = u.Name, u.Password != "" && f.Invitation == ""
	return f, err
}

// LinkFound links what was found, given the account's password if it has one. Who
// was invited is signed in with it.
func (s *Service) LinkFound(w http.ResponseWriter, r *http.Request, by registry.Session, password string) (f Found, err error) {
	if f, err = s.FoundElsewhere(r); err != nil {
		return f, err
	}
	if f.Invitation != "" {
		err = s.acceptBy(r.Context(), f)
	} else {
		err = s.linkOwn(r.Context(), by, f, password)
	}
	if err == nil {
		s.clearSealed(w, r, foundCookie)
	}
	return f, err
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

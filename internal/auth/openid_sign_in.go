package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Errand is what somebody goes to the provider for: to sign in, unless it says
// another thing.
type Errand struct {
	Next       string       // where to go on here afterwards
	Link       fleet.UserID // to link the account there to this one's, which is signed in
	Invitation string       // or to accept the invitation that has this secret
}

// links says whether the errand is to link accounts.
func (e Errand) links() bool { return e.Link != 0 || e.Invitation != "" }

// away is what belongs to one way to the provider and back. It stays with the
// browser that began it, so that no other can end it.
type away struct {
	Errand
	State, Nonce, Verifier string
	Expires                time.Time
}

// Elsewhere is what pages call the provider; empty when there is none.
func (s *Service) Elsewhere() string {
	if s.provider == nil {
		return ""
	}
	return s.provider.name()
}

// errNowhere is the answer where no provider was set up.
var errNowhere = fleet.NotFoundf("openid.none", "this register is not set up for signing in elsewhere: sign in with your password")

// GoElsewhere begins an errand. The browser is to be sent to the address.
func (s *Service) GoElsewhere(w http.ResponseWriter, r *http.Request, e Errand) (address string, err error) {
	if s.provider == nil {
		return "", errNowhere
	}
	a := away{Errand: e, State: sessionSecret(), Nonce: sessionSecret(), Verifier: oauth2.GenerateVerifier(), Expires: s.now().Add(awayLife)}
	if address, err = s.provider.send(r.Context(), a); err != nil {
		return "", err
	}
	return address, s.setSealed(w, r, awayCookie, a)
}

// Back is how an errand ended: with a session, unless something is to be confirmed.
type Back struct {
	Admission
	To      string // where to go
	Confirm bool   // see [Service.FoundElsewhere]
}

// ComeBack ends an errand: the request is the one with which the provider sent the
// browser back.
func (s *Service) ComeBack(w http.ResponseWriter, r *http.Request) (b Back, err error) {
	if s.provider == nil {
		return b, errNowhere
	}
	answer := r.URL.Query()
	a, ok := s.takeAway(w, r, answer.Get("state"))
	b.To = a.Next
	switch {
	case !ok:
		return b, errAgain
	case answer.Get("iss") != "" && answer.Get("iss") != s.provider.issuer():
		return b, errRefused
	case answer.Get("error") != "":
		return b, s.declined(r.Context(), answer)
	}
	f := Found{Errand: a.Errand}
	if f.Identity, f.Stepped, err = s.provider.redeem(r.Context(), answer.Get("code"), a); err != nil {
		s.turnedAway("", r, err)
		return b, err
	}
	if a.links() {
		b.Confirm = true
		return b, s.keepFound(w, r, f)
	}
	b.Admission, err = s.signInBy(r, f)
	return b, err
}

// withProvider is how the journal says that somebody signed in by the provider.
const withProvider = "google"

// turnedAway journals that somebody came from the provider and was not let in.
func (s *Service) turnedAway(name string, r *http.Request, why error) {
	if e, ok := errors.AsType[*fleet.Error](why); ok && e.Kind < fleet.Unavailable {
		s.SignInFailed(name, r.RemoteAddr, withProvider+", "+e.Code)
	}
}

// takeAway takes what the browser set out with, once, if it is back with the state
// that it left with, and in time.
func (s *Service) takeAway(w http.ResponseWriter, r *http.Request, state string) (a away, ok bool) {
	if !s.sealed(r, awayCookie, &a) {
		return away{}, false
	}
	s.clearSealed(w, r, awayCookie)
	if subtle.ConstantTimeCompare([]byte(state), []byte(a.State)) != 1 || !s.now().Before(a.Expires) {
		return away{}, false
	}
	return a, s.back.first(a.State)
}

// declined tells who changed their mind from what the provider refuses.
func (s *Service) declined(ctx context.Context, answer url.Values) error {
	if answer.Get("error") == "access_denied" {
		return errCancelled
	}
	return s.provider.failed(ctx, fmt.Errorf("it sent back %q", answer.Get("error")))
}

// signInBy begins a session of the account that was found to be somebody's.
func (s *Service) signInBy(r *http.Request, f Found) (in Admission, err error) {
	u, ok, err := s.gate.UserByIdentity(r.Context(), f.Identity)
	switch {
	case err != nil:
		return in, err
	case !ok:
		err = registry.ErrNotLinked
	case u.Disabled:
		err = errDisabled
	default:
		err = s.enoughSteps(&u, f)
	}
	if err != nil {
		s.turnedAway(u.Name, r, err)
		return in, err
	}
	in, session := s.newSession(&u, r.RemoteAddr, r.UserAgent())
	session.With, session.Stepped = withProvider, f.Stepped
	_, err = s.reg.As(selfAt(&u, r.RemoteAddr)).Apply(r.Context(), registry.Request{}, registry.SignInByIdentity{Identity: f.Identity, Session: session})
	return in, err
}

// enoughSteps refuses a sign-in that lacks the second step which the account has to
// have. It cannot be made up for here: what checks codes is sealed under a password
// that nobody has typed.
func (s *Service) enoughSteps(u *fleet.User, f Found) error {
	if s.wantsSecondStep(u) && !f.Stepped {
		return errSteps
	}
	return nil
}

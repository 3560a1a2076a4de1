package auth

import (
	"context"
	"crypto/subtle"
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

// Found is an account elsewhere that is to be linked once its owner confirms it.
type Found struct {
	Errand
	Identity fleet.Identity
	Name     string // of the account here
	Password bool   // it has one, which confirming takes
	Expires  time.Time
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
	Secret  string // for the cookie, see [Service.SetCookie]
	Expires time.Time
	Next    string
	Confirm bool // see [Service.FoundElsewhere]
}

// ComeBack ends an errand: the request is the one with which the provider sent the
// browser back.
func (s *Service) ComeBack(w http.ResponseWriter, r *http.Request) (b Back, err error) {
	if s.provider == nil {
		return b, errNowhere
	}
	answer := r.URL.Query()
	a, ok := s.takeAway(w, r, answer.Get("state"))
	b.Next = a.Next
	switch {
	case !ok:
		return b, errAgain
	case answer.Get("iss") != "" && answer.Get("iss") != s.provider.issuer():
		return b, errRefused
	case answer.Get("error") != "":
		return b, s.declined(r.Context(), answer)
	}
	i, stepped, err := s.provider.redeem(r.Context(), answer.Get("code"), a)
	if err != nil {
		return b, err
	}
	if a.links() {
		b.Confirm = true
		return b, s.keepFound(w, r, a.Errand, i)
	}
	in, err := s.signInBy(r, i, stepped)
	b.Secret, b.Expires = in.Secret, in.Expires
	return b, err
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
	return s.provider.failed(ctx, &oauth2.RetrieveError{Response: &http.Response{}, ErrorCode: answer.Get("error")})
}

// signInBy begins a session of the account that the identity opens. Whoever keeps
// that identity asks for a second step, or not: it is not asked for here again.
// The journal says whether there was one.
func (s *Service) signInBy(r *http.Request, i fleet.Identity, stepped bool) (Admission, error) {
	u, ok, err := s.gate.UserByIdentity(r.Context(), i)
	switch {
	case err != nil:
		return Admission{}, err
	case !ok:
		return Admission{}, registry.ErrNotLinked
	case u.Disabled:
		return Admission{}, errDisabled
	}
	in, session := s.newSession(&u, r.RemoteAddr, r.UserAgent())
	if session.With = "openid"; stepped {
		session.With = "openid with a second step"
	}
	_, err = s.reg.As(selfAt(&u, r.RemoteAddr)).Apply(r.Context(), registry.Request{}, registry.SignInByIdentity{Identity: i, Session: session})
	return in, err
}

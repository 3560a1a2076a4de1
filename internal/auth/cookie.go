package auth

import (
	"net/http"
	"time"
)

// Cookies that hold secrets: of a session, and of a sign-in that awaits its second
// step. Over TLS they have the prefix with which a browser refuses to take them
// from anybody but this very host.
const (
	cookieName     = "takhti_session"
	halfCookieName = "takhti_step"
	securePrefix   = "__Host-"
)

// Secure says whether the browser that sent the request has come over TLS: to
// this program, or to a proxy in front of it, see [Options].
func (s *Service) Secure(r *http.Request) bool { return s.behindTLS || r.TLS != nil }

// SetCookie gives the browser the secret of its session.
func (s *Service) SetCookie(w http.ResponseWriter, r *http.Request, secret string, expires time.Time) {
	s.set(w, r, cookieName, secret, expires)
}

// ClearCookie makes the browser forget its session.
func (s *Service) ClearCookie(w http.ResponseWriter, r *http.Request) { s.clear(w, r, cookieName) }

// CookieSecret is the secret that the browser sent, or empty.
func (s *Service) CookieSecret(r *http.Request) string { return s.secretIn(r, cookieName) }

// SetHalfCookie gives the browser the secret with which the second step is made.
func (s *Service) SetHalfCookie(w http.ResponseWriter, r *http.Request, secret string, expires time.Time) {
	s.set(w, r, halfCookieName, secret, expires)
}

// ClearHalfCookie makes the browser forget that a second step is to be made.
func (s *Service) ClearHalfCookie(w http.ResponseWriter, r *http.Request) {
	s.clear(w, r, halfCookieName)
}

// HalfCookieSecret is the secret for the second step that the browser sent, or empty.
func (s *Service) HalfCookieSecret(r *http.Request) string { return s.secretIn(r, halfCookieName) }

func (s *Service) set(w http.ResponseWriter, r *http.Request, name, secret string, expires time.Time) {
	c := s.cookie(r, name)
	c.Value, c.Expires = secret, expires
	http.SetCookie(w, c)
}

func (s *Service) clear(w http.ResponseWriter, r *http.Request, name string) {
	c := s.cookie(r, name)
	c.MaxAge = -1
	http.SetCookie(w, c)
}

func (s *Service) secretIn(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookie(r, name).Name)
	if err != nil {
		return ""
	}
	return c.Value
}

// cookie is a cookie without what it holds.
func (s *Service) cookie(r *http.Request, name string) *http.Cookie {
	c := &http.Cookie{Name: name, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.Secure(r) {
		c.Name, c.Secure = securePrefix+name, true
	}
	return c
}

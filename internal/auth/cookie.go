package auth

import (
	"net/http"
	"time"
)

// The cookie that holds a session's secret. Over TLS cookies have the prefix with
// which a browser refuses to take them from anybody but this very host.
const (
	cookieName   = "takhti_session"
	securePrefix = "__Host-"
)

// Secure says whether the browser that sent the request has come over TLS: to
// this program, or to a proxy in front of it, see [Options].
func (s *Service) Secure(r *http.Request) bool { return s.behindTLS || r.TLS != nil }

// SetCookie gives the browser the secret of its session.
func (s *Service) SetCookie(w http.ResponseWriter, r *http.Request, secret string, expires time.Time) {
	c := s.cookie(r, cookieName)
	c.Value, c.Expires = secret, expires
	http.SetCookie(w, c)
}

// ClearCookie makes the browser forget its session.
func (s *Service) ClearCookie(w http.ResponseWriter, r *http.Request) {
	c := s.cookie(r, cookieName)
	c.MaxAge = -1
	http.SetCookie(w, c)
}

// CookieSecret is the secret that the browser sent, or empty.
func (s *Service) CookieSecret(r *http.Request) string {
	c, err := r.Cookie(s.cookie(r, cookieName).Name)
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

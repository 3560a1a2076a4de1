package auth

import (
	"net/http"
	"time"
)

// The cookie that holds a session's secret. Over TLS it has the prefix with
// which a browser refuses to take it from anybody but this very host.
const (
	cookieName       = "takhti_session"
	secureCookieName = "__Host-" + cookieName
)

func cookieNameFor(r *http.Request) string {
	if r.TLS != nil {
		return secureCookieName
	}
	return cookieName
}

// SetCookie gives the browser the secret of its session.
func SetCookie(w http.ResponseWriter, r *http.Request, secret string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieNameFor(r), Value: secret, Path: "/", Expires: expires,
		Secure: r.TLS != nil, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// ClearCookie makes the browser forget its session.
func ClearCookie(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieNameFor(r), Path: "/", MaxAge: -1,
		Secure: r.TLS != nil, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// CookieSecret is the secret that the browser sent, or empty.
func CookieSecret(r *http.Request) string {
	c, err := r.Cookie(cookieNameFor(r))
	if err != nil {
		return ""
	}
	return c.Value
}

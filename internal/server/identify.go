package server

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// refuseForged refuses a change that another site made the browser ask for.
// A request with a token is not the browser's doing: it does not know the token.
// One with the token as a password may be: browsers send passwords again by themselves.
func (s *Server) refuseForged(c *gin.Context) {
	if _, ok := bearer(c.Request); ok {
		return
	}
	if err := s.origin.Check(c.Request); err != nil {
		s.refuse(c, http.StatusForbidden, "request.forged",
			"this came from a page of another site and was not carried out: open the page here and try again")
	}
}

// bearer is the token that the request brings, even if it is none of ours.
func bearer(r *http.Request) (token string, ok bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "bearer")
}

// basic is the token that the request brings as the password of any user, which is
// what spreadsheets can keep. Other passwords are for a proxy before this server.
func basic(r *http.Request) (token string, ok bool) {
	_, token, ok = r.BasicAuth()
	return token, ok && auth.LooksLikeToken(token)
}

// programToken is the token that the request brings in either way.
func programToken(r *http.Request) (token string, ok bool) {
	if token, ok = bearer(r); ok {
		return token, true
	}
	return basic(r)
}

// identify puts who is asking into the request's context. A token that is not to
// be trusted is refused; a session that has ended leaves nobody signed in, and so does
// the key of a feed, whose route has an answer of its own for that. Where feeds are,
// nothing but their key counts, and it counts nowhere else.
func (s *Server) identify(c *gin.Context) {
	ctx := c.Request.Context()
	find, secret := s.options.Auth.Session, s.options.Auth.CookieSecret(c.Request)
	if token, ok := programToken(c.Request); ok {
		find, secret = s.options.Auth.Bearer, token
	}
	if c.FullPath() == auth.FeedRoute {
		find, secret = s.options.Auth.Feed, c.Param("key")
	} else if secret == "" {
		return
	}
	actor, err := find(ctx, secret)
	request := c.Request.Header.Get(requestID)
	switch {
	case err == nil:
		actor.Address = auth.Address(c.Request)
		if actor.Token != "" {
			s.options.Auth.TokenUsed(actor)
		}
		c.Request = c.Request.WithContext(auth.WithActor(ctx, actor))
	case errors.Is(err, auth.ErrFeed):
		s.options.Auth.TokenRefused(c.Request, request, "feed key")
	case errors.Is(err, auth.ErrToken):
		s.options.Auth.TokenRefused(c.Request, request, "token")
		c.Writer.Header().Set("WWW-Authenticate", auth.Challenge(c.Request.Header.Get))
		s.refuse(c, http.StatusUnauthorized, auth.ErrToken.Code, auth.ErrToken.Message)
	case !errors.Is(err, auth.ErrSession):
		s.log.LogAttrs(ctx, slog.LevelError, "cannot find out who is asking",
			slog.String("request", request), slog.String("error", err.Error()))
		s.refuse(c, http.StatusServiceUnavailable, "unavailable", "the register cannot be read now: try again in a minute")
	}
}

package web

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// reply is what a handler wants sent: a page, a file, or the way to a page.
type reply struct {
	status   int
	title    string
	body     templ.Component
	location string
	file     *download
	sent     bool // it was sent already
}

// download is a file that is whole: a small one in data, or size bytes to be read.
type download struct {
	name, kind string
	data       []byte
	from       io.ReadCloser
	size       int64
}

func show(title string, body templ.Component) reply {
	return reply{status: http.StatusOK, title: title, body: body}
}

// goTo sends the visitor on, and has the address read anew with GET.
func goTo(location string) reply {
	return reply{status: http.StatusSeeOther, location: location}
}

// handle is the adapter between a handler and the engine: it turns away who has not
// what the page needs.
func (s *Site) handle(engine *gin.Engine, r auth.Route, handler func(*visit) (reply, error)) {
	s.served = append(s.served, r)
	engine.Handle(r.Method, r.Path, func(c *gin.Context) {
		v := s.visit(c)
		var answer reply
		var err error
		switch {
		case !v.signedIn && !r.Needs.Open():
			answer = v.turnAway()
		case !r.Needs.Admits(v.actor):
			err = errRole
		default:
			answer, err = handler(v)
		}
		if err != nil {
			answer = v.refusal(err)
		}
		v.write(answer)
	})
}

// errRole is for a page that is of no use to the visitor's role anywhere.
var errRole = fleet.Forbiddenf("forbidden", "your role does not allow this anywhere")

// open serves what is the same for everybody.
func (s *Site) open(engine *gin.Engine, path string, answer gin.HandlerFunc) {
	s.served = append(s.served, auth.Route{Method: http.MethodGet, Path: path, Needs: nothing})
	engine.GET(path, answer)
}

// turnAway asks somebody who is not signed in to be so, and says that what they
// sent with a form is lost: it would have to be filled in again.
func (v *visit) turnAway() reply {
	if v.c.Request.Method == http.MethodGet {
		return v.signInFirst(v.c.Request.URL.RequestURI())
	}
	return v.done(lostForm, 0, v.signInFirst(v.path).location)
}

func (v *visit) write(r reply) {
	switch {
	case r.sent:
	case r.location != "":
		v.c.Redirect(r.status, r.location)
	case r.file != nil:
		v.session.Witness(registry.Act{Kind: registry.Downloaded, Subject: r.file.name, Note: v.path})
		v.c.Header("Content-Disposition", `attachment; filename="`+r.file.name+`"`)
		if r.file.from == nil {
			v.c.Data(r.status, r.file.kind, r.file.data)
			return
		}
		defer r.file.from.Close()
		v.c.DataFromReader(r.status, r.file.size, r.file.kind, r.file.from, nil)
	default:
		v.writePage(r)
	}
}

// writePage renders before it sends, so that a failure can still be said.
func (v *visit) writePage(r reply) {
	var page bytes.Buffer
	if err := layout(v.view, r.title, r.body).Render(v.ctx, &page); err != nil {
		v.Log.ErrorContext(v.ctx, "cannot render a page", slog.String("route", v.c.FullPath()), slog.String("error", err.Error()))
		v.c.Status(http.StatusInternalServerError)
		return
	}
	v.c.Data(r.status, "text/html; charset=utf-8", page.Bytes())
}

// statuses says how each kind of error is answered.
var statuses = map[fleet.Kind]int{
	fleet.Invalid:         http.StatusUnprocessableEntity,
	fleet.NotFound:        http.StatusNotFound,
	fleet.Conflict:        http.StatusConflict,
	fleet.Forbidden:       http.StatusForbidden,
	fleet.Unauthenticated: http.StatusUnauthorized,
	fleet.TooMany:         http.StatusTooManyRequests,
	fleet.Unavailable:     http.StatusServiceUnavailable,
	fleet.Damaged:         http.StatusInternalServerError,
}

// refusal is the page for an error: the one place where errors become pages.
func (v *visit) refusal(err error) reply {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return v.refuseTooLarge(v.say("refusal.too_large_for", "megabytes", tooLarge.Limit>>20))
	}
	var known *fleet.Error
	if explained := registry.Explain(err); !errors.As(explained, &known) {
		v.Log.ErrorContext(v.ctx, "a page failed", slog.String("route", v.c.FullPath()), slog.String("error", err.Error()))
		return v.refuse(http.StatusInternalServerError, v.say("refusal.failed_why"))
	}
	v.leaveCode(known)
	if known.Wait > 0 {
		v.c.Header("Retry-After", strconv.Itoa(int(known.Wait.Seconds())))
	}
	if known.Kind >= fleet.Unavailable {
		v.Log.ErrorContext(v.ctx, "a page failed", slog.String("route", v.c.FullPath()), slog.String("error", err.Error()))
	}
	return v.refuse(statuses[known.Kind], v.errorText(known))
}

// leaveCode leaves with the request which rule it broke, for the log.
func (v *visit) leaveCode(e *fleet.Error) { _ = v.c.Error(e).SetMeta(e.Code) }

// refuseTooLarge says why, unless it is a file, of which the limit is another one
// than that of what carries it.
func (v *visit) refuseTooLarge(why string) reply {
	if v.c.FullPath() == importRoute {
		why = v.say("refusal.too_large_file")
	}
	return v.refuse(http.StatusRequestEntityTooLarge, why)
}

func (v *visit) refuse(status int, why string) reply {
	r := show(v.refusalTitle(status), refusalPage(v.view, status, why))
	r.status = status
	return r
}

// refusalTitles are the headings of the refusals that have one of their own.
var refusalTitles = map[int]string{
	http.StatusForbidden:             "forbidden",
	http.StatusNotFound:              "not_found",
	http.StatusConflict:              "conflict",
	http.StatusRequestEntityTooLarge: "too_large",
	http.StatusTooManyRequests:       "too_many",
	http.StatusServiceUnavailable:    "unavailable",
}

func (v *view) refusalTitle(status int) string {
	switch title, ok := refusalTitles[status]; {
	case ok:
		return v.word("refusal", title)
	case status < http.StatusInternalServerError:
		return v.word("refusal", "misunderstood")
	}
	return v.word("refusal", "failed")
}

// Refuse writes what was refused before it came to a page: the way in which a
// server words its own refusals.
func (s *Site) Refuse(c *gin.Context, status int, code, message string) {
	v := s.visit(c)
	if status == http.StatusRequestEntityTooLarge {
		v.write(v.refuseTooLarge(sentence(message)))
		return
	}
	v.write(v.refuse(status, v.errorText(&fleet.Error{Code: code, Message: message})))
}

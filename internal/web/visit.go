package web

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// visit is one request, and the register as its sender sees it.
type visit struct {
	*Site
	*view
	ctx     context.Context
	session registry.Session // of nobody, unless signedIn
	c       *gin.Context
}

func (s *Site) visit(c *gin.Context) *visit {
	ctx := c.Request.Context()
	actor, signedIn := auth.ActorOf(ctx)
	return &visit{Site: s, ctx: ctx, session: s.Register.As(actor), c: c, view: &view{
		catalogue: s.texts, files: s.files, now: s.Now(), path: c.Request.URL.Path,
		actor: actor, signedIn: signedIn,
	}}
}

// rest is what the address ends in, of a route that ends in *name.
func (v *visit) rest(name string) string { return strings.TrimPrefix(v.c.Param(name), "/") }

func (v *visit) query(name string) string { return strings.TrimSpace(v.c.Query(name)) }

// posted is what the visitor sent with a form.
func (v *visit) posted() (url.Values, error) {
	if err := v.c.Request.ParseForm(); err != nil {
		return nil, unreadable(err)
	}
	return v.c.Request.PostForm, nil
}

// unreadable is the error for what did not arrive as it was sent. What is too
// large is an error of its own, and so is a disk without room to put it.
func unreadable(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge || errors.Is(err, syscall.ENOSPC) {
		return err
	}
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return fleet.Invalidf("form.parts", "what was sent has far more parts than a form of ours: choose one file and send it again")
	}
	return fleet.Invalidf("form.unreadable", "what was sent did not arrive whole: go back and send it again")
}

// apply makes the changes under the form's key.
func (v *visit) apply(f form, changes ...registry.Change) (registry.Receipt, error) {
	return v.session.Apply(v.ctx, registry.Request{ID: f.key, Confirmed: f.value(confirmField) != ""}, changes...)
}

// serial reads the serial that the address ends in. What cannot be a serial is
// not in the register.
func (v *visit) serial() (fleet.Serial, error) {
	text := v.rest("serial")
	serial, err := fleet.ParseSerial(text)
	if err != nil {
		return "", fleet.NotFoundf("device.not_found", "there is no device %s in the register", text)
	}
	return serial, nil
}

// signInFirst sends the visitor to sign in and from there to the address.
func (v *visit) signInFirst(next string) reply {
	return goTo("/sign-in?next=" + url.QueryEscape(next))
}

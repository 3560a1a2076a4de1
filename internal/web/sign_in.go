package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// signInPage is the page to sign in on.
type signInPage struct {
	form      form
	next      string   // where to go afterwards
	notice    *notice  // such as that somebody signed out sent a form
	provinces []choice // where a code that did not sign in may be from; none: not asked
	elsewhere string   // where else to sign in
}

// lostForm is the notice of a form that was not carried out.
const lostForm = "lost"

func (v *visit) signIn() (reply, error) {
	next := within(v.query("next"))
	if v.signedIn {
		return goTo(next), nil
	}
	return v.signInReply(signInPage{form: blankForm(""), next: next, notice: v.takeNotice()}), nil
}

func (v *visit) signInReply(p signInPage) reply {
	p.elsewhere = v.Auth.Elsewhere()
	return p.form.again(show(v.say("sign_in.title"), signInBody(v.view, p)))
}

func (v *visit) startSession() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f, next := formOf(values), within(values.Get("next"))
	in, err := v.Auth.SignIn(v.ctx, auth.Credentials{
		Name: f.value("name"), Password: values.Get("password"), From: v.c.Request.RemoteAddr, Agent: v.c.Request.UserAgent(),
		Province: fleet.PlaceCode(f.value("province")),
	})
	if e, ok := asFleetError(err); ok && e.Kind == fleet.Unauthenticated {
		v.leaveCode(e)
		f.problems, f.status = []problem{{field: "name", text: v.errorText(e)}}, http.StatusUnprocessableEntity
		p := signInPage{form: f, next: next}
		p.provinces, err = v.provincesFor(f.value("name"))
		return v.signInReply(p), err
	}
	if err != nil {
		return reply{}, err
	}
	return v.enter(in, next), nil
}

// enter gives the browser what a sign-in gave, and goes on: to the page that was
// asked for, or to the second step.
func (v *visit) enter(in auth.Admission, next string) reply {
	switch in.Next {
	case auth.NextCode:
		v.Auth.SetHalfCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
		return goTo(address("/sign-in/code", "next", next))
	case auth.NextEnrol:
		v.Auth.SetHalfCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
		return goTo(address("/sign-in/set-up", "next", next))
	}
	v.leave()
	v.Auth.SetCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
	return goTo(next)
}

// leave ends the session that the browser came with, as another one takes its place.
func (v *visit) leave() {
	before := v.Auth.CookieSecret(v.c.Request)
	if before == "" {
		return
	}
	if err := v.Auth.SignOut(v.ctx, before); err != nil {
		v.Log.ErrorContext(v.ctx, "a session that was left cannot be ended", slog.String("error", err.Error()))
	}
}

// provincesFor are the provinces that a school is asked to choose from when its
// code did not sign in, as another one may have the same. Whether one has is not
// said: the question comes for every code.
func (v *visit) provincesFor(name string) ([]choice, error) {
	if !auth.IsSchoolCode(name) {
		return nil, nil
	}
	all, err := v.Auth.Provinces(v.ctx)
	if err != nil {
		return nil, err
	}
	list := []choice{{label: v.say("sign_in.any_province")}}
	for _, p := range all {
		list = append(list, choice{value: string(p.Code), label: p.Name})
	}
	return list, nil
}

func (v *visit) endSession() (reply, error) {
	if err := v.Auth.SignOut(v.ctx, v.Auth.CookieSecret(v.c.Request)); err != nil {
		return reply{}, err
	}
	v.Auth.ClearCookie(v.c.Writer, v.c.Request)
	v.c.Header("Clear-Site-Data", `"storage"`) // the names of files sent: the next one at this computer is somebody else
	return goTo("/sign-in"), nil
}

// within is the address if it is one of this site, or else the home page.
func within(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(u.Path, "//") || strings.Contains(address, `\`) || strings.HasPrefix(u.Path, "/sign-") {
		return "/"
	}
	return u.RequestURI()
}

package web

import (
	"errors"

	"github.com/a-h/templ"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/qr"
)

// codePage asks for the code that follows the password.
type codePage struct {
	form form
	next string // where to go afterwards
}

// factorPage has somebody set up the second step: between the password and the
// session, or from the account's page.
type factorPage struct {
	form   form
	next   string
	action string // where the form is sent
	own    bool   // signed in already: the password is asked for again
	key    auth.FactorKey
	code   templ.Component // the key as a QR code
}

// recoveryPage shows recovery codes, this once.
type recoveryPage struct {
	codes []string
	next  string
}

// half is whose second step it is. Without the password before it there is none.
func (v *visit) half(next auth.Next) (name string, lost *reply, err error) {
	name, due, err := v.Auth.Half(v.ctx, v.Auth.HalfCookieSecret(v.c.Request))
	switch {
	case errors.Is(err, auth.ErrHalf), err == nil && due != next:
		r := goTo("/sign-in")
		return "", &r, nil
	case err != nil:
		return "", nil, err
	}
	return name, nil, nil
}

// step is the visitor's attempt at the second step.
func (v *visit) step(code string) auth.Step {
	return auth.Step{Half: v.Auth.HalfCookieSecret(v.c.Request), Code: code, From: v.c.Request.RemoteAddr, Agent: v.c.Request.UserAgent()}
}

func (v *visit) askCode() (reply, error) {
	_, lost, err := v.half(auth.NextCode)
	if err != nil || lost != nil {
		return orElse(lost), err
	}
	return v.codeReply(codePage{form: form{name: "code"}, next: within(v.query("next"))}), nil
}

func orElse(r *reply) reply {
	if r == nil {
		return reply{}
	}
	return *r
}

func (v *visit) codeReply(p codePage) reply {
	return p.form.again(show(v.say("step.title"), codeBody(v.view, p)))
}

func (v *visit) enterCode() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f, next := formOf(values), within(values.Get("next"))
	in, err := v.Auth.EnterCode(v.ctx, v.step(f.value("code")))
	if err == nil {
		return v.passed(in, next), nil
	}
	if errors.Is(err, auth.ErrHalf) {
		return goTo("/sign-in"), nil
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.codeReply(codePage{form: f.withoutCode(), next: next}), nil
}

// withoutCode is the form without a code of the authenticator: by the next try there
// is another one. A recovery code stays, as it was likely mistyped.
func (f form) withoutCode() form {
	const longest = 10 // with blanks
	if len(f.value("code")) <= longest {
		f.values.Del("code")
	}
	return f
}

// passed signs the visitor in, or leads on to setting up another authenticator.
func (v *visit) passed(in auth.Admission, next string) reply {
	if in.Next == auth.NextEnrol {
		return goTo(address("/sign-in/set-up", "next", next))
	}
	v.Auth.ClearHalfCookie(v.c.Writer, v.c.Request)
	return v.enter(in, next)
}

// askEnrol leads who has to have a second step to setting it up.
func (v *visit) askEnrol() (reply, error) {
	name, lost, err := v.half(auth.NextEnrol)
	if err != nil || lost != nil {
		return orElse(lost), err
	}
	return v.factorReply(factorPage{
		form: form{name: "set_up"}, next: within(v.query("next")), action: "/sign-in/set-up", key: auth.NewFactorKey(name),
	})
}

func (v *visit) factorReply(p factorPage) (reply, error) {
	drawing, err := qr.SVG(p.key.URI, v.say("step.qr"))
	if err != nil {
		return reply{}, err
	}
	p.code = templ.Raw(drawing)
	return p.form.again(show(v.say("step.set_up"), factorBody(v.view, p))), nil
}

func (v *visit) enrol() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	name, lost, err := v.half(auth.NextEnrol)
	if err != nil || lost != nil {
		return orElse(lost), err
	}
	f, next := formOf(values), within(values.Get("next"))
	in, codes, err := v.Auth.Enrol(v.ctx, f.value("factor"), v.step(f.value("code")))
	if err != nil {
		return v.factorAgain(factorPage{form: f, next: next, action: "/sign-in/set-up"}, name, err)
	}
	v.Auth.ClearHalfCookie(v.c.Writer, v.c.Request)
	v.Auth.SetCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
	return v.recoveryReply(recoveryPage{codes: codes, next: next}), nil
}

// factorAgain shows the form with what was wrong, and the same key: it may be in
// the authenticator already.
func (v *visit) factorAgain(p factorPage, name string, cause error) (reply, error) {
	f, ok := v.reject(p.form, cause)
	if !ok {
		return reply{}, cause
	}
	p.form = f.withoutCode()
	var err error
	if p.key, err = auth.ReadFactorKey(name, f.value("factor")); err != nil {
		p.key = auth.NewFactorKey(name)
	}
	return v.factorReply(p)
}

func (v *visit) recoveryReply(p recoveryPage) reply {
	return show(v.say("step.recovery"), recoveryBody(v.view, p))
}

// setUpOwn leads somebody signed in to a second step, or to another authenticator.
func (v *visit) setUpOwn() (reply, error) {
	return v.factorReply(factorPage{
		form: blankForm("set_up"), own: true, action: "/account/second-step", next: "/account", key: auth.NewFactorKey(v.actor.Name),
	})
}

func (v *visit) changeOwnStep() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	own := v.own(values.Get("current"))
	if f.name == "recovery_codes" {
		in, codes, err := v.Auth.NewRecoveryCodes(v.ctx, v.session, own)
		if err != nil {
			return v.accountAgain(f, err)
		}
		return v.renewed(in, codes), nil
	}
	in, codes, err := v.Auth.SetUpSecondStep(v.ctx, v.session, own, f.value("factor"), f.value("code"))
	if err != nil {
		return v.factorAgain(factorPage{form: f, own: true, action: "/account/second-step", next: "/account"}, v.actor.Name, err)
	}
	return v.renewed(in, codes), nil
}

// renewed goes on in the session that took the place of this one.
func (v *visit) renewed(in auth.Admission, codes []string) reply {
	v.Auth.SetCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
	return v.recoveryReply(recoveryPage{codes: codes, next: "/account"})
}

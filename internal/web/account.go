package web

import (
	"sort"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// accountPage is the visitor's own account.
type accountPage struct {
	form     form // to change the password
	step     form // to make recovery codes
	notice   *notice
	sessions []auth.OwnSession // the one last used first
	factor   *fleet.SecondFactor

	elsewhere elsewherePart
}

func (v *visit) showAccount() (reply, error) {
	if _, ok, err := v.session.OwnSchool(v.ctx); err != nil || ok {
		return goTo(schoolAccountAddress), err
	}
	return v.accountReply(accountPage{form: blankForm("change_password"), step: blankForm("recovery_codes"), notice: v.takeNotice()})
}

func (v *visit) accountReply(p accountPage) (r reply, err error) {
	if p.sessions, err = v.Auth.OwnSessions(v.ctx, v.session); err != nil {
		return reply{}, err
	}
	sort.Slice(p.sessions, func(i, j int) bool { return p.sessions[i].Seen.After(p.sessions[j].Seen) })
	if p.factor, err = v.session.OwnFactor(v.ctx); err != nil {
		return reply{}, err
	}
	if p.elsewhere, err = v.elsewherePart(); err != nil {
		return reply{}, err
	}
	r = show(v.say("account.title"), accountBody(v.view, p))
	if len(p.step.problems) > 0 {
		return p.step.again(r), nil
	}
	return p.form.again(r), nil
}

// accountAgain shows the page with what was wrong with one of its forms.
func (v *visit) accountAgain(f form, cause error, fields ...string) (reply, error) {
	f, ok := v.reject(f, cause, fields...)
	if !ok {
		return reply{}, cause
	}
	if f.name == "recovery_codes" {
		return v.accountReply(accountPage{form: blankForm("change_password"), step: f})
	}
	return v.accountReply(accountPage{form: f, step: blankForm("recovery_codes")})
}

// changeAccount does what a form of the page asks for.
func (v *visit) changeAccount() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	switch f := formOf(values); f.name {
	case "change_password":
		return v.changePassword(f)
	case "end_session":
		return v.revokeToken(f, "/account")
	case "end_sessions":
		return v.carryOut(f, registry.EndSessions{User: v.actor.Name}, "/account")
	}
	return reply{}, errUnknownForm
}

// changePassword changes the visitor's own password. That ends every session, and
// another one takes the place of this.
func (v *visit) changePassword(f form) (reply, error) {
	next := f.values.Get("next")
	if next != f.values.Get("again") {
		return v.accountAgain(f, fleet.Invalidf("account.again", "the new password was not typed the same twice: type both again").In("again"))
	}
	in, err := v.Auth.ChangePassword(v.ctx, v.session, v.own(f.values.Get("current")), next)
	if err != nil {
		return v.accountAgain(f, err, "password", "next")
	}
	v.Auth.SetCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
	return v.done("change_password", 0, "/account"), nil
}

// own is the visitor who gives the present password.
func (v *visit) own(password string) auth.Own {
	return auth.Own{User: v.actor.Name, Current: password, From: v.c.Request.RemoteAddr, Agent: v.c.Request.UserAgent()}
}

package web

import (
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// accountPage is the visitor's own account.
type accountPage struct {
	form   form
	notice *notice

	elsewhere elsewherePart
}

func (v *visit) showAccount() (reply, error) {
	if _, ok, err := v.session.OwnSchool(v.ctx); err != nil || ok {
		return goTo(schoolAccountAddress), err
	}
	return v.accountReply(accountPage{form: blankForm("change_password"), notice: v.takeNotice()})
}

func (v *visit) accountReply(p accountPage) (_ reply, err error) {
	if p.elsewhere, err = v.elsewherePart(); err != nil {
		return reply{}, err
	}
	return p.form.again(show(v.say("account.title"), accountBody(v.view, p))), nil
}

// changePassword changes the visitor's own password. That ends every session, and
// another one takes the place of this.
func (v *visit) changePassword() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f, next := formOf(values), values.Get("next")
	if next != values.Get("again") {
		err = fleet.Invalidf("account.again", "the new password was not typed the same twice: type both again").In("again")
	} else {
		var in auth.Admission
		if in, err = v.Auth.ChangePassword(v.ctx, v.session, v.own(values.Get("current")), next); err == nil {
			v.Auth.SetCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
			return v.done("change_password", 0, "/account"), nil
		}
	}
	f, ok := v.reject(f, err, "password", "next")
	if !ok {
		return reply{}, err
	}
	return v.accountReply(accountPage{form: f})
}

// own is the visitor who gives the present password.
func (v *visit) own(password string) auth.Own {
	return auth.Own{User: v.actor.Name, Current: password, From: v.c.Request.RemoteAddr, Agent: v.c.Request.UserAgent()}
}

package web

import (
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// accountPage is the visitor's own account.
type accountPage struct {
	form   form
	notice *notice
}

func (v *visit) showAccount() (reply, error) {
	return v.accountReply(accountPage{form: blankForm("change_password"), notice: v.takeNotice()}), nil
}

func (v *visit) accountReply(p accountPage) reply {
	return p.form.again(show(v.say("account.title"), accountBody(v.view, p)))
}

// changePassword changes the visitor's own password. That ends every session, so
// the visitor is signed in anew.
func (v *visit) changePassword() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f, next := formOf(values), values.Get("next")
	if next != values.Get("again") {
		err = fleet.Invalidf("account.again", "the new password was not typed the same twice: type both again").In("again")
	} else {
		err = v.Auth.ChangePassword(v.ctx, v.session, v.actor.Name, values.Get("current"), next)
	}
	if err == nil {
		return v.signInAnew(next), nil
	}
	f, ok := v.reject(f, err, "password", "next")
	if !ok {
		return reply{}, err
	}
	return v.accountReply(accountPage{form: f}), nil
}

func (v *visit) signInAnew(password string) reply {
	secret, expires, err := v.Auth.SignIn(v.ctx, auth.Credentials{
		Name: v.actor.Name, Password: password, From: v.c.Request.RemoteAddr,
	})
	if err != nil {
		return goTo("/sign-in") // the password is changed all the same
	}
	v.Auth.SetCookie(v.c.Writer, v.c.Request, secret, expires)
	return v.done("change_password", 0, "/account")
}

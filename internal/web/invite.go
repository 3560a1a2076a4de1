package web

import (
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// invitePage is where somebody who was invited chooses a password.
type invitePage struct {
	form      form
	name      string
	elsewhere string // where else to sign in, instead of a password
}

// showInvitation does not use the invitation up: links are looked at by programs
// on their way, too.
func (v *visit) showInvitation() (reply, error) {
	name, err := v.Auth.Invited(v.ctx, v.c.Param("secret"))
	if err != nil {
		return reply{}, err
	}
	return v.inviteReply(invitePage{form: form{name: "accept_invitation"}, name: name}), nil
}

func (v *visit) inviteReply(p invitePage) reply {
	p.elsewhere = v.Auth.Elsewhere()
	v.c.Header("Referrer-Policy", "no-referrer") // the address holds the invitation's secret
	return p.form.again(show(v.say("invite.title"), inviteBody(v.view, p)))
}

func (v *visit) acceptInvitation() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	secret := v.c.Param("secret")
	name, err := v.Auth.Invited(v.ctx, secret)
	if err != nil {
		return reply{}, err
	}
	f, password := formOf(values), values.Get("password")
	if password != values.Get("again") {
		err = fleet.Invalidf("account.again", "the new password was not typed the same twice: type both again").In("again")
	} else {
		err = v.Auth.AcceptInvitation(v.ctx, secret, password)
	}
	if err == nil {
		return v.signInWith(name, password), nil
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.inviteReply(invitePage{form: f, name: name}), nil
}

// signInWith signs in with a password that was just chosen.
func (v *visit) signInWith(name, password string) reply {
	in, err := v.Auth.SignIn(v.ctx, auth.Credentials{
		Name: name, Password: password, From: v.c.Request.RemoteAddr, Agent: v.c.Request.UserAgent(),
	})
	if err != nil {
		return goTo("/sign-in") // the password is chosen all the same
	}
	return v.enter(in, "/")
}

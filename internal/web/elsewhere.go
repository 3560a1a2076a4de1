package web

import (
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// The addresses of signing in at a provider. What comes back to the second is the
// provider's business, see [CallbackPath].
const (
	elsewherePath = "/sign-in/google"
	confirmPath   = elsewherePath + "/confirm"
	linkPath      = "/account/google"
	acceptPath    = "/google" // below an invitation
)

// CallbackPath is where a provider sends people back to; it has to know the address.
const CallbackPath = elsewherePath + "/callback"

// goElsewhere sends somebody to the provider to sign in.
func (v *visit) goElsewhere() (reply, error) {
	next := within(v.query("next"))
	if v.signedIn {
		return goTo(next), nil
	}
	return v.setOut(auth.Errand{Next: next})
}

// goToLink sends the visitor to the provider to link an account there.
func (v *visit) goToLink() (reply, error) { return v.setOut(auth.Errand{Link: v.actor.User}) }

// goToAccept sends somebody who was invited to the provider, in place of choosing a
// password.
func (v *visit) goToAccept() (reply, error) {
	secret := v.c.Param("secret")
	if _, err := v.Auth.Invited(v.ctx, secret); err != nil {
		return reply{}, err
	}
	return v.setOut(auth.Errand{Invitation: secret})
}

func (v *visit) setOut(e auth.Errand) (reply, error) {
	address, err := v.Auth.GoElsewhere(v.c.Writer, v.c.Request, e)
	if err != nil {
		return v.notIn(e.Next, err)
	}
	return goTo(address), nil
}

// comeBack takes whom the provider sends back.
func (v *visit) comeBack() (reply, error) {
	b, err := v.Auth.ComeBack(v.c.Writer, v.c.Request)
	switch {
	case err != nil:
		return v.notIn(b.To, err)
	case b.Confirm:
		return goTo(confirmPath), nil
	}
	return v.enter(b.Admission, within(b.To)), nil
}

// notInPage says why somebody was not signed in by the provider, and what to do.
type notInPage struct {
	why       string
	next      string
	elsewhere string // the provider's name
	unlinked  bool   // the account there opens none here
}

func (v *visit) notIn(next string, err error) (reply, error) {
	e, ok := asFleetError(err)
	if !ok || v.Auth.Elsewhere() == "" {
		return reply{}, err
	}
	v.leaveCode(e)
	p := notInPage{why: v.errorText(e), next: within(next), elsewhere: v.Auth.Elsewhere(), unlinked: e.Code == registry.ErrNotLinked.Code}
	r := show(v.say("elsewhere.not_in", "name", p.elsewhere), notInBody(v.view, p))
	r.status = statuses[e.Kind]
	return r, nil
}

// foundPage asks whether two accounts are the same person's.
type foundPage struct {
	form      form
	found     auth.Found
	elsewhere string
}

func (v *visit) confirmFound() (reply, error) {
	found, err := v.Auth.FoundElsewhere(v.c.Request)
	if err != nil {
		return v.notIn("", err)
	}
	return v.foundReply(blankForm("link_identity"), found), nil
}

func (v *visit) foundReply(f form, found auth.Found) reply {
	p := foundPage{form: f, found: found, elsewhere: v.Auth.Elsewhere()}
	return f.again(show(v.say("elsewhere.confirm", "name", p.elsewhere), foundBody(v.view, p)))
}

// linkFound links the accounts.
func (v *visit) linkFound() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	found, err := v.Auth.FoundElsewhere(v.c.Request)
	if err != nil {
		return v.notIn("", err)
	}
	b, err := v.Auth.LinkFound(v.c.Writer, v.c.Request, v.session, values.Get("current"))
	if err != nil {
		f, ok := v.reject(formOf(values), err)
		if !ok {
			return v.notIn("", err)
		}
		return v.foundReply(f, found), nil
	}
	if b.Secret == "" {
		return v.done("link_identity", 0, "/account"), nil
	}
	v.done("link_identity", 0, "/")
	return v.enter(b.Admission, "/account"), nil
}

// unlink ends that an account elsewhere opens the visitor's own, who is signed out.
func (v *visit) unlink() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	if _, err := v.apply(formOf(values), registry.UnlinkIdentity{User: v.actor.Name}); err != nil {
		return reply{}, err
	}
	v.Auth.ClearCookie(v.c.Writer, v.c.Request)
	return v.done("unlink_identity", 0, "/sign-in"), nil
}

// elsewherePart is what an account's page has about signing in at the provider.
type elsewherePart struct {
	name     string // the provider's; empty: there is none
	identity *fleet.Identity
}

func (v *visit) elsewherePart() (p elsewherePart, err error) {
	p.name = v.Auth.Elsewhere()
	p.identity, err = v.session.Identity(v.ctx)
	return p, err
}

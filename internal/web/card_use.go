package web

import (
	"net/http"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// cardPage asks whether a phone is to be signed in as the school of a card. To look
// at it uses nothing up: the address may be opened by programs that look ahead.
type cardPage struct {
	secret string
	school fleet.Place
}

func (v *visit) showCard() (reply, error) {
	p := cardPage{secret: v.c.Param("secret")}
	var err error
	if p.school, err = v.Auth.CardSchool(v.ctx, p.secret); err != nil {
		return reply{}, err
	}
	// What the page fetches is not to tell the secret that its address holds.
	v.c.Header("Referrer-Policy", "origin")
	return show(v.say("card.title"), cardBody(v.view, p)), nil
}

// useCard signs the phone in. Whoever was signed in on it before no longer is.
func (v *visit) useCard() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	secret, expires, err := v.Auth.UseCard(v.ctx, values.Get("card"), v.c.Request.RemoteAddr)
	if err != nil {
		v.Auth.SignInFailed("", v.c.Request.RemoteAddr, registry.ViaCard)
		return reply{}, err
	}
	if before := v.Auth.CookieSecret(v.c.Request); before != "" {
		if err := v.Auth.SignOut(v.ctx, before); err != nil {
			return reply{}, err
		}
	}
	v.Auth.SetCookie(v.c.Writer, v.c.Request, secret, expires)
	return goTo("/"), nil
}

const schoolAccountAddress = "/account/school"

// schoolAccountPage is where a school keeps its own account.
type schoolAccountPage struct {
	school   fleet.Place
	byCard   bool // a phone may not
	pin      form
	handOver form
	notice   *notice

	elsewhere elsewherePart
}

func (v *visit) showSchoolAccount() (reply, error) {
	return v.schoolAccountReply(blankForm("change_pin"), blankForm("hand_over"))
}

func (v *visit) schoolAccountReply(pin, handOver form) (reply, error) {
	school, ok, err := v.session.OwnSchool(v.ctx)
	if err != nil {
		return reply{}, err
	}
	if !ok {
		return goTo("/account"), nil
	}
	p := schoolAccountPage{
		school: school, byCard: v.actor.Via == registry.ViaCard, pin: pin, handOver: handOver, notice: v.takeNotice(),
	}
	if p.elsewhere, err = v.elsewherePart(); err != nil {
		return reply{}, err
	}
	r := show(v.say("account.title"), schoolAccountBody(v.view, p))
	r.status = max(pin.status, handOver.status, http.StatusOK)
	return r, nil
}

// changeSchoolAccount does what a form of that page asks for.
func (v *visit) changeSchoolAccount() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	school, ok, err := v.session.OwnSchool(v.ctx)
	if err != nil || !ok {
		return goTo("/account"), err
	}
	switch f := formOf(values); f.name {
	case "change_pin":
		return v.changePIN(school, f)
	case "hand_over":
		return v.handOverOwn(school, f)
	}
	return reply{}, errUnknownForm
}

// changePIN replaces the school's PIN. That ends this session, too, so the school
// is signed in anew.
func (v *visit) changePIN(school fleet.Place, f form) (reply, error) {
	next := f.values.Get("next")
	var err error
	if next != f.values.Get("again") {
		err = fleet.Invalidf("card.again", "the new PIN was not typed the same twice: type both again").In("again")
	} else {
		err = v.Auth.ChangePIN(v.ctx, v.session, f.values.Get("current"), next, school.EMIS)
	}
	if err != nil {
		f, ok := v.reject(f, err, "pin", "next")
		if !ok {
			return reply{}, err
		}
		return v.schoolAccountReply(f, blankForm("hand_over"))
	}
	in, err := v.Auth.SignIn(v.ctx, auth.Credentials{
		Name: v.actor.Name, Password: next, From: v.c.Request.RemoteAddr, Agent: v.c.Request.UserAgent(),
	})
	if err != nil {
		return goTo("/sign-in"), nil // the PIN is changed all the same
	}
	v.Auth.SetCookie(v.c.Writer, v.c.Request, in.Secret, in.Expires)
	return v.done("change_pin", 0, schoolAccountAddress), nil
}

// handOverOwn hands the school's account over to a new head teacher, and shows
// what that one signs in with.
func (v *visit) handOverOwn(school fleet.Place, f form) (reply, error) {
	given, err := v.Auth.HandOver(v.ctx, v.session, v.issuing(f, school.Code), school, true, f.values.Get("current"))
	if err != nil {
		f, ok := v.reject(f, err)
		if !ok {
			return reply{}, err
		}
		return v.schoolAccountReply(blankForm("change_pin"), f)
	}
	v.Auth.ClearCookie(v.c.Writer, v.c.Request)
	v.signedIn = false // the session has ended with all others
	return v.printReply(school.Name, given)
}

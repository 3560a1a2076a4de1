package web

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// cardsEnd is what the address of a place's sign-in cards ends in.
const cardsEnd = "/cards"

func cardsAddress(at fleet.PlaceCode) string { return placeAddress(at) + cardsEnd }

// cardsLot is how many schools a page lists, and prints the cards of at once: it
// bounds what that takes in time and memory.
const cardsLot = 300

// cardsPage is what the schools at a place sign in with.
type cardsPage struct {
	place   fleet.Place
	form    form // that prints
	rows    []registry.SchoolAccount
	after   fleet.PlaceCode // the school before the first
	next    string
	noUser  int  // schools without an account
	lacking int  // schools without a card or a PIN
	keeps   bool // the visitor may disable accounts
	notice  *notice
	pin     string // the one just made, which is shown this once
}

// one says whether the page is of a single school.
func (p cardsPage) one() bool { return p.place.Kind == fleet.School && len(p.rows) == 1 }

// lacks says whether a school has nothing to hand out.
func lacks(a *registry.SchoolAccount) bool { return !a.PIN || a.Card.ID == 0 }

// seconds is how long so many PINs take to make, roughly and rather too long.
func (p cardsPage) seconds(pins int) int { return 2 + pins/12 }

// cardsOf leads from a school's account to its cards.
func (v *visit) cardsOf(u fleet.User) (reply, error) {
	at, err := v.session.PlacesAt(v.ctx, u.Grants[0].Place)
	return goTo(cardsAddress(at[u.Grants[0].Place].Code)), err
}

func (v *visit) showCards(code fleet.PlaceCode) (reply, error) {
	p, err := v.cards(code, fleet.PlaceCode(v.query("after")))
	if err != nil {
		return reply{}, err
	}
	p.notice = v.takeNotice()
	return v.cardsReply(p), nil
}

// cards reads a lot of the schools at a place.
func (v *visit) cards(code, after fleet.PlaceCode) (p cardsPage, err error) {
	p = cardsPage{after: after, form: blankForm("print_cards")}
	if p.place, err = v.session.Place(v.ctx, code); err != nil {
		return p, err
	}
	if p.rows, err = v.session.SchoolAccounts(v.ctx, p.place.Code, after, cardsLot+1); err != nil {
		return p, err
	}
	if len(p.rows) > cardsLot {
		p.rows = p.rows[:cardsLot]
		p.next = address(cardsAddress(p.place.Code), "after", string(p.rows[cardsLot-1].School.Code))
	}
	for i := range p.rows {
		a := &p.rows[i]
		if a.User.ID == 0 && a.School.State == fleet.Active {
			p.noUser++
		}
		if lacks(a) {
			p.lacking++
		}
	}
	p.keeps = v.may(fleet.EditUsers, p.place.Path)
	return p, nil
}

func (v *visit) cardsReply(p cardsPage) reply {
	return p.form.again(show(v.say("cards.title", "place", p.place.Name), cardsBody(v.view, p)))
}

// changeCards does what a form of that page asks for.
func (v *visit) changeCards(code fleet.PlaceCode) (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	p, err := v.cards(code, fleet.PlaceCode(f.value("after")))
	if err != nil {
		return reply{}, err
	}
	here := cardsAddress(p.place.Code)
	switch f.name {
	case "print_cards":
		return v.printCards(p, f)
	case "open_schools":
		receipt, err := v.apply(f, registry.OpenSchools{Place: p.place.Code})
		if err != nil {
			return reply{}, err
		}
		return v.done("open_schools", uint64(len(receipt.Refs)), here), nil
	case "new_pin":
		return v.newPIN(p, f)
	case "revoke_card":
		return v.carryOut(f, registry.RevokeCard{School: p.place.Code}, here)
	case "hand_over":
		given, err := v.Auth.HandOver(v.ctx, v.session, v.issuing(f, p.place.Code), p.place, false, "")
		if err != nil {
			return reply{}, err
		}
		return v.printReply(p.place.Name, given)
	}
	return reply{}, errUnknownForm
}

// issuing is the request of a form that makes secrets. They are others each time,
// so the digest stands for what is asked.
func (v *visit) issuing(f form, at fleet.PlaceCode) registry.Request {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q %q %q", f.name, at, f.value("which"), f.value("after"), f.value("phones")))
	return registry.Request{ID: f.key, Digest: sum[:]}
}

// printCards makes new cards, for the schools of the lot that lack one or for all,
// and shows them.
func (v *visit) printCards(p cardsPage, f form) (reply, error) {
	orders, err := ordersOf(p.rows, f)
	var made []auth.Issued
	if err == nil {
		made, err = v.Auth.IssueSchools(v.ctx, v.session, v.issuing(f, p.place.Code), orders...)
	}
	if err == nil {
		return v.printReply(p.place.Name, made...)
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	p.form = f
	return v.cardsReply(p), nil
}

// ordersOf is what the form asks for.
func ordersOf(rows []registry.SchoolAccount, f form) (orders []auth.Order, err error) {
	all := f.value("which") == "all"
	phones, err := strconv.ParseUint(cmp.Or(f.value("phones"), strconv.Itoa(auth.UsualPhones)), 10, 8)
	switch {
	case err != nil:
		return nil, fleet.Invalidf("card.phones_number", "say in digits how many phones each card is for").In("phones")
	case all && f.value("sure") == "":
		return nil, fleet.Invalidf("card.sure", "tick that the present cards and PINs are to end").In("sure")
	}
	for i := range rows {
		if a := &rows[i]; all || lacks(a) {
			orders = append(orders, auth.Order{School: a.School, PIN: all || !a.PIN, Card: true, Phones: uint8(phones)})
		}
	}
	if len(orders) == 0 {
		return nil, fleet.Conflictf("card.none_lacking", "each of these schools has a card and a PIN already: choose all schools to make new ones").In("which")
	}
	return orders, nil
}

// newPIN answers with the new PIN itself: no address and no cookie may hold it.
func (v *visit) newPIN(p cardsPage, f form) (reply, error) {
	made, err := v.Auth.IssueSchools(v.ctx, v.session, v.issuing(f, p.place.Code), auth.Order{School: p.place, PIN: true})
	if err != nil {
		return reply{}, err
	}
	if p, err = v.cards(p.place.Code, ""); err != nil {
		return reply{}, err
	}
	p.pin = made[0].PIN
	return v.cardsReply(p), nil
}

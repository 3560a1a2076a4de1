package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/qr"
)

// cardsOnSheet is how many cards stand on a sheet of A4.
const cardsOnSheet = 8

// printPage is cards to be printed and cut: the one time that they are shown.
type printPage struct {
	title  string
	number int
	sheets [][]printCard
}

// printCard is the card of one school.
type printCard struct {
	school  fleet.Place
	above   string // the names of the places that it lies in
	pin     string // empty: the one that the school has goes on
	code    string // the QR code, as SVG
	site    string // the address that is typed
	expires fleet.Date
}

func (v *visit) printReply(title string, made ...auth.Issued) (reply, error) {
	p := printPage{title: title, number: len(made)}
	cards := make([]printCard, 0, len(made))
	above, err := v.above(made)
	if err != nil {
		return reply{}, err
	}
	base := v.publicURL()
	_, site, _ := strings.Cut(base, "://")
	for _, m := range made {
		c := printCard{school: m.School, above: above[m.School.Path.Parent()], pin: m.PIN, site: site, expires: fleet.DateOf(m.Card.Expires)}
		if c.code, err = qr.SVG(strings.ToUpper(base)+m.Card.Path(), v.say("card.code")); err != nil {
			return reply{}, err
		}
		cards = append(cards, c)
	}
	p.sheets = slices.Collect(slices.Chunk(cards, cardsOnSheet))
	v.style = "cards.css"
	return show(v.say("cards.title", "place", title), printBody(v.view, p)), nil
}

// publicURL is the address that people know the register by.
func (v *visit) publicURL() string {
	scheme := "http://"
	if v.Auth.Secure(v.c.Request) {
		scheme = "https://"
	}
	return cmp.Or(v.PublicURL, scheme+v.c.Request.Host)
}

// above are the names of the tehsil and district that schools lie in, by the path
// of the nearest.
func (v *visit) above(made []auth.Issued) (map[fleet.Path]string, error) {
	var paths []fleet.Path
	for _, m := range made {
		paths = append(paths, m.School.Path.Parent(), m.School.Path.Parent().Parent())
	}
	at, err := v.session.PlacesAt(v.ctx, paths...)
	names := map[fleet.Path]string{}
	for _, m := range made {
		near := m.School.Path.Parent()
		var words []string
		for _, p := range []fleet.Path{near, near.Parent()} {
			if place := at[p]; place.Kind == fleet.Tehsil || place.Kind == fleet.District {
				words = append(words, place.Name)
			}
		}
		names[near] = strings.Join(words, ", ")
	}
	return names, err
}

// usual is which schools get cards unless somebody chooses otherwise.
func (p cardsPage) usual() string {
	if p.lacking == 0 {
		return "all"
	}
	return "lacking"
}

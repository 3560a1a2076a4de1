package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// placePage is a place with its numbers, and the way up and down from it.
type placePage struct {
	place    fleet.Place
	line     []fleet.Place // from the top the visitor sees down to the place
	asOf     form
	figures  figures
	trend    trend
	children children
}

func (v *visit) homePlace() (reply, error) {
	home, ok, err := v.session.Home(v.ctx)
	if err != nil {
		return reply{}, err
	}
	if !ok {
		return show(v.say("home.title"), emptyHome(v.view)), nil
	}
	return goTo(placeAddress(home.Code)), nil
}

// showPlace shows the place, or what was counted there.
func (v *visit) showPlace() (reply, error) {
	if place, ok := strings.CutSuffix(v.rest("code"), cardsEnd); ok {
		return v.showCards(fleet.PlaceCode(place))
	}
	code, rest, counted := strings.Cut(v.rest("code"), stockTakesEnd)
	day, isFile := strings.CutSuffix(strings.TrimPrefix(rest, "/"), ".xlsx")
	switch {
	case !counted:
		return v.placeItself()
	case rest == "":
		return v.stockTakesReply(fleet.PlaceCode(code), blankForm(countName))
	case isFile:
		return v.sendStockTake(fleet.PlaceCode(code), day)
	}
	return v.showStockTake(fleet.PlaceCode(code), day)
}

// changePlace does what a form about a place asks for.
func (v *visit) changePlace() (reply, error) {
	if place, ok := strings.CutSuffix(v.rest("code"), cardsEnd); ok {
		return v.changeCards(fleet.PlaceCode(place))
	}
	return v.countStock()
}

func (v *visit) placeItself() (reply, error) {
	place, err := v.session.Place(v.ctx, fleet.PlaceCode(v.rest("code")))
	if err != nil {
		return reply{}, err
	}
	p := placePage{place: place}
	day, err := v.asOf(&p)
	if err != nil {
		return reply{}, err
	}
	sorted := sortedByDevices
	if v.query("sort") == sortedByName {
		sorted = sortedByName
	}
	if p.children, err = v.children(place, day, sorted); err != nil {
		return reply{}, err
	}
	if v.query("format") == "csv" {
		file, err := p.children.table()
		return reply{status: http.StatusOK, file: &file}, err
	}
	if from, err := strconv.Atoi(v.query("from")); err == nil {
		p.children.from = max(from, 0)
	}
	if p.figures, err = v.figures(place, day); err != nil {
		return reply{}, err
	}
	if p.trend, err = v.trend(place, day); err != nil {
		return reply{}, err
	}
	if p.line, err = v.session.Ancestors(v.ctx, place.Path); err != nil {
		return reply{}, err
	}
	return p.asOf.again(show(place.Name, placeBody(v.view, p))), nil
}

// asOf is the day that the visitor asks for: today, when none is named or the
// one named cannot be.
func (v *visit) asOf(p *placePage) (fleet.Date, error) {
	today := fleet.DateOf(v.now)
	p.asOf = filterOf(v.c.Request.URL.Query())
	text := p.asOf.value("as_of")
	if text == "" {
		return today, nil
	}
	day, err := fleet.ParseDate(text)
	if err == nil && day > today {
		err = fleet.Invalidf("counts.future", "%s has not come yet", day)
	}
	if err == nil {
		return day, nil
	}
	e, _ := asFleetError(err)
	f, ok := v.reject(p.asOf, e.In("as_of"))
	if !ok {
		return 0, err
	}
	p.asOf = f
	return today, nil
}

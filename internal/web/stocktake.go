package web

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// stockTakesEnd is what the address of a place's counts ends in; that of one of them
// goes on with its day.
const stockTakesEnd = "/stock-takes"

// countName is what the form of a count is called.
const countName = "count"

func stockTakesAddress(at fleet.PlaceCode) string { return placeAddress(at) + stockTakesEnd }

func stockTakeAddress(at fleet.PlaceCode, day fleet.Date) string {
	return stockTakesAddress(at) + "/" + day.String()
}

// stockTakesPage is what was counted at a place and below it.
type stockTakesPage struct {
	place  fleet.Place
	form   form
	counts bool // whether the visitor counts there
	rows   []stockTakeRow
	next   string
}

// stockTakeRow is one count in the list.
type stockTakeRow struct {
	fleet.StockTake
	at fleet.Place
}

func (v *visit) stockTakesReply(code fleet.PlaceCode, f form) (reply, error) {
	place, err := v.session.Place(v.ctx, code)
	if err != nil {
		return reply{}, err
	}
	p := stockTakesPage{place: place, form: f, counts: place.Kind >= fleet.School && v.may(fleet.CountStock, place.Path)}
	after, err := v.stockTakeAfter()
	if err != nil {
		return reply{}, err
	}
	found, err := v.session.StockTakesUnder(v.ctx, place.Path, after, listPage+1)
	if err != nil {
		return reply{}, err
	}
	if len(found) > listPage {
		found = found[:listPage]
		last := found[listPage-1]
		p.next = address(stockTakesAddress(place.Code), "after", base64.RawURLEncoding.EncodeToString([]byte(last.Date.String()+string(last.Place))))
	}
	paths := make([]fleet.Path, 0, len(found))
	for i := range found {
		paths = append(paths, found[i].Place)
	}
	at, err := v.session.PlacesAt(v.ctx, paths...)
	for _, s := range found {
		p.rows = append(p.rows, stockTakeRow{s, at[s.Place]})
	}
	return f.again(show(v.say("stock.list", "place", place.Name), stockTakesBody(v.view, p))), err
}

// stockTakeAfter is the last count of the page before; nil on the first page.
func (v *visit) stockTakeAfter() (*fleet.StockTake, error) {
	const day = len("2026-06-30")
	position, err := base64.RawURLEncoding.DecodeString(v.query("after"))
	if err == nil && len(position) == 0 {
		return nil, nil
	}
	if err == nil && len(position) > day {
		if date, err := fleet.ParseDate(string(position[:day])); err == nil {
			return &fleet.StockTake{Place: fleet.Path(position[day:]), Date: date}, nil
		}
	}
	return nil, fleet.Invalidf("list.after", "this page of the list cannot be found: begin the list again")
}

// stockTakePage is one count, to be printed and settled.
type stockTakePage struct {
	*workbook.StockNote
	notice *notice
}

func (v *visit) stockNote(code fleet.PlaceCode, day string) (*workbook.StockNote, error) {
	date, err := fleet.ParseDate(day)
	if err != nil {
		return nil, fleet.NotFoundf("stocktake.not_found", "there is no count of the day %q", day)
	}
	return workbook.ReadStockTake(v.ctx, v.session, code, date)
}

func (v *visit) showStockTake(code fleet.PlaceCode, day string) (reply, error) {
	n, err := v.stockNote(code, day)
	if err != nil {
		return reply{}, err
	}
	p := stockTakePage{n, v.takeNotice()}
	return show(v.say("stock.title", "place", n.At.Name, "date", v.date(n.Date)), stockTakeBody(v.view, p)), nil
}

func (v *visit) sendStockTake(code fleet.PlaceCode, day string) (reply, error) {
	n, err := v.stockNote(code, day)
	if err != nil {
		return reply{}, err
	}
	var out bytes.Buffer
	if err := n.Write(&out); err != nil {
		return reply{}, err
	}
	name := "stock-take-" + n.Date.String() + ".xlsx"
	return reply{status: http.StatusOK, file: &download{name: name, kind: workbook.XLSX.ContentType(), data: out.Bytes()}}, nil
}

// countStock records the serials that were scanned or typed into the form.
func (v *visit) countStock() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	place, err := v.session.Place(v.ctx, fleet.PlaceCode(strings.TrimSuffix(v.rest("code"), stockTakesEnd)))
	if err != nil {
		return reply{}, err
	}
	serials, f := v.serials(f)
	day, err := f.date("date")
	if err != nil {
		f, _ = v.reject(f, err)
	}
	if day == 0 {
		day = fleet.DateOf(v.now)
	}
	receipt, f, err := v.applyEach(f, []registry.Change{registry.RecordStockTake{Place: place.Code, Date: day, Serials: serials}}, "serial", "serials")
	if err != nil {
		return reply{}, err
	}
	if len(f.problems) > 0 {
		return v.stockTakesReply(place.Code, f)
	}
	return v.saved(countName, receipt, stockTakeAddress(place.Code, day)), nil
}

package web

import (
	"encoding/base64"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// listPage is how many rows a page of a list shows.
const listPage = 50

// deviceListPage is devices, and by what they were picked.
type deviceListPage struct {
	filter form
	place  fleet.Place
	chosen []chosen
	rows   []deviceRow
	next   string // the address of the next page; empty on the last
}

// chosen is a filter that only a link sets, and the address without it.
type chosen struct{ label, without string }

// deviceFilters are the query names that pick devices.
var deviceFilters = []string{"place", "status", "condition", "model", "shipment", "q"}

func (v *visit) listDevices() (reply, error) {
	p := deviceListPage{filter: filterOf(v.c.Request.URL.Query())}
	q, err := v.deviceQuery(&p)
	if err != nil {
		return reply{}, err
	}
	found, next, err := v.session.Devices(v.ctx, q)
	if err != nil {
		return reply{}, err
	}
	if p.rows, err = v.deviceRows(found); err != nil {
		return reply{}, err
	}
	if next != nil {
		p.next = p.address("after", base64.RawURLEncoding.EncodeToString(next))
	}
	p.chosen = p.links(v.view)
	return show(v.say("device.list"), deviceListBody(v.view, p)), nil
}

// deviceQuery reads the filters. A visitor who names no place means the own one.
func (v *visit) deviceQuery(p *deviceListPage) (q registry.DeviceQuery, err error) {
	q = registry.DeviceQuery{Limit: listPage, Text: p.filter.value("q")}
	if p.place, err = v.placeAsked(p.filter.value("place")); err != nil {
		return q, err
	}
	q.Place = p.place.Path
	if q.Status, err = optional(p.filter.value("status"), fleet.ParseStatus); err != nil {
		return q, err
	}
	if q.Condition, err = optional(p.filter.value("condition"), fleet.ParseCondition); err != nil {
		return q, err
	}
	if q.Model, err = v.modelNamed(p.filter.value("model")); err != nil {
		return q, err
	}
	if number := p.filter.value("shipment"); number != "" {
		s, err := v.session.Shipment(v.ctx, number)
		if err != nil {
			return q, err
		}
		q.Shipment = s.ID
	}
	if q.After, err = base64.RawURLEncoding.DecodeString(p.filter.value("after")); err != nil {
		return q, fleet.Invalidf("list.after", "this page of the list cannot be found: begin the list again")
	}
	return q, nil
}

// placeAsked is the place with the code, or the visitor's own when none is given.
func (v *visit) placeAsked(code string) (fleet.Place, error) {
	if code != "" {
		return v.session.Place(v.ctx, fleet.PlaceCode(code))
	}
	home, _, err := v.session.Home(v.ctx)
	return home, err
}

func (v *visit) modelNamed(name string) (fleet.ModelID, error) {
	if name == "" {
		return 0, nil
	}
	models, err := v.session.Models(v.ctx)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(models, func(m fleet.Model) bool { return m.Name == name })
	if i < 0 {
		return 0, fleet.NotFoundf("model.not_found", "there is no model %s", name)
	}
	return models[i].ID, nil
}

// optional reads a name that may be missing.
func optional[E any](text string, parse func(string) (E, error)) (e E, err error) {
	if text == "" {
		return e, nil
	}
	return parse(text)
}

// address is that of the same list with one more value.
func (p *deviceListPage) address(name, value string) string {
	query := []string{name, value}
	for _, f := range deviceFilters {
		if f != name {
			query = append(query, f, p.filter.value(f))
		}
	}
	return address("/devices", query...)
}

func (p *deviceListPage) links(v *view) (links []chosen) {
	if p.filter.value("place") != "" {
		links = append(links, chosen{v.say("device.in_place", "place", p.place.Name), p.address("place", "")})
	}
	if name := p.filter.value("model"); name != "" {
		links = append(links, chosen{v.say("device.of_model", "model", name), p.address("model", "")})
	}
	if number := p.filter.value("shipment"); number != "" {
		links = append(links, chosen{v.say("device.of_shipment", "shipment", number), p.address("shipment", "")})
	}
	return links
}

// export is the address of all the devices of the list as a file.
func (p *deviceListPage) export(format string) string {
	query := []string{"format", format, "place", string(p.place.Code)}
	for _, f := range deviceFilters[1:] {
		query = append(query, f, p.filter.value(f))
	}
	return address("/api/v1/exports/devices", query...)
}

// anyOf puts the choice of none before the others.
func anyOf(v *view, list []choice) []choice {
	return append([]choice{{label: v.say("list.any")}}, list...)
}

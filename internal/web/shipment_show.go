package web

import (
	"encoding/base64"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// shipmentPage is one shipment: what came of its packing list, and how to
// receive the rest.
type shipmentPage struct {
	shipmentRow
	at      fleet.Place // its destination
	notice  *notice
	forms   []form
	failed  form
	devices []deviceRow
	next    string
}

func (v *visit) showShipment() (reply, error) { return v.shipmentReply(form{}) }

// shipmentReply is the shipment's page, with a form that came back, if any.
func (v *visit) shipmentReply(failed form) (reply, error) {
	ship, err := v.session.Shipment(v.ctx, v.rest("number"))
	if err != nil {
		return reply{}, err
	}
	rows, err := v.shipmentRows([]fleet.Shipment{ship})
	if err != nil {
		return reply{}, err
	}
	p := shipmentPage{shipmentRow: rows[0], notice: v.takeNotice(), failed: failed}
	at, err := v.session.PlacesAt(v.ctx, ship.Destination)
	if err != nil {
		return reply{}, err
	}
	p.at = at[ship.Destination]
	p.forms = v.shipmentForms(ship, failed)
	if err := v.shipmentDevices(&p); err != nil {
		return reply{}, err
	}
	return failed.again(show(v.say("shipment.title", "number", ship.Number), shipmentBody(v.view, p))), nil
}

// shipmentDevices are those that have not come, first.
func (v *visit) shipmentDevices(p *shipmentPage) error {
	after, err := base64.RawURLEncoding.DecodeString(v.query("after"))
	if err != nil {
		return fleet.Invalidf("list.after", "this page of the list cannot be found: begin the list again")
	}
	found, next, err := v.session.Devices(v.ctx, registry.DeviceQuery{Shipment: p.ID, After: after, Limit: listPage})
	if err != nil {
		return err
	}
	if next != nil {
		p.next = address(shipmentAddress(p.Number), "after", base64.RawURLEncoding.EncodeToString(next))
	}
	p.devices, err = v.deviceRows(found)
	return err
}

// shipmentActions are what can be done with an open shipment.
var shipmentActions = []struct {
	name    string
	needs   fleet.Action
	awaited bool // only while something has not come
}{
	{"receive_all", fleet.AcceptGoods, true},
	{"receive_some", fleet.AcceptGoods, false},
	{"close_shipment", fleet.RunShipments, false},
}

func (v *visit) shipmentForms(s fleet.Shipment, failed form) (forms []form) {
	if s.Open() != nil {
		return nil
	}
	for _, a := range shipmentActions {
		allowed := v.may(a.needs, s.Destination) || a.needs == fleet.AcceptGoods && v.can(a.needs)
		switch {
		case a.name == failed.name && len(failed.problems) > 0:
			forms = append(forms, failed)
		case !allowed || a.awaited && s.Awaited() == 0:
		default:
			forms = append(forms, blankForm(a.name))
		}
	}
	return forms
}

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
	runs    bool        // whether the visitor runs it
	at      fleet.Place // its destination
	notice  *notice
	forms   []form
	failed  form
	devices []deviceRow
	next    string
}

func (v *visit) showShipment() (reply, error) {
	switch number, as, found := shipmentNote(v.rest("number")); {
	case !found:
		return v.shipmentReply(form{})
	case as == "":
		return v.showDiscrepancies(number)
	default:
		return v.sendDiscrepancies(number)
	}
}

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
	p := shipmentPage{shipmentRow: rows[0], runs: v.runs(&ship), notice: v.takeNotice(), failed: failed}
	at, err := v.session.PlacesAt(v.ctx, ship.Destination)
	if err != nil {
		return reply{}, err
	}
	p.at = at[ship.Destination]
	p.forms = v.shipmentForms(&ship, failed)
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

// shipmentActions are what can be done with an open shipment, and by whom. Those who
// do not run it can receive what is awaited in their part, and nothing else.
var shipmentActions = []struct {
	name    string
	allowed func(*visit, *fleet.Shipment) bool
}{
	{"receive_all", func(v *visit, s *fleet.Shipment) bool { return v.awaits(s) }},
	{"receive_some", func(v *visit, s *fleet.Shipment) bool { return v.runs(s) || v.awaits(s) }},
	{"close_shipment", func(v *visit, s *fleet.Shipment) bool { return v.runs(s) }},
}

// runs says whether the visitor may close the shipment, and receive what its list
// does not name.
func (v *visit) runs(s *fleet.Shipment) bool { return v.may(fleet.RunShipments, s.Destination) }

// awaits says whether there may be something for the visitor to receive.
func (v *visit) awaits(s *fleet.Shipment) bool { return v.can(fleet.AcceptGoods) && s.Awaited() > 0 }

func (v *visit) shipmentForms(s *fleet.Shipment, failed form) (forms []form) {
	if s.Open() != nil {
		return nil
	}
	for _, a := range shipmentActions {
		switch {
		case a.name == failed.name && len(failed.problems) > 0:
			forms = append(forms, failed)
		case a.allowed(v, s):
			forms = append(forms, blankForm(a.name))
		}
	}
	return forms
}

// waysToReceive are how devices can have come, as far as the visitor may say.
func waysToReceive(v *view, runs bool) []choice {
	ways := []choice{{receivedWell, v.say("receive.well")}, {receivedDamaged, v.say("receive.damaged")}}
	if runs {
		ways = append(ways, choice{receivedUnlisted, v.say("receive.unlisted")})
	}
	return ways
}

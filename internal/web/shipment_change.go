package web

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// How devices that arrived are received.
const (
	receivedWell     = "well"
	receivedDamaged  = "damaged"
	receivedUnlisted = "unlisted"
)

// changeShipment does what a form on the shipment's page asks for.
func (v *visit) changeShipment() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	ship, err := v.session.Shipment(v.ctx, v.rest("number"))
	if err != nil {
		return reply{}, err
	}
	var receipt registry.Receipt
	switch f.name {
	case "receive_all":
		var n int
		if _, n, err = v.session.ReceiveAll(v.ctx, registry.Request{ID: f.key}, ship.Number); err == nil {
			return v.done("receive_all", uint64(n), shipmentAddress(ship.Number)), nil
		}
	case "receive_some":
		receipt, f, err = v.receiveSome(ship, f)
	case "close_shipment":
		receipt, err = v.apply(f, registry.CloseShipment{Number: ship.Number})
	default:
		err = errUnknownForm
	}
	if err == nil && len(f.problems) == 0 {
		return v.saved(f.name, receipt, shipmentAddress(ship.Number)), nil
	}
	if err != nil {
		rejected, ok := v.reject(f, err)
		if !ok {
			return reply{}, err
		}
		f = rejected
	}
	return v.shipmentReply(f)
}

// receiveSome receives the devices whose serials were typed or scanned.
func (v *visit) receiveSome(ship fleet.Shipment, f form) (registry.Receipt, form, error) {
	serials, f := v.serials(f)
	var changes []registry.Change
	for _, s := range serials {
		if f.value("as") == receivedUnlisted {
			changes = append(changes, registry.ReceiveUnlisted{Shipment: ship.Number, Device: fleet.Device{Serial: s}})
		} else {
			changes = append(changes, registry.ReceiveDevice{Serial: s, Damaged: f.value("as") == receivedDamaged})
		}
	}
	return v.applyEach(f, changes, "serial", "serials", "", "serials")
}

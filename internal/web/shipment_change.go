package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

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
		if n, err = v.session.ReceiveAll(v.ctx, ship.Number); err == nil {
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

// receiveSome receives the devices whose serials were typed or scanned: all of
// them, or none and a problem for each that cannot be received.
func (v *visit) receiveSome(ship fleet.Shipment, f form) (registry.Receipt, form, error) {
	changes, wrong := received(ship, f)
	for _, err := range wrong {
		f, _ = v.reject(f, err, "serial", "serials")
	}
	if len(f.problems) > 0 {
		return registry.Receipt{}, f, nil
	}
	errs, err := v.session.Preview(v.ctx, changes...)
	if err != nil {
		return registry.Receipt{}, f, err
	}
	for _, err := range errs {
		if err == nil {
			continue
		}
		var ok bool
		if f, ok = v.reject(f, err, "serial", "serials", "", "serials"); !ok {
			return registry.Receipt{}, f, err
		}
	}
	if len(f.problems) > 0 {
		f.status = http.StatusUnprocessableEntity
		return registry.Receipt{}, f, nil
	}
	receipt, err := v.apply(f, changes...)
	return receipt, f, err
}

// received are the changes that a form of serials stands for, and what is wrong
// with the serials themselves.
func received(ship fleet.Shipment, f form) (changes []registry.Change, wrong []error) {
	texts := strings.FieldsFunc(f.value("serials"), func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	if len(texts) == 0 {
		return nil, []error{fleet.Invalidf("receive.serials_missing", "type or scan at least one serial").In("serials")}
	}
	slices.Sort(texts)
	for _, text := range slices.Compact(texts) {
		serial, err := fleet.ParseSerial(text)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if f.value("as") == receivedUnlisted {
			changes = append(changes, registry.ReceiveUnlisted{Shipment: ship.Number, Device: fleet.Device{Serial: serial}})
			continue
		}
		changes = append(changes, registry.ReceiveDevice{Serial: serial, Damaged: f.value("as") == receivedDamaged})
	}
	return changes, wrong
}

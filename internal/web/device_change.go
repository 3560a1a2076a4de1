package web

import (
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// changeDevice does what a form on the device's page asks for.
func (v *visit) changeDevice() (reply, error) {
	serial, err := v.serial()
	if err != nil {
		return reply{}, err
	}
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	change, err := v.deviceChange(serial, f)
	if err == nil {
		var receipt registry.Receipt
		if receipt, err = v.apply(f, change); err == nil {
			return v.saved(f.name, receipt, deviceAddress(serial)), nil
		}
	}
	// An error about a place can only be about the one to send to.
	f, ok := v.reject(f, err, "place", "to")
	if !ok {
		return reply{}, err
	}
	return v.deviceReply(serial, f)
}

// deviceChange is the change that a form stands for.
func (v *visit) deviceChange(serial fleet.Serial, f form) (registry.Change, error) {
	switch f.name {
	case "accept":
		return registry.AcceptDevice{Serial: serial}, nil
	case "refuse":
		return registry.RefuseDevice{Serial: serial}, nil
	case "receive":
		return registry.ReceiveDevice{Serial: serial, Damaged: f.value("damaged") != ""}, nil
	case "assign":
		holder, err := v.holderOf(f)
		return registry.AssignDevice{Serial: serial, Holder: holder}, err
	case "return":
		return registry.ReturnDevice{Serial: serial}, nil
	case "dispatch":
		to := f.value("to")
		if to == "" {
			return nil, errNowhere
		}
		return registry.DispatchDevice{Serial: serial, To: fleet.PlaceCode(to)}, nil
	case "retire":
		return registry.RetireDevice{Serial: serial}, nil
	}
	return nil, errUnknownForm
}

// errNowhere is for a sending without a place.
var errNowhere = fleet.Invalidf("device.to_missing", "say where to").In("to")

// errUnknownForm is for what no page of ours sends.
var errUnknownForm = fleet.Invalidf("form.unknown", "this form is not known here: go back, reload the page and try again")

// holder reads who is to hold a device. What is wrong with it is for the rule of
// fleet to say.
func (v *visit) holderOf(f form) (h fleet.Holder, err error) {
	if h.Kind, err = optional(f.value("holder_kind"), fleet.ParseHolderKind); err != nil {
		return h, err
	}
	h.Label = f.value("holder")
	if text := strings.Map(fleet.LatinDigit, f.value("roll")); text != "" {
		roll, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return h, fleet.Invalidf("holder.roll_number", "the roll number must be a number").In("roll")
		}
		h.Roll = uint32(roll)
	}
	if id := f.value("learner_id"); id != "" {
		h.Mark, err = v.session.MarkLearner(id)
	}
	return h, err
}

package web

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// newSending asks which devices are to be sent, and where to.
func (v *visit) newSending() (reply, error) {
	return v.sendReply(blankForm("send")), nil
}

func (v *visit) sendReply(f form) reply {
	return f.again(show(v.say("send.title"), sendBody(v.view, f, v.takeNotice())))
}

// sendDevices sends the devices to one place, all or none.
func (v *visit) sendDevices() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	serials, f := v.serials(formOf(values))
	to := fleet.PlaceCode(f.value("to"))
	if to == "" {
		f, _ = v.reject(f, errNowhere)
	}
	var changes []registry.Change
	for _, s := range serials {
		changes = append(changes, registry.DispatchDevice{Serial: s, To: to})
	}
	if _, err := v.session.Place(v.ctx, to); to != "" && err != nil {
		var ok bool
		if f, ok = v.reject(f, err, "place", "to"); !ok {
			return reply{}, err
		}
	}
	_, f, err = v.applyEach(f, changes, "serial", "serials", "to", "serials", "", "serials")
	if err != nil {
		return reply{}, err
	}
	if len(f.problems) > 0 {
		return v.sendReply(f), nil
	}
	return v.done("send", uint64(len(changes)), "/send"), nil
}

package web

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// arrivalsPage is what is on its way to the visitor's places, to be ticked off.
type arrivalsPage struct {
	home   fleet.Place
	rows   []deviceRow
	more   bool // there are others, which come once these are accepted
	form   form
	notice *notice
}

// maxArrivals is how many devices the page lets the visitor tick off at once.
const maxArrivals = 200

func (v *visit) listArrivals() (reply, error) { return v.arrivalsReply(blankForm("accept_ticked")) }

func (v *visit) arrivalsReply(f form) (reply, error) {
	home, _, err := v.session.Home(v.ctx)
	if err != nil {
		return reply{}, err
	}
	coming, next, err := v.session.Devices(v.ctx, registry.DeviceQuery{Place: home.Path, Status: fleet.InTransit, Limit: maxArrivals})
	if err != nil {
		return reply{}, err
	}
	p := arrivalsPage{home: home, more: next != nil, form: f, notice: v.takeNotice()}
	coming = slices.DeleteFunc(coming, func(d fleet.Device) bool { return !v.may(fleet.AcceptGoods, d.Place) })
	if p.rows, err = v.deviceRows(coming); err != nil {
		return reply{}, err
	}
	return f.again(show(v.say("arrivals.title"), arrivalsBody(v.view, p))), nil
}

// ticked says whether a device is ticked: at first those sent to the visitor's own
// place. What goes to another one is to be seen there.
func (p arrivalsPage) ticked(d deviceRow) bool {
	if len(p.form.problems) > 0 {
		return slices.Contains(p.form.values["serial"], string(d.Serial))
	}
	return d.Place == p.home.Path
}

// elsewhere says whether some of the devices go to places below the visitor's own.
func (p arrivalsPage) elsewhere() bool {
	return slices.ContainsFunc(p.rows, func(d deviceRow) bool { return d.Place != p.home.Path })
}

// acceptTicked accepts the devices that the visitor left ticked, all or none.
func (v *visit) acceptTicked() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	if len(values["serial"]) == 0 {
		f, _ = v.reject(f, fleet.Invalidf("arrivals.none", "tick at least one device that has arrived"))
		return v.arrivalsReply(f)
	}
	var changes []registry.Change
	for _, text := range values["serial"] {
		changes = append(changes, registry.AcceptDevice{Serial: fleet.Serial(text)})
	}
	_, f, err = v.applyEach(f, changes)
	if err != nil {
		return reply{}, err
	}
	if len(f.problems) > 0 {
		return v.arrivalsReply(f)
	}
	return v.done("accept_ticked", uint64(len(changes)), "/arrivals"), nil
}

package web

import (
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// devicePage is one device: what it is, what can be done with it, and all that
// happened to it.
type devicePage struct {
	deviceRow
	from    fleet.Place // while it is under way
	notice  *notice
	forms   []form // what the visitor may do, each a form
	failed  form   // the one that came back with problems
	report  bool   // the visitor may report it
	faults  []fleet.Fault
	history []event // the latest first
}

func (v *visit) showDevice() (reply, error) {
	serial, err := v.serial()
	if err != nil {
		return reply{}, err
	}
	return v.deviceReply(serial, form{})
}

// deviceReply is the device's page, with a form that came back, if any.
func (v *visit) deviceReply(serial fleet.Serial, failed form) (reply, error) {
	d, err := v.session.Device(v.ctx, serial)
	if err != nil {
		return reply{}, err
	}
	p := devicePage{notice: v.takeNotice(), failed: failed}
	labels, err := v.session.DeviceLabels(v.ctx, d)
	if err != nil {
		return reply{}, err
	}
	p.deviceRow = deviceRow{Device: d, at: labels.Places[d.Place], model: labels.Models[d.Model], shipment: labels.Shipments[d.Shipment]}
	p.from = labels.Places[d.From]
	p.forms, p.report = v.deviceForms(p.deviceRow, failed), v.mayReport(d)
	if p.faults, err = v.session.FaultsOf(v.ctx, serial); err != nil {
		return reply{}, err
	}
	if p.history, err = v.history(serial); err != nil {
		return reply{}, err
	}
	return failed.again(show(v.say("device.title", "serial", string(serial)), deviceBody(v.view, p))), nil
}

// deviceActions are what can be done with a device on its page: which event it
// is, and what the visitor has to be allowed.
var deviceActions = []struct {
	name  string
	event fleet.Event
	needs fleet.Action
}{
	{"accept", fleet.Accept, fleet.AcceptGoods},
	{"refuse", fleet.Refuse, fleet.AcceptGoods},
	{"receive", fleet.Receive, fleet.AcceptGoods},
	{"assign", fleet.Assign, fleet.HandOut},
	{"return", fleet.Return, fleet.HandOut},
	{"dispatch", fleet.Dispatch, fleet.SendGoods},
	{"retire", fleet.Retire, fleet.EditDevices},
}

// deviceForms are a form for each thing that device and visitor allow; the one
// that came back stays as it was sent.
func (v *visit) deviceForms(d deviceRow, failed form) (forms []form) {
	for _, a := range deviceActions {
		_, err := d.After(a.event, d.at.Kind)
		switch {
		case a.name == failed.name && len(failed.problems) > 0:
			forms = append(forms, failed)
		case err != nil || !v.may(a.needs, d.Place):
		case a.event == fleet.Assign && d.Condition == fleet.BeyondRepair:
		default:
			forms = append(forms, blankForm(a.name))
		}
	}
	return forms
}

// mayReport says whether the visitor can report anything about the device.
func (v view) mayReport(d fleet.Device) bool {
	return v.may(fleet.ReportFaults, d.Place) && len(reportable(d)) > 0
}

// reportable are the kinds of fault that the device's status allows.
func reportable(d fleet.Device) (list []fleet.FaultCategory) {
	for _, c := range fleet.FaultCategories() {
		event := fleet.ReportFault
		switch c {
		case fleet.FaultLost:
			event = fleet.ReportLoss
		case fleet.FaultStolen:
			event = fleet.ReportTheft
		}
		if _, err := d.After(event, fleet.School); err == nil {
			list = append(list, c)
		}
	}
	return list
}

// event is a step of a device's history in words.
type event struct {
	registry.Entry
	what  string
	turns []turn
}

// turn is one fact of a device that an event changed.
type turn struct{ what, from, to string }

func (v *visit) history(serial fleet.Serial) ([]event, error) {
	steps, err := v.session.History(v.ctx, serial)
	if err != nil {
		return nil, err
	}
	var states []fleet.Device
	for _, s := range steps {
		if s.After != nil {
			states = append(states, *s.After)
		}
	}
	labels, err := v.session.DeviceLabels(v.ctx, states...)
	if err != nil {
		return nil, err
	}
	events := make([]event, len(steps))
	for i, s := range steps {
		events[len(steps)-1-i] = event{Entry: s.Entry, what: v.changeWord(s.Entry.Change), turns: v.turns(s, labels)}
	}
	return events, nil
}

// changeWord is what a change is called on pages.
func (v view) changeWord(change string) string {
	if v.known("change." + change) {
		return v.word("change", change)
	}
	return change
}

// turns are the facts that a step changed, of those that people ask about.
func (v view) turns(s registry.DeviceEvent, l registry.Labels) (turns []turn) {
	before, after := fleet.Device{}, fleet.Device{}
	if s.Before != nil {
		before = *s.Before
	}
	if s.After != nil {
		after = *s.After
	}
	add := func(what, from, to string) {
		if from != to {
			turns = append(turns, turn{v.word("device", what), from, to})
		}
	}
	add("status", v.wordOf("status", before.Status.String()), v.wordOf("status", after.Status.String()))
	add("condition", v.wordOf("condition", before.Condition.String()), v.wordOf("condition", after.Condition.String()))
	if before.Place != after.Place {
		add("place", v.placeName(l, before.Place), v.placeName(l, after.Place))
	}
	add("holder", v.holder(before.Holder), v.holder(after.Holder))
	add("tag", string(before.Tag), string(after.Tag))
	add("model", l.Models[before.Model], l.Models[after.Model])
	return turns
}

func (v view) placeName(l registry.Labels, p fleet.Path) string {
	if p == "" {
		return ""
	}
	if place, ok := l.Places[p]; ok {
		return place.Name
	}
	return v.say("place.elsewhere")
}

// wordOf is the word for a name, empty for the empty name: no value yet.
func (v view) wordOf(screen, name string) string {
	if name == "" {
		return ""
	}
	return v.word(screen, name)
}

// smallPrint are the further facts of a device that are known.
func (p *devicePage) smallPrint(v view) (facts []turn) {
	for _, f := range []struct{ name, value string }{
		{"carton", p.Carton},
		{"lot", p.Lot},
		{"line", p.Line},
		{"po", p.PO},
		{"price", rupees(v, p.Price)},
		{"funding", p.Funding},
		{"received", v.date(p.Received)},
		{"warranty", v.date(p.WarrantyEnds)},
	} {
		if f.value != "" {
			facts = append(facts, turn{what: v.word("device", f.name), to: f.value})
		}
	}
	return facts
}

func rupees(v view, r fleet.Rupees) string {
	if r == 0 {
		return ""
	}
	whole, paisa, _ := strings.Cut(r.String(), ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
		whole = thousands(n)
	}
	return v.say("device.rupees", "amount", strings.Join(filled(whole, paisa), "."))
}

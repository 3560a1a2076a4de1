package web

import (
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
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
	if p.history, err = v.deviceHistory(serial); err != nil {
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
func (v *view) mayReport(d fleet.Device) bool {
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

// smallPrint are the further facts of a device that are known.
func (p *devicePage) smallPrint(v *view) (facts []turn) {
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

func rupees(v *view, r fleet.Rupees) string {
	if r == 0 {
		return ""
	}
	whole, paisa, _ := strings.Cut(r.String(), ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
		whole = thousands(n)
	}
	return v.say("device.rupees", "amount", strings.Join(filled(whole, paisa), "."))
}

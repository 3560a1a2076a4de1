package web

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// reportPage is the form on which a fault is reported: where the code on a
// device's lid leads.
type reportPage struct {
	deviceRow
	form       form
	categories []fleet.FaultCategory
	open       []fleet.Fault // already reported
}

// fromLabel leads from an address in capitals to the page itself.
func (v *visit) fromLabel() (reply, error) {
	return goTo(reportAddress(fleet.Serial(v.rest("serial")))), nil
}

// findDevice asks for the device to report and goes on to it, or else to whatever
// is found for what was typed.
func (v *visit) findDevice() (reply, error) {
	f := formOf(v.c.Request.URL.Query())
	f.name = "find"
	if !v.c.Request.URL.Query().Has("serial") {
		return show(v.say("report.title"), findDeviceBody(v.view, f)), nil
	}
	text := f.value("serial")
	if text == "" {
		f, _ = v.reject(f, fleet.Invalidf("report.which", "type the serial or the asset tag").In("serial"))
		return f.again(show(v.say("report.title"), findDeviceBody(v.view, f))), nil
	}
	if d, ok := v.deviceCalled(text); ok {
		return goTo(reportAddress(d.Serial)), nil
	}
	return goTo(address("/search", "q", text)), nil
}

// newFault shows the form. What the address brings along is filled in: it is what
// somebody typed before having to sign in.
func (v *visit) newFault() (reply, error) {
	serial, err := v.serial()
	if err != nil {
		return reply{}, err
	}
	f := blankForm("report")
	for name, values := range v.c.Request.URL.Query() {
		f.values[name] = values
	}
	if key := f.values.Get(keyField); key != "" {
		f.key = key
	}
	return v.reportReply(serial, f)
}

func (v *visit) reportReply(serial fleet.Serial, f form) (reply, error) {
	d, err := v.session.Device(v.ctx, serial)
	if err != nil {
		return reply{}, err
	}
	if !v.mayReport(d) && len(f.problems) == 0 {
		return goTo(deviceAddress(serial)), nil
	}
	rows, err := v.deviceRows([]fleet.Device{d})
	if err != nil {
		return reply{}, err
	}
	p := reportPage{deviceRow: rows[0], form: f, categories: reportable(d)}
	all, err := v.session.FaultsOf(v.ctx, serial)
	if err != nil {
		return reply{}, err
	}
	for _, fault := range all {
		if fault.Open() {
			p.open = append(p.open, fault)
		}
	}
	return f.again(show(v.say("report.title"), reportBody(v.view, p))), nil
}

// reportFault records the fault and leads to its ticket. Somebody whose session
// ended while typing signs in first and finds the form as it was.
func (v *visit) reportFault() (reply, error) {
	serial, err := v.serial()
	if err != nil {
		return reply{}, err
	}
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	if !v.signedIn {
		return v.signInFirst(reportAddress(serial) + "?" + values.Encode()), nil
	}
	f := formOf(values)
	change, err := faultReport(serial, f)
	if err == nil {
		var receipt registry.Receipt
		if receipt, err = v.apply(f, change); err == nil {
			return goTo(faultAddress(receipt.Refs[0]) + "/ticket"), nil
		}
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.reportReply(serial, f)
}

func faultReport(serial fleet.Serial, f form) (c registry.ReportFault, err error) {
	c = registry.ReportFault{Serial: serial, Note: f.value("note"), FIR: f.value("fir")}
	if c.Category, err = optional(f.value("category"), fleet.ParseFaultCategory); err != nil {
		return c, err
	}
	c.Severity, err = fleet.ParseSeverity(f.value("severity"))
	return c, err
}

// showTicket is what somebody who reported a fault is given.
func (v *visit) showTicket() (reply, error) {
	f, err := v.session.Fault(v.ctx, v.c.Param("ref"))
	if err != nil {
		return reply{}, err
	}
	return show(v.say("ticket.title", "ref", f.Ref), ticketBody(v.view, f)), nil
}

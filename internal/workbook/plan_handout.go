package workbook

import (
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// handoutPlanner plans a list of who holds which device at a school.
type handoutPlanner struct {
	*devicePlanner
	near *nearSerials
}

func (m *planner) handouts(f File) (*report, error) {
	p := handoutPlanner{newDevicePlanner(m), newNearSerials(m)}
	return listed(m, f, Handouts, parseHandout, handoutRow.subject, p.plan)
}

func (p *handoutPlanner) plan(c *checker, r handoutRow) error {
	at, err := p.destination(c, r.at)
	if err != nil || r.serial == "" {
		return err
	}
	d, err := p.near.device(c, r.serial)
	if err != nil || d == nil || c.bad {
		return err
	}
	if at != nil && !at.Path.Contains(d.Place) {
		c.problem(c.firstOf(colCode, colEMIS, colName, colDistrict), "", fleet.Conflictf("device.elsewhere", "device %s is%s, not at %s: a hand-out list does not move devices", d.Serial, p.standsAt(*d), at.Name))
		return nil
	}
	p.hand(c, r, *d)
	return nil
}

// standsAt completes "device X is", with what the actor may know of where it is.
func (p *devicePlanner) standsAt(d fleet.Device) string {
	return or(trimComma(p.atPlace(d)), " at another place")
}

func trimComma(s string) string {
	if len(s) > 1 && s[0] == ',' {
		return s[1:]
	}
	return s
}

// hand plans what brings a device to the holder: a device that another one holds is
// taken back first. The rules are asked here, so that it is both or neither.
func (p *handoutPlanner) hand(c *checker, r handoutRow, d fleet.Device) {
	issued := d.Status == fleet.Issued
	if r.back && !issued || issued && !r.back && sameHolder(d.Holder, r.holder) {
		return
	}
	next, err := d, error(nil)
	if issued {
		next, err = d.Return(time.Time{})
	}
	if err == nil && !r.back {
		_, err = next.Assign(r.holder, time.Time{})
	}
	if err != nil {
		c.breaks(err)
		return
	}
	s := step{effect: alters, at: c.at, value: string(r.serial)}
	if issued {
		s.change = registry.ReturnDevice{Serial: r.serial}
		p.add(s)
	}
	if !r.back {
		s.change = registry.AssignDevice{Serial: r.serial, Holder: r.holder}
		p.add(s)
	}
}

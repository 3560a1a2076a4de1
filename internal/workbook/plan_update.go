package workbook

import (
	"github.com/takhti-edu/takhti/internal/fleet"
)

// updatePlanner plans a list of facts of devices that the register has.
type updatePlanner struct {
	*planner
	near *nearSerials
}

func (m *planner) updates(f File) (*report, error) {
	if err := m.nameModels(); err != nil {
		return nil, err
	}
	p := updatePlanner{planner: m, near: newNearSerials(m)}
	return listed(m, f, Updates, parseUpdate, deviceRow.subject, p.plan)
}

func (p *updatePlanner) plan(c *checker, r deviceRow) error {
	if r.facts.Serial == "" {
		return nil
	}
	old, err := p.near.device(c, r.facts.Serial)
	if err == nil && old != nil {
		p.correct(c, r, *old)
	}
	return err
}

// nearSerials finds the devices of a list that names only such as the register has.
type nearSerials struct {
	*planner
	searched int // unknown serials for which a near one was looked for
}

func newNearSerials(m *planner) *nearSerials { return &nearSerials{planner: m} }

// device finds a device. That there is none is a problem of the row, which names one
// whose serial is near.
func (n *nearSerials) device(c *checker, serial fleet.Serial) (*fleet.Device, error) {
	d, err := n.session.FindDevice(n.ctx, serial)
	if err != nil || d != nil {
		return d, err
	}
	e := error(fleet.NotFoundf("device.unknown", "there is no device %s in the register", serial))
	near, err := n.nearest(serial)
	if err != nil {
		return nil, err
	}
	if near != "" {
		e = suggest(fleet.NotFoundf("device.unknown", "there is no device %s in the register; is it %s?", serial, near), string(near))
	}
	c.problem(colSerial, string(serial), e)
	return nil, nil
}

// nearest is a device's serial that is one slip away, empty when none is. For a file
// of wrong serials it is not looked for without end.
func (n *nearSerials) nearest(serial fleet.Serial) (fleet.Serial, error) {
	const most = 1_000
	if n.searched++; n.searched > most {
		return "", nil
	}
	for _, s := range oneSlip(string(serial)) {
		near, err := fleet.ParseSerial(s)
		if err != nil {
			continue
		}
		d, err := n.session.FindDevice(n.ctx, near)
		if err != nil || d != nil {
			return near, err
		}
	}
	return "", nil
}

// oneSlip lists what may have been meant by a serial, the likeliest first: characters
// that look alike, two that changed places, one doubled or left single, one too many.
func oneSlip(s string) []string {
	var all []string
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			for _, l := range []byte(lettersFor[c]) {
				all = append(all, with(s, i, l))
			}
		case isLetter(c) && digitFor[c] != 0:
			all = append(all, with(s, i, digitFor[c]))
		}
	}
	for i := 1; i < len(s); i++ {
		if s[i] != s[i-1] {
			all = append(all, s[:i-1]+s[i:i+1]+s[i-1:i]+s[i+1:])
		}
	}
	for i := range len(s) {
		all = append(all, s[:i]+s[i:i+1]+s[i:])
	}
	for i := range len(s) {
		all = append(all, s[:i]+s[i+1:])
	}
	return all
}

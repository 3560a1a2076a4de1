package workbook

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// suspect makes problems of the new devices whose serials were probably mistyped.
// It needs the serials of all rows, and is called behind the last one.
func (p *devicePlanner) suspect() error {
	if p.checker == nil {
		return nil
	}
	at := &p.checker.seen[colSerial]
	var failed error
	meant := map[string]string{}
	for _, f := range findSlips(at.all(), func(serial string) bool {
		d, err := p.session.FindDevice(p.ctx, fleet.Serial(serial))
		if err != nil {
			failed = err
		}
		return d != nil
	}) {
		meant[f.serial] = f.meant
	}
	if failed != nil || len(meant) == 0 {
		return failed
	}
	for _, s := range slices.Clone(p.steps) {
		if _, isNew := s.change.(*registry.PackedDevice); isNew && meant[s.value] != "" {
			p.again(s)
			p.checker.problem(colSerial, s.value, mistyped(fleet.Serial(s.value), meant[s.value], at))
			p.checker.end()
			p.leave(p.checker)
		}
	}
	return nil
}

// again takes the row of a step in hand once more.
func (m *planner) again(s step) {
	c := m.checker
	c.head, c.at = s.head, s.at
	c.fresh()
}

func mistyped(s fleet.Serial, meant string, rows *seen) error {
	e := fleet.Invalidf(codeMistyped, "%s looks mistyped, compared with the other serials of the file: is it %s?", s, meant)
	if other, there := rows.at(meant); there {
		e = fleet.Invalidf(codeMistyped, "%s looks mistyped: %s differs from it only by a character that looks the same, and is in %s", s, meant, other)
	}
	return suggest(e, meant)
}

package workbook

import (
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// targetRow is a row of a rollout plan.
type targetRow struct {
	at      destination
	devices uint32
	by      fleet.Date
}

func (r targetRow) subject() string {
	return or(or(string(r.at.code), r.at.emis), or(r.at.name, or(r.at.in.tehsil, or(r.at.in.district, r.at.in.province))))
}

func parseTarget(c *checker) targetRow {
	r := targetRow{at: c.destination(), by: c.monthTo(colBy)}
	if said := c.text(colTarget); said == "" || fillers[key(said)] && said != "0" {
		c.problem(colTarget, said, fleet.Invalidf("target.devices_missing", "say how many devices there are to be: 0 takes a target back"))
	} else {
		r.devices = c.count(colTarget)
	}
	return r
}

// targetPlanner plans a rollout plan.
type targetPlanner struct{ *devicePlanner }

func (m *planner) targets(f File) (*report, error) {
	p := targetPlanner{newDevicePlanner(m)}
	return listed(m, f, Targets, parseTarget, targetRow.subject, p.plan)
}

func (p *targetPlanner) plan(c *checker, r targetRow) error {
	at, err := p.destination(c, r.at)
	switch {
	case err != nil:
		return err
	case at == nil && !c.bad:
		c.problem(c.firstOf(colCode, colEMIS, colName, colDistrict), "", fleet.Invalidf("target.place_missing", "say for which place the target is"))
	case at != nil:
		p.about(string(at.Code))
	}
	if r.by == 0 && !c.bad {
		c.problem(colBy, "", fleet.Invalidf("target.by_missing", "say by which day the devices are to be there"))
	}
	if c.bad {
		return nil
	}
	shown := fmt.Sprintf("for %s by %s", at.Name, r.by)
	c.once(colTarget, "target.twice", "the target", fmt.Sprint(at.Path, r.by), shown)
	old, err := p.session.Target(p.ctx, at.Path, r.by)
	if err != nil || c.bad || old == r.devices {
		return err
	}
	s := step{change: registry.SetTarget{Place: at.Code, By: r.by, Devices: r.devices}, effect: creates, at: c.at, value: string(at.Code)}
	if old != 0 {
		s.effect = alters
	}
	p.add(s)
	return nil
}

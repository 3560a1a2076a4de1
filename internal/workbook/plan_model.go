package workbook

import (
	"cmp"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// modelPlanner plans a list of models.
type modelPlanner struct {
	*planner
	known map[string]fleet.Model // by folded name, as the rows so far leave them
	rows  map[string]Position
}

func (m *planner) modelList(f File) (*report, error) {
	p := modelPlanner{m, map[string]fleet.Model{}, map[string]Position{}}
	models, err := m.session.Models(m.ctx)
	if err != nil {
		return nil, err
	}
	for _, model := range models {
		p.known[registry.Fold(model.Name)] = model
	}
	return listed(m, f, Models, parseModel, func(f fleet.Model) string { return f.Name }, p.plan)
}

// parseModel reads a model; a zero fact is one that the file does not state.
func parseModel(c *checker) fleet.Model {
	f := fleet.Model{Name: c.text(colModel), Manufacturer: c.text(colMaker), Screen: c.text(colScreen), AUE: c.monthFrom(colAUE), LifeMonths: c.count(colLife)}
	if err := f.Check(); err != nil && !c.bad {
		c.breaks(err)
	}
	return f
}

// plan brings a model to what the row states. A row that says of a model what an
// earlier one said, or says nothing of it, changes nothing; one that says otherwise is
// a problem.
func (p *modelPlanner) plan(c *checker, f fleet.Model) error {
	if c.bad {
		return nil
	}
	name := registry.Fold(f.Name)
	old, there := p.known[name]
	now := old
	now.Name = cmp.Or(old.Name, f.Name)
	now.Manufacturer, now.Screen = keep(old.Manufacturer, f.Manufacturer), keep(old.Screen, f.Screen)
	now.AUE, now.LifeMonths = or(f.AUE, old.AUE), or(f.LifeMonths, old.LifeMonths)
	first, twice := p.rows[name]
	switch {
	case there && now == old:
		p.rows[name] = or(first, c.at)
		return nil
	case twice:
		c.problem(colModel, f.Name, fleet.Invalidf("model.twice", "the model %s is in the file twice, in %s and in %s, and the rows say different things of it: keep one of them", f.Name, first, c.at))
		return nil
	}
	s := step{change: registry.SaveModel{Model: now}, effect: creates, at: c.at, value: f.Name}
	if there {
		s.effect = alters
	}
	p.known[name], p.rows[name] = now, c.at
	p.add(s)
	return nil
}

// model is the register's model of a name.
func (m *planner) model(name string) (fleet.Model, error) {
	models, err := m.session.Models(m.ctx)
	for _, model := range models {
		if registry.Fold(model.Name) == registry.Fold(name) {
			return model, err
		}
	}
	return fleet.Model{}, err
}

package workbook

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Difference is what a plan would change of one thing that the register has.
type Difference struct {
	Position
	What   string // a serial, a place's code, or a shipment's number, which no row stands for
	Fields []FieldDifference
}

// FieldDifference is a field before and after, as exports name and show it; a
// place stands with its code.
type FieldDifference struct{ Name, Before, After string }

// maxDifferences is how many of its changes a plan shows field by field.
const maxDifferences = 50

// compare lists the first changes of the plan's rows.
func (m *planner) compare() error {
	for i, s := range m.steps {
		if len(m.Differences) == maxDifferences {
			return nil
		}
		if s.effect != alters || i+1 < len(m.steps) && m.steps[i+1].at == s.at {
			continue // the last of a row's steps says what comes of it
		}
		before, err := m.before(s.change)
		if err != nil {
			return err
		}
		m.Differences = append(m.Differences, Difference{s.at, s.value, between(m.Kind, before, m.texts(s.change))})
	}
	return nil
}

// before is what an export shows of the record that a change alters, by column.
func (m *planner) before(c registry.Change) (map[columnID]string, error) {
	switch c := c.(type) {
	case registry.CorrectDevice:
		d, err := m.session.Device(m.ctx, c.Serial)
		return textsOf(Devices, deviceCells(&d, m.models[d.Model], "", placeLine{})), err
	case registry.AssignDevice:
		d, err := m.session.Device(m.ctx, c.Serial)
		return map[columnID]string{colHolder: holderText(d.Holder)}, err
	case registry.ReturnDevice:
		d, err := m.session.Device(m.ctx, c.Serial)
		return map[columnID]string{colHolder: holderText(d.Holder)}, err
	case registry.ReceiveDevice:
		return map[columnID]string{colCondition: fleet.Expected.String()}, nil
	case registry.SaveModel:
		model, err := m.model(c.Model.Name)
		return textsOf(Models, modelCells(&model)), err
	case registry.SetTarget:
		n := m.gazetteer.byCode[upperCode(c.Place)]
		devices, err := m.session.Target(m.ctx, n.Path, c.By)
		return textsOf(Targets, targetCells(c.By, devices, n.line())), err
	case registry.SavePlace:
		n := m.gazetteer.byCode[upperCode(c.Place.Code)]
		return textsOf(Places, placeCells(&n.Place, n.parent.line())), nil
	}
	return nil, nil
}

func between(k Kind, before, after map[columnID]string) (fields []FieldDifference) {
	for _, c := range tables[k].columns {
		if before[c.id] != after[c.id] {
			fields = append(fields, FieldDifference{c.header, before[c.id], after[c.id]})
		}
	}
	return fields
}

// shipmentFields is what changes of a shipment that goes from one place to another.
func shipmentFields(was, now *fleet.Shipment, from, to string) (fields []FieldDifference) {
	if was.Destination != now.Destination {
		fields = append(fields, FieldDifference{"Destination", from, to})
	}
	if was.Supplier != now.Supplier {
		fields = append(fields, FieldDifference{"Supplier", was.Supplier, now.Supplier})
	}
	return fields
}

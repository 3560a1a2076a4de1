package workbook

import (
	"fmt"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func (e *exporter) places(scope fleet.Path) error {
	var after fleet.Path
	for {
		page, err := e.session.PlacesUnder(e.ctx, scope, after, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			p := &page[i]
			in, err := e.names.above(p.Path.Parent())
			if err != nil {
				return err
			}
			if err := e.write(placeCells(p, in)); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Path
	}
}

// placeCells are in the order of placeColumns.
func placeCells(p *fleet.Place, in placeLine) []value {
	return []value{
		text(string(p.Code)), text(p.Kind.String()), text(string(in.here.Code)), text(p.EMIS), text(p.Name), text(p.NameUrdu),
		text(strings.Join(p.Aliases, aliasSeparator)), text(in.province), text(p.Division), text(in.district), text(in.tehsil),
		text(p.Level), text(p.Gender), count(p.Enrolment), text(p.Electricity.String()), text(p.Internet.String()), text(p.Phone),
		degrees(p.Latitude), degrees(p.Longitude), text(p.State.String()),
	}
}

func (e *exporter) devices(scope fleet.Path) error {
	f := e.options.Filter
	q := registry.DeviceQuery{
		Place: scope, Status: f.Status, Condition: f.Condition, Model: f.Model, Shipment: f.Shipment, Text: f.Text, Limit: exportPage,
	}
	if e.options.Kind == Handouts {
		q.Status = fleet.Issued
	}
	for {
		page, next, err := e.session.Devices(e.ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			in, err := e.names.above(page[i].Place)
			if err != nil {
				return err
			}
			d := &page[i]
			cells := deviceCells(d, e.models[d.Model], e.shipments[d.Shipment], in)
			if e.options.Kind == Handouts {
				cells = handoutCells(d, in)
			}
			if err := e.write(cells); err != nil {
				return err
			}
		}
		if next == nil {
			return nil
		}
		q.After = next
	}
}

// deviceCells are in the order of deviceColumns.
func deviceCells(d *fleet.Device, model, shipment string, in placeLine) []value {
	return []value{
		text(string(d.Serial)), text(string(d.Tag)), text(model), text(d.MAC), text(d.Carton), text(d.Lot), text(d.Line),
		text(d.PO), money(d.Price), text(d.Funding), date(d.WarrantyEnds), text(shipment),
		text(string(in.here.Code)), text(in.here.EMIS), text(in.here.Name), text(in.tehsil), text(in.district), text(in.province),
		text(d.Status.String()), text(d.Condition.String()), text(d.Arrival.String()), text(holderText(d.Holder)),
		date(d.Received), date(fleet.DateOf(d.Changed)),
	}
}

func holderText(h fleet.Holder) string {
	switch {
	case h == fleet.Holder{}:
		return ""
	case h.Roll != 0:
		return fmt.Sprintf("%s: %s, roll %d", h.Kind, h.Label, h.Roll)
	}
	return h.Kind.String() + ": " + h.Label
}

func (e *exporter) faults(scope fleet.Path) error {
	f := e.options.Filter
	q := registry.FaultQuery{Place: scope, Open: f.Open, State: f.State, Category: f.Category, Limit: exportPage}
	for {
		page, next, err := e.session.Faults(e.ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			in, err := e.names.above(page[i].Place)
			if err != nil {
				return err
			}
			if err := e.write(faultCells(&page[i], in)); err != nil {
				return err
			}
		}
		if next == 0 {
			return nil
		}
		q.After = next
	}
}

// faultCells are in the order of faultColumns.
func faultCells(f *fleet.Fault, in placeLine) []value {
	var ended fleet.Date
	if f.Ended != 0 {
		ended = fleet.DateOf(time.Unix(f.Ended, 0))
	}
	note := ""
	if n := len(f.Notes); n > 0 {
		note = f.Notes[n-1].Text
	}
	return []value{
		text(f.Ref), text(string(f.Serial)), text(f.Category.String()), text(f.Severity.String()), text(f.State.String()),
		text(f.Route.String()), text(f.Outcome.String()), text(f.FIR), date(fleet.DateOf(time.Unix(f.Reported, 0))), date(ended),
		text(string(in.here.Code)), text(in.here.EMIS), text(in.here.Name), text(in.district), text(in.province), text(note),
	}
}

// handoutCells are in the order of handoutColumns. Each kind of holder stands in its
// own column, and in words in one for all.
func handoutCells(d *fleet.Device, in placeLine) []value {
	by := map[fleet.HolderKind]value{d.Holder.Kind: text(d.Holder.Label)}
	class := by[fleet.HeldByClass]
	if d.Holder.Kind == fleet.HeldByLearner {
		class = text(d.Holder.Label)
	}
	return []value{
		text(string(d.Serial)), by[fleet.HeldByTeacher], class,
		{},
		count(d.Holder.Roll), by[fleet.HeldInRoom], by[fleet.HeldInCart], text(holderText(d.Holder)),
		text(string(in.here.Code)), text(in.here.EMIS), text(in.here.Name), text(in.tehsil), text(in.district), text(in.province),
	}
}

func (e *exporter) modelLines() error {
	models, err := e.session.Models(e.ctx)
	for i := range models {
		if err == nil {
			err = e.write(modelCells(&models[i]))
		}
	}
	return err
}

// modelCells are in the order of modelColumns.
func modelCells(m *fleet.Model) []value {
	return []value{text(m.Name), text(m.Manufacturer), text(m.Screen), date(m.AUE), count(m.LifeMonths)}
}

func (e *exporter) targets(scope fleet.Path) error {
	var after *fleet.Target
	for {
		page, err := e.session.TargetsUnder(e.ctx, scope, after, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, t := range page {
			in, err := e.names.above(t.Place)
			if err != nil {
				return err
			}
			if err := e.write(targetCells(t.By, t.Devices, in)); err != nil {
				return err
			}
		}
		after = &page[len(page)-1]
	}
}

// targetCells are in the order of targetColumns.
func targetCells(by fleet.Date, devices uint32, in placeLine) []value {
	return []value{
		text(string(in.here.Code)), text(in.here.EMIS), text(in.here.Name), text(in.tehsil), text(in.district), text(in.province),
		count(devices), date(by),
	}
}

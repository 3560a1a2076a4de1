package demo

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/workbook"
)

const madeUp = "Made up for a demonstration: nothing in this list is real"

// depotSheet lists the stores and workshops.
func depotSheet(w *World) incoming {
	return incoming{
		name: "stores-and-workshops", Incoming: workbook.Incoming{Kind: workbook.Places},
		sheet: workbook.Sheet{
			Name: "Stores and workshops", Title: []string{"Stores and workshops", madeUp, ""},
			Header: []string{"Place Code", "Kind", "Place Name", "Name (Urdu)", "Province", "District"},
			Rows: func(yield func([]any) bool) {
				for _, p := range depots() {
					d := w.country.District(p.Parent)
					if !yield([]any{string(p.Code), p.Kind.String(), p.Name, p.NameUrdu, w.provinceName(d.Parent), d.Name}) {
						return
					}
				}
			},
		},
	}
}

func (w *World) provinceName(code fleet.PlaceCode) string {
	all := w.country.Provinces
	return all[slices.IndexFunc(all, func(p atlas.Place) bool { return p.Code == code })].Name
}

// schoolSheet lists the schools of a province.
func schoolSheet(w *World, province atlas.Place) incoming {
	code, tehsil := "EMIS Code", "Tehsil"
	switch province.Code {
	case atlas.Balochistan:
		code = "BEMIS Code"
	case atlas.Sindh:
		code, tehsil = "SEMIS Code", "Taluka"
	}
	return incoming{
		name:     "schools-" + strings.ToLower(strings.Join(strings.Fields(province.Name), "-")),
		Incoming: workbook.Incoming{Kind: workbook.Places},
		sheet: workbook.Sheet{
			Name: "Schools", Title: []string{"List of schools, " + province.Name, madeUp, ""},
			Header: []string{
				code, "School Name", "Name (Urdu)", "Province", "District", tehsil, "Level", "Gender", "Enrolment",
				"Electricity", "Internet", "Latitude", "Longitude", "Phone",
			},
			Rows: w.schoolRows(province),
		},
	}
}

func (w *World) schoolRows(province atlas.Place) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range w.schools {
			p := &w.schools[i]
			if p.Parent[:provinceCodeLen] != province.Code {
				continue
			}
			d := w.country.District(p.Parent)
			t := d.Tehsils[slices.IndexFunc(d.Tehsils, func(t atlas.Tehsil) bool { return t.Code == p.Parent })]
			if !yield([]any{
				p.EMIS, p.Name, p.NameUrdu, province.Name, d.Name, t.Name, levelWords[p.Level], genderWords[p.Gender], int(p.Enrolment),
				answer(p.Electricity), answer(p.Internet), p.Latitude, p.Longitude, p.Phone,
			}) {
				return
			}
		}
	}
}

// How departments write it.
var (
	levelWords  = map[string]string{"primary": "Primary", "middle": "Middle", "high": "High", "higher_secondary": "Higher Secondary"}
	genderWords = map[string]string{"boys": "Boys", "girls": "Girls", "mixed": "Co-Education"}
)

func answer(k fleet.Known) string {
	return map[fleet.Known]string{fleet.Yes: "Yes", fleet.No: "No"}[k]
}

// packingSheet is a shipment's packing list.
func packingSheet(w *World, shipment int) incoming {
	ship := &w.shipments[shipment]
	return incoming{
		name:     "packing-list-" + ship.Number,
		Incoming: workbook.Incoming{Kind: workbook.Devices, Shipment: ship.Number, Supplier: ship.Supplier, To: ship.To},
		sheet: workbook.Sheet{
			Name: "Packing list", Header: ship.Columns,
			Title: []string{
				strings.ToUpper(ship.Supplier),
				fmt.Sprintf("Packing list of shipment %s, order %s, %d units", ship.Number, ship.PO, ship.Count),
				madeUp, "",
			},
			Rows: func(yield func([]any) bool) {
				for _, d := range w.PackingList(shipment) {
					if !yield(w.PackingRow(d)) {
						return
					}
				}
			},
		},
	}
}

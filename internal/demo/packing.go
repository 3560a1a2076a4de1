package demo

// Each assembler heads its packing list in its own way. The last three columns
// say where a device goes: a store, or the school itself.
var (
	sutlejColumns = []string{
		"Serial Number", "Asset Tag", "MAC", "Model", "Carton", "Lot", "Line", "PO", "Price (PKR)", "Funding", "Warranty End",
		"Destination Code", "Destination", "District",
	}
	margallaColumns = []string{
		"Serial No", "Asset Tag", "MAC Address", "Model Name", "Carton No", "Lot No", "Line", "PO Number", "Unit Price (PKR)",
		"Funding Source", "Warranty Expiry", "School EMIS", "School Name", "District",
	}
	kirtharColumns = []string{
		"S/N", "Tag No", "Wi-Fi MAC", "Device Model", "Box No", "Batch No", "Assembly Line", "Purchase Order", "Unit Price (Rs)",
		"Source of Funding", "Warranty Expires", "Destination Code", "Destination", "District",
	}
)

// PackingRow is the device's line of its packing list, under the shipment's
// columns: text, but for the price (fleet.Rupees) and the end of the warranty
// (fleet.Date).
func (w *World) PackingRow(d Device) []any {
	row := []any{
		string(d.Serial), string(d.Tag), d.MAC, d.Model, d.Carton, d.Lot, d.Line, d.PO, d.Price, d.Funding, d.WarrantyEnds,
	}
	ship := &w.shipments[d.Shipment]
	if ship.Direct {
		school := &w.schools[d.School]
		return append(row, school.EMIS, school.Name, w.country.District(school.Parent).Name)
	}
	store := depot(ship.To)
	return append(row, string(store.Code), store.Name, w.country.District(store.Parent).Name)
}

package main

import (
	"os"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// dayZero is the day from which Excel counts.
var dayZero = fleet.NewDate(1899, 12, 30)

// writePackingList writes the first rows of a shipment's packing list as an
// assembler sends it: 14 columns, of which one holds prices and one real dates.
func writePackingList(path string, w *demo.World, shipment, rows int) error {
	x := excelize.NewFile()
	defer x.Close()
	sheet, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	dated, err := x.NewStyle(&excelize.Style{NumFmt: 15})
	if err != nil {
		return err
	}
	columns := w.Shipments()[shipment].Columns
	header := make([]any, len(columns))
	for i, name := range columns {
		header[i] = name
	}
	if err := sheet.SetRow("A1", header); err != nil {
		return err
	}
	row := 1
	for _, d := range w.PackingList(shipment) {
		if row++; row > rows+1 {
			break
		}
		cell, err := excelize.CoordinatesToCellName(1, row)
		if err != nil {
			return err
		}
		if err := sheet.SetRow(cell, cellsOf(w.PackingRow(d), dated)); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := x.Write(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func cellsOf(values []any, dated int) []any {
	for i, v := range values {
		switch v := v.(type) {
		case fleet.Rupees:
			values[i] = float64(v) / 100
		case fleet.Date:
			values[i] = excelize.Cell{StyleID: dated, Value: int(v) - int(dayZero)}
		}
	}
	return values
}

package workbook

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// tabOf is a sheet of a workbook that a test makes.
type tabOf struct {
	name string
	rows [][]any
}

// sheets makes a workbook of several sheets.
func sheets(t testing.TB, all ...tabOf) File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	for _, s := range all {
		if _, err := x.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		for i, cells := range s.rows {
			if err := x.SetSheetRow(s.name, sheet.CellName(1, i+1), &cells); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := x.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	return saved(t, x)
}

// A sheet that was passed over once is no reason to pass over the list itself.
func TestOfTwoSheetsWithTheSameColumnsOneIsRead(t *testing.T) {
	w := newWorld(t)
	o := lahore()
	o.Reading.Sheets = []registry.SheetReading{{Name: "March"}, {Skip: true}}
	header := []any{"Serial", "Carton"}
	f := sheets(t, tabOf{"March", [][]any{header, {"TK-0001", "1"}}}, tabOf{"April", [][]any{header, {"TK-0002", "1"}}})
	p := w.imported(f, o)
	wantCounts(t, p, 1, 0, 0, 0)
	wantCounts(t, w.plan(lines("next.csv", "Serial,Carton", "TK-0003,1"), lahore()), 1, 0, 0, 0)
}

func TestASheetWithoutAHeaderIsNoLayout(t *testing.T) {
	w := newWorld(t)
	f := sheets(
		t,
		tabOf{"Cover", [][]any{{"Dear Sir"}, {"Please find the list."}}},
		tabOf{"List", [][]any{{"Serial", "Carton"}, {"TK-0001", "1"}}},
	)
	o := lahore()
	o.Reading.Sheets = []registry.SheetReading{{Name: "Cover", Skip: true}}
	w.imported(f, o)
	_, err := NewPlan(t.Context(), w.boss, lines("b.csv", "Good day", "this is no list"), lahore())
	if err == nil || !strings.Contains(err.Error(), "no row that names the columns was found") {
		t.Error(err)
	}
	wantCounts(t, w.plan(lines("c.csv", "-----", "Serial,Carton", "TK-0003,1"), lahore()), 1, 0, 0, 0)
}

// What is chosen for a file adds to what was remembered of its layout.
func TestAChoiceAddsToWhatIsRemembered(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("a.csv", "Dev ID,Box,To", "TK-0001,1,Lahore"), said(lahore(), "a", 0, map[int]string{1: "serial_number"}))
	p := w.imported(lines("b.csv", "Dev ID,Box,To", "TK-0002,1,Lahore"), said(lahore(), "b", 0, map[int]string{2: "lot"}))
	wantCounts(t, p, 1, 0, 0, 0)
	p = w.imported(lines("c.csv", "Dev ID,Box,To", "TK-0003,9,Lahore"), lahore())
	if d := p.Changes()[0].(registry.ExpectDevice).Device; d.Serial != "TK-0003" || d.Lot != "9" {
		t.Errorf("%+v", d)
	}
	moved := w.imported(lines("d.csv", "Dev ID,Box,To", "1,TK-0004,Lahore"), said(lahore(), "d", 0, map[int]string{2: "serial_number"}))
	if d := moved.Changes()[0].(registry.ExpectDevice).Device; d.Serial != "TK-0004" {
		t.Errorf("%+v", d)
	}
	p = w.plan(lines("e.csv", "Dev ID,Box,To", "1,TK-0005,Lahore"), lahore())
	wantCounts(t, p, 1, 0, 0, 0)
}

func TestAListWithoutAHeaderIsNotRemembered(t *testing.T) {
	w := newWorld(t)
	o := decided(said(lahore(), "a", registry.NoHeader, map[int]string{1: "serial_number", 2: "warranty_end"}),
		[3]string{"date.ambiguous|warranty_end", MonthFirst})
	w.imported(lines("a.csv", "TK-0001,03/04/2028"), o)
	p := w.plan(lines("b.csv", "TK-0002,30"), said(lahore(), "b", registry.NoHeader, map[int]string{1: "serial_number"}))
	wantCounts(t, p, 1, 0, 0, 0)
}

func TestTheOrderOfDatesIsRememberedBesideOtherChoices(t *testing.T) {
	w := newWorld(t)
	order := [3]string{"date.ambiguous|warranty_end", MonthFirst}
	w.imported(lines("a.csv", "Serial,Box,Warranty End", "TK-0001,1,03/04/2028"), decided(lahore(), order))
	w.imported(lines("b.csv", "Serial,Box,Warranty End", "TK-0002,1,"), said(lahore(), "b", 0, map[int]string{2: "lot"}))
	p := w.plan(lines("c.csv", "Serial,Box,Warranty End", "TK-0003,1,03/04/2028"), lahore())
	wantCounts(t, p, 1, 0, 0, 0)
	if d := p.Changes()[0].(registry.ExpectDevice).Device; d.Lot != "1" || d.WarrantyEnds.String() != "2028-03-04" {
		t.Errorf("%+v", d)
	}
}

func TestASheetThatIsNotThereCannotBeChosen(t *testing.T) {
	w := newWorld(t)
	f := sheets(t, tabOf{"March", [][]any{{"Serial"}, {"TK-0001"}}}, tabOf{"April", [][]any{{"Serial"}, {"TK-0002"}}})
	o := lahore()
	o.Reading.Sheets = []registry.SheetReading{{Name: "march"}, {Skip: true}}
	_, err := NewPlan(t.Context(), w.boss, f, o)
	if err == nil || !strings.Contains(err.Error(), `the file has no sheet "march": it has "March", "April"`) {
		t.Error(err)
	}
}

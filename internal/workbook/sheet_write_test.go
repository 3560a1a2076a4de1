package workbook

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func sheetFile(t *testing.T, s Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSheet(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWrittenSheetHoldsWhatItWasGiven(t *testing.T) {
	data := sheetFile(t, Sheet{
		Name: "Packing list", Title: []string{"SUTLEJ DEVICES", "", "Shipment S-1"},
		Header: []string{"Serial", "Ends", "Price", "Pupils", "Latitude", "Note"},
		Rows: slices.Values([][]any{
			{"0012345", fleet.NewDate(2029, 6, 30), fleet.Rupees(4_500_050), 120, 31.5, "=1+1"},
			{"", nil, fleet.Rupees(0), 0, 0.0, "دو"},
		}),
	})
	x, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	got, err := x.GetRows("Packing list")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"SUTLEJ DEVICES"},
		nil,
		{"Shipment S-1"},
		{"Serial", "Ends", "Price", "Pupils", "Latitude", "Note"},
		{"0012345", "2029-06-30", "45,000.50", "120", "31.500000", "=1+1"},
		{"", "", "", "0", "0.000000", "دو"},
	}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the sheet holds\n%q, want\n%q", got, want)
	}
	if formula, err := x.GetCellFormula("Packing list", "F5"); formula != "" || err != nil {
		t.Errorf("a text became the formula %q (%v)", formula, err)
	}
}

func TestAWrittenSheetIsUnderstoodByTheImport(t *testing.T) {
	w := newWorld(t)
	data := sheetFile(t, Sheet{
		Name: "List", Title: []string{"MARGALLA ASSEMBLY (PVT) LTD", "Packing list of shipment S-9, PO-17", ""},
		Header: []string{"Serial No", "Warranty Expiry", "Unit Price (PKR)", "School EMIS", "District"},
		Rows: slices.Values([][]any{
			{"MA-0001", fleet.NewDate(2029, 6, 30), fleet.Rupees(4_500_050), "35200001", "Lahore"},
		}),
	})
	w.imported(memFile("list.xlsx", data), Options{Kind: Devices, Shipment: "S-9", To: "PK601"})
	d, err := w.boss.Device(t.Context(), "MA-0001")
	if err != nil || d.WarrantyEnds != fleet.NewDate(2029, 6, 30) || d.Price != 4_500_050 {
		t.Errorf("the device came in as %+v, %v", d, err)
	}
}

func TestWhatASheetCannotHold(t *testing.T) {
	cases := []struct {
		what string
		rows [][]any
		want string
	}{
		{"a row that is too short", [][]any{{"a", "b"}, {"a"}}, "row 4 has 1 cells under 2 columns"},
		{"something that is no cell", [][]any{{"a", []int{1}}}, "B3: a sheet has no cells of type []int"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			err := WriteSheet(new(bytes.Buffer), Sheet{Name: "A", Title: []string{"t"}, Header: []string{"x", "y"}, Rows: slices.Values(c.rows)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestASheetThatCannotBeWritten(t *testing.T) {
	full := errors.New("no room")
	err := WriteSheet(failing{full}, Sheet{Name: "A", Header: []string{"x"}, Rows: slices.Values([][]any{{"a"}})})
	if !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

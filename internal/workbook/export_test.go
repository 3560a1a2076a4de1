package workbook

import (
	"archive/zip"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

var update = flag.Bool("update", false, "write the golden files anew")

// exported exports and gives the file back.
func (w *world) exported(s registry.Session, o ExportOptions) File {
	w.t.Helper()
	var b bytes.Buffer
	if _, err := Export(context.Background(), s, &b, o); err != nil {
		w.t.Fatal(err)
	}
	return memFile("export."+o.Format.String(), b.Bytes())
}

func bytesOf(t testing.TB, f File) []byte {
	t.Helper()
	b, err := io.ReadAll(io.NewSectionReader(f.Data, 0, f.Size))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fill brings in devices in several states, and a fault.
func (w *world) fill() {
	w.t.Helper()
	w.imported(lines("a.csv",
		"Serial,Asset Tag,MAC,Model,Carton,Lot,Line,PO,Price,Funding,Warranty End,School EMIS,District",
		"TK-0001,A-1,A4:BB:6D:01:02:03,Takhti 11,0041,L3,2,PO-17,45000.50,Federal,2029-06-30,35200001,Lahore",
		"0012345,A-2,,Takhti 14,0042,,,,,,,,Lahore",
		"TK-0003,,,,,,,,,,,35200002,Lahore",
	), Options{Kind: Devices, Shipment: "S-1", To: "PK601"})
	_, err := w.boss.Apply(context.Background(), registry.Request{},
		registry.ReceiveDevice{Serial: "TK-0001"},
		registry.AssignDevice{Serial: "TK-0001", Holder: fleet.Holder{Kind: fleet.HeldByLearner, Label: "7-B", Roll: 12}},
		registry.ReportFault{Serial: "TK-0001", Category: fleet.FaultScreen, Severity: fleet.Major, Note: "=cracked"},
	)
	if err != nil {
		w.t.Fatal(err)
	}
}

// The exported columns and what stands in them are part of the interface.
func TestExportsAreAsTheyWere(t *testing.T) {
	w := newWorld(t)
	w.fill()
	for _, k := range []Kind{Places, Devices, Faults} {
		got := bytesOf(t, w.exported(w.boss, ExportOptions{Kind: k, Format: CSV}))
		golden := "testdata/export_" + k.String() + ".csv"
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", k, got, want)
		}
	}
}

func TestAnExportedWorkbook(t *testing.T) {
	w := newWorld(t)
	w.fill()
	data := bytesOf(t, w.exported(w.boss, ExportOptions{Kind: Devices, Format: XLSX}))
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	xml, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`state="frozen"`, `topLeftCell="A2"`} {
		if !bytes.Contains(xml, []byte(want)) {
			t.Errorf("the sheet has no %s", want)
		}
	}
	if bytes.Contains(xml, []byte("<f>")) {
		t.Error("the sheet has formulas")
	}
	x, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for cell, want := range map[string]string{"A2": "0012345", "E2": "0042", "I3": "45,000.50", "K3": "2029-06-30", "V3": "learner: 7-B, roll 12", "W3": "2026-06-01"} {
		if got, err := x.GetCellValue("devices", cell); err != nil || got != want {
			t.Errorf("cell %s shows %q, want %q (%v)", cell, got, want, err)
		}
	}
	kind, err := x.GetCellType("devices", "A2")
	if err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("a serial of digits is of type %v", kind)
	}
}

// Text that a spreadsheet could take for a formula is kept from being one, and
// comes back as it was.
func TestExportsAreInert(t *testing.T) {
	w := newWorld(t)
	names := []string{"=1+1", "+92 300", "-x", "@SUM(A1)", "'=1", "''x", "'Abd al-Haq", "＝1"}
	var changes []registry.Change
	for i, name := range names {
		emis := fmt.Sprintf("3520010%d", i)
		changes = append(changes, registry.SavePlace{Parent: "PK601", Place: fleet.Place{
			Code: fleet.PlaceCode("PK6-" + emis), EMIS: emis, Kind: fleet.School, State: fleet.Active, Name: name,
		}})
	}
	if _, err := w.boss.Apply(t.Context(), registry.Request{}, changes...); err != nil {
		t.Fatal(err)
	}
	csv := bytesOf(t, w.exported(w.boss, ExportOptions{Kind: Places, Format: CSV}))
	for _, line := range strings.Split(string(csv), "\r\n") {
		for _, cell := range strings.Split(line, ",") {
			if startsFormula(strings.Trim(cell, `"`)) {
				t.Errorf("the cell %s could be a formula", cell)
			}
		}
	}
	for _, f := range []Format{CSV, XLSX} {
		p := w.plan(w.exported(w.boss, ExportOptions{Kind: Places, Format: f}), Options{Kind: Places})
		wantProblems(t, p)
		wantCounts(t, p, 0, 0, 12+len(names), 0)
	}
}

// An officer exports what is the officer's, and nothing of what lies beside.
func TestAnExportHoldsTheActorsScope(t *testing.T) {
	w := newWorld(t)
	w.fill()
	kasur := w.as(fleet.Officer, "PK602")
	for _, k := range []Kind{Devices, Faults} {
		if n, err := Export(t.Context(), kasur, io.Discard, ExportOptions{Kind: k, Format: CSV}); err != nil || n != 0 {
			t.Errorf("%s: %d rows, %v", k, n, err)
		}
	}
	if n, err := Export(t.Context(), kasur, io.Discard, ExportOptions{Kind: Places, Format: CSV}); err != nil || n != 1 {
		t.Errorf("places: %d rows, %v", n, err)
	}
	elsewhere := Filter{Place: w.place("PK601").Path}
	if n, err := Export(t.Context(), kasur, io.Discard, ExportOptions{Kind: Devices, Format: CSV, Filter: elsewhere}); err != nil || n != 0 {
		t.Errorf("devices of another district: %d rows, %v", n, err)
	}
}

func TestAnExportCanBeFiltered(t *testing.T) {
	w := newWorld(t)
	w.fill()
	for _, c := range []struct {
		filter Filter
		want   int
	}{
		{Filter{}, 3},
		{Filter{Status: fleet.Issued}, 1},
		{Filter{Condition: fleet.Faulty}, 1},
		{Filter{Text: "TK-"}, 2},
		{Filter{Place: w.place("PK602").Path}, 0},
	} {
		if n, err := Export(t.Context(), w.boss, io.Discard, ExportOptions{Kind: Devices, Format: CSV, Filter: c.filter}); err != nil || n != c.want {
			t.Errorf("%+v: %d rows, %v; want %d", c.filter, n, err, c.want)
		}
	}
}

// Exporting and importing the same file changes nothing, whatever texts the
// register holds.
func TestExportThenImportChangesNothing(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("aZ9 =+-@'\",;|\u00A0\u200B\u200Fیکہآ٣۴é\u00AD.E0/")), 0, 12, -1)
	rapid.Check(t, func(r *rapid.T) {
		w := newEmptyWorld(t)
		changes := []registry.Change{
			registry.SavePlace{Place: fleet.Place{Code: "PK", Kind: fleet.Country, State: fleet.Active, Name: "Pakistan"}},
			registry.SavePlace{Parent: "PK", Place: fleet.Place{Code: "PK6", Kind: fleet.Province, State: fleet.Active, Name: "Punjab"}},
			registry.SavePlace{Parent: "PK6", Place: fleet.Place{Code: "PK601", Kind: fleet.District, State: fleet.Active, Name: "Lahore"}},
			registry.AnnounceShipment{Number: "S-1", Destination: "PK601"},
		}
		for i := range rapid.IntRange(1, 4).Draw(r, "schools") {
			emis := fmt.Sprintf("%05d", i)
			place := fleet.Place{
				Code: fleet.PlaceCode("PK6-" + emis), EMIS: emis, Kind: fleet.School, State: rapid.SampledFrom(fleet.PlaceStates()).Draw(r, "state"),
				Name: "S" + text.Draw(r, "name"), NameUrdu: text.Draw(r, "urdu"), Division: text.Draw(r, "division"), Phone: text.Draw(r, "phone"),
				Level: rapid.SampledFrom(append(fleet.Levels(), "")).Draw(r, "level"), Gender: rapid.SampledFrom(append(fleet.Genders(), "")).Draw(r, "gender"),
				Enrolment: rapid.Uint32Range(0, 9999).Draw(r, "enrolment"), Electricity: fleet.Known(rapid.IntRange(0, 2).Draw(r, "electricity")),
			}
			for range rapid.IntRange(0, 2).Draw(r, "aliases") {
				place.Aliases = append(place.Aliases, "a"+text.Draw(r, "alias"))
			}
			if rapid.Bool().Draw(r, "measured") {
				place.Latitude, place.Longitude = rapid.Float64Range(24, 37).Draw(r, "lat"), rapid.Float64Range(61, 77).Draw(r, "lon")
			}
			changes = append(changes, registry.SavePlace{Parent: "PK601", Place: place})
		}
		for i := range rapid.IntRange(0, 5).Draw(r, "devices") {
			changes = append(changes, registry.ExpectDevice{Shipment: "S-1", Model: rapid.SampledFrom([]string{"", "Takhti 11", "Takhti  14"}).Draw(r, "model"), Device: fleet.Device{
				Serial: fleet.Serial(fmt.Sprintf("%05d", i)), Tag: fleet.Tag(fmt.Sprintf("%d.0", i)), Carton: text.Draw(r, "carton"), MAC: text.Draw(r, "mac"),
				PO: text.Draw(r, "po"), Funding: text.Draw(r, "funding"), Price: fleet.Rupees(rapid.Int64Range(0, 9_999_999_99).Draw(r, "price")),
				WarrantyEnds: fleet.Date(rapid.Int32Range(11_000, 40_000).Draw(r, "warranty")),
			}})
		}
		if _, err := w.boss.Apply(context.Background(), registry.Request{}, changes...); err != nil {
			r.Skip(err)
		}
		for _, k := range []struct{ out, in Kind }{{Places, Places}, {Devices, Devices}, {Devices, Updates}, {Models, Models}} {
			for _, f := range []Format{XLSX, CSV} {
				file := w.exported(w.boss, ExportOptions{Kind: k.out, Format: f})
				p, err := NewPlan(context.Background(), w.boss, file, Options{Kind: k.in})
				if err != nil {
					r.Fatalf("%v as %s: %v", k, f, err)
				}
				if len(p.Problems) > 0 || len(p.Changes()) > 0 {
					r.Fatalf("%v as %s: problems %v, changes %+v", k, f, p.Problems, p.Changes())
				}
			}
		}
	})
}

func TestAnExportIsJournalled(t *testing.T) {
	w := newWorld(t)
	w.fill()
	w.exported(w.boss, ExportOptions{Kind: Devices, Format: CSV})
	model := registry.SaveModel{Model: fleet.Model{Name: "Slate 99"}} // acts are written with the next change at the latest
	if _, err := w.boss.Apply(t.Context(), registry.Request{}, model); err != nil {
		t.Fatal(err)
	}
	page, err := w.boss.Journal(t.Context(), registry.JournalQuery{Change: registry.Exported.String(), Limit: 2})
	if err != nil || len(page) != 1 || page[0].Subject != "devices" || page[0].Note != "csv" {
		t.Errorf("the journal has %+v: %v", page, err)
	}
}

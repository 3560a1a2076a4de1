package workbook

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

var packingHeader = []any{"Serial No.", "Asset Tag", "MAC", "Model", "Carton", "Lot", "PO", "Price", "Warranty End", "School EMIS", "District"}

func lahore() Options {
	return Options{Kind: Devices, Shipment: "s-1", Supplier: "Assembler", To: "PK601"}
}

func TestAPackingListMakesAShipment(t *testing.T) {
	w := newWorld(t)
	f := xlsx(
		t, packingHeader,
		[]any{"tk-0001 ", "A-1", "A4:BB:6D:01:02:03", "Takhti 11", 41, "L3", "PO-17", "Rs. 45,000", "30/06/2029", 35200001, "Lahore"},
		[]any{"TK-0002", "", "", "takhti  11", 41, "L3", "PO-17", 45000.5, 47299, "", "Lahore"},
		[]any{123456789012, "", "", "Takhti 14", 42, "", "", "", "2029-06-30", "", ""},
	)
	p := w.imported(f, lahore())
	wantCounts(t, p, 3, 0, 0, 0)
	s, err := w.boss.Shipment(t.Context(), "S-1")
	if err != nil || s.Lines != 3 || s.Supplier != "Assembler" || s.File != p.SHA256 || s.FileName != "test.xlsx" {
		t.Errorf("the shipment: %+v, %v", s, err)
	}
	d := w.device("TK-0001")
	if d.Tag != "A-1" || d.Price != 4_500_000 || d.WarrantyEnds.String() != "2029-06-30" || d.Carton != "41" || d.Status != fleet.Expected {
		t.Errorf("the first device: %+v", d)
	}
	if d.Place != w.place("PK6-35200001").Path {
		t.Error("the first device is not bound for its school")
	}
	if d := w.device("TK-0002"); d.Place != w.place("PK601").Path || d.Price != 4_500_050 || d.WarrantyEnds.String() != "2029-06-30" {
		t.Errorf("the second device: %+v", d)
	}
	if d := w.device("123456789012"); d.Place != w.place("PK601").Path {
		t.Errorf("the third device: %+v", d)
	}
	if models, _ := w.boss.Models(t.Context()); len(models) != 2 {
		t.Errorf("models: %v", models)
	}
	again := w.plan(f, lahore())
	wantCounts(t, again, 0, 0, 3, 0)
	if len(again.Changes()) != 0 {
		t.Errorf("the same file again changes %v", again.Changes())
	}
}

func TestACorrectedListChangesItsDevices(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("a.csv", "Serial,Asset Tag,Model,Price", "TK-0001,A-1,Takhti 11,45000", "TK-0002,A-2,Takhti 11,45000"), lahore())
	p := w.imported(lines("b.csv", "Serial,Asset Tag,Model,Price", "TK-0001,A-1,Takhti 14,", "TK-0002,A-2,,45000", "TK-0003,A-3,Takhti 11,45000"), lahore())
	wantCounts(t, p, 1, 1, 1, 0)
	d := w.device("TK-0001")
	if d.Price != 4_500_000 || d.Model != 2 {
		t.Errorf("an empty price must leave the price, and the model must change: %+v", d)
	}
}

func TestEveryProblemNamesItsCell(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("a.csv", "Serial,Asset Tag", "OLD-0001,T-1"), Options{Kind: Devices, Shipment: "S-0", To: "PK602"})
	p := w.plan(xlsx(
		t, packingHeader,
		[]any{"1.23E+11", "", "", "", "", "", "", "", "", "", ""},
		[]any{"TK-0001", "A-1", "", "", "", "", "", "", "31/02/2026", "", ""},
		[]any{"TK-0002", "A-1", "", "", "", "", "", "", "32/13/2026", "", ""},
		[]any{"TK-0001", "A-2", "", "", "", "", "", "", "", "", ""},
		[]any{"TK-0003", "", "", "", "", "", "", "a lot", "", "", ""},
		[]any{"TK-0004", "", "", "", "", "", "", "", "", "35200010", "Lahore"},
		[]any{"TK-0005", "", "", "", "", "", "", "", "", "", "Lahor"},
		[]any{"TK-0006", "T-1", "", "", "", "", "", "", "", "", ""},
		[]any{"OLD-0001", "", "", "", "", "", "", "", "", "", ""},
		[]any{"TK-0007", "", "", "", "", "", "", "", "", "35200001", "Kasur"},
		[]any{"", "A-9", "", "", "", "", "", "", "", "", ""},
		[]any{"TK-0008", "#N/A", "", "", "", "", "", "", "", "", ""},
		[]any{"TK-0009", "A-10", "", "", "", "", "", "", "", "", ""},
		[]any{"TK-0010", "", "", "", "", "", "", "", "", "35200010", ""},
	), Options{Kind: Devices, Shipment: "S-1", To: "PK601", SkipBad: true})
	wantProblems(
		t, p,
		`Sheet1!A2: "1.23E+11" is not a serial: Excel turned it into a number.`,
		`Sheet1!I3: "31/02/2026" is not a date: there is no such day`,
		`Sheet1!B4: asset tag A-1 is in the file twice, in Sheet1!3 and in Sheet1!4`,
		`Sheet1!I4: "32/13/2026" is not a date: there is no such day`,
		`Sheet1!A5: serial TK-0001 is in the file twice, in Sheet1!3 and in Sheet1!5`,
		`Sheet1!H6: "a lot" is not an amount of rupees`,
		`Sheet1!J7: there is no school with EMIS code 35200010 in Lahore; is it 35200001 GGHS Chak 77`,
		`Sheet1!K8: there is no district "Lahor"; is it Lahore?`,
		`Sheet1!B9: asset tag T-1 is already on another device`,
		`Sheet1!A10: device OLD-0001 is already in the register, on shipment S-0, at Kasur (PK602)`,
		`Sheet1!J11: school 35200001 (GGHS Chak 77) does not lie in Kasur`,
		`Sheet1!A12: the serial is missing`,
		`Sheet1!B13: the cell shows Excel's error #N/A`,
		`Sheet1!J15: there is no school with EMIS code 35200010; is it 35200001 GGHS Chak 77`,
	)
	wantCounts(t, p, 1, 0, 0, 13)
	if _, err := Apply(t.Context(), w.boss, p, 0); err != nil {
		t.Fatal(err)
	}
	if d := w.device("TK-0009"); d.Tag != "A-10" {
		t.Errorf("the one good row: %+v", d)
	}
}

func TestAFileWithAProblemImportsNothing(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv", "Serial", "TK-0001", "x"), lahore())
	if _, err := Apply(t.Context(), w.boss, p, 0); err == nil || !strings.Contains(err.Error(), "nothing was imported: 1 row of 2 has a problem") {
		t.Errorf("applied: %v", err)
	}
	if _, err := w.boss.Device(context.Background(), "TK-0001"); fleet.KindOf(err) != fleet.NotFound {
		t.Error("a good row of a refused file is in the register")
	}
}

func TestAShipmentNeedsANumberAndADestination(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv", "Serial,Shipment", "TK-0001,", "TK-0002,S-1"), Options{Kind: Devices, To: "PK601"})
	wantProblems(t, p, "a!B2: the row does not say which shipment it belongs to")
	p = w.plan(lines("a.csv", "Serial", "TK-0001", "TK-0002"), Options{Kind: Devices})
	wantCounts(t, p, 0, 0, 0, 2)
	list := lines("a.csv", "Serial", "TK-0001", "TK-0002")
	wantProblems(t, p, "a!2: the file does not say which shipment its devices belong to: give its number")
	p = w.plan(list, Options{Kind: Devices, Shipment: "S-1"})
	wantProblems(t, p, "a!2: shipment S-1 is new: say where it goes")
	if _, err := NewPlan(t.Context(), w.boss, list, Options{Kind: Devices, Shipment: "S-1", To: "PK999"}); fleet.KindOf(err) != fleet.NotFound {
		t.Errorf("an unknown destination: %v", err)
	}
	officer := w.as(fleet.Officer, "PK601")
	p, err := NewPlan(t.Context(), officer, list, Options{Kind: Devices, Shipment: "S-1"})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, p, 2, 0, 0, 0)
}

// A device that has moved on stays where it is when its packing list comes again.
func TestAnImportMovesNoDevice(t *testing.T) {
	w := newWorld(t)
	list := lines("a.csv", "Serial,District", "TK-0001,Lahore", "TK-0002,Lahore")
	w.imported(list, lahore())
	_, err := w.boss.Apply(t.Context(), registry.Request{},
		registry.ReceiveDevice{Serial: "TK-0001"},
		registry.DispatchDevice{Serial: "TK-0001", To: "PK6-35200001"},
		registry.AcceptDevice{Serial: "TK-0001"})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, w.plan(list, lahore()), 0, 0, 2, 0)
	p := w.plan(lines("b.csv", "Serial,District", "TK-0001,Kasur", "TK-0002,Kasur"), lahore())
	wantCounts(t, p, 0, 0, 1, 1)
	wantProblems(t, p, "b!B3: device TK-0002 is already in the register, at Lahore (PK601), not at Kasur")
}

func TestAnImportsRecordIsFinishedWithIt(t *testing.T) {
	w := newWorld(t)
	list := lines("a.csv", "Serial", "TK-0001")
	p := w.plan(list, lahore())
	if _, err := w.boss.Apply(t.Context(), registry.Request{}, registry.StartImport{Import: registry.Import{Kind: "shipment", SHA256: p.SHA256}}); err != nil {
		t.Fatal(err)
	}
	first, err := Apply(t.Context(), w.boss, p, 1)
	if err != nil {
		t.Fatal(err)
	}
	i, err := w.boss.Import(t.Context(), 1)
	if err != nil || i.State != registry.ImportApplied || i.New != 1 || i.Rows != 1 {
		t.Errorf("the import: %+v, %v", i, err)
	}
	if again, err := Apply(t.Context(), w.boss, p, 1); err != nil || again.Last != first.Last {
		t.Errorf("applied again: %+v, %v", again, err)
	}
}

// A school that only its name tells is found however many have names like it, and
// one of two schools of the same name is never chosen.
func TestASchoolByItsNameAlone(t *testing.T) {
	w := newWorld(t)
	schools := []string{"EMIS Code,Place Name,District"}
	for i := range 60 {
		schools = append(schools, fmt.Sprintf("%d,GGHS Model Village %d,Kasur", 35300000+i, i))
	}
	schools = append(schools, "35300070,GGHS Model Village,Kasur", "35300071,GGHS Twin,Kasur", "35300072,GGHS Twin,Quetta")
	w.imported(lines("schools.csv", schools...), Options{Kind: Places})
	p := w.plan(lines("a.csv", "Serial,School Name,Province",
		"TK-0001,gghs model village,",
		"TK-0002,GGHS Twin,",
		"TK-0003,GGHS Twin,Punjab",
		"TK-0004,GGHS Model Vilage,",
	), Options{Kind: Devices, Shipment: "S-1", To: "PK601", SkipBad: true})
	wantProblems(t, p, `a!B3: 2 places are called "GGHS Twin": add the code of the right one`, `a!B5: there is no school "GGHS Model Vilage"`)
	if _, err := Apply(t.Context(), w.boss, p, 0); err != nil {
		t.Fatal(err)
	}
	for serial, code := range map[fleet.Serial]fleet.PlaceCode{"TK-0001": "PK6-35300070", "TK-0003": "PK6-35300071"} {
		if w.device(serial).Place != w.place(code).Path {
			t.Errorf("device %s is not bound for %s", serial, code)
		}
	}
}

// A list sent again with another destination says that the shipment will go
// there; once devices have come, it cannot.
func TestANewDestinationIsSaid(t *testing.T) {
	w := newWorld(t)
	list := lines("a.csv", "Serial", "TK-0001", "TK-0002")
	w.imported(list, lahore())
	to := lahore()
	if p := w.plan(list, to); len(p.Notes) > 0 {
		t.Errorf("the same again: %q", p.Notes)
	}
	to.To, to.Supplier = "PK602", "Haier"
	p := w.imported(list, to)
	want := "Shipment S-1: the destination changes from Lahore (PK601) to Kasur (PK602).\n" +
		"Shipment S-1: the supplier changes from Assembler to Haier."
	if got := strings.Join(p.Notes, "\n"); got != want {
		t.Errorf("the notes are\n%s\nwant\n%s", got, want)
	}
	if _, err := w.boss.Apply(t.Context(), registry.Request{}, registry.ReceiveDevice{Serial: "TK-0001"}); err != nil {
		t.Fatal(err)
	}
	_, err := NewPlan(t.Context(), w.boss, list, lahore())
	const refusal = "shipment S-1 goes to Kasur (PK602), and 1 device of it has been received: it cannot go to Lahore (PK601)"
	if err == nil || !strings.Contains(err.Error(), refusal) {
		t.Errorf("another destination after the first device: %v", err)
	}
}

// A serial, a tag or a code in a number cell must be what was typed there.
func TestNumbersThatCannotBeCodes(t *testing.T) {
	w := newWorld(t)
	header := []any{"Serial", "Tag", "School EMIS"}
	p := w.plan(xlsx(
		t, header,
		[]any{12345678901234500, "", ""},
		[]any{4.5e-5, "", ""},
		[]any{123456.5, "", ""},
		[]any{-45000, "", ""},
		[]any{123000000000, "", ""},
		[]any{"TK-0001", 1.5, ""},
		[]any{"TK-0002", "", 35200001.5},
		[]any{"123000000000", "", ""},
		[]any{123456789012345, 1000000, 35200001},
		[]any{12000000, "", ""},
	), lahore())
	wantProblems(
		t, p,
		"Sheet1!A2: the cell holds a number of 17 digits, of which Excel keeps 15: format the column as Text",
		"Sheet1!A3: the cell holds the number 0.000045, which is no code",
		"Sheet1!A4: the cell holds the number 123456.5, which is no code",
		"Sheet1!A5: the cell holds the number -45000, which is no code",
		"Sheet1!A6: the cell holds the number 123000000000, whose last digits seem to be lost",
		"Sheet1!B7: the cell holds the number 1.5, which is no code",
		"Sheet1!C8: the cell holds the number 35200001.5, which is no code",
	)
	wantCounts(t, p, 3, 0, 0, 7)
}

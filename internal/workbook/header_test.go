package workbook

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// headers names the columns that the header of a list of schools was found to have.
func headers(t *testing.T, k Kind, rows [][]string, merges ...sheet.Range) (header, string) {
	t.Helper()
	var in []row
	for i, cells := range rows {
		in = append(in, row{number: i + 1, cells: cells})
	}
	h, err := newVocabulary(k).find(in, func() ([]sheet.Range, error) { return merges, nil })
	if err != nil {
		t.Fatal(err)
	}
	names := map[columnID]string{
		colEMIS: "emis", colName: "name", colDistrict: "district", colEnrolment: "enrolment", colSerial: "serial", colTag: "tag",
		colModel: "model", colLatitude: "lat", colLongitude: "lon", colPrice: "price", colPO: "po", colWarranty: "warranty",
	}
	var found []string
	for id, at := range h.at {
		if name := names[columnID(id)]; at >= 0 && name != "" {
			found = append(found, fmt.Sprintf("%s=%s", name, sheet.ColumnName(at+1)))
		}
	}
	return h, strings.Join(found, " ")
}

func TestHeadersAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		kind   Kind
		rows   [][]string
		merges []sheet.Range
		row    int
		want   string
	}{
		"in the first row": {
			kind: Places, rows: [][]string{{"EMIS", "School Name", "District"}, {"1", "x", "y"}},
			row: 1, want: "emis=A name=B district=C",
		},
		"under title rows": {
			kind: Places, rows: [][]string{{"GOVERNMENT OF PUNJAB"}, {"", "List of schools, 2026"}, {"", "EMIS CODE", "NAME OF SCHOOL"}, {"", "1", "x"}},
			row: 3, want: "emis=B name=C",
		},
		"whatever the case, the blanks and the punctuation": {
			kind: Devices, rows: [][]string{{" serial  no. ", "ASSET-TAG", "model_name"}},
			row: 1, want: "serial=A tag=B model=C",
		},
		"in Urdu, with either form of its letters": {
			kind: Devices, rows: [][]string{{"سيريل نمبر", "ماڈل", "قيمت"}},
			row: 1, want: "serial=A model=B price=C",
		},
		"of a Snipe-IT export": {
			kind: Devices, rows: [][]string{{"ID", "Company", "Asset Name", "Asset Tag", "Model", "Model No.", "Serial", "Purchased", "Cost", "Order Number", "Warranty Expires"}},
			row: 1, want: "serial=G tag=D model=E po=J price=I warranty=K",
		},
		"of a Google Admin export": {
			kind: Devices, rows: [][]string{{"deviceId", "serialNumber", "annotatedAssetId", "macAddress", "model"}},
			row: 1, want: "serial=B tag=C model=E",
		},
		"of two rows, merged": {
			kind: Places, rows: [][]string{{"EMIS", "School", "Enrolment"}, {"", "", "Boys", "Girls", "Total"}, {"1", "x", "2", "3", "5"}},
			merges: []sheet.Range{merged(1, 1, 2, 1), merged(1, 2, 2, 2), merged(1, 3, 1, 5)}, row: 2, want: "emis=A name=B enrolment=E",
		},
		"of two rows, in a text file": {
			kind: Places, rows: [][]string{{"EMIS", "School", "Enrolment"}, {"", "", "Boys", "Girls", "Total"}, {"1", "x", "2", "3", "5"}},
			row: 2, want: "emis=A name=B enrolment=E",
		},
		"of two rows, the upper one grouping": {
			kind: Places, rows: [][]string{{"School", "", "Position"}, {"EMIS", "Name", "Lat", "Long"}, {"1", "x", "31", "74"}},
			merges: []sheet.Range{merged(1, 1, 1, 2), merged(1, 3, 1, 4)}, row: 2, want: "emis=A name=B lat=C lon=D",
		},
		"although a column without a name stands over data": {
			kind: Places, rows: [][]string{{"EMIS", "School", ""}, {"1", "x", "y"}},
			row: 1, want: "emis=A name=B",
		},
		"by the surer of two names": {
			kind: Devices, rows: [][]string{{"Serial", "Model Number", "Model"}},
			row: 1, want: "serial=A model=C",
		},
	} {
		h, got := headers(t, c.kind, c.rows, c.merges...)
		if got != c.want || h.row != c.row || len(h.missing) > 0 {
			t.Errorf("%s: row %d, %s; want row %d, %s", name, h.row, got, c.row, c.want)
		}
	}
}

// A column of running numbers is no column of serials.
func TestRunningNumbersAreNoSerials(t *testing.T) {
	for _, name := range []string{"S.No", "Sr. No.", "SR. NO.", "S. No", "No.", "#", "Sr#"} {
		if h, got := headers(t, Devices, [][]string{{name, "Model"}}); h.has(colSerial) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// No name in the table stands for two columns of the same list.
func TestEveryNameMeansOneColumn(t *testing.T) {
	for k, table := range tables {
		seen := map[string]string{}
		for _, c := range table.columns {
			for _, name := range append([]string{c.header}, c.names...) {
				if key(name) == "" {
					t.Errorf("%s: the name %q of %s is empty", k, name, c.header)
				}
				if other, twice := seen[key(name)]; twice {
					t.Errorf("%s: %q stands for %s and for %s", k, name, other, c.header)
				}
				seen[key(name)] = c.header
			}
		}
	}
}

func TestAFileWithoutAHeaderSaysWhatIsNeeded(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		file File
		kind Kind
		say  []string
	}{
		"nothing recognised": {
			lines("a.csv", "Item,Qty", "Pens,4", "Chalk,9"), Places,
			[]string{"no row that names the columns was found", `row 1: "Item", "Qty"; row 2: "Pens", "4"`, `"EMIS Code"`, `"Name of School"`},
		},
		"the key column missing": {
			lines("a.csv", "Packing list", "Asset Tag,Model,Price", "A-1,Takhti 11,45000"), Devices,
			[]string{`the row a!2 seems to name the columns ("Asset Tag", "Model", "Price")`, "no column holds the serial", `"Serial Number" or "Serial"`},
		},
	} {
		_, err := NewPlan(t.Context(), w.boss, c.file, Options{Kind: c.kind, Shipment: "S-1", To: "PK601"})
		var e *fleet.Error
		if !errors.As(err, &e) || e.Code != "header.not_found" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, say := range c.say {
			if !strings.Contains(e.Message, say) {
				t.Errorf("%s: %q does not say %q", name, e.Message, say)
			}
		}
	}
}

func TestTwoColumnsOfOneName(t *testing.T) {
	w := newWorld(t)
	_, err := NewPlan(t.Context(), w.boss, lines("a.csv", "Serial,Price,Price", "TK-0001,1,2"), lahore())
	if err == nil || !strings.Contains(err.Error(), `a!1: two columns are called "Price"`) {
		t.Errorf("got %v", err)
	}
}

func TestRowsThatAreNoneOfTheList(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv",
		"Sr,Serial,Price",
		"1,TK-0001,45000",
		"Sr,Serial,Price",
		"2,TK-0002,45000",
		"3,,",
		",Total,90000",
		"کل,,90000",
	), lahore())
	wantProblems(t, p)
	wantCounts(t, p, 2, 0, 0, 0)
	for _, want := range []string{"2 rows with totals were left aside", "1 row that repeats the header was left aside", `not imported: "Sr"`} {
		if !strings.Contains(strings.Join(p.Notes, "\n"), want) {
			t.Errorf("the notes %q do not say %q", p.Notes, want)
		}
	}
}

// Every visible sheet that holds the list is read; the others are named.
func TestSeveralSheets(t *testing.T) {
	x := excelize.NewFile()
	defer x.Close()
	for i, name := range []string{"Summary", "Lot 1", "Lot 2", "Old"} {
		if _, err := x.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		rows := [][]any{{"Serial", "Carton"}, {fmt.Sprintf("TK-%04d", i), "41"}}
		if name == "Summary" {
			rows = [][]any{{"Lot", "Devices"}, {"1", 1}}
		}
		for n, cells := range rows {
			if err := x.SetSheetRow(name, sheet.CellName(1, n+1), &cells); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(x.SetSheetVisible("Old", false), x.SetSheetRow("Lot 2", "A3", &[]any{"x"})); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	p := w.plan(saved(t, x), lahore())
	wantCounts(t, p, 2, 0, 0, 1)
	wantProblems(t, p, `'Lot 2'!A3: "x" is not a serial`)
	notes := strings.Join(p.Notes, "\n")
	for _, want := range []string{`The sheet "Summary" was not read: it has no column for the serial.`, `The hidden sheet "Old" was not read.`} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes %q do not say %q", notes, want)
		}
	}
}

// No row is lost between two headers: the rows below the first are read by it,
// those below the second by the second.
func TestASecondHeaderLosesNoRow(t *testing.T) {
	w := newWorld(t)
	p := w.imported(lines("a.csv",
		"Serial No,Model",
		"TK-0001,Takhti 11",
		"TK-0002,Takhti 11",
		",",
		"Model,Serial Number,Carton,Price",
		"Takhti 14,TK-0003,C-9,45000",
	), lahore())
	wantCounts(t, p, 3, 0, 0, 0)
	if d := w.device("TK-0003"); d.Carton != "C-9" || d.Price != 4_500_000 {
		t.Errorf("the device below the second header: %+v", d)
	}
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, "a: row 5 names the columns anew") {
		t.Errorf("the notes do not tell of the second header: %q", notes)
	}
}

// A legend above the table names columns too, but no row of the list stands
// between the two.
func TestALegendIsNoHeader(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv",
		"Serial Number,as on the label",
		"Model,as on the box",
		"Serial Number,Model,Carton",
		"TK-0001,Takhti 11,C-1",
	), lahore())
	wantProblems(t, p)
	wantCounts(t, p, 1, 0, 0, 0)
}

// A header that comes again under other names for the same columns is no device.
func TestAHeaderInOtherWords(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv", "Serial No,Model", "TK-0001,Takhti 11", "Serial Number,Model Name", "TK-0002,Takhti 11"), lahore())
	wantProblems(t, p)
	wantCounts(t, p, 2, 0, 0, 0)
}

// Where a column numbers the rows, the serials are in the other one, whatever the
// two are called; where that cannot be told, neither is chosen.
func TestTheColumnOfSerials(t *testing.T) {
	rows := func(a, b string) []string {
		return []string{a + "," + b, "1001,5CD3160ABC", "1002,5CD3160ABD", "1003,5CD3160ABE"}
	}
	for _, c := range []struct {
		file []string
		err  string
	}{
		{file: rows("Serial No", "Device Serial Number")},
		{file: rows("S/N", "Serial Number")},
		{file: rows("S/N", "Serial")},
		{file: rows("Serial Number", "Chromebook Serial")},
		{file: []string{"Serial No,Device Serial Number", "LINE-7,5CD3160ABC"}},
		{file: []string{"S/N,Serial,Device Serial", "AB-1,AB-2,5CD3160ABC"}},
		{rows("Serial No", "Label"), `The column "Serial No" counts the rows. Call the column for the serial "Serial Number"`},
		{[]string{"Serial No,S/N", "5CD3160ABC,5CD3160ABD"}, `a!1: the columns "Serial No" and "S/N" could both be meant`},
		{[]string{"Serial Number,Device Serial", "5CD3160ABC,5CD3160ABD"}, `a!1: the columns "Serial Number" and "Device Serial" could both be meant`},
	} {
		w := newWorld(t)
		p, err := NewPlan(t.Context(), w.boss, lines("a.csv", c.file...), lahore())
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: %v; want %s", c.file[0], err, c.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.file[0], err)
			continue
		}
		wantProblems(t, p)
		if _, err := Apply(t.Context(), w.boss, p, 0); err != nil {
			t.Fatal(err)
		}
		w.device("5CD3160ABC")
	}
}

// Some makers number their devices; a column that begins in the middle of
// nowhere does not count the rows.
func TestNumbersInARowCanBeSerials(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv", "S.No,Serial,Model", "1,100001,Takhti 11", "2,100002,Takhti 11", "3,100003,Takhti 11"), lahore())
	wantProblems(t, p)
	wantCounts(t, p, 3, 0, 0, 0)
}

// Rows between the devices are never devices without a serial of their own, and
// devices are never left aside.
func TestRowsThatOnlyLookLikeDevices(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv",
		"Serial,Model,Carton",
		"Carton 2,,",
		"Model,Carton,",
		"TK 0001,,",
		"Total,,",
		"Total,,412",
		"5CD 316 0ABC,Takhti 11,C-1",
	), lahore())
	wantProblems(
		t, p,
		"a!A2: this stands alone in its row and seems to be a heading: delete the row",
		"a!3: the row holds names of columns and nothing else: delete it",
	)
	wantCounts(t, p, 2, 0, 0, 2)
	for serial, want := range map[string]int{"TK-0009": 1, "35200001234": 1, "412": 0, "412 devices": 0} {
		p := w.plan(lines("b.csv", "Lot,Serial", "L-1,TK-0008", "Total,"+serial), lahore())
		wantProblems(t, p)
		wantCounts(t, p, 1+want, 0, 0, 0)
	}
}

// A list of the other kind is refused as a whole: its good rows would make schools
// of devices' addresses.
func TestAListOfTheOtherKind(t *testing.T) {
	w := newWorld(t)
	packing := []string{"Serial No,Model,EMIS Code,School Name,District", "5CD3160ABC,Takhti 11,35200001,GGHS Chak 77,Lahore", "5CD3160ABD,Takhti 11,35200009,GGHS Chak 78,Lahore"}
	for _, c := range []struct {
		kind  Kind
		lines []string
		want  string
	}{
		{Places, packing, `a!A1: the column "Serial No" holds serials, such as 5CD3160ABC: this looks like the list of a shipment. Import it as a shipment`},
		{Places, []string{"Serial,Model", "5CD3160ABC,Takhti 11"}, `a!1 names the columns of the list of a shipment ("Serial", "Model"), and no column holds the EMIS code and the name. Import it as a shipment`},
		{Devices, []string{"EMIS Code,School Name", "35200001,GGHS Chak 77"}, `a!1 names the columns of a list of places ("EMIS Code", "School Name"), and no column holds the serial. Import it as places`},
		{Places, []string{"Serial No,EMIS Code,School Name,District", "3,35200001,GGHS Chak 77,Lahore", "9,35200002,GBHS Model Town,Lahore"}, ""},
		{Devices, packing[:2], ""},
	} {
		_, err := NewPlan(t.Context(), w.boss, lines("a.csv", c.lines...), Options{Kind: c.kind, Shipment: "S-1", To: "PK601"})
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%q as %s: %v; want %s", c.lines[0], c.kind, err, c.want)
		}
	}
}

// merged is a merged block, in the order in which such blocks are told.
func merged(top, left, bottom, right int32) sheet.Range {
	return sheet.Range{Top: top, Left: left, Bottom: bottom, Right: right}
}

package workbook

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// copied is a copy of a planned file.
func copied(t testing.TB, c Copy, f File, p *Plan) File {
	t.Helper()
	var out bytes.Buffer
	if err := WriteCopy(t.Context(), &out, c, f, p, Limits{}, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	return memFile("again.xlsx", out.Bytes())
}

func excelizeOf(t testing.TB, f File) *excelize.File {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(bytesOf(t, f)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

// picture is what a workbook looks like: each filled cell with its text, the colour
// that it is filled with, and its comment.
func picture(t *testing.T, f File) string {
	t.Helper()
	x := excelizeOf(t, f)
	var out strings.Builder
	for _, name := range x.GetSheetList() {
		fmt.Fprintf(&out, "== %s\n", name)
		comments := map[string]string{}
		all, err := x.GetComments(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			comments[c.Cell] = c.Author + ": " + c.Text
		}
		rows, err := x.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j := range max(len(row), 8) {
				cell := sheet.CellName(j+1, i+1)
				text, _ := x.GetCellValue(name, cell, excelize.Options{RawCellValue: true})
				fill := fillOf(t, x, name, cell)
				if text+fill+comments[cell] == "" {
					continue
				}
				fmt.Fprintf(&out, "%s %q", cell, text)
				if fill != "" {
					fmt.Fprintf(&out, " filled %s", fill)
				}
				if c := comments[cell]; c != "" {
					fmt.Fprintf(&out, " commented %q", c)
				}
				if linked, to, _ := x.GetCellHyperLink(name, cell); linked {
					fmt.Fprintf(&out, " leads to %s", to)
				}
				out.WriteByte('\n')
			}
		}
	}
	return out.String()
}

func fillOf(t *testing.T, x *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := x.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	if fill := x.Styles.Fills.Fill[*x.Styles.CellXfs.Xf[id].FillID].PatternFill; fill != nil && fill.FgColor != nil {
		return fill.FgColor.RGB
	}
	return ""
}

// badList is a packing list with a title, a blue header and something wrong in most
// of its rows.
func badList(t *testing.T) File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	for i, cells := range [][]any{
		{"Lot 3 of the assembler"},
		{},
		{"Sr", "Serial Number", "Model", "Warranty End", "District", "School EMIS"},
		{1, "TK-0001", "Takhti 11", "30/06/2028", "Lahore", "35200001"},
		{2, "1.23E+11", "Takhti 11", "31/06/2028", "Lahore", "35200001"},
		{3, "TK-0001", "Takhti 11", "30/06/2028", "Lahor", "35200002"},
		{4, "TK-0004", "=1+1", "30/06/2028", "Lahor", nil},
		{5, nil, "Takhti 11", "30/06/2028", "Lahore", "35200003"},
		{6, "TK-0006", "Takhti 11", "30/06/2028", "Lahore", "35200003"},
	} {
		if err := x.SetSheetRow("Sheet1", sheet.CellName(1, i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	blue, err := x.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.SetCellStyle("Sheet1", "A3", "F3", blue); err != nil {
		t.Fatal(err)
	}
	return saved(t, x)
}

// What the sender of a bad list gets back, in both copies.
func TestCopiesLookAsTheyDid(t *testing.T) {
	f := badList(t)
	p := newWorld(t).plan(f, lahore())
	for c, golden := range map[Copy]string{Annotated: "testdata/annotated.txt", OnlyLeftOut: "testdata/left_out.txt"} {
		got := picture(t, copied(t, c, f, p))
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || got != string(want) {
			t.Errorf("differs from %s: %v; run go test ./internal/workbook -update, and look at what officers will see\n%s", golden, err, got)
		}
	}
}

// corrected is a workbook with other texts in some cells of its second sheet.
func corrected(t *testing.T, f File, cells map[string]string) File {
	t.Helper()
	x := excelizeOf(t, f)
	for cell, text := range cells {
		if err := x.SetCellStr(x.GetSheetList()[1], cell, text); err != nil {
			t.Fatal(err)
		}
	}
	return saved(t, x)
}

// A copy that was corrected and comes back is read as the file would be: the rows
// that are in the register already stay as they are, the others come in, and
// nothing is said of our own column and sheet.
func TestCorrectedCopiesComeBack(t *testing.T) {
	corrections := map[Copy]map[string]string{
		Annotated:   {"B5": "TK-0002", "D5": "30/06/2028", "B6": "TK-0003", "E6": "Lahore", "E7": "Lahore", "B8": "TK-0005"},
		OnlyLeftOut: {"B2": "TK-0002", "D2": "30/06/2028", "B3": "TK-0003", "E3": "Lahore", "E4": "Lahore", "B5": "TK-0005"},
	}
	for c, cells := range corrections {
		w := newWorld(t)
		f, o := badList(t), lahore()
		o.SkipBad = true
		p := w.imported(f, o)
		wantCounts(t, p, 2, 0, 0, 4)
		again := copied(t, c, f, w.plan(f, o))

		still := w.plan(again, lahore())
		// The serial that was there twice is in the register now, and once in the rest.
		if want := map[Copy]int{Annotated: 6, OnlyLeftOut: 5}[c]; len(still.Problems) != want {
			t.Errorf("copy %d: %d problems before it was corrected, want %d: %v", c, len(still.Problems), want, still.Problems)
		}
		mended := w.plan(corrected(t, again, cells), lahore())
		wantProblems(t, mended)
		wantCounts(t, mended, 4, 0, map[Copy]int{Annotated: 2, OnlyLeftOut: 0}[c], 0)
		for _, n := range slices.Concat(still.Notes, mended.Notes) {
			if strings.Contains(n, "Problem") || strings.Contains(n, "not imported") && !strings.Contains(n, `"Sr"`) {
				t.Errorf("copy %d: the plan says %q", c, n)
			}
		}
		if d := still.Differences; len(d) > 0 {
			t.Errorf("copy %d: it would change %v", c, d)
		}
	}
}

// Annotated again, a copy says what is wrong now and nothing of what was.
func TestACopyIsAnnotatedAgain(t *testing.T) {
	w := newWorld(t)
	f := badList(t)
	once := copied(t, Annotated, f, w.plan(f, lahore()))
	better := corrected(t, once, map[string]string{"B5": "TK-0002", "D5": "30/06/2028", "B6": "TK-0003", "E6": "Lahore"})
	twice := copied(t, Annotated, better, w.plan(better, lahore()))
	got := picture(t, twice)
	for text, want := range map[string]int{"== ": 2, "commented": 2, "filled FFFFCBC7": 2, "B5 \"TK-0002\"\n": 1, "G3 \"Problem (Takhti)\"": 1, "\nG": 3} {
		if n := strings.Count(got, text); n != want {
			t.Errorf("%q is there %d times, want %d", text, n, want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// Text files come back as workbooks, with every row where it was.
func TestATextFileComesBackAsAWorkbook(t *testing.T) {
	w := newWorld(t)
	f := lines("a/list: [3].csv", "Serial Number,District,Note", "TK-1,Lahore,=1+1", "", "0070007,Lahor,@x", "TK-3,Lahore,")
	p := w.plan(f, lahore())
	back := copied(t, Annotated, f, p)
	x := excelizeOf(t, back)
	if got := strings.Join(x.GetSheetList(), "|"); got != "Problems|list  (3)" {
		t.Errorf("the sheets are %s", got)
	}
	for cell, want := range map[string]string{"A4": "0070007", "C2": "=1+1", "B4": "Lahor", "C4": "@x"} {
		if got, err := x.GetCellValue("list  (3)", cell); err != nil || got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
		if formula, _ := x.GetCellFormula("list  (3)", cell); formula != "" {
			t.Errorf("%s is the formula %s", cell, formula)
		}
	}
	if got := fillOf(t, x, "list  (3)", "B4"); got == "" {
		t.Error("the cell with the problem is not coloured")
	}
	if _, to, _ := x.GetCellHyperLink("Problems", "E6"); to != "'list  (3)'!B4" {
		t.Errorf("the problem leads to %s", to)
	}
}

// Left-out rows keep what their cells are: dates and numbers, the 1904 way of
// counting days, formulas without a result, and the names under which they stood.
func TestLeftOutRowsKeepTheirCells(t *testing.T) {
	w := newWorld(t)
	x := excelize.NewFile()
	defer x.Close()
	yes := true
	if err := x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
		t.Fatal(err)
	}
	day, err := x.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for i, cells := range [][]any{
		{"S/N", "Chromebook Serial", "Warranty End", "Price", "District"},
		{1, "TK-1", 45000, 45999.5, "Lahore"},
		{2, "TK-2", 45001, 45999.5, "Lahore"},
		{3, "TK-3", 45002, 45999.5, "Nowhere"},
		{"Serial", "Note", "Warranty End", "Price", "District"},
		{"TK-4", "x", 45003, 45999.5, "Nowhere"},
	} {
		if err := x.SetSheetRow("Sheet1", sheet.CellName(1, i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.SetCellStyle("Sheet1", "C2", "C6", day); err != nil {
		t.Fatal(err)
	}
	f := saved(t, x)
	o := lahore()
	o.SkipBad = true
	p := w.imported(f, o)
	wantCounts(t, p, 2, 0, 0, 2)
	again := copied(t, OnlyLeftOut, f, p)
	mended := corrected(t, again, map[string]string{"E2": "Lahore", "E4": "Lahore"})
	q := w.imported(mended, lahore())
	wantCounts(t, q, 2, 0, 0, 0)
	for serial, want := range map[string]string{"TK-3": "2027-03-18", "TK-4": "2027-03-19"} {
		if got := w.device(fleet.Serial(serial)).WarrantyEnds.String(); got != want {
			t.Errorf("the warranty of %s ends %s, want %s", serial, got, want)
		}
	}
}

// A problem that all rows share is told once; each row says in its place why it is
// not imported.
func TestRowsWithoutAProblemOfTheirOwnSayWhy(t *testing.T) {
	w := newWorld(t)
	f := lines("list.csv", "Serial Number,District", "TK-0001,Lahore", "TK-0002,Lahore")
	o := lahore()
	o.Shipment = ""
	p := w.plan(f, o)
	wantCounts(t, p, 0, 0, 0, 2)
	x := excelizeOf(t, copied(t, Annotated, f, p))
	for _, cell := range []string{"C2", "C3"} {
		if got, _ := x.GetCellValue("list", cell); !strings.HasPrefix(got, "The file does not say which shipment") {
			t.Errorf("%s says %q", cell, got)
		}
	}
}

// A file without problems comes back as it was, with a sheet that says so.
func TestACopyOfAGoodFile(t *testing.T) {
	w := newWorld(t)
	f := xlsx(t, []any{"Serial Number", "District"}, []any{"TK-0001", "Lahore"})
	p := w.plan(f, lahore())
	for c, want := range map[Copy]string{
		Annotated:   "== Sheet1\nA1 \"Serial Number\"\nB1 \"District\"\nA2 \"TK-0001\"\nB2 \"Lahore\"\n",
		OnlyLeftOut: "== Sheet1\nA1 \"Serial Number\" filled FF1F5C4A\nB1 \"District\" filled FF1F5C4A\n",
	} {
		if got := picture(t, copied(t, c, f, p)); !strings.HasSuffix(got, want) || !strings.Contains(got, "0 rows of 1 are left out") {
			t.Errorf("copy %d is\n%s", c, got)
		}
	}
}

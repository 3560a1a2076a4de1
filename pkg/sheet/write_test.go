package sheet_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

func TestAWrittenWorkbook(t *testing.T) {
	var out bytes.Buffer
	w := sheet.NewWriter(&out)
	text, day := w.Style(sheet.Style{Format: "@"}), w.Style(sheet.Style{Format: "yyyy-mm-dd"})
	head := w.Style(sheet.Style{Bold: true, Color: "FFFFFF", Fill: "1F5C4A"})
	check(t, w.Sheet(sheet.NewSheet{
		Name: "A & B", Frozen: 1, RightToLeft: true, Columns: []sheet.NewColumn{{Width: 22, Style: text}, {}},
		Choices: []sheet.Choice{{Cells: "B2:B9", From: "Lists!$A$1:$A$2", Refusal: "Choose one"}},
	}))
	check(t, w.Row(1, []sheet.Value{{Kind: sheet.Text, Text: "Serial", Style: head}, {Kind: sheet.Text, Text: "Day", Style: head}}))
	check(t, w.Row(4, []sheet.Value{{Kind: sheet.Text, Text: "=1+1", Style: text}, {Kind: sheet.Number, Number: 46000, Style: day}, {}, {Kind: sheet.Bool, Number: 1}}))
	check(t, w.Sheet(sheet.NewSheet{Name: "Lists", Hidden: true}))
	check(t, w.Row(1, []sheet.Value{{Kind: sheet.Text, Text: " x_x000D_\n"}, {Kind: sheet.Number, Number: 1e21}, {Kind: sheet.Number, Number: -0.1}}))
	check(t, w.Close())
	wantWellFormed(t, bookOf("").zipped(t), out.Bytes())
	wantRows(t, "the workbook", out.Bytes(), "1: A=Serial B=Day\n4: A==1+1 B=46000(number)(day) D=TRUE(bool)\n1: A= x_x000D_\n B=1000000000000000000000(number) C=-0.1(number)\n")
	x := excelizeOf(t, out.Bytes())
	wantValue(t, x, "A & B", "A4", "=1+1")
	wantValue(t, x, "A & B", "B4", "2025-12-09")
	if got := fillOf(t, x, "A & B", "A1"); got != "FF1F5C4A" {
		t.Errorf("the header is filled with %q", got)
	}
	if visible, _ := x.GetSheetVisible("Lists"); visible {
		t.Error("the hidden sheet is in sight")
	}
	if width, _ := x.GetColWidth("A & B", "A"); width != 22 {
		t.Errorf("column A is %v wide", width)
	}
	view, err := x.GetSheetView("A & B", 0)
	check(t, err)
	panes, err := x.GetPanes("A & B")
	check(t, err)
	rules, err := x.GetDataValidations("A & B")
	check(t, err)
	if !*view.RightToLeft || !panes.Freeze || panes.YSplit != 1 || len(rules) != 1 || rules[0].Formula1 != "Lists!$A$1:$A$2" || *rules[0].Error != "Choose one" {
		t.Errorf("view %+v, panes %+v, rules %+v", view, panes, rules)
	}
}

func TestRowsAreWrittenInOrder(t *testing.T) {
	w := sheet.NewWriter(&bytes.Buffer{})
	if err := w.Row(1, nil); err == nil {
		t.Error("a row before any sheet")
	}
	check(t, w.Sheet(sheet.NewSheet{Name: "A"}))
	check(t, w.Row(2, nil))
	if err := w.Row(2, nil); err == nil || !strings.Contains(err.Error(), "row 2 is written behind row 2") {
		t.Errorf("the same row twice: %v", err)
	}
}

// Every text that a cell can hold comes back from this package and from excelize.
func TestWrittenTextsComeBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[ -~\n\t۰-۹ا-ی😀]{1,12}|_x00[0-9A-F]{2}_|=1`), 1, 5).Draw(rt, "texts")
		var out bytes.Buffer
		w := sheet.NewWriter(&out)
		var cells []sheet.Value
		want := "1:"
		for i, text := range texts {
			cells = append(cells, sheet.Value{Kind: sheet.Text, Text: text})
			want += " " + sheet.ColumnName(i+1) + "=" + text
		}
		for _, err := range []error{w.Sheet(sheet.NewSheet{Name: "A"}), w.Row(1, cells), w.Close()} {
			if err != nil {
				rt.Fatal(err)
			}
		}
		if got, err := dump(out.Bytes(), sheet.Limits{}); err != nil || got != want+"\n" {
			rt.Fatalf("%q, %v, want %q", got, err, want)
		}
		x, err := excelize.OpenReader(&out)
		if err != nil {
			rt.Fatal(err)
		}
		for i, text := range texts {
			if got, _ := x.GetCellValue("A", sheet.CellName(i+1, 1)); got != text {
				rt.Fatalf("excelize reads %q, want %q", got, text)
			}
		}
	})
}

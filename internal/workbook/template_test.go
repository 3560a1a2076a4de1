package workbook

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

func templateOf(t testing.TB, s registry.Session, k Kind, l Language) File {
	t.Helper()
	var out bytes.Buffer
	if err := WriteTemplate(t.Context(), &out, s, k, l); err != nil {
		t.Fatal(err)
	}
	return memFile("template.xlsx", out.Bytes())
}

// filledIn is a template with rows of texts, by column.
func filledIn(t testing.TB, f File, k Kind, rows ...map[columnID]string) File {
	t.Helper()
	x := excelizeOf(t, f)
	for i, row := range rows {
		for j, c := range templateColumns(k) {
			if text := row[c.id]; text != "" {
				if err := x.SetCellStr(x.GetSheetName(0), sheet.CellName(j+1, i+2), text); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return saved(t, x)
}

// Every column of every template is known by its name, in both languages, and
// nothing is said of the sheets that are not filled in.
func TestTemplatesAreUnderstood(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("packing.csv", "Serial", "TK-9001"), lahore())
	for _, k := range ImportKinds() {
		for _, l := range []Language{English, Urdu} {
			f := templateOf(t, w.boss, k, l)
			x := excelizeOf(t, f)
			rows, err := x.GetRows(x.GetSheetName(0))
			if err != nil || len(rows) != 1 {
				t.Fatalf("%s: %d rows, %v", k, len(rows), err)
			}
			h := newVocabulary(k).name(1, rows[0], nil)
			for i, c := range templateColumns(k) {
				if h.at[c.id] != i {
					t.Errorf("%s: column %d, %q, is not known for %q", k, i+1, rows[0][i], c.header)
				}
				if (l == Urdu) != isUrdu(rows[0][i]) {
					t.Errorf("%s: column %d is called %q in the wrong language", k, i+1, rows[0][i])
				}
				if columnHints[c.id][l-1] == "" {
					t.Errorf("%s: nothing says what goes into %q", k, c.header)
				}
			}
			if n := len(x.GetSheetList()); n != 3 {
				t.Errorf("%s: %d sheets, want 3", k, n)
			}
			if _, err := NewPlan(t.Context(), w.boss, f, Options{Kind: k, Shipment: lahore().Shipment}); err != nil {
				t.Errorf("%s: an empty template is refused: %v", k, err)
			}
		}
	}
}

// What can be chosen in a template can be imported: any choice in any column.
func TestFilledTemplatesAreImported(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("list.csv", "Serial Number,Model", "TK-0000,Takhti 11"), lahore())
	templates := map[Language]map[Kind]File{}
	offers := map[Language]choices{}
	for _, l := range []Language{English, Urdu} {
		c, err := choicesOf(t.Context(), w.boss, l)
		if err != nil {
			t.Fatal(err)
		}
		offers[l] = c
		templates[l] = map[Kind]File{Places: templateOf(t, w.boss, Places, l), Devices: templateOf(t, w.boss, Devices, l)}
	}
	districts := map[string][]string{"Punjab": {"Lahore", "Kasur"}, "پنجاب": {"لاہور", "قصور"}}
	rapid.Check(t, func(rt *rapid.T) {
		l := rapid.SampledFrom([]Language{English, Urdu}).Draw(rt, "language")
		k := rapid.SampledFrom([]Kind{Places, Devices}).Draw(rt, "kind")
		row := map[columnID]string{}
		for id, all := range offers[l] {
			if id != colKind && rapid.Bool().Draw(rt, "filled") {
				row[id] = rapid.SampledFrom(all).Draw(rt, "choice")
			}
		}
		if row[colProvince] != "" && row[colDistrict] != "" || row[colDistrict] == "" {
			row[colProvince] = map[Language]string{English: "Punjab", Urdu: "پنجاب"}[l]
			row[colDistrict] = rapid.SampledFrom(districts[row[colProvince]]).Draw(rt, "district")
		}
		row[colEMIS], row[colName] = "0035200077", "GGHS Chak 99"
		if k == Devices { // in the store of the shipment
			row[colEMIS], row[colName], row[colProvince], row[colDistrict] = "", "", "", ""
			row[colSerial], row[colCarton], row[colWarranty] = "TK-0001", "007", "30/06/2028"
		}
		o := lahore()
		if o.Kind = k; k == Places {
			o = Options{Kind: k}
		}
		p := w.plan(filledIn(t, templates[l][k], k, row), o)
		if len(p.Problems) > 0 || p.New != 1 || len(p.Notes) > 0 {
			rt.Fatalf("%v: %d new, problems %v, notes %q", row, p.New, p.Problems, p.Notes)
		}
	})
}

// A template holds what its reader sees: an officer of Lahore chooses Lahore only.
func TestATemplateOffersWhatOnesEyesSee(t *testing.T) {
	w := newWorld(t)
	c, err := choicesOf(context.Background(), w.as(fleet.Officer, "PK601"), English)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c[colDistrict], " "); got != "Lahore" {
		t.Errorf("the districts are %s", got)
	}
	x := excelizeOf(t, templateOf(t, w.as(fleet.Officer, "PK601"), Places, Urdu))
	name := x.GetSheetName(0)
	at := slices.IndexFunc(templateColumns(Places), func(c column) bool { return c.id == colDistrict })
	rules, err := x.GetDataValidations(name)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rules, func(v *excelize.DataValidation) bool { return strings.HasPrefix(v.Sqref, sheet.CellName(at+1, 2)+":") })
	if i < 0 {
		t.Fatal("no list of districts is offered")
	}
	_, list, _ := strings.Cut(rules[i].Formula1, "!")
	first, last, _ := strings.Cut(strings.ReplaceAll(list, "$", ""), ":")
	if got, _ := x.GetCellValue("Lists", first); got != "لاہور" || first != last {
		t.Errorf("the list of districts is %s and begins with %s", list, got)
	}
	if view, err := x.GetSheetView(name, 0); err != nil || view.RightToLeft == nil || !*view.RightToLeft {
		t.Error("the Urdu sheet begins at the left")
	}
	if visible, _ := x.GetSheetVisible("Lists"); visible {
		t.Error("the lists are in sight")
	}
	id, err := x.GetCellStyle(name, "A2")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := x.GetStyle(id); err != nil || style.NumFmt != 49 {
		t.Errorf("a code is kept as %v", style)
	}
}

// Only those who may import get a template, and only of what can be imported.
func TestNoTemplate(t *testing.T) {
	w := newWorld(t)
	for want, err := range map[string]error{
		"forbidden":     WriteTemplate(t.Context(), &bytes.Buffer{}, w.as(fleet.Viewer, "PK601"), Places, English),
		"workbook.kind": WriteTemplate(t.Context(), &bytes.Buffer{}, w.boss, Faults, English),
	} {
		if got := problemOf(err, "").Code; got != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := ParseLanguage("de"); problemOf(err, "").Code != "template.lang" {
		t.Errorf("German: %v", err)
	}
}

// The conditions that the Urdu template of a delivery offers are words for conditions,
// though lists may say it with a no as well.
func TestConditionsInUrdu(t *testing.T) {
	if got := strings.Join(comings.named(Urdu, "received", "damaged", "missing"), " "); got != "موصول خراب غائب" {
		t.Errorf("offered are %s", got)
	}
}

// Who may not send lists in has none planned, from wherever it comes.
func TestNoPlanForWhoImportsNothing(t *testing.T) {
	w := newWorld(t)
	list := lines("a.csv", "Serial Number,Carton", "AAA-0001,C-1")
	_, err := NewPlan(t.Context(), w.as(fleet.Viewer, "PK601"), list, Options{Kind: Updates})
	refusedAs(t, err, "forbidden")
	_, err = NewPlan(t.Context(), w.as(fleet.Officer, "PK601"), list, Options{Kind: Updates})
	if err != nil {
		t.Error(err)
	}
}

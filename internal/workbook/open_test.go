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

// A name merged over two others belongs to these two and to no third.
func TestMergedHeadersOfWorkbooks(t *testing.T) {
	x := excelize.NewFile()
	defer x.Close()
	for cell, values := range map[string][]any{
		"A1": {"List of schools"},
		"A3": {"School", nil, "Enrolment"},
		"A4": {"EMIS", "Name", "Boys", "Total", "Total"},
		"A5": {35200009, "GGPS Kahna", 20, 50, 9},
	} {
		if err := x.SetSheetRow("Sheet1", cell, &values); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(x.MergeCell("Sheet1", "A3", "B3"), x.MergeCell("Sheet1", "C3", "D3")); err != nil {
		t.Fatal(err)
	}
	var got []placeRow
	_, err := list(t.Context(), saved(t, x), setting{kind: Places}, parsePlace, func(_ *checker, p placeRow) error {
		got = append(got, p)
		return nil
	})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if p := got[0].facts; p.EMIS != "35200009" || p.Name != "GGPS Kahna" || p.Enrolment != 50 {
		t.Errorf("got %+v", p)
	}
}

// To know what is merged takes reading the sheet once more, which most do not need.
func TestAPlainListIsReadOnce(t *testing.T) {
	plain := []row{
		{number: 1, cells: []string{"Serial", "Carton", "Remarks"}},
		{number: 2, cells: []string{"TK-0001", "", ""}},
		{number: 3, cells: []string{"TK-0002", "41", "late"}},
	}
	asked := 0
	merged := func() ([]sheet.Range, error) { asked++; return nil, nil }
	if h, err := newVocabulary(Devices).find(plain, merged); err != nil || h.row != 1 || asked != 0 {
		t.Errorf("row %d, asked %d times, %v", h.row, asked, err)
	}
	titled := append([]row{{number: 0, cells: []string{"Packing list"}}}, plain...)
	if h, err := newVocabulary(Devices).find(titled, merged); err != nil || h.row != 1 || asked == 0 {
		t.Errorf("row %d, asked %d times, %v", h.row, asked, err)
	}
}

// What was read before the damage is not imported, and a file with a damaged sheet
// is damaged, whatever the sheet is for.
func TestLateDamageRefusesTheFile(t *testing.T) {
	text := func(ref, s string) string { return `<c r="` + ref + `" t="str"><v>` + s + `</v></c>` }
	rows := func(header, ending string) string {
		var b strings.Builder
		b.WriteString(`<row r="1">` + text("A1", header) + `</row>`)
		for i := 2; i <= 3*headerSearch; i++ {
			fmt.Fprintf(&b, `<row r="%d">%s</row>`, i, text(fmt.Sprint("A", i), fmt.Sprint("TK-000", i)))
		}
		return inSheet(b.String() + ending)
	}
	const twice = `<row r="7"/>`
	w := newWorld(t)
	for name, data := range map[string][]byte{
		"in the list": sheetOf(t, rows("Serial", twice)),
		"in another sheet": sheetOf(t, rows("Serial", ""),
			"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="List" r:id="r1"/><sheet name="Notes" r:id="r3"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r3" Type="t/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`,
			"xl/worksheets/sheet2.xml", rows("Remark", twice)),
	} {
		_, err := NewPlan(t.Context(), w.boss, memFile("a.xlsx", data), lahore())
		var e *fleet.Error
		if !errors.As(err, &e) || e.Code != "file.damaged" || !strings.Contains(e.Message, "row 7 follows row 120") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Texts outlive their row, whose memory is used again for the next.
func TestTextsOfARowAreKept(t *testing.T) {
	book, err := open(t.Context(), lines("a.csv", "one,same", "two,same", "six,same"), Limits{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for r, err := range book.tabs[0].rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, r.cells...)
	}
	if got := strings.Join(texts, " "); got != "one same two same six same" {
		t.Errorf("got %s", got)
	}
}

// broken is storage that fails.
type broken struct{ err error }

func (b broken) ReadAt([]byte, int64) (int, error) { return 0, b.err }

// A disk that fails is no fault of the file's sender.
func TestStorageThatFailsIsNoFaultOfTheFile(t *testing.T) {
	failed := errors.New("the disk is gone")
	_, err := open(t.Context(), File{Name: "a.csv", Data: broken{failed}, Size: 10}, Limits{}.withDefaults())
	if !errors.Is(err, failed) || fleet.KindOf(err) != 0 {
		t.Errorf("got %v", err)
	}
}

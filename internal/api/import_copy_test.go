package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/sheet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// rowsOf are the rows of a workbook's sheet, each as its texts with a bar between
// them.
func rowsOf(t *testing.T, data []byte, name string) string {
	t.Helper()
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for i, s := range book.Sheets() {
		if s.Name != name {
			continue
		}
		for r, err := range book.Rows(i) {
			if err != nil {
				t.Fatal(err)
			}
			var cells []string
			for _, c := range r.Cells {
				cells = append(cells, c.String())
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
	}
	return strings.Join(rows, "\n")
}

func TestCopiesOfAnImport(t *testing.T) {
	w := newWorld(t)
	c := w.as("lahore.officer")
	const list = "Serial Number,Model\nNEW0000001,Takhti 11\n1.23E+11,Takhti 11\n"
	i := must(c.UploadImport(t.Context(), takhti.Upload{
		Kind: takhti.ImportShipment, FileName: "lot3.csv", File: strings.NewReader(list), Shipment: "LOT-3", To: "PK601-STORE",
	}))(t)
	const said = `Serial Number: "1.23E+11" is not a serial: Excel turned it into a number. Format the column as Text and type or paste the serial again.`
	for which, want := range map[takhti.ImportCopy]string{
		takhti.AnnotatedCopy: "Serial Number|Model|Problem (Takhti)\nNEW0000001|Takhti 11\n1.23E+11|Takhti 11|" + said,
		takhti.LeftOutCopy:   "Serial Number|Model|Problem (Takhti)\n1.23E+11|Takhti 11|" + said,
	} {
		var file bytes.Buffer
		n := must(c.ImportCopy(t.Context(), i.ID, which, &file))(t)
		if got := rowsOf(t, file.Bytes(), "lot3"); n != int64(file.Len()) || got != want {
			t.Errorf("%s: %d bytes\n%s\nwant\n%s", which, n, got, want)
		}
	}
	done := must(c.CommitImport(t.Context(), i.ID, takhti.Commit{Digest: i.Digest, SkipBad: true}))(t)
	var file bytes.Buffer
	must(c.ImportCopy(t.Context(), done.ID, takhti.LeftOutCopy, &file))(t)
	if got := rowsOf(t, file.Bytes(), "lot3"); strings.Count(got, "\n") != 1 || !strings.Contains(got, "\n1.23E+11|") {
		t.Errorf("left out of an import that was carried out:\n%s", got)
	}

	token := w.token("lahore.officer")
	status, header, _ := w.raw(token, "GET /api/v1/imports/"+i.ID+"/annotated.xlsx", "")
	if status != http.StatusOK || header.Get("Content-Disposition") != `attachment; filename="takhti-`+i.ID+`-annotated.xlsx"` ||
		header.Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" {
		t.Errorf("%d %v", status, header)
	}
	for request, want := range map[string]int{
		"GET /api/v1/imports/I-99/annotated.xlsx":                http.StatusNotFound,
		"GET /api/v1/imports/" + i.ID + "/other.xlsx":            http.StatusUnprocessableEntity,
		"GET /api/v1/templates/faults.xlsx":                      http.StatusUnprocessableEntity,
		"GET /api/v1/templates/shipment.xlsx?lang=de":            http.StatusUnprocessableEntity,
		"GET /api/v1/imports/" + i.ID + "/annotated.xlsx?sheet=": http.StatusUnprocessableEntity,
	} {
		if status, _, body := w.raw(token, request, ""); status != want {
			t.Errorf("%s: %d %s", request, status, body)
		}
	}
	if status, _, _ := w.raw(w.token("kasur.officer"), "GET /api/v1/imports/"+i.ID+"/annotated.xlsx", ""); status != http.StatusNotFound {
		t.Errorf("an officer of another district: %d", status)
	}
}

func TestTemplates(t *testing.T) {
	w := newWorld(t)
	for lang, want := range map[string]string{"": "Serial Number|Asset Tag|Model|", "ur": "سیریل نمبر|اثاثہ ٹیگ|ماڈل|"} {
		var file bytes.Buffer
		must(w.as("lahore.officer").Template(t.Context(), takhti.ImportShipment, lang, &file))(t)
		name := map[string]string{"": "List", "ur": "فہرست"}[lang]
		if got := rowsOf(t, file.Bytes(), name); !strings.HasPrefix(got, want) {
			t.Errorf("lang %q: %s", lang, got)
		}
	}
}

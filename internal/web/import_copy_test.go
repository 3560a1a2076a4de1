package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// sheetsOf are the texts of a downloaded workbook's cells, sheet by sheet.
func sheetsOf(t *testing.T, data string) string {
	t.Helper()
	book, err := sheet.Open(strings.NewReader(data), int64(len(data)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, s := range book.Sheets() {
		out.WriteString("== " + s.Name + "\n")
		for r, err := range book.Rows(i) {
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Cells {
				out.WriteString(c.String() + "|")
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// An officer sends a list with a mistake, takes it back with the mistake marked,
// corrects it and sends it again; or does so with the rows that were left out.
func TestTheFileComesBack(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "officer")
	b.get("/imports/new")
	list := "Serial Number,Model\nNEW-0001,Takhti 11\n1.23E+11,Takhti 11\n"
	b.press("Check the file", url.Values{"kind": {"shipment"}, "shipment": {"SHP-9"}, "to": {"PK601-STORE"}}, map[string][]byte{"file": []byte(list)})
	page := b.at
	b.follow("Your file with the problems marked")
	if got := sheetsOf(t, b.page); b.status != http.StatusOK || !strings.Contains(got, "== Problems\n") ||
		!strings.Contains(got, "\nSerial Number|Model|Problem (Takhti)|\nNEW-0001|Takhti 11|\n1.23E+11|Takhti 11|Serial Number: \"1.23E+11\" is not a serial") {
		t.Errorf("%d\n%s", b.status, got)
	}
	if got := b.header.Get("Content-Disposition"); got != `attachment; filename="takhti-I-1-annotated.xlsx"` {
		t.Error(got)
	}
	b.get(page)
	b.press("Import the one good row and leave the others out", nil, nil)
	b.follow("Only the rows left out")
	if got := sheetsOf(t, b.page); strings.Contains(got, "NEW-0001") || !strings.Contains(got, "1.23E+11|Takhti 11|Serial Number:") {
		t.Errorf("left out:\n%s", got)
	}
	rest := b.page
	b.get("/imports/new")
	b.press("Check the file", url.Values{"kind": {"shipment"}, "shipment": {"SHP-9"}, "to": {"PK601-STORE"}}, map[string][]byte{"file": []byte(rest)})
	if text := b.text(); !strings.Contains(text, "1 row in the file") && !strings.Contains(text, "One row in the file") || strings.Contains(text, "Problem (Takhti)") {
		t.Errorf("sent again: %s", text)
	}
}

func TestWorkbooksToFillIn(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "officer")
	b.get("/imports/new")
	b.follow("in English")
	if got := sheetsOf(t, b.page); !strings.HasPrefix(got, "== List\nSerial Number|") || !strings.Contains(got, "== Lists\n") {
		t.Errorf("%s", got)
	}
	for address, want := range map[string]int{
		"/templates/places.xlsx?lang=ur":  http.StatusOK,
		"/templates/places.xlsx?lang=de":  http.StatusUnprocessableEntity,
		"/templates/nothing.xlsx":         http.StatusNotFound,
		"/imports/I-9/annotated.xlsx":     http.StatusNotFound,
		"/imports/rubbish/annotated.xlsx": http.StatusNotFound,
	} {
		if b.get(address); b.status != want {
			t.Errorf("%s: %d, want %d", address, b.status, want)
		}
	}
	school := w.signedIn(t, "school")
	if school.get("/templates/places.xlsx"); school.status != http.StatusForbidden {
		t.Errorf("a school gets a template: %d", school.status)
	}
}

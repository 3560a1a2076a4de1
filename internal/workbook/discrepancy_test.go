package workbook

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// What a delivery's list said is found again in its discrepancy note.
func TestDiscrepancyNote(t *testing.T) {
	w := awaiting(t)
	f := lines("scanned.csv", "Serial,Condition,Carton", "LP1001,,", "LP1002,damaged,", "XX7777,,C-7", "XX8888,,C-9", "NB0004,,", "LP1005,,")
	o := Options{Kind: Delivery, Shipment: "lhr-2", SkipBad: true}
	o.Reading.Decisions = []registry.Decision{{Cause: codeUnlisted + "|serial_number", Do: Accept}}
	d := NewDesk(t.TempDir(), Limits{})
	i, err := d.Take(t.Context(), w.boss, Incoming{Name: f.Name, Kind: Delivery, Shipment: "lhr-2", SkipBad: true, Reading: o.Reading}, io.NewSectionReader(f.Data, 0, f.Size))
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := d.Plan(t.Context(), w.boss, i.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Apply(t.Context(), w.boss, p, i.ID); err != nil {
		t.Fatal(err)
	}

	n, err := Discrepancies(t.Context(), w.boss, "LHR-2")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range n.Lines {
		got = append(got, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s %s", l.What, l.Serial, l.Carton, l.Instead, l.Where)), " "))
	}
	want := []string{
		"short LP1003 C-7",
		"short LP1004 C-8",
		"over XX8888 C-9",
		"swapped XX7777 C-7 LP1003",
		"damaged LP1002 C-7",
		"elsewhere NB0004 device NB0004 is not of shipment LHR-2: it is in the register, on shipment LHR-1, at Lahore Store (PK601-STORE)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the note is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n.Count(NotCome) != 2 || n.Count(Swapped) != 1 {
		t.Errorf("%d are short, %d swapped", n.Count(NotCome), n.Count(Swapped))
	}

	var file bytes.Buffer
	if err := n.Write(&file, CSV); err != nil || !strings.Contains(file.String(), "swapped,XX7777,,C-7,LP1003,") {
		t.Errorf("as a file it is %s, %v", file.String(), err)
	}
	file.Reset()
	if err := n.Write(&file, XLSX); err != nil || file.Len() == 0 {
		t.Errorf("as a workbook: %v", err)
	}
	w.undone(d, w.boss, i.ID)
	if n, err := Discrepancies(t.Context(), w.boss, "LHR-2"); err != nil || n.Count(Elsewhere) != 0 || n.Count(NotCome) != 5 || len(n.Lines) != 5 {
		t.Errorf("the list is undone, and the note says %+v, %v", n, err)
	}
	if _, err := Discrepancies(t.Context(), w.as(fleet.Officer, "PK602"), "LHR-2"); fleet.KindOf(err) != fleet.NotFound {
		t.Errorf("an officer of another district: %v", err)
	}
}

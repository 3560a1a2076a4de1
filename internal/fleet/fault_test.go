package fleet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReportOpensAFault(t *testing.T) {
	place := pathOf(1, 6, 601)
	d := Device{ID: 4, Serial: "5CD1", Status: Issued, Condition: OK, Place: place, Holder: Holder{Kind: HeldByClass, Label: "6-B"}}
	r := Report{Category: FaultLost, Severity: Unusable, Note: " left on the bus ", FIR: " 12/2026 ", By: "asma"}

	f, after, err := d.Report(r, School, noon)
	want := Fault{
		Device: 4, Serial: "5CD1", Place: place, Category: FaultLost, Severity: Unusable, State: Reported,
		FIR: "12/2026", Reported: noon.Unix(), Notes: []Note{{Time: noon.Unix(), By: "asma", Text: "left on the bus"}},
	}
	if err != nil || fmt.Sprint(f) != fmt.Sprint(want) {
		t.Errorf("got %+v (%v)\nwant %+v", f, err, want)
	}
	if after.Status != Lost || after.Condition != OK {
		t.Errorf("the device is %s and %s, want lost and ok", after.Status, after.Condition)
	}
	if !f.Open() {
		t.Error("a new fault is not open")
	}
}

// A fault makes a working device faulty; a loss or a theft changes where it stands.
func TestReportChangesTheDevice(t *testing.T) {
	for _, c := range FaultCategories() {
		want := Device{Status: AtSchool, Condition: Faulty, Changed: noon}
		switch c {
		case FaultLost:
			want.Status, want.Condition = Lost, OK
		case FaultStolen:
			want.Status, want.Condition = Stolen, OK
		}
		_, got, err := Device{Status: AtSchool, Condition: OK}.Report(Report{Category: c, Severity: Minor, Note: "see"}, School, noon)
		if err != nil || got != want {
			t.Errorf("%s: %+v (%v), want %+v", c, got, err, want)
		}
		if missing := c == FaultLost || c == FaultStolen; c.Missing() != missing {
			t.Errorf("%s counts as missing: %v", c, c.Missing())
		}
	}
	_, got, err := Device{Status: AtSchool, Condition: BeyondRepair}.Report(Report{Category: FaultScreen, Severity: Minor}, School, noon)
	if err != nil || got.Condition != BeyondRepair {
		t.Errorf("a fault of a device beyond repair made it %s (%v)", got.Condition, err)
	}
}

func TestReportCheck(t *testing.T) {
	for _, c := range []struct {
		name        string
		report      Report
		code, field string
	}{
		{"no category", Report{Severity: Minor}, "fault.category", "category"},
		{"no such category", Report{Category: FaultOther + 1, Severity: Minor}, "fault.category", "category"},
		{"no severity", Report{Category: FaultScreen}, "fault.severity", "severity"},
		{"no such severity", Report{Category: FaultScreen, Severity: 9}, "fault.severity", "severity"},
		{"a long note", Report{Category: FaultScreen, Severity: Minor, Note: strings.Repeat("x", 501)}, "fault.note_long", "note"},
		{"other, without a note", Report{Category: FaultOther, Severity: Minor, Note: " \n"}, "fault.note_missing", "note"},
		{"an FIR for a screen", Report{Category: FaultScreen, Severity: Minor, FIR: "12/2026"}, "fault.fir_unfit", "fir"},
		{"a long FIR", Report{Category: FaultStolen, Severity: Minor, FIR: strings.Repeat("1", 41)}, "fault.fir_long", "fir"},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, c.report.Check(), c.code, c.field)
			f, d, err := Device{Status: AtSchool}.Report(c.report, School, noon)
			if err == nil || f.State != 0 || d != (Device{}) {
				t.Errorf("reported all the same: %+v", f)
			}
		})
	}
	for _, r := range []Report{
		{Category: FaultScreen, Severity: Minor},
		{Category: FaultOther, Severity: Unusable, Note: "a smell"},
		{Category: FaultLost, Severity: Major, FIR: strings.Repeat("۱", 40)},
	} {
		if err := r.Check(); err != nil {
			t.Errorf("%s was refused: %v", r.Category, err)
		}
	}
}

func TestNotes(t *testing.T) {
	f := Fault{Ref: "F-1", Category: FaultScreen, State: Reported}
	first, err := f.AddNote("asma", " it flickers ", noon)
	if err != nil || !slices.Equal(first.Notes, []Note{{Time: noon.Unix(), By: "asma", Text: "it flickers"}}) {
		t.Fatalf("notes: %v (%v)", first.Notes, err)
	}
	same, err := first.AddNote("bilal", " \n", noon)
	if err != nil || len(same.Notes) != 1 {
		t.Errorf("an empty note was kept: %v (%v)", same.Notes, err)
	}

	// Two faults that grew from one do not write into each other's notes.
	one, _ := first.AddNote("asma", "one", noon)
	two, _ := first.AddNote("asma", "two", noon)
	if one.Notes[1].Text != "one" || two.Notes[1].Text != "two" {
		t.Errorf("notes share memory: %v, %v", one.Notes, two.Notes)
	}

	for len(f.Notes) < MaxNotes {
		if f, err = f.AddNote("asma", fmt.Sprint("again, ", len(f.Notes)), noon); err != nil {
			t.Fatalf("note %d was refused: %v", len(f.Notes)+1, err)
		}
	}
	_, err = f.AddNote("asma", "again", noon)
	refused(t, err, "fault.notes_full", "note")
	if same, err := f.AddNote("asma", " ", noon); err != nil || len(same.Notes) != MaxNotes {
		t.Errorf("a second report without a note was refused by a full fault: %v", err)
	}
	if f, err = f.Triage(Minor, "asma", "seen", noon); err != nil || len(f.Notes) != MaxNotes+1 {
		t.Errorf("a full fault could not be worked on: %v", err)
	}
}

func TestTheSameNoteTwiceIsOne(t *testing.T) {
	f := Fault{Ref: "F-1", Category: FaultScreen, State: Reported}
	for _, n := range []struct {
		by, text string
		notes    int
	}{
		{"asma", "it flickers", 1},
		{"asma", " it flickers\n", 1},
		{"bilal", "it flickers", 2},
		{"asma", "it flickers", 3}, // she says so after him
		{"asma", "now it is black", 4},
	} {
		var err error
		if f, err = f.AddNote(n.by, n.text, noon); err != nil || len(f.Notes) != n.notes {
			t.Errorf("%q of %s: %d notes, want %d (%v)", n.text, n.by, len(f.Notes), n.notes, err)
		}
	}
}

func TestRecordFIR(t *testing.T) {
	f, err := Fault{Category: FaultStolen, State: FaultClosed, Ended: noon.Unix()}.RecordFIR(" 77/2026 ")
	if err != nil || f.FIR != "77/2026" {
		t.Errorf("FIR %q (%v)", f.FIR, err)
	}
	_, err = Fault{Category: FaultWater, State: Reported}.RecordFIR("77/2026")
	refused(t, err, "fault.fir_unfit", "fir")
	_, err = f.RecordFIR(strings.Repeat("7", 41))
	refused(t, err, "fault.fir_long", "fir")
}

func TestFaultIsOpenUntilClosed(t *testing.T) {
	for _, s := range FaultStates() {
		f := Fault{State: s}
		if f.Open() != (s != FaultClosed) {
			t.Errorf("%s: open is %v", s, f.Open())
		}
	}
}

// A school hands in one device with two faults: it stays faulty until both are
// settled, whichever ends first.
func TestTwoFaultsOfOneDevice(t *testing.T) {
	at := noon
	next := func() time.Time { at = at.Add(time.Hour); return at }
	d := Device{Serial: "5CD1", Status: Issued, Condition: OK, Holder: Holder{Kind: HeldInRoom, Label: "Lab"}}

	screen, d, err := d.Report(Report{Category: FaultScreen, Severity: Unusable}, School, next())
	must(t, err)
	hinge, d, err := d.Report(Report{Category: FaultHinge, Severity: Minor}, School, next())
	must(t, err)
	screen, d, err = screen.SendToRepair(d, ByWorkshop, "", "", next())
	must(t, err)
	_, d, err = hinge.Close(d, School, NoFaultFound, false, "", "", next())
	must(t, err)
	if d.Condition != Faulty || d.Status != InRepair {
		t.Fatalf("with the screen open: %s, %s", d.Condition, d.Status)
	}
	screen, d, err = screen.ReturnFromRepair(d, School, Repaired, true, "", "", next())
	must(t, err)
	screen, d, err = screen.Close(d, School, 0, true, "", "", next())
	must(t, err)
	if d.Condition != OK || d.Status != AtSchool || screen.Open() {
		t.Errorf("in the end: %s, %s, the fault %s", d.Condition, d.Status, screen.State)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package workbook

import (
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/registry"
)

// What speaks of people is named as such and never read, whoever wrote the file.
func TestColumnsOfPeople(t *testing.T) {
	for _, name := range []string{
		"recentUsers.0.email", "recentUsers.12.type", "annotatedUser", "Annotated User", "User", "Most Recent User", "User Allocated", "Checked Out To: Username",
		"Checked Out To: First Name", "Checked Out To: Email", "Full Name", "Student Name", "Name of Student", "Father's Name", "CNIC No", "B-Form No",
		"Head Teacher Name", "Date of Birth", "Employee Number", "Email", "E-mail", "custodian", "Assigned To", "طالب علم کا نام", "والد کا نام", "شناختی کارڈ نمبر", "ای میل",
	} {
		if !namesPeople(name) {
			t.Errorf("%q is not known for a column of people", name)
		}
	}
	for _, name := range []string{
		"Serial Number", "School Name", "Place Name", "Checked Out To: Location", "Model Name", "Device Name", "Name", "Class", "Roll No", "Class Teacher Room", "District Name",
		"Supplier", "Total Students", "Phone", "Holder", "Room", "سکول کا نام", "ضلع",
	} {
		if namesPeople(name) {
			t.Errorf("%q is taken for a column of people", name)
		}
	}
}

func TestWhatIsLeftIsSaid(t *testing.T) {
	for _, c := range []struct {
		names []string
		notes string
	}{
		{[]string{"Remarks", "Sr"}, `S: these columns are not imported: "Remarks", "Sr".`},
		{[]string{"Student Name", "Remarks", "Father Name"}, `S: these columns are never imported, because they hold names, addresses or numbers of people, which the register does not keep: "Student Name", "Father Name".
S: these columns are not imported: "Remarks".`},
		{[]string{"Notes", "Device ID"}, `S: these columns are not imported: "Notes", "Device ID".`},
		{[]string{"recentUsers.0.email", "recentUsers.1.email", "orgUnitPath", "bootMode", "activeTimeRanges.0.date", "activeTimeRanges.11.date"}, `S: these columns are never imported, because they hold names, addresses or numbers of people, which the register does not keep: "recentUsers.email".
S: these columns are not imported, because they hold what Google knows of a device, for which the register has no place: "orgUnitPath", "bootMode", "activeTimeRanges.date".`},
	} {
		r := &report{}
		r.left("S", c.names)
		if got := strings.Join(r.notes, "\n"); got != c.notes {
			t.Errorf("of %q is said\n%s\nwant\n%s", c.names, got, c.notes)
		}
	}
}

// Whoever says what the columns hold is shown the first cells of each, but not of
// those that speak of people.
func TestOutlinesShowNoPeople(t *testing.T) {
	w := newWorld(t)
	how, err := settingOf(t.Context(), w.boss, Handouts, Limits{}, registry.Reading{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := look(t.Context(), lines("list.csv", "Serial,Class,Roll No,Student Name", "NB0001,5,12,Somebody Young"), how)
	if err != nil {
		t.Fatal(err)
	}
	s := o.Sheets[0]
	if got := s.Columns[3]; got.Header != "Student Name" || len(got.Samples) > 0 || got.Means != "" {
		t.Errorf("the column of names is shown as %+v", got)
	}
	if got := strings.Join(s.Rows[1].Cells, "|"); got != "NB0001|5|12|" || s.Rows[0].Cells[3] != "Student Name" {
		t.Errorf("the rows are shown as %+v", s.Rows)
	}
}

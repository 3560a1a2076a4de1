package workbook

import (
	"context"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func TestTheSameListTwiceChangesNothing(t *testing.T) {
	w := newWorld(t)
	p := w.plan(memFile("country.csv", []byte(country)), Options{Kind: Places})
	wantCounts(t, p, 0, 0, 12, 0)
	if len(p.Changes()) != 0 {
		t.Errorf("changes: %v", p.Changes())
	}
}

func TestSchoolsAreMadeAndChanged(t *testing.T) {
	w := newWorld(t)
	list := lines("schools.csv",
		"SCHOOLS OF DISTRICT LAHORE,,,,,,",
		"BEMIS Code,School Name ,X-Cord,Y-Cord,District,Tehsil,Enrollment",
		"35200001.0,GGHS Chak 77,31.5,74.3,LAHORE,LAHORE CITY,412",
		"35200009,GBPS New Garden Town,74.31,31.52,Lahore,,\"1,180\"",
		",TOTAL,,,,,1592",
	)
	p := w.imported(list, Options{Kind: Places})
	wantCounts(t, p, 1, 1, 0, 0)
	made := w.place("PK6-35200009")
	if made.Name != "GBPS New Garden Town" || made.Enrolment != 1180 || made.Latitude != 31.52 || made.Longitude != 74.31 || made.Kind != fleet.School {
		t.Errorf("the new school: %+v", made)
	}
	if made.Path.Parent() != w.place("PK601").Path {
		t.Error("the new school does not lie in Lahore")
	}
	changed := w.place("PK6-35200001")
	if changed.Enrolment != 412 || changed.Latitude != 31.5 || changed.Path.Parent() != w.place("PK601-CITY").Path {
		t.Errorf("the changed school: %+v", changed)
	}
	wantCounts(t, w.plan(list, Options{Kind: Places}), 0, 0, 2, 0)
}

// A district named in Urdu, by its code or with a slip of spelling.
func TestDistrictsAreFoundByAnyName(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("schools.csv",
		"ایمس کوڈ,اسکول کا نام,ضلع",
		"۳۵۲۰۰۰۱۱,گورنمنٹ گرلز اسکول,لاہور",
		"35200012,GGHS 12,PK601",
		"35200013,GGHS 13,Lahor",
		"35200014,GGHS 14,Atlantis",
	), Options{Kind: Places})
	wantCounts(t, p, 2, 0, 0, 2)
	wantProblems(t, p,
		`schools!C4: there is no district "Lahor"; is it Lahore?`,
		`schools!C5: there is no district "Atlantis"`)
	if p.Problems[0].Suggestion != "Lahore" || p.Problems[0].Code != "district.unknown" {
		t.Errorf("%+v", p.Problems[0])
	}
	if err := p.Refused(); err == nil || !strings.Contains(err.Error(), "2 rows of 4 have a problem") {
		t.Errorf("refused with %v", err)
	}
}

func TestARowThatSaysNoDistrict(t *testing.T) {
	w := newWorld(t)
	list := lines("schools.csv", "EMIS,School", "35200021,GGHS 21", "35200001,GGHS Chak 77 New")
	p := w.plan(list, Options{Kind: Places})
	wantProblems(t, p, "schools!2: the row does not say in which district GGHS 21 lies",
		"schools!A3: the register's school with the EMIS code 35200001 is GGHS Chak 77, and each province has its own codes: "+
			"add a column for the province, or say where the schools of this list lie")
	same := lines("schools.csv", "EMIS,School", "35200001,GGHS Chak 77")
	wantCounts(t, w.plan(same, Options{Kind: Places}), 0, 0, 1, 0)
	p = w.imported(list, Options{Kind: Places, To: "PK601"})
	wantCounts(t, p, 1, 1, 0, 0)
	if w.place("PK6-35200001").Path.Parent() != w.place("PK601-CITY").Path {
		t.Error("a school moved although the file says nothing of where it lies")
	}
}

func TestNewTehsilsAreAddedButSlipsAreNot(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("schools.csv",
		"EMIS,School,District,Tehsil",
		"35200031,GGHS 31,Lahore,Raiwind",
		"35200032,GGHS 32,Lahore,Lahore Citi",
		"35200033,GGHS 33,Lahore,RAIWIND",
	), Options{Kind: Places, SkipBad: true})
	wantProblems(t, p, `schools!D3: there is no tehsil "Lahore Citi" in Lahore; is it Lahore City?`)
	wantCounts(t, p, 2, 0, 0, 1)
	if _, err := Apply(t.Context(), w.boss, p, 0); err != nil {
		t.Fatal(err)
	}
	if w.place("PK6-35200033").Path.Parent() != w.place("PK601-RAIWIND").Path {
		t.Error("the school does not lie in the new tehsil")
	}
}

// Who may not add a tehsil is told that there is none, and not that they may not.
func TestNewTehsilsAreAddedByThoseWhoMay(t *testing.T) {
	w := newWorld(t)
	list := lines("schools.csv", "EMIS,School,District,Tehsil", "35200031,GGHS 31,Lahore,Raiwind")
	for role, problems := range map[fleet.Role]int{fleet.Officer: 1, fleet.Manager: 0} {
		p, err := NewPlan(t.Context(), w.as(role, "PK601"), list, Options{Kind: Places, SkipBad: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Problems) != problems || problems > 0 && p.Problems[0].Code != "tehsil.unknown" {
			t.Errorf("as %s: %+v", role, p.Problems)
		}
	}
}

// Lists have a dash, a zero or N/A where they know no tehsil; those are no names.
func TestWhatOnlyFillsACellNamesNoTehsil(t *testing.T) {
	w := newWorld(t)
	p := w.imported(lines("schools.csv",
		"EMIS,School,District,Tehsil",
		"35200041,GGHS 41,Lahore,-",
		"35200042,GGHS 42,Lahore,0",
		"35200043,GGHS 43,Lahore,N/A",
	), Options{Kind: Places})
	wantCounts(t, p, 3, 0, 0, 0)
	for _, code := range []fleet.PlaceCode{"PK6-35200041", "PK6-35200042", "PK6-35200043"} {
		if w.place(code).Path.Parent() != w.place("PK601").Path {
			t.Errorf("%s does not lie directly in its district", code)
		}
	}
}

// A tehsil, or a shipment, that only rows name which are left out does not come to be.
func TestRowsLeftOutLeaveNoTrace(t *testing.T) {
	w := newWorld(t)
	p := w.imported(lines("schools.csv", "EMIS Code,Place Name,District,Tehsil,Level", "35200008,GPS One,Lahore,Ravi,", "35200009,GPS Two,Lahore,Nowhere,Hihg"), Options{Kind: Places, SkipBad: true})
	if note := strings.Join(p.Notes, " "); !strings.Contains(note, "Ravi (Lahore)") || strings.Contains(note, "Nowhere") {
		t.Errorf("the notes are %s", note)
	}
	w.imported(lines("list.csv", "Serial,Shipment,Price", "TK-0001,S-1,5", "TK-0002,S-2,much"), Options{Kind: Devices, To: "PK601", SkipBad: true})
	ships, err := w.boss.Shipments(t.Context())
	if err != nil || len(ships) != 1 || ships[0].Number != "S-1" {
		t.Errorf("the shipments are %+v, %v", ships, err)
	}
	if got := w.everything(); strings.Contains(got, "Nowhere") {
		t.Errorf("the places are\n%s", got)
	}
}

// An officer sees a district and no province, and may add schools but no tehsils.
func TestAnOfficerImportsSchoolsOfTheDistrict(t *testing.T) {
	w := newWorld(t)
	officer := w.as(fleet.Officer, "PK601")
	p, err := NewPlan(context.Background(), officer, lines("schools.csv",
		"EMIS,School,Tehsil",
		"35200041,GGHS 41,Lahore City",
		"35200042,GGHS 42,Shalimar",
	), Options{Kind: Places, SkipBad: true})
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, p, `schools!C3: there is no tehsil "Shalimar" in Lahore`)
	wantCounts(t, p, 1, 0, 0, 1)
	if _, err := Apply(t.Context(), officer, p, 0); err != nil {
		t.Fatal(err)
	}
	if w.place("PK6-35200041").Name != "GGHS 41" {
		t.Error("the school was not made")
	}
	p, err = NewPlan(context.Background(), officer, lines("schools.csv", "EMIS,School,District", "35200043,GGHS 43,Kasur"), Options{Kind: Places})
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, p, `schools!C2: there is no district "Kasur"`)
}

func TestAViewerImportsNothing(t *testing.T) {
	w := newWorld(t)
	viewer := w.as(fleet.Viewer, "PK601")
	_, err := NewPlan(context.Background(), viewer, lines("schools.csv", "EMIS,School", "1,x"), Options{Kind: Places})
	if fleet.KindOf(err) != fleet.Forbidden {
		t.Errorf("a viewer's import: %v", err)
	}
}

func TestThePlansDigestChangesWithTheRegister(t *testing.T) {
	w := newWorld(t)
	list := lines("schools.csv", "EMIS,School,District", "35200051,GGHS 51,Lahore")
	shown := w.plan(list, Options{Kind: Places}).Digest
	if err := w.plan(list, Options{Kind: Places}).Shown(shown); err != nil {
		t.Errorf("the same plan: %v", err)
	}
	w.imported(lines("schools.csv", "EMIS,School,District", "35200051,GGHS Fifty-One,Lahore"), Options{Kind: Places})
	if err := w.plan(list, Options{Kind: Places}).Shown(shown); fleet.KindOf(err) != fleet.Conflict {
		t.Errorf("a plan on another register: %v", err)
	}
}

// The digest covers what is changed, not only how much.
func TestTwoPlansOfTheSameSizeDiffer(t *testing.T) {
	w := newWorld(t)
	list := lines("schools.csv", "EMIS,School,District,Enrolment", "35200003,GBPS Kot Lakhpat,Lahore,120")
	shown := w.plan(list, Options{Kind: Places})
	wantCounts(t, shown, 0, 1, 0, 0)
	w.imported(lines("schools.csv", "EMIS,School,District,Phone", "35200003,GBPS Kot Lakhpat,Lahore,042-111"), Options{Kind: Places})
	now := w.plan(list, Options{Kind: Places})
	wantCounts(t, now, 0, 1, 0, 0)
	if err := now.Shown(shown.Digest); fleet.KindOf(err) != fleet.Conflict {
		t.Errorf("the school has changed since the plan was shown: %v", err)
	}
}

// Two provinces may have schools of one EMIS code, whichever column tells the
// province; one province may not.
func TestAnEMISCodeInTwoProvinces(t *testing.T) {
	w := newWorld(t)
	list := lines("a.csv", "EMIS Code,Place Name,District", "500,GGPS Ravi,Lahore", "500,GGPS Hanna,Quetta")
	wantCounts(t, w.imported(list, Options{Kind: Places}), 2, 0, 0, 0)
	wantCounts(t, w.plan(list, Options{Kind: Places}), 0, 0, 2, 0)
	w.place("PK6-500")
	w.place("PK2-500")
	p := w.plan(lines("b.csv", "EMIS Code,Place Name,District", "501,GGPS Ravi,Lahore", "501,GGPS Chenab,Kasur", "500,GGPS Ravi,Lahore", "500,GGPS Ravi,Kasur"), Options{Kind: Places})
	wantProblems(
		t, p,
		"b!A3: EMIS code 501 is in the file twice, in b!2 and in b!3: keep one of the two rows",
		"b!A5: EMIS code 500 is in the file twice, in b!4 and in b!5: keep one of the two rows",
	)
}

// Only schools are known by an EMIS code; every other place needs a code of its own.
func TestAPlaceThatIsNoSchoolNeedsACode(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("a.csv", "Place Code,EMIS Code,Kind,Place Name", ",77,province,Sindh", ",78,tehsil,Saddar"), Options{Kind: Places})
	wantProblems(t, p, "a!A2: the code is missing: a province needs one", "a!A3: the code is missing: a tehsil needs one")
}

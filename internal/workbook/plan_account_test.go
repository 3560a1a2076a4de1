package workbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// role is what an account may do and where, such as "officer PK601".
func (w *world) role(user string) string {
	w.t.Helper()
	u, err := w.boss.User(w.t.Context(), user)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, g := range u.Grants {
		at, err := w.boss.PlacesAt(w.t.Context(), g.Place)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, fmt.Sprint(g.Role, " ", at[g.Place].Code))
	}
	return strings.Join(all, ", ")
}

func TestAccountsOfPeopleAndSchools(t *testing.T) {
	w := newWorld(t)
	p := w.twice(xlsx(t,
		[]any{"Accounts 2026"},
		[]any{"User Name", "Full Name", "Role", "Province", "District", "School EMIS", "Password"},
		[]any{"Lahore.Officer", "Ayesha", "Officer", "Punjab", "Lahore", "", "secret1"},
		[]any{"punjab.manager", "", "منیجر", "پنجاب", "", "", "secret2"},
		[]any{"quetta.viewer", "", "Viewer", "", "Quetta", "", ""},
		[]any{"", "Mr Head", "", "", "", "35200001", ""},
		[]any{"", "", "school", "Punjab", "", "35200002", "1234"},
		[]any{"chak77.viewer", "", "viewer", "", "", 35200001, ""},
	), Options{Kind: Accounts})
	wantCounts(t, p, 6, 0, 0, 0)
	if len(p.Notes) != 1 || !strings.Contains(p.Notes[0], `never imported, because they seem to hold passwords or PINs, which belong in no file: delete them from yours: "Password"`) {
		t.Errorf("the notes are %q", p.Notes)
	}
	for user, want := range map[string]string{
		"lahore.officer": "officer PK601", "punjab.manager": "manager PK6", "quetta.viewer": "viewer PK201",
		"pk6-35200001": "school PK6-35200001", "pk6-35200002": "school PK6-35200002", "chak77.viewer": "viewer PK6-35200001",
	} {
		if got := w.role(user); got != want {
			t.Errorf("%s is %s, want %s", user, got, want)
		}
	}
	w.sound(t)
}

func TestAccountProblems(t *testing.T) {
	w := newWorld(t)
	w.as(fleet.Officer, "PK601")
	p := w.plan(lines("people.csv",
		"User Name,Role,District,EMIS,Place Code",
		"a b,officer,Lahore,,",
		"one.officer,boss,Lahore,,",
		"one.officer,admin,Lahore,,",
		"two.officer,officer,,,",
		"three.officer,,Lahore,,",
		",officer,Lahore,,",
		"my.school,school,,35200001,",
		",school,Lahore,,",
		",,,35299999,",
		"officer.pk601,officer,Kasur,,",
		"officer.pk601x,officer,Kasur,,",
		"Officer.PK601x,viewer,Kasur,,",
		",,,35200001,",
		",school,,,PK6-35200001",
	), Options{Kind: Accounts})
	wantCounts(t, p, 2, 0, 0, 12)
	wantProblems(t, p,
		`people!A2: "a b" is not a user name`,
		`people!B3: "boss" is not a role that a list can give`,
		`people!B4: "admin" is not a role that a list can give`,
		`people!D5: say at which place`,
		`people!B6: say which role`,
		`people!A7: say with which user name`,
		`people!A8: a school signs in with its EMIS code`,
		`people!B9: Lahore is a district: the role school is for a school alone`,
		`people!D10: there is no school with EMIS code 35299999`,
		`people!A11: there is an account officer.pk601 already, as officer at Lahore (PK601), and a list does not change that`,
		`people!A13: the user name officer.pk601x is in the file twice`,
		`people!D15: the account of GGHS Chak 77 is in the file twice`,
	)
}

// A list gives nobody more than its sender could give by hand.
func TestWhoBringsAccountsIn(t *testing.T) {
	w := newWorld(t)
	list := lines("people.csv", "User Name,Role,District,EMIS",
		"a.officer,officer,Lahore,", "a.viewer,viewer,Quetta,", "a.auditor,auditor,Lahore,", ",,,35200001", "manager.pk6,viewer,Lahore,")
	for _, c := range []struct {
		session   registry.Session
		isNew, no int
	}{
		{w.as(fleet.Manager, "PK6"), 2, 3},   // not in Quetta, nobody who reads the journal, and no other roles for itself
		{w.as(fleet.Officer, "PK601"), 1, 4}, // schools only
		{w.as(fleet.Ministry, "PK"), 0, 5},
		{w.boss, 4, 1},
	} {
		p, err := NewPlan(t.Context(), c.session, list, Options{Kind: Accounts})
		if err != nil {
			t.Fatal(err)
		}
		wantCounts(t, p, c.isNew, 0, 0, c.no)
	}
}

// Undoing says that accounts stay, and why, and nobody is locked out by it.
func TestAccountsStayWhenTheirImportIsUndone(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	i := w.desked(d, w.boss, Incoming{Kind: Accounts, Name: "people.csv"}, "User Name,Role,District,EMIS\na.officer,officer,Lahore,\n,,,35200001\n")
	p, _ := w.undone(d, w.boss, i.ID)
	var kept []string
	for _, row := range p.Kept {
		kept = append(kept, row.Subject+": "+row.Reason.Message)
	}
	slices.Sort(kept)
	want := []string{
		"a.officer: accounts are not taken away again: disable it instead, on its page",
		"pk6-35200001: accounts are not taken away again: disable it instead, on its page",
	}
	if !slices.Equal(kept, want) || p.Deleted != 0 {
		t.Errorf("kept %q, and %d deleted", kept, p.Deleted)
	}
	if w.role("a.officer") != "officer PK601" {
		t.Error("the account is not what it was")
	}
	w.sound(t)
}

// Passwords are read by no choice of columns either.
func TestAPasswordIsNothingElse(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"Password", "Initial password", "PIN", "پاس ورڈ", "passwd", "School PIN"} {
		_, err := NewPlan(t.Context(), w.boss, lines("people.csv", "User Name,Role,District,"+name, "a.officer,officer,Lahore,hunter2"), Options{
			Kind: Accounts, Reading: registry.Reading{Sheets: []registry.SheetReading{{Columns: []registry.ColumnReading{{Column: 4, Means: "full_name"}}}}},
		})
		if err == nil || !strings.Contains(err.Error(), "seems to hold passwords, which are never imported") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever a row says comes to one outcome, its account is what the row says, and the
// same list again changes nothing.
func TestEveryAccountIsWhatItsRowSays(t *testing.T) {
	people := []string{"officer", "manager", "viewer", "workshop", "ministry", "auditor", "افسر", "آڈیٹر"}
	means := roleWords.dictionary()
	places := []string{"PK", "PK6", "PK601", "PK601-CITY", "PK601-STORE", "PK6-35200001", "PK6-35200003"}
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		rows := []string{"User Name,Role,Place Code"}
		want := map[string]string{}
		for i := range rapid.IntRange(1, 6).Draw(r, "rows") {
			user, role, at := fmt.Sprintf("user.%d", i), rapid.SampledFrom(people).Draw(r, "role"), rapid.SampledFrom(places).Draw(r, "place")
			is, _ := means.find(role)
			rows, want[user] = append(rows, user+","+role+","+at), is+" "+at
		}
		for _, school := range []string{"PK6-35200001", "PK6-35200002"} {
			if rapid.Bool().Draw(r, "school") {
				rows, want[strings.ToLower(school)] = append(rows, ","+rapid.SampledFrom([]string{"", "school", "اسکول"}).Draw(r, "word")+","+school), "school "+school
			}
		}
		wantCounts(t, w.imported(lines("people.csv", rows...), Options{Kind: Accounts}), len(want), 0, 0, 0)
		for user, is := range want {
			if got := w.role(user); got != is {
				r.Fatalf("%s is %s, want %s", user, got, is)
			}
		}
		p := w.plan(lines("people.csv", rows...), Options{Kind: Accounts})
		if len(p.Problems) > 0 || len(p.Changes()) > 0 || p.Unchanged != len(want) {
			r.Fatalf("again: %d unchanged of %d, %v", p.Unchanged, len(want), p.Problems)
		}
	})
}

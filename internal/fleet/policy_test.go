package fleet

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What each role may do, within its scope.
const insideMatrix = `
               viewer  school  workshop  officer  manager  ministry  auditor  admin
read           yes     yes     yes       yes      yes      yes       yes      yes
read_journal   -       -       -         -        -        -         yes      yes
report_faults  -       yes     yes       yes      yes      -         -        yes
repair_faults  -       -       yes       yes      yes      -         -        yes
hand_out       -       yes     -         yes      yes      -         -        yes
accept_goods   -       yes     -         yes      yes      -         -        yes
send_goods     -       -       -         yes      yes      -         -        yes
run_shipments  -       -       -         yes      yes      -         -        yes
edit_devices   -       -       -         yes      yes      -         -        yes
edit_places    -       -       -         -        yes      -         -        yes
edit_schools   -       -       -         yes      yes      -         -        yes
run_imports    -       -       -         yes      yes      yes       -        yes
undo_imports   -       -       -         yes      yes      -         -        yes
set_targets    -       -       -         -        yes      yes       -        yes
count_stock    -       yes     -         yes      yes      -         -        yes
edit_users     -       -       -         -        yes      -         -        yes
keep_register  -       -       -         -        -        -         -        yes
add_models     -       -       -         yes      yes      -         -        yes
edit_models    -       -       -         yes      yes      -         -        yes
issue_cards    -       -       -         yes      yes      -         -        yes
`

func TestWhatRolesMayDo(t *testing.T) {
	actions := map[string]Action{
		"read": Read, "read_journal": ReadJournal, "report_faults": ReportFaults, "repair_faults": RepairFaults,
		"hand_out": HandOut, "accept_goods": AcceptGoods, "send_goods": SendGoods, "run_shipments": RunShipments,
		"edit_devices": EditDevices, "edit_places": EditPlaces, "edit_schools": EditSchools, "run_imports": RunImports,
		"undo_imports": UndoImports, "set_targets": SetTargets, "count_stock": CountStock,
		"edit_users": EditUsers, "keep_register": KeepRegister, "add_models": AddModels, "edit_models": EditModels, "issue_cards": IssueCards,
	}
	cells := 0
	grid(t, insideMatrix, func(row, column, cell string) {
		role, action := named(t, Roles(), column), actions[row]
		if got := role.May(action); got != (cell == "yes") {
			t.Errorf("%s may %s: %v, want %s", role, row, got, cell)
		}
		cells++
	})
	if want := len(Roles()) * len(Actions()); cells != want {
		t.Errorf("the matrix has %d cells, want %d: every role × every action", cells, want)
	}
	for _, a := range Actions() {
		if Role(0).May(a) || (Admin + 1).May(a) {
			t.Errorf("what is no role may do action %d", a)
		}
	}
	for _, r := range Roles() {
		if r.May(0) || r.May(lastAction+1) {
			t.Errorf("%s may do what is no action", r)
		}
	}
}

// Above its place a role allows nothing but to name a model, and elsewhere nothing.
func TestNothingIsAllowedOutsideTheScope(t *testing.T) {
	names := []Role{Officer, Manager, Admin}
	for _, r := range Roles() {
		want := ActionSet(0)
		if slices.Contains(names, r) {
			want = SetOf(AddModels)
		}
		if got := r.Where(Above); got != want {
			t.Errorf("%s above its place: %b, want %b", r, got, want)
		}
		if got := r.Where(Elsewhere) | r.Where(0) | r.Where(Elsewhere+1); got != 0 {
			t.Errorf("%s elsewhere: %b", r, got)
		}
	}
}

func TestRelationsOfPlaces(t *testing.T) {
	country := Path("").Child(1)
	punjab, sindh := country.Child(2), country.Child(3)
	lahore := punjab.Child(4)
	for _, c := range []struct {
		what   string
		of, at Path
		want   Relation
	}{
		{"itself", punjab, punjab, Inside},
		{"a part", punjab, lahore, Inside},
		{"everything, to who runs the register", "", lahore, Inside},
		{"nowhere in particular, to who runs the register", "", "", Inside},
		{"what it lies in", lahore, punjab, Above},
		{"what that lies in", lahore, country, Above},
		{"no place at all", lahore, "", Above},
		{"its neighbour", punjab, sindh, Elsewhere},
		{"a part of its neighbour", sindh, lahore, Elsewhere},
	} {
		if got := c.of.To(c.at); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}

// Each pair of places is in one relation, which is that of their lines in the tree.
func TestRelationsFollowTheTree(t *testing.T) {
	path := rapid.Custom(func(t *rapid.T) (p Path) {
		for _, id := range rapid.SliceOfN(rapid.Uint32Range(1, 3), 0, 4).Draw(t, "ids") {
			p = p.Child(PlaceID(id))
		}
		return p
	})
	line := func(p Path) (ids []PlaceID) {
		for ; p != ""; p = p.Parent() {
			ids = append([]PlaceID{p.ID()}, ids...)
		}
		return ids
	}
	rapid.Check(t, func(t *rapid.T) {
		of, at := path.Draw(t, "of"), path.Draw(t, "at")
		mine, other := line(of), line(at)
		shared := min(len(mine), len(other))
		want := Elsewhere
		switch {
		case !slices.Equal(mine[:shared], other[:shared]):
		case len(mine) <= len(other):
			want = Inside
		default:
			want = Above
		}
		if got := of.To(at); got != want {
			t.Fatalf("%v to %v: %d, want %d", mine, other, got, want)
		}
	})
}

func TestSetsOfActions(t *testing.T) {
	s := SetOf(Read, lastAction)
	for _, a := range Actions() {
		if s.Has(a) != (a == Read || a == lastAction) {
			t.Errorf("action %d", a)
		}
	}
	if s.Has(0) || s.Has(lastAction+1) || SetOf().Has(Read) {
		t.Error("a set has what was not put into it")
	}
	if lastAction >= 64 {
		t.Error("the actions do not fit into a set")
	}
}

// deepGrant is a grant at a district, and a school below it.
func deepGrant() (Grant, Path) {
	district := Path("").Child(1).Child(2).Child(3)
	return Grant{Role: Officer, Place: district}, district.Child(4).Child(5)
}

func TestThePolicyAllocatesNothing(t *testing.T) {
	g, school := deepGrant()
	if n := testing.AllocsPerRun(1000, func() {
		if !g.At(school).Has(Read) || g.At(g.Place.Parent()).Has(Read) {
			t.Error("the wrong answer")
		}
	}); n != 0 {
		t.Errorf("%v allocations for two checks", n)
	}
}

func BenchmarkPolicy(b *testing.B) {
	g, school := deepGrant()
	b.ReportAllocs()
	for b.Loop() {
		if !g.At(school).Has(EditDevices) {
			b.Fatal("refused")
		}
	}
}

package fleet

import (
	"strings"
	"testing"
	"time"
)

// What each role may do, within its scope.
const policyMatrix = `
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
`

func TestWhatRolesMayDo(t *testing.T) {
	actions := map[string]Action{
		"read": Read, "read_journal": ReadJournal, "report_faults": ReportFaults, "repair_faults": RepairFaults,
		"hand_out": HandOut, "accept_goods": AcceptGoods, "send_goods": SendGoods, "run_shipments": RunShipments,
		"edit_devices": EditDevices, "edit_places": EditPlaces, "edit_schools": EditSchools, "run_imports": RunImports,
		"undo_imports": UndoImports, "set_targets": SetTargets, "count_stock": CountStock,
		"edit_users": EditUsers, "keep_register": KeepRegister,
	}
	cells := 0
	grid(t, policyMatrix, func(row, column, cell string) {
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
		if r.May(0) || r.May(KeepRegister+1) {
			t.Errorf("%s may do what is no action", r)
		}
	}
}

func TestParseUserName(t *testing.T) {
	for _, c := range []struct{ text, want, code string }{
		{"asma", "asma", ""},
		{" Asma.Khan@moe-pk_1 ", "asma.khan@moe-pk_1", ""},
		{"۳۷۳۳۰۲۵۰", "37330250", ""},
		{"abc", "abc", ""},
		{strings.Repeat("a", 60), strings.Repeat("a", 60), ""},
		{"", "", "user.name"},
		{"ab", "", "user.name"},
		{strings.Repeat("a", 61), "", "user.name"},
		{"asma khan", "", "user.name"},
		{"asma\u200b", "", "user.name"},
		{"اسماء", "", "user.name"},
		{"a/b/c", "", "user.name"},
	} {
		got, err := ParseUserName(c.text)
		if got != c.want || codeOf(err) != c.code {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, got, codeOf(err), c.want, c.code)
		}
		if c.code != "" {
			refused(t, err, c.code, "name")
		}
	}
}

func TestTokenLivesUntilItExpiresOrIsRevoked(t *testing.T) {
	token := Token{Expires: noon.Unix()}
	if !token.Live(noon.Add(-time.Second)) {
		t.Error("dead a second before it expires")
	}
	if token.Live(noon) {
		t.Error("alive when it expires")
	}
	if token.Revoked = noon.Unix() - 60; token.Live(noon.Add(-time.Second)) {
		t.Error("alive after it was revoked")
	}
	if (&Token{}).Live(noon) {
		t.Error("a token without an end is alive")
	}
}

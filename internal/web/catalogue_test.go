package web

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// vocabularies are the texts that the code finds by a name it is handed, by
// screen: all the names there can be.
func vocabularies() map[string][]string {
	changes := []registry.Change{
		registry.ExpectDevice{},
		registry.ReceiveDevice{},
		registry.ReceiveUnlisted{},
		registry.CloseShipment{},
		registry.CorrectDevice{},
		registry.DispatchDevice{},
		registry.AcceptDevice{},
		registry.RefuseDevice{},
		registry.AssignDevice{},
		registry.ReturnDevice{},
		registry.RetireDevice{},
		registry.ReportFault{},
		registry.TriageFault{},
		registry.SendToRepair{},
		registry.ReturnFromRepair{},
		registry.CloseFault{},
		registry.SavePlace{},
		registry.UndoPart{},
	}
	var onDevice, onFault, onShipment, turns []string
	for _, a := range deviceActions {
		onDevice = append(onDevice, a.name)
	}
	for _, a := range faultActions {
		onFault = append(onFault, a.name)
	}
	for _, a := range shipmentActions {
		onShipment = append(onShipment, a.name)
	}
	onAccount := []string{
		"add_user", "enable_user", "disable_user", "set_roles", "change_password", "reset_second_factor", "end_user_sessions",
		"end_session", "end_sessions", "revoke_invitation", "revoke_token", "link_identity", "unlink_identity",
	}
	onCards := []string{"open_schools", "revoke_card", "change_pin"}
	onMany := []string{"accept_ticked", "send", "count"}
	onRecords := slices.Concat(onDevice, onFault, onShipment)
	turns = []string{"status", "condition", "place", "holder", "tag", "model", "carton", "lot", "line", "po", "price", "funding", "received", "warranty"}
	return map[string][]string{
		"status": names(fleet.Statuses()), "condition": names(fleet.Conditions()), "arrival": names(fleet.Arrivals()),
		"holder": names(fleet.HolderKinds()), "category": names(fleet.FaultCategories()), "severity": names(fleet.Severities()),
		"fault_state": names(fleet.FaultStates()), "route": names(fleet.Routes()), "outcome": names(fleet.Outcomes()),
		"shipment_state": names(fleet.ShipmentStates()), "kind": names(fleet.PlaceKinds()), "role": names(fleet.Roles()),
		"place_state": names(fleet.PlaceStates()[1:]), // whether it is in use is said only where it is not
		"level":       fleet.Levels(), "gender": fleet.Genders(), "answer": names([]fleet.Known{fleet.No, fleet.Yes}),
		"stock_difference": names(workbook.StockDifferences()),
		"discrepancy_kind": names(workbook.AllDiscrepancies()),
		"import_kind":      names(workbook.ImportKinds()),
		"import_state":     names(registry.ImportStates()),
		"row_outcome":      names(registry.RowOutcomes()),
		"import_phase":     names(workbook.Phases()), "import_phase_of": names(workbook.Phases()),
		"import_work":     names([]registry.ImportState{registry.ImportApplying, registry.ImportUndoing}),
		"import_halted":   names([]registry.ImportState{registry.ImportPlanned, registry.ImportStopped, registry.ImportUndoing}),
		"import_decision": {workbook.Empty, workbook.LeaveOut, workbook.KeepFirst, workbook.Accept, workbook.DayFirst, workbook.MonthFirst, workbook.TurnRound},
		"columns_sure":    {string(workbook.SaidSo), string(workbook.SaidBefore), string(workbook.Sure), string(workbook.Likely), string(workbook.Unsure)},
		"month":           {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		"group":           each(groups, func(g int) string { return groups[g].name }),
		"lines":           each(shipmentRow{}.lines(&view{catalogue: &catalogue{}}), func(i int) string { return shipmentRow{}.lines(&view{catalogue: &catalogue{}})[i].name }),
		"home_step":       {"schools", "people", "cards"},
		"home_step_how":   {"schools", "people", "cards"},
		"export":          {"devices", "faults", "places", "targets"},
		"change":          each(changes, func(i int) string { return changes[i].Name() }),
		"do":              slices.Concat(onRecords, onAccount, onMany, onCards, []string{"add_feed", "add_token", "set_password", "set_up", "recovery_codes", "accept_invitation", "invite_user", "renew_invitation", "print_cards", "new_pin", "hand_over"}),
		"do_hint":         onRecords,
		"saved":           slices.Concat(onRecords, onAccount, onMany, onCards, []string{"nothing", "import", "undo_import", lostForm}),
		"refusal":         append(slices.Collect(maps.Values(refusalTitles)), "misunderstood", "failed"),
		"device":          turns,
		"fault":           {"severity", "route", "outcome", "fir"},
	}
}

func names[E fmt.Stringer](all []E) []string {
	return each(all, func(i int) string { return all[i].String() })
}

func each[E any](all []E, name func(int) string) (list []string) {
	for i := range all {
		list = append(list, name(i))
	}
	return list
}

func TestEveryTextIsThereAndUsed(t *testing.T) {
	texts := loadCatalogue("en").texts
	used, screens := textsUsed(t)
	known := vocabularies()
	for screen := range screens {
		if _, ok := known[screen]; !ok {
			t.Errorf("the code looks for names under %q: list them in vocabularies", screen)
		}
	}
	for screen, list := range known {
		if !screens[screen] {
			t.Errorf("no code looks for names under %q", screen)
		}
		for _, name := range list {
			used[screen+"."+name] = nil
		}
	}
	for key := range used {
		if _, ok := texts[key]; !ok {
			t.Errorf("text %s is used and not there", key)
		}
	}
	for key := range texts {
		if _, ok := used[key]; !ok && !strings.HasPrefix(key, "error.") {
			t.Errorf("text %s is there and not used", key)
		}
	}
}

func TestSlotsAreThoseThatAreFilled(t *testing.T) {
	texts := loadCatalogue("en").texts
	used, _ := textsUsed(t)
	slot := regexp.MustCompile(`\{([a-z_]+)\}`)
	for key, uses := range used {
		for form := range strings.SplitSeq(texts[key], "|") {
			for _, filled := range uses {
				for _, m := range slot.FindAllStringSubmatch(form, -1) {
					if !slices.Contains(filled, m[1]) {
						t.Errorf("%s: nobody fills {%s} in %q", key, m[1], form)
					}
				}
			}
		}
		for _, filled := range uses {
			for _, name := range filled {
				if !strings.Contains(texts[key], "{"+name+"}") {
					t.Errorf("%s has no slot {%s}", key, name)
				}
			}
		}
	}
}

// textsUsed reads the package's own source: the keys that say is called with, and
// for each call the slots that it fills; and the screens below which names are
// looked for.
func textsUsed(t *testing.T) (used map[string][][]string, screens map[string]bool) {
	t.Helper()
	used, screens = map[string][][]string{}, map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch callee(call) {
			case "say":
				key, ok := literal(call.Args[0])
				if !ok {
					if name != "catalogue.go" && name != "view.go" {
						t.Errorf("%s: say is called with a key that is made up at run time: use word", name)
					}
					return true
				}
				used[key] = append(used[key], slotsOf(call.Args[1:]))
			case "word", "wordOf":
				if screen, ok := literal(call.Args[0]); ok {
					screens[screen] = true
				}
			case "choices":
				screen, _ := literal(call.Args[1])
				screens[screen] = true
			}
			return true
		})
	}
	return used, screens
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func slotsOf(args []ast.Expr) []string {
	slots := []string{}
	for i := 0; i < len(args); i += 2 {
		name, _ := literal(args[i])
		slots = append(slots, name)
	}
	return slots
}

// A text for an error is found by the error's code, which some package has to give.
func TestTextsForErrorsBelongToErrors(t *testing.T) {
	var source strings.Builder
	for _, pkg := range []string{".", "../fleet", "../registry", "../auth", "../workbook", "../server"} {
		files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(data)
		}
	}
	for key := range loadCatalogue("en").texts {
		code, ok := strings.CutPrefix(key, "error.")
		if ok && !strings.Contains(source.String(), strconv.Quote(code)) {
			t.Errorf("nothing gives an error %s", code)
		}
	}
}

func TestTextsWithTwoForms(t *testing.T) {
	c := &catalogue{texts: map[string]string{"a.b": "one device at {place}|{n} devices at {place}", "a.c": "{n} | {x}"}}
	for _, test := range []struct {
		n    any
		want string
	}{
		{1, "one device at Kasur"},
		{int64(1), "one device at Kasur"},
		{0, "0 devices at Kasur"},
		{uint32(12345), "12,345 devices at Kasur"},
		{int64(1234567), "1,234,567 devices at Kasur"},
	} {
		if got := c.say("a.b", "n", test.n, "place", "Kasur"); got != test.want {
			t.Errorf("%v: %q, want %q", test.n, got, test.want)
		}
	}
	if got := c.say("a.missing"); got != "a.missing" {
		t.Errorf("a missing text shows as %q", got)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999", 123456: "123,456", 1000000: "1,000,000"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}

package main

import (
	"fmt"
	"strings"
)

// other is a check that the matrix cannot see the lack of, with the reason, and the
// test that does. There is always one: what no test can see is no check.
type other struct {
	in    string // file and function
	check string // the call's beginning
	why   string // the matrix cannot
	pkg   string
	test  string // a regular expression
}

const (
	registry = "internal/registry"
	workbook = "internal/workbook"

	noRoute = "no route leads here"
	twice   = "the edges find no place by its code that is outside the scope: this door is the second"
	refused = "the routes need the same: this door is the second"
	undone  = "undoing meets it only where places were moved between the import and its undoing"
	forms   = "it only chooses what a form offers"
)

var others = []other{
	{"registry/device_list.go Devices", "s.actor.sees(q.Place)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/erase.go apply", "t.actor.May(fleet.KeepRegister", noRoute, registry, "TestErasedDetailsAreGoneAndAllProofsHold"},
	{"registry/fault.go Faults", "s.actor.sees(q.Place)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/import.go ImportsOf", "s.actor.seesImport", noRoute, registry, "TestImportsAreSeenByThoseWhoHaveAllItsPlaces"},
	{"registry/import_job.go mayStillImport", "a.MayAnywhere", "a role would have to be lost while an import runs", workbook, "TestALostRoleStopsAnImport"},
	{"registry/import_job.go ImportJobs", "s.mayKeep", noRoute, registry, "TestTheRegisterRefusesByItself"},
	{"registry/import_reading.go apply", "t.actor.May(fleet.RunImports", refused, registry, "TestTheRegisterRefusesByItself"},
	{"registry/import_reading.go Layouts", "s.actor.May(fleet.RunImports", refused, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/journal_list.go readJournal", "s.actor.MayAnywhere", refused, registry, "TestAnAuditorReadsTheJournalOfTheirPlaces"},
	{"registry/journal_proof.go ProveEntry", "s.actor.MayAnywhere", refused, registry, "TestAProofOfSomethingElseIsRefused"},
	{"registry/model.go apply", "t.actor.May(fleet.AddModels", refused, registry, "TestModelsBelongToTheCountry"},
	{"registry/model.go apply", "t.actor.May(fleet.EditModels", noRoute, registry, "TestModelsBelongToTheCountry"},
	{"registry/place.go Children", "s.actor.sees(p)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/place.go PlacesUnder", "s.actor.sees(p)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/place.go parentFor", "t.allow(fleet.EditPlaces", noRoute, registry, "TestTheRegisterRefusesByItself"},
	{"registry/retention.go Retain", "s.mayKeep", noRoute, registry, "TestTheRegisterRefusesByItself"},
	{"registry/school_account.go apply", "t.allow(fleet.IssueCards", refused, registry, "TestWhoGivesSchoolsWhatTheySignInWith"},
	{"registry/school_list.go SchoolsSignIn", "s.actor.administers", forms, registry, "TestWhatFormsOffer"},
	{"registry/session.go MayAnywhere", "a.MaySome", refused, registry, "TestAnAuditorReadsTheJournalOfTheirPlaces"},
	{"registry/session.go MayAnywhere", "s.actor.MayAnywhere", refused, workbook, "TestNoPlanForWhoImportsNothing"},
	{"registry/session.go MayHold", "a.covers", forms, registry, "TestWhatFormsOffer"},
	{"registry/session.go MayGive", "g.Role.May(fleet.EditUsers)", forms, registry, "TestWhatFormsOffer"},
	{"registry/session.go MayGive", "a.covers", forms, registry, "TestWhatFormsOffer"},
	{"registry/stocktake.go TryStockTake", "s.actor.sees(at)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/stocktake.go StockTakesUnder", "s.actor.sees(p)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/stocktake.go dropStockTake", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/stocktake.go restoreStockTake", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/target.go Target", "s.actor.sees(at)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/target.go TargetsOf", "s.actor.sees(p)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/target.go TargetsUnder", "s.actor.sees(p)", twice, registry, "TestListsOutsideTheScopeReadNothing"},
	{"registry/target.go dropTarget", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/target.go restoreTarget", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/undo_place.go dropPlace", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/undo_place.go restorePlace", "u.within(now.Path)", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/undo_place.go restorePlace", "u.within(to", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/undo_record.go dropDevice", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/undo_record.go restoreDevice", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/undo_record.go restoreModel", "u.actor.May", noRoute, registry, "TestUndoingLeavesAloneWhatWasElsewhere"},
	{"registry/undo_record.go dropShipment", "u.within", undone, registry, "TestUndoingTouchesNothingElsewhere"},
	{"registry/undo_record.go restoreShipment", "u.within", undone, registry, "TestUndoingLeavesAloneWhatWasElsewhere"},
	{"api/route.go rolesFor", "r.May(needs)", "it only says in the documentation whose roles do it", "internal/api", "TestDocumentIsAsReleased"},
	{"workbook/desk_take.go mayImport", "s.MayAnywhere", refused, workbook, "TestUploadsThatCannotGoOn"},
	{"workbook/plan.go NewPlan", "s.MayAnywhere", refused, workbook, "TestNoPlanForWhoImportsNothing"},
	{"workbook/plan_place.go newTehsil", "p.session.May", "the register refuses the tehsil, too", workbook, "TestNewTehsilsAreAddedByThoseWhoMay"},
	{"workbook/template.go WriteTemplate", "s.MayAnywhere", refused, workbook, "TestNoTemplate"},
	{"registry/undo_record.go within", "u.actor.May", undone, registry, "TestUndoingTouchesNothingElsewhere"},
}

// assign gives each mutant that the matrix cannot find to who does. An entry of
// others that is about nothing any more is an error.
func assign(all []mutant) error {
	for i := range others {
		o := &others[i]
		used := false
		for m := range all {
			file, rest, _ := strings.Cut(all[m].at, ":")
			_, in, _ := strings.Cut(rest, " ")
			if file+" "+in == o.in && strings.HasPrefix(all[m].what, o.check) {
				all[m].other, used = o, true
			}
		}
		if !used {
			return fmt.Errorf("%s has no check %s any more: take it out of scripts/mutants/other.go", o.in, o.check)
		}
	}
	return nil
}

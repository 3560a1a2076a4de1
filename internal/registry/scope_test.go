package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Models are the whole country's: an officer of a district adds one, and cannot alter
// what the others use.
func TestModelsBelongToTheCountry(t *testing.T) {
	w := newWorld(t)
	lahore, ministry := w.as(fleet.Officer, "PK601"), w.as(fleet.Officer, "PK")
	model := func(screen string) registry.Change {
		return registry.SaveModel{Model: fleet.Model{Name: "Takhti 14", Screen: screen}}
	}
	w.refused(w.as(fleet.SchoolRole, "PK6-35200001"), "forbidden", model("14 inch"))
	w.do(lahore, model("14 inch"))
	w.refused(lahore, "model.shared", model("15 inch"))
	w.refused(w.as(fleet.Officer, "PK602"), "model.shared", model("15 inch"))
	w.do(ministry, model("15 inch"))
	w.do(w.boss, model("16 inch"))
}

// A shipment of which something came stays where it came to, for whoever has both places.
func TestAShipmentStaysWhereItWasReceived(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK601-STORE", "AAA-0001", "AAA-0002")
	elsewhere := registry.AnnounceShipment{Number: "SHP-1", Supplier: "Tez", Destination: "PK602"}
	w.refused(w.as(fleet.Officer, "PK601"), "place.not_found", elsewhere)
	w.refused(w.as(fleet.Officer, "PK602"), "shipment.taken", elsewhere)
	punjab := w.as(fleet.Manager, "PK6")
	w.do(punjab, elsewhere)
	w.do(punjab, registry.AnnounceShipment{Number: "SHP-1", Supplier: "Tez", Destination: "PK601-STORE"})
	w.do(punjab, registry.ReceiveDevice{Serial: "AAA-0001"})
	w.refused(punjab, "shipment.destination_fixed", elsewhere)
	w.do(punjab, registry.AnnounceShipment{Number: "SHP-1", Supplier: "Tez Devices", Destination: "PK601-STORE"})
}

// Who has a school and another district, but not the school's own district, cannot
// take the school out of it.
func TestAPlaceIsNotTakenOutOfWhatIsOthers(t *testing.T) {
	w := newWorld(t)
	both := w.reg.As(registry.Actor{Grants: []fleet.Grant{
		{Role: fleet.Officer, Place: w.path("PK602")},
		{Role: fleet.Officer, Place: w.path("PK6-35200001")},
	}})
	moved := school("35200001", "PK602", "GGHS Chak 77")
	w.refused(both, "place.not_from_there", moved)
	w.refused(w.as(fleet.Officer, "PK602"), "place.not_found", moved)
	w.refused(w.as(fleet.Officer, "PK601"), "place.not_found", moved)
	w.do(w.as(fleet.Manager, "PK6"), moved)
}

// What happened to a device before it came to where the actor sees it names nobody.
func TestHistoryFromElsewhereNamesNobody(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA-0001")
	w.do(w.as(fleet.SchoolRole, "PK6-35200001"),
		registry.AssignDevice{Serial: "AAA-0001", Holder: fleet.Holder{Kind: fleet.HeldByTeacher, Label: "Teacher of Chak 77"}},
		registry.ReturnDevice{Serial: "AAA-0001"})
	w.do(w.boss, registry.DispatchDevice{Serial: "AAA-0001", To: "PK6-35100001"}, registry.AcceptDevice{Serial: "AAA-0001"})
	w.do(w.as(fleet.Officer, "PK602"), registry.AssignDevice{Serial: "AAA-0001", Holder: fleet.Holder{Kind: fleet.HeldByTeacher, Label: "Teacher of Kot"}})
	said := func(s registry.Session) string {
		t.Helper()
		var all strings.Builder
		direct, err := s.History(t.Context(), "AAA-0001")
		if err != nil {
			t.Fatal(err)
		}
		detail, err := s.DeviceDetail(t.Context(), "AAA-0001", true)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range append(direct, detail.History...) {
			for _, d := range []*fleet.Device{e.Before, e.After} {
				if d != nil {
					fmt.Fprintf(&all, "%s %s\n", e.Entry.Actor, d.Holder.Label)
				}
			}
		}
		return all.String()
	}
	kasur, all := said(w.as(fleet.Officer, "PK602")), said(w.boss)
	for _, name := range []string{"Teacher of Chak 77", "school"} {
		if strings.Contains(kasur, name) || !strings.Contains(all, name) {
			t.Errorf("%q is told in Kasur, or to nobody:\n%s\n%s", name, kasur, all)
		}
	}
	if !strings.Contains(kasur, "officer Teacher of Kot") {
		t.Errorf("what happened in Kasur is not told there:\n%s", kasur)
	}
}

// A fault ends where its device is: the place that reported it changes no device that
// went elsewhere, and those who have the device now do not write into its fault.
func TestFaultsOfDevicesThatWentElsewhere(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA-0001")
	first := w.do(w.as(fleet.SchoolRole, "PK6-35200001"), report("AAA-0001", fleet.FaultScreen)).Refs[0]
	w.do(w.boss, registry.DispatchDevice{Serial: "AAA-0001", To: "PK6-35100001"}, registry.AcceptDevice{Serial: "AAA-0001"})
	w.refused(w.as(fleet.Officer, "PK601"), "fault.device_elsewhere", registry.CloseFault{Ref: first, Outcome: fleet.WrittenOff})
	w.refused(w.as(fleet.Officer, "PK601"), "fault.device_elsewhere", registry.TriageFault{Ref: first, Severity: fleet.Minor})
	second := w.do(w.as(fleet.SchoolRole, "PK6-35100001"), report("AAA-0001", fleet.FaultScreen)).Refs[0]
	if second == first {
		t.Errorf("the new school writes into fault %s of the old one", first)
	}
	w.do(w.boss, registry.CloseFault{Ref: first, Outcome: fleet.NoFaultFound})
}

func report(s fleet.Serial, c fleet.FaultCategory) registry.ReportFault {
	return registry.ReportFault{Serial: s, Category: c, Severity: fleet.Major, Note: "cracked"}
}

// An import is seen by those who run imports wherever its sender does: neither by half
// of them, nor by the sender once they have lost a place, or with a narrower token.
func TestImportsAreSeenByThoseWhoHaveAllItsPlaces(t *testing.T) {
	w := newWorld(t)
	sender := func(role fleet.Role, codes ...fleet.PlaceCode) registry.Session {
		a := registry.Actor{User: 7, Name: "both", Via: "api"}
		for _, code := range codes {
			a.Grants = append(a.Grants, fleet.Grant{Role: role, Place: w.path(code)})
		}
		return w.reg.As(a)
	}
	both := sender(fleet.Officer, "PK601", "PK602")
	// The scope that a caller states is none of its business.
	w.do(both, registry.StartImport{Import: registry.Import{Kind: "places", SHA256: strings.Repeat("a", 64), Scope: w.path("PK7")}})
	for name, s := range map[string]registry.Session{
		"both": both, "the province": w.as(fleet.Manager, "PK6"), "the ministry": w.as(fleet.Ministry, "PK"), "everything": w.boss,
	} {
		if _, err := s.Import(t.Context(), 1); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, s := range map[string]registry.Session{
		"a colleague in one of them": w.as(fleet.Officer, "PK601"), "in the other": w.as(fleet.Officer, "PK602"), "elsewhere": w.as(fleet.Manager, "PK7"),
		"the sender, who lost one": sender(fleet.Officer, "PK602"), "with a token to read": sender(fleet.Viewer, "PK601", "PK602"), "who only reads": w.as(fleet.Viewer, "PK6"),
	} {
		_, err := s.Import(t.Context(), 1)
		wantCode(t, err, "import.not_found")
		if all, err := s.Imports(t.Context(), 10); err != nil || len(all) != 0 {
			t.Errorf("%s lists %v, %v", name, all, err)
		}
		if all, err := s.ImportsOf(t.Context(), strings.Repeat("a", 64)); err != nil || len(all) != 0 {
			t.Errorf("%s lists %v of the file, %v", name, all, err)
		}
		w.refused(s, "import.not_found", registry.CommitImport{ID: 1, Digest: []byte("x")})
		w.refused(s, "import.not_found", registry.ReadImport{ID: 1})
	}
	w.do(w.as(fleet.Manager, "PK6"), registry.CommitImport{ID: 1, Digest: []byte("x")})
}

// Undoing puts nothing back to where it was, when that is by now outside the places of
// whoever undoes it.
func TestUndoingLeavesAloneWhatWasElsewhere(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-9", "PK601-STORE")
	w.do(w.boss, registry.SaveModel{Model: fleet.Model{Name: "Takhti 14", Screen: "14 inch"}})
	lahore, punjab := w.as(fleet.Officer, "PK601"), w.as(fleet.Manager, "PK6")
	w.do(lahore, registry.StartImport{Import: registry.Import{Kind: "devices", SHA256: strings.Repeat("a", 64)}})
	// The model is altered by somebody who may, in a part of the same import.
	w.do(w.boss, registry.ImportPart{ID: 1, Part: 1, Last: true, Steps: []registry.ImportStep{
		{Change: registry.AnnounceShipment{Number: "SHP-9", Supplier: "Tez", Destination: "PK6-35200001"}, Row: -1},
		{Change: registry.SaveModel{Model: fleet.Model{Name: "Takhti 14", Screen: "15 inch"}}, Row: -1},
	}})
	kept := func(s registry.Session) string {
		t.Helper()
		plan, err := s.UndoPlan(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, k := range plan.Kept {
			all = append(all, k.Subject+" "+k.Reason.Code)
		}
		return strings.Join(all, ", ")
	}
	if got := kept(lahore); got != "Takhti 14 undo.outside" {
		t.Errorf("kept in Lahore: %q", got)
	}
	if got := kept(w.as(fleet.Officer, "PK")); got != "" {
		t.Errorf("kept in the country: %q", got)
	}
	moved := place("PK601-STORE", "PK602", fleet.Store, "Lahore store")
	w.do(punjab, moved)
	if got := kept(lahore); got != "Takhti 14 undo.outside, SHP-9 undo.outside" {
		t.Errorf("kept in Lahore, after its store went to Kasur: %q", got)
	}
	if got := kept(punjab); got != "Takhti 14 undo.outside" {
		t.Errorf("kept in Punjab: %q", got)
	}
}

// What no page and no operation offers is refused by the register itself.
func TestTheRegisterRefusesByItself(t *testing.T) {
	w := newWorld(t)
	manager, ctx := w.as(fleet.Manager, "PK6"), t.Context()
	w.refused(w.as(fleet.SchoolRole, "PK6-35200001"), "forbidden", registry.RememberLayout{Layout: registry.Layout{Scope: w.path("PK6-35200001")}})
	w.refused(manager, "forbidden", registry.RememberLayout{Layout: registry.Layout{Scope: w.path("PK7")}})
	_, err := manager.ImportJobs(ctx)
	wantCode(t, err, "forbidden")
	_, err = manager.Retain(ctx, registry.KeptActs, w.clock)
	wantCode(t, err, "forbidden")
	w.refused(w.as(fleet.Manager, "PK6"), "place.not_found", place("PL", "", fleet.Country, "Poland"))
}

// A form offers no role that is not to be given, and nothing about schools to those who
// look after none.
func TestWhatFormsOffer(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.OpenSchool{School: "PK6-35200001"})
	for _, tc := range []struct {
		s       registry.Session
		admins  bool // gives the role of an administrator
		viewers bool
		schools bool
	}{
		{w.boss, true, true, true},
		{w.as(fleet.Manager, "PK601"), false, true, true},
		{w.as(fleet.Manager, "PK602"), false, true, false},
		{w.as(fleet.Officer, "PK601"), false, false, false},
		{w.as(fleet.Auditor, "PK"), false, false, false},
	} {
		schools, err := tc.s.SchoolsSignIn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a := tc.s.Actor()
		if a.MayHold(fleet.Admin) != tc.admins || !a.MayHold(fleet.Viewer) {
			t.Errorf("%s at %q may have a token of an administrator: %v; of a viewer: %v", a.Name, a.Grants, a.MayHold(fleet.Admin), a.MayHold(fleet.Viewer))
		}
		if got := [...]bool{a.MayGive(fleet.Admin), a.MayGive(fleet.Viewer), schools}; got != [...]bool{tc.admins, tc.viewers, tc.schools} {
			t.Errorf("%s at %q gives administrators' and viewers' roles, and sees that schools sign in: %v", a.Name, a.Grants, got)
		}
	}
}

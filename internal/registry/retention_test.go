package registry_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// holds says whether any value of the store has the text in it.
func (w *world) holds(text string) bool {
	w.t.Helper()
	found := false
	err := w.store.View(context.Background(), func(r kv.Reader) error {
		for pair, err := range r.Scan(nil, []byte{0xff}) {
			if err != nil {
				return err
			}
			found = found || strings.Contains(string(pair.Val), text) || strings.Contains(string(pair.Key), text)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func (w *world) retain(k registry.Kept, want int) {
	w.t.Helper()
	n, err := w.boss.Retain(w.t.Context(), k, w.clock.AddDate(-1, 0, 0))
	if err != nil || n != want {
		w.t.Errorf("%s: %d erased, %v; want %d", k, n, err, want)
	}
	w.sound()
}

// Who had a device is forgotten a year after it was taken back; who has it now is not.
func TestWhoHadADeviceIsForgottenInTime(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "TK-0001", "TK-0002")
	to := func(class string) fleet.Holder { return fleet.Holder{Kind: fleet.HeldByLearner, Label: class, Roll: 7} }
	w.do(w.boss, registry.AssignDevice{Serial: "TK-0001", Holder: to("CLASS-ONE")}, registry.AssignDevice{Serial: "TK-0002", Holder: to("CLASS-STAYS")})
	w.do(w.boss, registry.ReturnDevice{Serial: "TK-0001"})
	w.setClock(w.clock.AddDate(0, 6, 0))
	w.do(w.boss, registry.AssignDevice{Serial: "TK-0001", Holder: to("CLASS-TWO")})
	w.retain(registry.KeptLearners, 0)
	w.setClock(w.clock.AddDate(0, 8, 0))
	w.retain(registry.KeptLearners, 1)
	for class, want := range map[string]bool{"CLASS-ONE": false, "CLASS-TWO": true, "CLASS-STAYS": true} {
		if w.holds(class) != want {
			t.Errorf("%s is kept: %t, want %t", class, !want, want)
		}
	}
	w.retain(registry.KeptLearners, 0)
	w.do(w.boss, registry.ReturnDevice{Serial: "TK-0002"})
	w.setClock(w.clock.AddDate(2, 0, 0))
	w.retain(registry.KeptLearners, 1)
	if w.holds("CLASS-STAYS") {
		t.Error("who had TK-0002 is still known")
	}
}

func TestNotesOnFaultsAreForgottenInTime(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "TK-0001", "TK-0002")
	report := func(serial fleet.Serial, note string) string {
		return w.do(w.boss, registry.ReportFault{Serial: serial, Category: fleet.FaultScreen, Severity: fleet.Minor, Note: note}).Refs[0]
	}
	over := report("TK-0001", "the NOTE-OVER")
	report("TK-0002", "the NOTE-OPEN")
	w.do(w.boss, registry.CloseFault{Ref: over, Outcome: fleet.NoFaultFound, Note: "another NOTE-OVER"})
	w.setClock(w.clock.AddDate(2, 0, 0))
	w.retain(registry.KeptFaults, 1)
	if w.holds("NOTE-OVER") || !w.holds("NOTE-OPEN") {
		t.Error("the wrong notes were erased")
	}
	f, err := w.boss.Fault(t.Context(), over)
	if err != nil || f.State != fleet.FaultClosed || f.Category != fleet.FaultScreen {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestActsAndAccountsAreForgottenInTime(t *testing.T) {
	w := newWorld(t)
	everywhere := []registry.UserGrant{{Role: fleet.Viewer}}
	w.do(w.boss,
		registry.AddUser{User: "gone", FullName: "NAME-GONE", Grants: everywhere},
		registry.AddUser{User: "unnamed", Grants: everywhere},
		registry.AddUser{User: "here", FullName: "NAME-HERE", Grants: everywhere},
	)
	linked := map[string]string{"gone": "LINKED-GONE", "unnamed": "LINKED-UNNAMED", "here": "LINKED-HERE"}
	for name, subject := range linked {
		u, _, err := w.reg.Gate().User(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		w.do(w.reg.As(registry.Actor{User: u.ID, Name: name, Grants: u.Grants}), link(name, subject))
	}
	w.do(w.boss, registry.EnableUser{User: "gone"}, registry.EnableUser{User: "unnamed"})
	w.reg.As(registry.Actor{Name: "TRIED-NAME", Via: "web", Address: "203.0.113.7"}).Witness(registry.Act{Kind: registry.SignInFailed, Subject: "SUBJECT"})
	w.do(w.boss, place("PK603", "PK6", fleet.District, "Sialkot")) // writes the act with it
	w.retain(registry.KeptAccounts, 0)
	w.setClock(w.clock.Add(366 * 24 * time.Hour))
	w.retain(registry.KeptAccounts, 2)
	w.retain(registry.KeptActs, 1)
	for text, want := range map[string]bool{
		"LINKED-GONE@": false, "LINKED-UNNAMED@": false, "LINKED-HERE@": true,
		"NAME-GONE": false, "NAME-HERE": true, "TRIED-NAME": false, "203.0.113.7": false, "SUBJECT": false,
	} {
		if w.holds(text) != want {
			t.Errorf("%s is kept: %t, want %t", text, !want, want)
		}
	}
}

func TestOnlyTheKeeperErases(t *testing.T) {
	w := newWorld(t)
	for _, role := range []fleet.Role{fleet.Officer, fleet.Manager, fleet.Auditor} {
		if _, err := w.as(role, "PK6").Retain(t.Context(), registry.KeptActs, w.clock); fleet.KindOf(err) != fleet.Forbidden {
			t.Errorf("%s: %v", role, err)
		}
	}
}

package workbook

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// desked is a list that came in through a desk and was carried out.
func (w *world) desked(d *Desk, s registry.Session, in Incoming, list string) registry.Import {
	w.t.Helper()
	i, err := d.Take(context.Background(), s, in, strings.NewReader(list))
	if err != nil {
		w.t.Fatal(err)
	}
	p, _, err := d.Plan(context.Background(), s, i.ID, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	i, _, err = d.Commit(context.Background(), s, i.ID, p.Digest, in.SkipBad)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

// undone takes an import back, and returns what the plan had said.
func (w *world) undone(d *Desk, s registry.Session, id uint64) (registry.UndoPlan, registry.Import) {
	w.t.Helper()
	p, err := d.UndoPlan(context.Background(), s, id)
	if err != nil {
		w.t.Fatal(err)
	}
	i, err := d.Undo(context.Background(), s, id, p.Digest)
	if err != nil {
		w.t.Fatal(err)
	}
	if i.State != registry.ImportUndone || i.Undo.UndoTally != p.UndoTally {
		w.t.Errorf("%s: %+v, and the plan said %+v", i.State, i.Undo, p.UndoTally)
	}
	return p, i
}

func (w *world) sound(t interface{ Errorf(string, ...any) }) {
	w.t.Helper()
	err := w.reg.Verify(context.Background(), func(string) {}, func(f registry.Finding) { t.Errorf("verify: %s", f) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// everything is an export of all places, devices and targets, and what was counted.
func (w *world) everything() string {
	w.t.Helper()
	var out bytes.Buffer
	for _, k := range []Kind{Places, Devices, Targets} {
		out.Write(bytesOf(w.t, w.exported(w.boss, ExportOptions{Kind: k, Format: CSV})))
	}
	counts, err := w.boss.StockTakesUnder(context.Background(), w.place("PK").Path, nil, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range counts {
		fmt.Fprintln(&out, s.Place.ID(), s.Date, s.Found, s.Missing, s.Unexpected, s.Misplaced)
	}
	return out.String()
}

func TestAnImportIsUndone(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{Part: 3})
	before := w.everything()
	places := w.desked(d, w.boss, Incoming{Name: "schools.csv", Kind: Places}, "EMIS Code,Place Name,Province,District,Tehsil\n35200009,GGPS New,Punjab,Lahore,Ravi\n35200001,GGHS Chak 78,Punjab,Lahore,Lahore City\n35200003,GBPS Kot Lakhpat,Punjab,Lahore,Ravi\n")
	devices := w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, "Serial,Model,School EMIS\nTK-0001,Takhti 12,35200009\nTK-0002,Takhti 12,35200001\nTK-0003,,35200001\nTK-0004,,\n")
	with := w.everything()
	p, _ := w.undone(d, w.boss, devices.ID)
	if p.Deleted != 6 || len(p.Kept) != 0 { // four devices, their model and their shipment
		t.Errorf("%+v", p.UndoTally)
	}
	p, _ = w.undone(d, w.boss, places.ID)
	if p.Deleted != 2 || p.Restored != 2 || len(p.Kept) != 0 {
		t.Errorf("%+v %v", p.UndoTally, p.Kept)
	}
	if after := w.everything(); after != before {
		t.Errorf("after both were undone:\n%s\nwant\n%s", after, before)
	}
	w.sound(t)
	w.desked(d, w.boss, Incoming{Name: "schools.csv", Kind: Places}, "EMIS Code,Place Name,Province,District,Tehsil\n35200009,GGPS New,Punjab,Lahore,Ravi\n35200001,GGHS Chak 78,Punjab,Lahore,Lahore City\n35200003,GBPS Kot Lakhpat,Punjab,Lahore,Ravi\n")
	w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, "Serial,Model,School EMIS\nTK-0001,Takhti 12,35200009\nTK-0002,Takhti 12,35200001\nTK-0003,,35200001\nTK-0004,,\n")
	if again := w.everything(); again != with {
		t.Errorf("imported again:\n%s\nwant\n%s", again, with)
	}
	if _, err := d.UndoPlan(t.Context(), w.boss, devices.ID); err == nil || !strings.Contains(err.Error(), "was undone") {
		t.Errorf("undone twice: %v", err)
	}
	w.sound(t)
}

// What something later stands on stays, and is told with the reason.
func TestUndoLeavesWhatLaterThingsStandOn(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	w.desked(d, w.boss, Incoming{Name: "schools.csv", Kind: Places}, "EMIS Code,Place Name,Province,District\n35200009,GGPS New,Punjab,Lahore\n35200010,GBPS New,Punjab,Lahore\n")
	list := w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, serials(4)+"TK-00009,L1\n")
	w.desked(d, w.boss, Incoming{Name: "again.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, "Serial,Lot,School EMIS\nTK-00003,L2,\nTK-00100,L1,35200009\n")
	w.do(registry.ReceiveDevice{Serial: "TK-00001"})
	p, i := w.undone(d, w.boss, list.ID)
	var kept []string
	for _, k := range p.Kept {
		kept = append(kept, k.Subject+": "+k.Reason.Message)
	}
	if got := strings.Join(kept, "\n"); got != "TK-00003: it was changed by import I-3 on 2026-06-01\nTK-00001: it was received by operator on 2026-06-01\nS-1: 3 devices are of this shipment" {
		t.Error(got)
	}
	if p.Deleted != 3 || i.Undo.Kept != 3 {
		t.Errorf("%+v", i.Undo)
	}
	rows, _, err := w.boss.UndoKept(t.Context(), i.ID, registry.RowQuery{Limit: 10})
	if err != nil || len(rows) != 3 || rows[0].Subject != "TK-00003" {
		t.Errorf("%+v, %v", rows, err)
	}
	// The school is now one of a device that another import brought.
	p, err = d.UndoPlan(t.Context(), w.boss, 1)
	if err != nil || p.Deleted != 1 || len(p.Kept) != 1 || p.Kept[0].Reason.Message != "devices are there" {
		t.Errorf("%+v, %v", p, err)
	}
	w.sound(t)
}

// Who may undo an import runs imports for all of its sender's places.
func TestWhoMayUndo(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	officer, manager, other := w.as(fleet.Officer, "PK601"), w.as(fleet.Manager, "PK6"), w.as(fleet.Officer, "PK602")
	in := Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}
	own := w.desked(d, officer, in, serials(2))
	if _, err := d.UndoPlan(t.Context(), other, own.ID); fleet.KindOf(err) != fleet.NotFound {
		t.Errorf("another district's officer: %v", err)
	}
	w.undone(d, manager, own.ID)
	w.undone(d, officer, w.desked(d, officer, in, serials(2)).ID)
	// The ministry takes back what it sent in itself, and nothing that others did.
	ministry := w.as(fleet.Ministry, "PK")
	w.undone(d, ministry, w.desked(d, ministry, Incoming{Name: "plan.csv", Kind: Targets}, "District,Devices,By\nLahore,40,30/06/2026\n").ID)
	others := w.desked(d, officer, in, serials(2))
	if _, err := d.UndoPlan(t.Context(), ministry, others.ID); fleet.KindOf(err) != fleet.Forbidden {
		t.Errorf("the ministry undoes an officer's import: %v", err)
	}
	planned, err := d.Take(t.Context(), officer, in, strings.NewReader(serials(3)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.UndoPlan(t.Context(), officer, planned.ID); err == nil || !strings.Contains(err.Error(), "nothing to undo") {
		t.Errorf("an import that was not carried out: %v", err)
	}
}

// What was shown is what is undone, and an undoing that was cut off goes on.
func TestUndoKeepsToWhatWasShown(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{Part: 3})
	i := w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, serials(10))
	p, err := d.UndoPlan(t.Context(), w.boss, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.do(registry.ReceiveDevice{Serial: "TK-00001"})
	if _, err := d.Undo(t.Context(), w.boss, i.ID, p.Digest); err == nil || !strings.Contains(err.Error(), "the register has changed since") {
		t.Fatalf("%v", err)
	}
	if i, err = w.boss.Import(t.Context(), i.ID); err != nil || i.State != registry.ImportApplied || i.Halt.Code != "import.changed" {
		t.Fatalf("%+v, %v", i, err)
	}
	if p, err = d.UndoPlan(t.Context(), w.boss, i.ID); err != nil {
		t.Fatal(err)
	}
	w.do(registry.UndoImport{ID: i.ID, Digest: p.Digest}, registry.UndoPart{ID: i.ID, Part: 1, Records: p.Records[:3]})
	w.do(registry.ReceiveDevice{Serial: "TK-00002"})
	i = w.resumed(d, i)
	if i.State != registry.ImportUndone || i.Undo.Deleted != 8 || i.Undo.Kept != 3 || int(i.Undo.Records) != len(p.Records) {
		t.Errorf("%s %+v of %d", i.State, i.Undo, len(p.Records))
	}
	w.sound(t)
}

// An undoing that stopped in the middle is looked at again and goes on, to what is
// shown then. What is left of the import meanwhile can be imported anew.
func TestAnUndoingThatStoppedGoesOn(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{Part: 3})
	officer := w.as(fleet.Officer, "PK601")
	in := Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}
	i := w.desked(d, officer, in, serials(10))
	p, err := d.UndoPlan(t.Context(), officer, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	order, part := registry.UndoImport{ID: i.ID, Digest: p.Digest}, registry.UndoPart{ID: i.ID, Part: 1, Records: p.Records[:3]}
	if _, err := officer.Apply(t.Context(), registry.Request{}, order, part); err != nil {
		t.Fatal(err)
	}
	w.do(registry.EnableUser{User: "officer.pk601"}) // not
	if i = w.resumed(d, i); i.State != registry.ImportStopped || i.Halt.Code != "import.role_lost" || i.Undo.Deleted != 3 {
		t.Fatalf("%s %+v %+v", i.State, i.Halt, i.Undo)
	}
	again := w.plan(lines("list.csv", strings.Split(strings.TrimSpace(serials(10)), "\n")...), Options{Kind: Devices, Shipment: "S-1", To: "PK601"})
	if cut, err := d.cutOff(t.Context(), w.boss, in, again); err != nil || cut.ID != 0 {
		t.Errorf("the same file anew goes on with %+v, %v", cut, err)
	}
	shown, err := d.UndoPlan(t.Context(), w.boss, i.ID)
	if err != nil || shown.Deleted != 8 {
		t.Fatalf("%+v, %v", shown.UndoTally, err)
	}
	w.do(registry.ReceiveDevice{Serial: "TK-00000"})
	if _, err := d.Undo(t.Context(), w.boss, i.ID, shown.Digest); err == nil || !strings.Contains(err.Error(), "the register has changed since") {
		t.Fatalf("%v", err)
	}
	if shown, err = d.UndoPlan(t.Context(), w.boss, i.ID); err != nil {
		t.Fatal(err)
	}
	i, err = d.Undo(t.Context(), w.boss, i.ID, shown.Digest)
	if err != nil || i.State != registry.ImportUndone || i.Undo.Deleted != 9 || i.Undo.Kept != 2 {
		t.Errorf("%s %+v, %v", i.State, i.Undo, err)
	}
	w.sound(t)
}

// Where no server runs, whoever undoes the import again goes on with what was cut off.
func TestAnUndoingThatWasCutOffGoesOn(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{Part: 3})
	i := w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, serials(10))
	p, err := d.UndoPlan(t.Context(), w.boss, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.do(registry.UndoImport{ID: i.ID, Digest: p.Digest}, registry.UndoPart{ID: i.ID, Part: 1, Records: p.Records[:3]})
	if p, err = d.UndoPlan(t.Context(), w.boss, i.ID); err != nil || p.Deleted != 8 {
		t.Fatalf("%+v, %v", p.UndoTally, err)
	}
	i, err = d.Undo(t.Context(), w.boss, i.ID, p.Digest)
	if err != nil || i.State != registry.ImportUndone || i.Undo.Deleted != 11 {
		t.Errorf("%s %+v, %v", i.State, i.Undo, err)
	}
	w.sound(t)
}

// Whatever is imported, whatever happens then, undoing the import leaves a register
// that is sound and still has all that others did; what nothing stands on is as
// before, and importing the same file again brings the same back.
func TestUndoIsSoundWhateverHappened(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		d := NewDesk(t.TempDir(), Limits{Part: rapid.IntRange(1, 20).Draw(r, "part")})
		w.imported(lines("old.csv", "Serial,Lot", "OLD-0001,L1", "OLD-0002,L2"), Options{Kind: Devices, Shipment: "S-OLD", To: "PK601"})
		list := []string{"Serial,Lot,School EMIS,Price,Shipment"}
		for n := range rapid.IntRange(1, 15).Draw(r, "lines") {
			list = append(list, anyLine(n).Draw(r, "line"))
		}
		before := w.everything()
		in := Incoming{Name: "list.csv", Kind: Devices, To: "PK601", SkipBad: true, Shipment: "S-1"}
		i := w.desked(d, w.boss, in, strings.Join(list, "\n"))
		with := w.everything()
		touched, calm := w.disturb(r)
		p, _ := w.undone(d, w.boss, i.ID)
		w.sound(r)
		for serial, status := range touched {
			if now, err := w.boss.FindDevice(context.Background(), serial); err != nil || now == nil || now.Status != status {
				r.Fatalf("%s, which was worked with, is %+v, %v", serial, now, err)
			}
		}
		if !calm {
			return
		}
		if len(p.Kept) != 0 {
			r.Fatalf("nothing happened, and yet these stay: %+v", p.Kept)
		}
		if after := w.everything(); after != before {
			r.Fatalf("after:\n%s\nbefore:\n%s", after, before)
		}
		w.desked(d, w.boss, in, strings.Join(list, "\n"))
		if again := w.everything(); again != with {
			r.Fatalf("again:\n%s\nfirst:\n%s", again, with)
		}
		w.sound(r)
	})
}

// disturb works with some of the devices, and returns what these are then; calm when
// it did nothing.
func (w *world) disturb(r *rapid.T) (touched map[fleet.Serial]fleet.Status, calm bool) {
	touched, calm = map[fleet.Serial]fleet.Status{}, true
	found, _, err := w.boss.Devices(context.Background(), registry.DeviceQuery{Place: w.place("PK").Path, Limit: 1000})
	if err != nil {
		r.Fatal(err)
	}
	for n := range rapid.IntRange(0, 3).Draw(r, "disturbances") {
		if len(found) == 0 {
			break
		}
		was := found[rapid.IntRange(0, len(found)-1).Draw(r, fmt.Sprint("device ", n))]
		serial := was.Serial
		change := rapid.SampledFrom([]registry.Change{
			registry.ReceiveDevice{Serial: serial},
			registry.DispatchDevice{Serial: serial, To: "PK6-35200002"},
			registry.ReportFault{Serial: serial, Category: fleet.FaultScreen, Severity: fleet.Minor},
			registry.CloseShipment{Number: "S-1"},
		}).Draw(r, "change")
		if _, err := w.boss.Apply(context.Background(), registry.Request{}, change); err != nil {
			continue // a rule forbids it
		}
		calm = false
		if now, err := w.boss.FindDevice(context.Background(), serial); err == nil && now.Version > was.Version {
			touched[serial] = now.Status
		}
	}
	return touched, calm
}

// Lists of every kind can be undone: what was received is awaited again, what was
// handed out is back, and descriptions are as they were.
func TestEveryKindIsUndone(t *testing.T) {
	w := equipped(t)
	w.imported(lines("next.csv", "Serial", "LP0001", "LP0002", "LP0003"), Options{Kind: Devices, Shipment: "LHR-2", To: "PK601-STORE"})
	w.imported(lines("count.csv", "Serial", "NB0002"), Options{Kind: StockTakes, To: "35200001"})
	w.imported(lines("plan.csv", "EMIS Code,Devices,By", "35200001,7,30/06/2026"), Options{Kind: Targets})
	w.imported(lines("plan.csv", "District,Devices,By", "Lahore,40,30/06/2026"), Options{Kind: Targets})
	accept := registry.Reading{Decisions: []registry.Decision{{Cause: codeUnlisted + "|serial_number", Do: Accept}}}
	for _, c := range []struct {
		in   Incoming
		list string
	}{
		{Incoming{Kind: Updates}, "Serial Number,Asset Tag,Warranty End,Model\nNB0001,T-1,30/06/2028,Taleem 12\nNB0002,T-2,,\n"},
		{Incoming{Kind: Handouts}, "Serial,Holder\nNB0001,Class 6-C\nNB0002,Class 6-C\n"},
		{Incoming{Kind: Models}, "Model,Manufacturer\nTaleem 11,Haier\nTaleem 14,Haier\n"},
		{Incoming{Kind: StockTakes, To: "35200001"}, "Serial,Counted On\nNB0001,30/05/2026\nNB0004,30/05/2026\nXX9000,\n"},
		{Incoming{Kind: Targets}, "District,EMIS Code,Devices,By\nLahore,,50,30/06/2026\nKasur,,9,30/06/2026\n,35200001,0,30/06/2026\n"},
		{Incoming{Kind: Delivery, Shipment: "LHR-2", Reading: accept}, "Serial,Damaged\nLP0001,\nLP0002,yes\nXX9001,\n"},
	} {
		d := NewDesk(t.TempDir(), Limits{})
		c.in.Name, c.in.SkipBad = "list.csv", true
		before, models, ship := w.everything(), w.models(), w.counted("LHR-2")
		i := w.desked(d, w.boss, c.in, c.list)
		if i.New+i.Changed < 2 {
			t.Errorf("%s: %+v", c.in.Kind, i)
		}
		with := w.everything() + w.models()
		p, _ := w.undone(d, w.boss, i.ID)
		if len(p.Kept) > 0 || with == before+models {
			t.Errorf("%s: %+v", c.in.Kind, p)
		}
		if after := w.everything(); after != before || w.models() != models || w.counted("LHR-2") != ship {
			t.Errorf("%s: after\n%s%s%s\nwant\n%s%s%s", c.in.Kind, after, w.models(), w.counted("LHR-2"), before, models, ship)
		}
		w.sound(t)
		w.desked(d, w.boss, c.in, c.list)
		if again := w.everything() + w.models(); again != with {
			t.Errorf("%s again:\n%s\nwant\n%s", c.in.Kind, again, with)
		}
		w.sound(t)
	}
}

func (w *world) models() (list string) {
	w.t.Helper()
	all, err := w.boss.Models(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range all {
		list += m.Name + " by " + m.Manufacturer + "\n"
	}
	return list
}

// counted is how a shipment counts its devices.
func (w *world) counted(number string) string {
	w.t.Helper()
	s, err := w.boss.Shipment(context.Background(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprint(s.State, s.Lines, s.Received, s.Damaged, s.Over, s.Short)
}

// Imports are undone one after the other, the last first: what another import changed
// and its undoing put back keeps nothing.
func TestImportsAreUndoneTheLastFirst(t *testing.T) {
	w := equipped(t)
	w.imported(lines("next.csv", "Serial", "LP0001"), Options{Kind: Devices, Shipment: "LHR-2", To: "PK601-STORE"})
	for _, c := range []struct {
		in          Incoming
		first, then string
	}{
		{Incoming{Kind: Devices, Shipment: "LHR-3", To: "PK601"}, "Serial,Lot,Model\nLP0009,L1,Taleem 20\n", "Serial,Lot,Model\nLP0009,L2,Taleem 21\n"},
		{Incoming{Kind: Updates}, "Serial Number,Asset Tag\nNB0001,T-1\n", "Serial Number,Asset Tag\nNB0001,T-2\n"},
		{Incoming{Kind: Handouts}, "Serial,Holder\nNB0001,Class 6-C\n", "Serial,Holder\nNB0001,Class 6-D\n"},
		{Incoming{Kind: Models}, "Model,Manufacturer\nTaleem 14,Haier\n", "Model,Manufacturer\nTaleem 14,Dell\n"},
		{Incoming{Kind: StockTakes, To: "35200001"}, "Serial\nNB0001\n", "Serial\nNB0002\n"},
		{Incoming{Kind: Targets}, "District,Devices,By\nLahore,50,30/06/2026\n", "District,Devices,By\nLahore,60,30/06/2026\n"},
		{Incoming{Kind: Places}, "EMIS Code,Place Name,District,Tehsil\n35200009,GGPS New,Lahore,Ravi\n", "EMIS Code,Place Name,District,Tehsil\n35200009,GGPS Newer,Lahore,Model Town\n"},
	} {
		d := NewDesk(t.TempDir(), Limits{})
		c.in.Name = "list.csv"
		before := w.everything() + w.models()
		first := w.desked(d, w.boss, c.in, c.first)
		between := w.everything() + w.models()
		var then [2]registry.Import
		for n := range then {
			then[n] = w.desked(d, w.boss, c.in, c.then)
			w.undone(d, w.boss, then[n].ID)
			if now := w.everything() + w.models(); now != between {
				t.Errorf("%s: the later one is undone:\n%s\nwant\n%s", c.in.Kind, now, between)
			}
		}
		p, _ := w.undone(d, w.boss, first.ID)
		if after := w.everything() + w.models(); after != before || len(p.Kept) > 0 {
			t.Errorf("%s: both are undone, %+v stay:\n%s\nwant\n%s", c.in.Kind, p.Kept, after, before)
		}
		w.sound(t)
	}
}

// What only followed its place to another one is no change that keeps anything.
func TestUndoAfterAPlaceMoved(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	i := w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, "Serial,School EMIS\nTK-0001,35200001\nTK-0002,35200001\n")
	plan := w.desked(d, w.boss, Incoming{Name: "plan.csv", Kind: Targets}, "EMIS Code,Devices,By\n35200001,7,30/06/2026\n")
	w.do(registry.ReceiveDevice{Serial: "TK-0002"})
	w.desked(d, w.boss, Incoming{Name: "schools.csv", Kind: Places}, "EMIS Code,Place Name,District,Tehsil\n35200001,GGHS Chak 77,Lahore,Ravi\n")
	if p, _ := w.undone(d, w.boss, i.ID); p.Deleted != 1 || len(p.Kept) != 2 || p.Kept[0].Subject != "TK-0002" || !strings.HasPrefix(p.Kept[0].Reason.Message, "it was received") {
		t.Errorf("%+v", p)
	}
	if p, _ := w.undone(d, w.boss, plan.ID); p.Deleted != 1 {
		t.Errorf("%+v", p)
	}
	w.sound(t)
}

// A device is not put back to a model that is gone.
func TestUndoPutsNoModelBackThatIsGone(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	list := w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, "Serial,Model\nTK-0001,Takhti 12\n")
	update := w.desked(d, w.boss, Incoming{Name: "update.csv", Kind: Updates}, "Serial,Model\nTK-0001,Takhti 14\n")
	w.undone(d, w.boss, list.ID) // the device stays, and nothing is of the first model
	p, _ := w.undone(d, w.boss, update.ID)
	if len(p.Kept) != 2 || p.Kept[0].Reason.Code != "undo.model_gone" || p.Kept[1].Subject != "Takhti 14" {
		t.Errorf("%+v", p)
	}
	w.sound(t)
}

// What was counted on an earlier day is still called by its name, though it was
// undone since.
func TestEarlierCountsKeepTheirNames(t *testing.T) {
	w := newWorld(t)
	now := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	var err error
	if w.reg, err = registry.Open(context.Background(), memkv.New(), registry.Options{Now: func() time.Time { return now }}); err != nil {
		t.Fatal(err)
	}
	w.boss = w.reg.As(registry.Operator())
	w.imported(memFile("country.csv", []byte(country)), Options{Kind: Places})
	d := NewDesk(t.TempDir(), Limits{})
	i := w.desked(d, w.boss, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, "Serial,Model\nTK-0001,Takhti 12\n")
	now = now.AddDate(0, 0, 3)
	w.undone(d, w.boss, i.ID)
	for by, want := range map[registry.Dimension]string{registry.ByModel: "Takhti 12", registry.ByShipment: "S-1"} {
		c, err := w.boss.Counts(t.Context(), registry.CountQuery{Place: "PK", By: []registry.Dimension{by}, AsOf: fleet.DateOf(now) - 2})
		if err != nil || len(c.Rows) != 1 || c.Rows[0].Model+c.Rows[0].Shipment != want || c.Total != 1 {
			t.Errorf("%+v, %v", c, err)
		}
	}
	w.sound(t)
}

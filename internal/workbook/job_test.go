package workbook

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// serials is a packing list of so many devices.
func serials(n int) string {
	var list strings.Builder
	fmt.Fprintln(&list, "Serial,Lot")
	for i := range n {
		fmt.Fprintf(&list, "TK-%05d,L1\n", i)
	}
	return list.String()
}

// cutOff is an import of ten devices by a session, of which the parts of three rows
// each were done when the program was killed.
func (w *world) cutOff(s registry.Session, done int) (*Desk, registry.Import) {
	w.t.Helper()
	d := NewDesk(w.t.TempDir(), Limits{Part: 3})
	i, err := d.Take(w.t.Context(), s, Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}, strings.NewReader(serials(10)))
	if err != nil {
		w.t.Fatal(err)
	}
	p, _, err := d.Plan(w.t.Context(), s, i.ID, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	changes := []registry.Change{registry.CommitImport{ID: i.ID, Digest: p.Digest}}
	for from := 0; len(changes) <= done; {
		part, next := p.part(from, from == 0)
		part.ID, part.Part = i.ID, uint32(len(changes))
		changes, from = append(changes, part), next
	}
	for _, c := range changes {
		if _, err := s.Apply(w.t.Context(), registry.Request{}, c); err != nil {
			w.t.Fatal(err)
		}
	}
	return d, i
}

// resumed is the import after the program was started again.
func (w *world) resumed(d *Desk, i registry.Import) registry.Import {
	w.t.Helper()
	if err := d.Resume(w.t.Context(), w.boss); err != nil {
		w.t.Fatal(err)
	}
	if j := d.Job(i.ID); j != nil {
		<-j.Done()
	}
	i, err := w.boss.Import(w.t.Context(), i.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) do(changes ...registry.Change) {
	w.t.Helper()
	if _, err := w.boss.Apply(w.t.Context(), registry.Request{}, changes...); err != nil {
		w.t.Fatal(err)
	}
}

// wantTally checks what came of an import, and of its rows.
func (w *world) wantTally(i registry.Import, state registry.ImportState, isNew, changed, unchanged, leftOut uint32) {
	w.t.Helper()
	if i.State != state || i.New != isNew || i.Changed != changed || i.Unchanged != unchanged || i.LeftOut != leftOut {
		w.t.Errorf("%s: %d new, %d changed, %d unchanged, %d left out; want %s: %d, %d, %d, %d",
			i.State, i.New, i.Changed, i.Unchanged, i.LeftOut, state, isNew, changed, unchanged, leftOut)
	}
	rows, _, err := w.boss.ImportRows(w.t.Context(), i.ID, registry.RowQuery{Limit: 1000})
	if err != nil || len(rows) != int(isNew+changed+unchanged+leftOut) {
		w.t.Errorf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		if r.Outcome == registry.RowLeftOut && r.Reason.Message == "" {
			w.t.Errorf("row %d is left out, and nothing says why", r.Row)
		}
	}
}

// However many parts were done when the program was killed, the rest is done after
// the next start, and what came of the rows is told as of one import.
func TestACutOffImportGoesOn(t *testing.T) {
	for done := range 4 {
		w := newWorld(t)
		d, i := w.cutOff(w.boss, done)
		w.wantTally(w.resumed(d, i), registry.ImportApplied, 10, 0, 0, 0)
		for n := range 10 {
			w.device(fleet.Serial(fmt.Sprintf("TK-%05d", n)))
		}
		if again := w.resumed(d, i); again.Version != w.resumed(d, i).Version {
			t.Error("a finished import is worked on")
		}
	}
}

// What the register does not allow any more when its part comes is left out with
// its reason, and the import says how much that is.
func TestRowsThatLapsedAreLeftOut(t *testing.T) {
	w := newWorld(t)
	d, i := w.cutOff(w.boss, 2)
	w.do(registry.AnnounceShipment{Number: "S-2", Destination: "PK601"},
		registry.ReceiveUnlisted{Shipment: "S-2", Device: fleet.Device{Serial: "TK-00007"}})
	i = w.resumed(d, i)
	w.wantTally(i, registry.ImportApplied, 9, 0, 0, 1)
	if i.Lapsed() != 1 {
		t.Errorf("%d rows lapsed", i.Lapsed())
	}
	if d := w.device("TK-00007"); d.Arrival != fleet.Over {
		t.Errorf("%+v", d)
	}
}

// What was done to the rows of finished parts since is not undone by going on.
func TestFinishedPartsAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	d, i := w.cutOff(w.boss, 2)
	was := w.device("TK-00001")
	was.Lot = "L9"
	w.do(registry.CorrectDevice{Serial: was.Serial, Device: was})
	w.wantTally(w.resumed(d, i), registry.ImportApplied, 10, 0, 0, 0)
	if d := w.device("TK-00001"); d.Lot != "L9" {
		t.Errorf("lot %s", d.Lot)
	}
}

// Before its first part is done, an import is what was shown or nothing.
func TestAChangedPlanIsNotCarriedOut(t *testing.T) {
	w := newWorld(t)
	d, i := w.cutOff(w.boss, 0)
	w.do(registry.AnnounceShipment{Number: "S-2", Destination: "PK601"},
		registry.ReceiveUnlisted{Shipment: "S-2", Device: fleet.Device{Serial: "TK-00007"}})
	i = w.resumed(d, i)
	if i.State != registry.ImportPlanned || i.Halt.Code != "import.changed" || i.Rows != 0 {
		t.Errorf("%+v", i)
	}
	if found, err := w.boss.FindDevice(t.Context(), "TK-00001"); found != nil || err != nil {
		t.Errorf("%+v, %v", found, err)
	}
}

// Whoever lost the role before the work was done, does not do it.
func TestALostRoleStopsAnImport(t *testing.T) {
	for done, want := range map[int]registry.ImportState{0: registry.ImportPlanned, 2: registry.ImportStopped} {
		w := newWorld(t)
		d, i := w.cutOff(w.as(fleet.Officer, "PK601"), done)
		w.do(registry.EnableUser{User: "officer.pk601"})
		i = w.resumed(d, i)
		if i.State != want || i.Halt.Code != "import.role_lost" || int(i.New) != 3*done {
			t.Errorf("after %d parts: %+v", done, i)
		}
		w.do(registry.EnableUser{User: "officer.pk601", Enabled: true})
		if done == 0 {
			continue
		}
		i, _, err := d.Commit(t.Context(), w.as(fleet.Officer, "PK601"), i.ID, i.Digest, false)
		if err != nil {
			t.Fatal(err)
		}
		w.wantTally(i, registry.ImportApplied, 10, 0, 0, 0)
	}
}

// To order the same twice is to order it once, whether it is under way or done; to
// order something else meanwhile is refused.
func TestASecondCommitJoinsTheFirst(t *testing.T) {
	w := newWorld(t)
	d, i := w.taken()
	p, _, err := d.Plan(t.Context(), w.boss, i.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	var free []func() // so that the job has to wait
	for range maxPlanning {
		f, err := d.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		free = append(free, f)
	}
	first, err := d.Start(t.Context(), w.boss, i.ID, p.Digest, false)
	if err != nil {
		t.Fatal(err)
	}
	if now := first.Progress(); now.Phase != Waiting || now.Known != 1 {
		t.Errorf("%+v", now)
	}
	if second, err := d.Start(t.Context(), w.boss, i.ID, p.Digest, false); err != nil || second != first {
		t.Errorf("%v, %v", second, err)
	}
	if _, err := d.Start(t.Context(), w.boss, i.ID, bytes.Repeat([]byte{1}, 32), false); err == nil || !strings.Contains(err.Error(), "is being carried out already") {
		t.Error(err)
	}
	for _, f := range free {
		f()
	}
	<-first.Done()
	if _, err := first.Err(); err != nil {
		t.Fatal(err)
	}
	if third, err := d.Start(t.Context(), w.boss, i.ID, p.Digest, false); err != nil || third != nil {
		t.Errorf("%v, %v", third, err)
	}
}

// An import that ends between two looks at it was carried out, and no conflict.
func TestAnOrderForAnImportThatJustEndedIsDone(t *testing.T) {
	w := newWorld(t)
	d, i := w.taken()
	p, _, err := d.Plan(t.Context(), w.boss, i.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	looks := 0
	done := func(i registry.Import) bool {
		if looks++; looks == 1 {
			if _, _, err := d.Commit(t.Context(), w.boss, i.ID, p.Digest, false); err != nil {
				t.Fatal(err)
			}
		}
		return looks > 1 && i.State == registry.ImportApplied
	}
	job, err := d.order(t.Context(), w.boss, i.ID, registry.CommitImport{ID: i.ID, Digest: p.Digest}, done)
	if job != nil || err != nil {
		t.Errorf("got the job %v, %v", job, err)
	}
}

// A desk that stops leaves its jobs to the next one.
func TestAStoppedDesksImportsGoOn(t *testing.T) {
	w := newWorld(t)
	d, i := w.taken()
	p, _, err := d.Plan(t.Context(), w.boss, i.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Stop()
	if _, _, err := d.Commit(t.Context(), w.boss, i.ID, p.Digest, false); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("committed at a desk that has stopped: %v", err)
	}
	w.wantTally(w.resumed(NewDesk(d.dir, Limits{}), i), registry.ImportApplied, 1, 0, 0, 0)
}

// The same file brought in again by whoever has the data folder goes on with what
// was cut off.
func TestImportingAgainGoesOn(t *testing.T) {
	w := newWorld(t)
	d, i := w.cutOff(w.boss, 2)
	list := memFile("list.csv", []byte(serials(10)))
	p := w.plan(list, Options{Kind: Devices, Shipment: "S-1", To: "PK601"})
	wantCounts(t, p, 4, 0, 6, 0)
	in := Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}
	done, err := d.Import(t.Context(), w.boss, in, strings.NewReader(serials(10)), p, nil)
	if err != nil || done.ID != i.ID {
		t.Fatalf("%+v, %v", done, err)
	}
	w.wantTally(done, registry.ImportApplied, 10, 0, 0, 0)
}

// Whoever orders an import again right after its job halted it is not left with a job
// that has ended.
func TestAnImportThatIsOrderedAgainAsItsJobEndsGoesOn(t *testing.T) {
	w := newWorld(t)
	d, i := w.cutOff(w.boss, 1)
	work, err := w.boss.ImportJob(t.Context(), i.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.runAgain(work)
	if j := d.Job(i.ID); j != nil {
		<-j.Done()
	}
	if i, err = w.boss.Import(t.Context(), i.ID); err != nil || i.State != registry.ImportApplied {
		t.Errorf("%s, %v", i.State, err)
	}
}

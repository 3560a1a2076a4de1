package registry_test

import (
	"bytes"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// entryOf is the newest entry of a change.
func (w *world) entryOf(change string) registry.Entry {
	w.t.Helper()
	page, err := w.boss.Journal(w.t.Context(), registry.JournalQuery{Change: change, Limit: 1})
	if err != nil || len(page) != 1 {
		w.t.Fatalf("%s: %v, %v", change, page, err)
	}
	return page[0]
}

func TestErasedDetailsAreGoneAndAllProofsHold(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	w.do(w.boss, registry.AssignDevice{Serial: "AAA001", Holder: fleet.Holder{Kind: fleet.HeldByLearner, Label: "6-BLUE", Roll: 14}})
	assigned := w.entryOf("assign_device")
	w.refused(w.boss, "erase.present", registry.EraseDetails{Entries: []uint64{assigned.Seq}})
	w.do(w.boss, registry.ReturnDevice{Serial: "AAA001"})
	returned := w.entryOf("return_device")
	before, err := w.boss.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	w.refused(w.as(fleet.Manager, "PK601"), "forbidden", registry.EraseDetails{Entries: []uint64{assigned.Seq}})
	w.refused(w.boss, "erase.not_found", registry.EraseDetails{Entries: []uint64{10_000}})
	w.do(w.boss, registry.EraseDetails{Entries: []uint64{returned.Seq, assigned.Seq}, Reason: "two years have passed", Who: true})
	w.do(w.boss, registry.EraseDetails{Entries: []uint64{assigned.Seq}}) // again: nothing
	w.sound()

	for _, p := range w.pairs() {
		if bytes.Contains(p.Val, []byte("6-BLUE")) {
			t.Errorf("%q still holds what was erased", p.Key)
		}
	}
	if at, ok, err := w.boss.HeadAt(t.Context(), before.Size); err != nil || !ok || at != before {
		t.Errorf("the journal was %v, and is said to have been %v: %v", before, at, err)
	}
	for _, seq := range []uint64{1, assigned.Seq, returned.Seq, before.Size} {
		p, err := w.boss.ProveEntry(t.Context(), seq, before.Size)
		if err != nil {
			t.Fatal(err)
		}
		e, err := p.Check(before)
		if erased := seq == assigned.Seq || seq == returned.Seq; err != nil || (e.Erased != 0) != erased || e.Seq != seq {
			t.Errorf("entry %d is proved as %+v: %v", seq, e, err)
		}
	}
	history, err := w.boss.History(t.Context(), "AAA001")
	if err != nil {
		t.Fatal(err)
	}
	last := history[len(history)-1]
	if last.Entry.Erased == 0 || last.Entry.Actor != "" || last.Before.Status != fleet.Issued || last.Before.Holder.Label != "" || last.After.Status != fleet.AtSchool {
		t.Errorf("the history ends with %+v: before %+v, after %+v", last.Entry, last.Before, last.After)
	}
}

// What an entry proves is what it says, and nothing else.
func TestAProofOfSomethingElseIsRefused(t *testing.T) {
	w := newWorld(t)
	head, err := w.boss.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	good, err := w.boss.ProveEntry(t.Context(), 3, head.Size)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := good.Check(head); err != nil || e.Change != "save_place" || e.Actor != "operator" || !bytes.Contains(e.After, []byte("Sindh")) {
		t.Errorf("%+v, %v", e, err)
	}
	for what, alter := range map[string]func(p *registry.EntryProof, h *registry.Head){
		"header": func(p *registry.EntryProof, _ *registry.Head) {
			p.Header = append([]byte{}, p.Header...)
			p.Header[2] ^= 1
		},
		"details":      func(p *registry.EntryProof, _ *registry.Head) { p.Details = append(append([]byte{}, p.Details...), 0) },
		"salt":         func(p *registry.EntryProof, _ *registry.Head) { p.Salt = make([]byte, 16) },
		"no salt":      func(p *registry.EntryProof, _ *registry.Head) { p.Salt = nil },
		"number":       func(p *registry.EntryProof, _ *registry.Head) { p.Seq++ },
		"size":         func(p *registry.EntryProof, _ *registry.Head) { p.Size-- },
		"root":         func(_ *registry.EntryProof, h *registry.Head) { h.Root[0] ^= 1 },
		"path":         func(p *registry.EntryProof, _ *registry.Head) { p.Path = p.Path[1:] },
		"made erased":  func(p *registry.EntryProof, _ *registry.Head) { p.Digest = make([]byte, 32) },
		"empty header": func(p *registry.EntryProof, _ *registry.Head) { p.Header = nil },
	} {
		p, h := good, head
		alter(&p, &h)
		if e, err := p.Check(h); err == nil {
			t.Errorf("%s altered: it proves %+v", what, e)
		}
	}
	_, err = w.as(fleet.Manager, "PK601").ProveEntry(t.Context(), 3, head.Size)
	wantCode(t, err, "forbidden")
	_, err = w.as(fleet.Auditor, "PK602").ProveEntry(t.Context(), 3, head.Size)
	wantCode(t, err, "journal.not_found")
}

package audit_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/audit"
)

// A journal fits every checkpoint that was ever made of it, whenever that was.
func TestAJournalFitsItsCheckpoints(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		l := w.log(audit.Options{})
		for range rapid.IntRange(1, 8).Draw(r, "times") {
			w.grow(rapid.IntRange(0, 20).Draw(r, "entries"))
			w.sign(l)
		}
		if found := w.against(w.kept(), w.key.Public()); found != nil {
			r.Errorf("%q", found)
		}
	})
}

// A checkpoint of another journal, or of more entries than there are, does not fit; each
// that does not is named.
func TestAJournalAgainstOtherCheckpoints(t *testing.T) {
	long, short := newWorld(t), newWorld(t)
	l := long.log(audit.Options{})
	long.sign(l)
	long.grow(4)
	long.sign(l)
	short.grow(1)
	notes := append(long.kept(), []byte("chalk"))
	found := short.against(notes, long.key.Public())
	for i, want := range []string{
		"checkpoint 1 does not fit the journal: the first 1 entries are not those that it was made of",
		"checkpoint 2 does not fit the journal: it is of 5 entries, more than there are now: entries were removed",
		"checkpoint 3 does not fit the journal: the checkpoint is not signed with the key",
	} {
		if i >= len(found) || !strings.HasPrefix(found[i], want) {
			t.Errorf("%q, want %q", found, want)
		}
	}
}

// Each entry is proved by a proof of its own, to whoever has nothing but the key, and
// however long the journal is.
func TestAProofOfEachEntry(t *testing.T) {
	w := newWorld(t)
	w.grow(40)
	l := w.log(audit.Options{})
	for seq := uint64(1); seq <= 41; seq++ {
		proof, err := l.Prove(t.Context(), w.boss, seq)
		if err != nil {
			t.Fatal(err)
		}
		e, c, err := audit.Check(proof, w.key.Public())
		if err != nil || e.Seq != seq || e.Change != "save_place" || e.Actor != "operator" || c.Size != 41 {
			t.Errorf("entry %d: %+v of %d, %v", seq, e, c.Size, err)
		}
	}
	if _, err := l.Prove(t.Context(), w.boss, 42); err == nil {
		t.Error("an entry that is not there is proved")
	}
}

// A proof of which any part was altered proves nothing.
func TestAForgedProofIsRefused(t *testing.T) {
	w := newWorld(t)
	w.grow(20)
	text, err := w.log(audit.Options{}).Prove(t.Context(), w.boss, 7)
	if err != nil {
		t.Fatal(err)
	}
	other := newWorld(t)
	theirs := other.sign(other.log(audit.Options{}))
	for what, alter := range map[string]func(p *audit.Proof){
		"another number":     func(p *audit.Proof) { p.Entry.Seq++ },
		"no number":          func(p *audit.Proof) { p.Entry.Seq = 0 },
		"another size":       func(p *audit.Proof) { p.Entry.Size-- },
		"another header":     func(p *audit.Proof) { p.Entry.Header[len(p.Entry.Header)-1] ^= 1 },
		"other details":      func(p *audit.Proof) { p.Entry.Details[0] ^= 1 },
		"no details":         func(p *audit.Proof) { p.Entry.Details = nil },
		"another salt":       func(p *audit.Proof) { p.Entry.Salt[0] ^= 1 },
		"a hash altered":     func(p *audit.Proof) { p.Entry.Path[2][0] ^= 1 },
		"a hash left out":    func(p *audit.Proof) { p.Entry.Path = p.Entry.Path[1:] },
		"no checkpoint":      func(p *audit.Proof) { p.Checkpoint = "" },
		"another checkpoint": func(p *audit.Proof) { p.Checkpoint = string(theirs.Signed) },
	} {
		var p audit.Proof
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		alter(&p)
		forged, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if e, _, err := audit.Check(forged, w.key.Public()); err == nil {
			t.Errorf("%s: entry %d is proved", what, e.Seq)
		}
	}
	if _, _, err := audit.Check([]byte("chalk"), w.key.Public()); err == nil || !strings.HasPrefix(err.Error(), "this is not a proof") {
		t.Errorf("other text: %v", err)
	}
	if _, _, err := audit.Check(text, other.key.Public()); err == nil {
		t.Error("with another key it is believed")
	}
}

// A checkpoint that was kept elsewhere still fits when the journal has grown, and with
// another number in it is not believed.
func TestACheckpointKeptElsewhere(t *testing.T) {
	w := newWorld(t)
	w.grow(5)
	kept := w.sign(w.log(audit.Options{})).Signed
	w.grow(5)
	if found := w.against([][]byte{kept}, w.key.Public()); found != nil {
		t.Errorf("%q", found)
	}
	forged := altered(t, kept, "\n6\n", "\n5\n")
	if found := w.against([][]byte{forged}, w.key.Public()); len(found) != 1 || !strings.Contains(fmt.Sprint(found), "not signed") {
		t.Errorf("%q", found)
	}
}

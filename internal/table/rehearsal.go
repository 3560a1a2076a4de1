package table

import (
	"bytes"
	"iter"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Rehearsal is a writer for learning whether changes can be made, of which nothing is
// kept. On it Put and Delete write records and the entries of unique indexes, and
// leave plain entries, counters and ledgers for when somebody looks: most rules never
// do, and these are most of the work. Any Scan finds all of them. Counters are not to
// be asked for with Get, which finds them as they were.
type Rehearsal struct {
	*kv.Overlay
	left  []leftOut
	made  int // of left, how many were made up for
	marks []rehearsalMark
}

// leftOut is a change of a record whose plain entries and counters are to be written.
type leftOut struct {
	RecordChange
	f   *frame
	day uint64
}

// rehearsalMark is what a savepoint goes back to.
type rehearsalMark struct{ left, made int }

var _ kv.Writer = (*Rehearsal)(nil)

// NewRehearsal begins one on what the reader has.
func NewRehearsal(base kv.Reader) *Rehearsal { return &Rehearsal{Overlay: kv.NewOverlay(base)} }

// leave notes what is to be made up for. before may be gone with the transaction
// that it was read in, after may not.
func (r *Rehearsal) leave(f *frame, day, id uint64, before, after []byte) {
	r.left = append(r.left, leftOut{RecordChange{id, bytes.Clone(before), after}, f, day})
}

// Scan implements [kv.Reader].
func (r *Rehearsal) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		if err := r.makeUp(); err != nil {
			yield(kv.Pair{}, err)
			return
		}
		for p, err := range r.Overlay.Scan(lo, hi) {
			if !yield(p, err) {
				return
			}
		}
	}
}

func (r *Rehearsal) makeUp() error {
	for ; r.made < len(r.left); r.made++ {
		l := &r.left[r.made]
		if err := l.f.makeUp(r.Overlay, l); err != nil {
			return err
		}
	}
	if len(r.marks) == 0 {
		r.left, r.made = r.left[:0], 0 // nobody can go back
	}
	return nil
}

// makeUp writes the plain entries and the counters that follow from a change.
func (f *frame) makeUp(w kv.Writer, l *leftOut) error {
	s := f.scratch()
	defer f.release(s)
	if err := f.deriveChange(s, &l.RecordChange, plainEntries|counters); err != nil {
		return err
	}
	return f.apply(w, s, l.day, l.ID)
}

// Savepoint implements [kv.Writer].
func (r *Rehearsal) Savepoint() kv.Savepoint {
	r.marks = append(r.marks, rehearsalMark{len(r.left), r.made})
	return r.Overlay.Savepoint()
}

// Rollback implements [kv.Writer].
func (r *Rehearsal) Rollback(to kv.Savepoint) {
	r.Overlay.Rollback(to)
	m := r.marks[to-1]
	clear(r.left[m.left:])
	r.marks, r.left, r.made = r.marks[:to], r.left[:m.left], m.made
}

// Release implements [kv.Writer].
func (r *Rehearsal) Release(to kv.Savepoint) {
	r.Overlay.Release(to)
	r.marks = r.marks[:to-1]
}

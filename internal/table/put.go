package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Written is what a Put or Delete did. Before and After are the encoded record,
// nil where there is none; Before is valid until the transaction ends.
type Written struct {
	ID            uint64
	Same          bool // nothing changed and nothing was written
	Before, After []byte
}

// TakenError says that another record already has an entry of a unique index.
type TakenError struct {
	Table, Index string
	Key          string // the entry, for people
	By           uint64 // the record that has it
}

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s is taken by %s %d", e.Key, e.Table, e.By)
}

var errNoID = errors.New("a record without an ID cannot be stored")

// Put stores rec in place of the record with its ID, sets its version, and makes
// indexes and counters follow. What changes in daily counts goes to the ledger of
// the given day.
//
// A record that differs from the stored one in nothing but the version is not
// written. An entry of a unique index that another record has is a [*TakenError],
// and nothing was written; for two records to swap theirs, one must let go first.
// After any other error the writer must be rolled back.
func (t *Table[T]) Put(w kv.Writer, day uint64, rec *T) (Written, error) {
	return t.frame().put(w, day, rec, false)
}

// Add is Put for a record whose ID NextID gave out in this transaction: none can be
// stored under it, so none is looked for.
func (t *Table[T]) Add(w kv.Writer, day uint64, rec *T) (Written, error) {
	return t.frame().put(w, day, rec, true)
}

func (f *frame) put(w kv.Writer, day uint64, rec any, added bool) (_ Written, err error) {
	id := f.kind.id(rec)
	if id == 0 {
		return Written{}, fmt.Errorf("%s: %w", f.name, errNoID)
	}
	s := f.scratch()
	defer f.release(s)
	var before []byte
	if !added {
		if before, err = f.load(w, s, id); err != nil {
			return Written{}, err
		}
	}
	same, err := f.encode(s, before, rec)
	if err != nil {
		return Written{}, err
	}
	if same {
		return Written{ID: id, Same: true, Before: before, After: before}, nil
	}
	r, rehearsed := w.(*Rehearsal)
	f.deriveBoth(s, before, rec, following(rehearsed))
	if err := f.checkFree(w, s, id); err != nil {
		return Written{}, err
	}
	if err := w.Put(f.recordKey(s, id), s.enc); err != nil {
		return Written{}, err
	}
	written := Written{ID: id, Before: before, After: bytes.Clone(s.enc)}
	if rehearsed {
		r.leave(f, day, id, before, written.After)
	}
	return written, f.apply(w, s, day, id)
}

// Delete removes the record with the ID and all that follows from it. To delete
// what is not there changes nothing.
func (t *Table[T]) Delete(w kv.Writer, day, id uint64) (Written, error) {
	return t.frame().delete(w, day, id)
}

func (f *frame) delete(w kv.Writer, day, id uint64) (Written, error) {
	s := f.scratch()
	defer f.release(s)
	before, err := f.load(w, s, id)
	if err != nil {
		return Written{}, err
	}
	if before == nil {
		return Written{ID: id, Same: true}, nil
	}
	r, rehearsed := w.(*Rehearsal)
	f.deriveBoth(s, before, nil, following(rehearsed))
	if err := w.Delete(f.recordKey(s, id)); err != nil {
		return Written{}, err
	}
	if rehearsed {
		r.leave(f, day, id, before, nil)
	}
	return Written{ID: id, Before: before}, f.apply(w, s, day, id)
}

// load reads the stored record into s.rec; nil when there is none.
func (f *frame) load(r kv.Reader, s *scratch, id uint64) ([]byte, error) {
	before, err := r.Get(f.recordKey(s, id))
	if err != nil || before == nil {
		return nil, err
	}
	return before, f.decode(before, id, s.rec)
}

// deriveBoth works out what the stored record and the one to come contribute;
// before and rec are nil where there is none.
func (f *frame) deriveBoth(s *scratch, before []byte, rec any, what consequences) {
	s.was.reset()
	if before != nil {
		f.derive(s, &s.was, s.rec, what)
	}
	s.now.reset()
	if rec != nil {
		f.derive(s, &s.now, rec, what)
	}
	keepCommon(&s.was, &s.now)
}

// encode encodes rec into s.enc, with the version it will have. It says whether
// that would change nothing but the version.
func (f *frame) encode(s *scratch, before []byte, rec any) (same bool, err error) {
	version := f.kind.version(rec)
	*version = 1
	if before != nil {
		*version = *f.kind.version(s.rec)
		if err := f.encodeRecord(s, rec); err != nil || bytes.Equal(s.enc, before) {
			return true, err
		}
		*version++
	}
	return false, f.encodeRecord(s, rec)
}

func (f *frame) encodeRecord(s *scratch, rec any) (err error) {
	if s.enc, err = f.kind.encode(s.enc[:0], rec); err != nil {
		return fmt.Errorf("%s %d cannot be encoded: %w", f.name, f.kind.id(rec), err)
	}
	return nil
}

// checkFree refuses new entries of unique indexes that another record has.
func (f *frame) checkFree(r kv.Reader, s *scratch, id uint64) error {
	for i := range s.now.entries {
		e := &s.now.entries[i]
		if e.kept || !f.indexes[e.of].unique {
			continue
		}
		by, ok, err := lookup(r, s.now.key(e))
		if err != nil {
			return err
		}
		if ok && by != id {
			return &TakenError{Table: f.name, Index: f.indexes[e.of].name, Key: printable(s.now.key(e)), By: by}
		}
	}
	return nil
}

// apply writes the difference between s.was and s.now.
func (f *frame) apply(w kv.Writer, s *scratch, day, id uint64) error {
	for i := range s.was.entries {
		if e := &s.was.entries[i]; !e.kept {
			if err := w.Delete(s.was.key(e)); err != nil {
				return err
			}
		}
	}
	if err := f.putEntries(w, &s.now, id); err != nil {
		return err
	}
	if err := f.count(w, s, &s.was, day, -1); err != nil {
		return err
	}
	return f.count(w, s, &s.now, day, +1)
}

// putEntries writes the entries that are not kept.
func (f *frame) putEntries(w kv.Writer, d *derived, id uint64) error {
	var buf [binary.MaxVarintLen64]byte
	for i := range d.entries {
		if e := &d.entries[i]; !e.kept {
			if err := w.Put(d.key(e), f.entryValue(buf[:0], e.of, id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// entryValue is the value of an index's entry: a unique one holds the ID, a plain
// one has it in its key.
func (f *frame) entryValue(buf []byte, index int, id uint64) []byte {
	if f.indexes[index].unique {
		return binary.AppendUvarint(buf, id)
	}
	return buf
}

// count adds n to the counters, and to the day's ledgers, of all that is not kept.
func (f *frame) count(w kv.Writer, s *scratch, d *derived, day uint64, n int64) error {
	for i := range d.counts {
		c := &d.counts[i]
		if c.kept {
			continue
		}
		if err := w.Add(d.key(c), n); err != nil {
			return err
		}
		if f.counts[c.of].ledger == nil {
			continue
		}
		if err := w.Add(f.ledgerKey(s, d, c, day), n); err != nil {
			return err
		}
	}
	return nil
}

// ledgerKey is the key, in a day's ledger, of what a counter's key stands for.
func (f *frame) ledgerKey(s *scratch, d *derived, c *derivedKey, day uint64) kv.Tuple {
	scope := d.buf[c.from+len(f.counts[c.of].prefix) : c.mid]
	s.key = append(append(s.key[:0], f.counts[c.of].ledger...), scope...).Uint(day)
	s.key = append(s.key, d.buf[c.mid:c.to]...)
	return s.key
}

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
	id := t.Key(rec)
	if id == 0 {
		return Written{}, fmt.Errorf("%s: %w", t.Name, errNoID)
	}
	s := t.scratch()
	defer t.release(s)
	before, err := t.load(w, s, id)
	if err != nil {
		return Written{}, err
	}
	same, err := t.encode(s, before, rec)
	if err != nil {
		return Written{}, err
	}
	if same {
		return Written{ID: id, Same: true, Before: before, After: before}, nil
	}
	t.deriveBoth(s, before, rec)
	if err := t.checkFree(w, s, id); err != nil {
		return Written{}, err
	}
	if err := w.Put(t.recordKey(s, id), s.enc); err != nil {
		return Written{}, err
	}
	return Written{ID: id, Before: before, After: bytes.Clone(s.enc)}, t.apply(w, s, day, id)
}

// Delete removes the record with the ID and all that follows from it. To delete
// what is not there changes nothing.
func (t *Table[T]) Delete(w kv.Writer, day, id uint64) (Written, error) {
	s := t.scratch()
	defer t.release(s)
	before, err := t.load(w, s, id)
	if err != nil {
		return Written{}, err
	}
	if before == nil {
		return Written{ID: id, Same: true}, nil
	}
	t.deriveBoth(s, before, nil)
	if err := w.Delete(t.recordKey(s, id)); err != nil {
		return Written{}, err
	}
	return Written{ID: id, Before: before}, t.apply(w, s, day, id)
}

// load reads the stored record into s.rec; nil when there is none.
func (t *Table[T]) load(r kv.Reader, s *scratch[T], id uint64) ([]byte, error) {
	before, err := r.Get(t.recordKey(s, id))
	if err != nil || before == nil {
		return nil, err
	}
	return before, t.decode(before, id, &s.rec)
}

// deriveBoth works out what the stored record and the one to come contribute;
// before and rec are nil where there is none.
func (t *Table[T]) deriveBoth(s *scratch[T], before []byte, rec *T) {
	s.was.reset()
	if before != nil {
		t.derive(s, &s.was, &s.rec)
	}
	s.now.reset()
	if rec != nil {
		t.derive(s, &s.now, rec)
	}
	keepCommon(&s.was, &s.now)
}

// encode encodes rec into s.enc, with the version it will have. It says whether
// that would change nothing but the version.
func (t *Table[T]) encode(s *scratch[T], before []byte, rec *T) (same bool, err error) {
	version := t.Version(rec)
	*version = 1
	if before != nil {
		*version = *t.Version(&s.rec)
		if err := t.encodeRecord(s, rec); err != nil || bytes.Equal(s.enc, before) {
			return true, err
		}
		*version++
	}
	return false, t.encodeRecord(s, rec)
}

func (t *Table[T]) encodeRecord(s *scratch[T], rec *T) (err error) {
	if s.enc, err = t.Codec.Append(s.enc[:0], rec); err != nil {
		return fmt.Errorf("%s %d cannot be encoded: %w", t.Name, t.Key(rec), err)
	}
	return nil
}

// checkFree refuses new entries of unique indexes that another record has.
func (t *Table[T]) checkFree(r kv.Reader, s *scratch[T], id uint64) error {
	for i := range s.now.entries {
		e := &s.now.entries[i]
		if e.kept || !t.Indexes[e.of].Unique {
			continue
		}
		by, ok, err := t.Lookup(r, s.now.key(e))
		if err != nil {
			return err
		}
		if ok && by != id {
			return &TakenError{Table: t.Name, Index: t.Indexes[e.of].Name, Key: printable(s.now.key(e)), By: by}
		}
	}
	return nil
}

// apply writes the difference between s.was and s.now.
func (t *Table[T]) apply(w kv.Writer, s *scratch[T], day, id uint64) error {
	for i := range s.was.entries {
		if e := &s.was.entries[i]; !e.kept {
			if err := w.Delete(s.was.key(e)); err != nil {
				return err
			}
		}
	}
	if err := t.putEntries(w, &s.now, id); err != nil {
		return err
	}
	if err := t.count(w, s, &s.was, day, -1); err != nil {
		return err
	}
	return t.count(w, s, &s.now, day, +1)
}

// putEntries writes the entries that are not kept.
func (t *Table[T]) putEntries(w kv.Writer, d *derived, id uint64) error {
	var buf [binary.MaxVarintLen64]byte
	for i := range d.entries {
		if e := &d.entries[i]; !e.kept {
			if err := w.Put(d.key(e), t.entryValue(buf[:0], e.of, id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// entryValue is the value of an index's entry: a unique one holds the ID, a plain
// one has it in its key.
func (t *Table[T]) entryValue(buf []byte, index int, id uint64) []byte {
	if t.Indexes[index].Unique {
		return binary.AppendUvarint(buf, id)
	}
	return buf
}

// count adds n to the counters, and to the day's ledgers, of all that is not kept.
func (t *Table[T]) count(w kv.Writer, s *scratch[T], d *derived, day uint64, n int64) error {
	for i := range d.counts {
		c := &d.counts[i]
		if c.kept {
			continue
		}
		if err := w.Add(d.key(c), n); err != nil {
			return err
		}
		if t.made.ledgers[c.of] == nil {
			continue
		}
		if err := w.Add(t.ledgerKey(s, d, c, day), n); err != nil {
			return err
		}
	}
	return nil
}

// ledgerKey is the key, in a day's ledger, of what a counter's key stands for.
func (t *Table[T]) ledgerKey(s *scratch[T], d *derived, c *derivedKey, day uint64) kv.Tuple {
	scope := d.buf[c.from+len(t.made.counts[c.of]) : c.mid]
	s.key = append(append(s.key[:0], t.made.ledgers[c.of]...), scope...).Uint(day)
	s.key = append(s.key, d.buf[c.mid:c.to]...)
	return s.key
}

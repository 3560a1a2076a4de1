package table

import (
	"fmt"
	"iter"
	"sync"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Table declares one kind of record. Its fields must not change once it is in
// use; names are for ever, as they are the keys. It may be used by many
// goroutines at once.
type Table[T any] struct {
	Name    string
	Codec   Codec[T]
	Key     func(rec *T) uint64  // the record's ID, from NextID, never zero
	Version func(rec *T) *uint32 // raised by Put at each real change, from one
	Indexes []Index[T]
	Counts  []Count[T]
	Sealed  bool // holds secrets, or much: journals keep a digest instead of the bytes

	once sync.Once
	made frame
}

// Index declares entries by which records are found.
type Index[T any] struct {
	Name   string // such as "by_serial"
	Parts  string // what the entry is made of, for the schema drawing
	Unique bool   // no two records may have the same entry
	// Of emits an entry zero or more times, each made by appending to key. It
	// must depend on the record alone, and not on its version. key may be
	// appended to anew once emit returned.
	Of func(rec *T, key kv.Tuple, emit func(kv.Tuple))
}

// Count declares counters of records.
type Count[T any] struct {
	Name  string // such as "status_at"
	Scope string // what the scope is made of, for the schema drawing
	Dims  string // likewise of the dimensions
	Daily bool   // also a ledger of each day's changes
	// Of counts the record once for each pair it emits. It must depend on the
	// record alone. scope and dims may be changed once emit returned.
	Of func(rec *T, emit func(scope, dims kv.Tuple))
}

// NextID gives out the next ID, from one. An ID is never given out twice, unless
// the transaction that took it was not committed.
func (t *Table[T]) NextID(w kv.Writer) (uint64, error) {
	seq := t.frame().seq
	if err := w.Add(seq, 1); err != nil {
		return 0, err
	}
	last, err := readCount(w, seq)
	return uint64(last), err
}

// Get returns the record with the ID, and whether there is one.
func (t *Table[T]) Get(r kv.Reader, id uint64) (rec T, ok bool, err error) {
	f := t.frame()
	s := f.scratch()
	defer f.release(s)
	data, err := f.load(r, s, id)
	if err != nil || data == nil {
		return rec, false, err
	}
	return *s.rec.(*T), true, nil
}

// All yields every record in the order of the IDs.
func (t *Table[T]) All(r kv.Reader) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var rec, zero T
		for raw, err := range t.EachRecord(r) {
			if err == nil {
				err = t.frame().decode(raw.Data, raw.ID, &rec)
			}
			if err != nil {
				yield(zero, err)
				return
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// Decode turns stored bytes, such as a journal keeps, into a record.
func (t *Table[T]) Decode(data []byte) (T, error) {
	var rec T
	if err := t.Codec.Decode(data, &rec); err != nil {
		return rec, fmt.Errorf("%s record: %w", t.Name, err)
	}
	return rec, nil
}

// decode overwrites rec, and names the record in errors.
func (f *frame) decode(data []byte, id uint64, rec any) error {
	if err := f.kind.decode(data, rec); err != nil {
		return fmt.Errorf("%s %d: %w", f.name, id, err)
	}
	return nil
}

// RawRecord is a record as it is stored.
type RawRecord struct {
	ID   uint64
	Data []byte
}

// RecordBytes returns the stored bytes of a record, nil when there is none.
func (t *Table[T]) RecordBytes(r kv.Reader, id uint64) ([]byte, error) {
	return t.frame().recordBytes(r, id)
}

func (f *frame) recordBytes(r kv.Reader, id uint64) ([]byte, error) {
	s := f.scratch()
	defer f.release(s)
	return r.Get(f.recordKey(s, id))
}

// EachRecord yields the stored records in the order of their IDs.
func (t *Table[T]) EachRecord(r kv.Reader) iter.Seq2[RawRecord, error] {
	return t.frame().recordsFrom(r, 0)
}

// Not inlined: it is kept once, and not once for each type of record.
//
//go:noinline
func (f *frame) recordsFrom(r kv.Reader, id uint64) iter.Seq2[RawRecord, error] {
	return func(yield func(RawRecord, error) bool) {
		for p, err := range r.Scan(f.records.Clone().Uint(id), f.records.End()) {
			var raw RawRecord
			if err == nil {
				raw.Data = p.Val
				raw.ID, err = lastUint(p.Key)
			}
			if !yield(raw, err) || err != nil {
				return
			}
		}
	}
}

func (f *frame) recordKey(s *scratch, id uint64) kv.Tuple {
	s.key = append(s.key[:0], f.records...).Uint(id)
	return s.key
}

func readCount(r kv.Reader, key []byte) (int64, error) {
	val, err := r.Get(key)
	if err != nil {
		return 0, err
	}
	return kv.Count(val)
}

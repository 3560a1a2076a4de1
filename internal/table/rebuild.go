package table

import (
	"context"

	"github.com/takhti-edu/takhti/internal/kv"
)

// batches says how much one transaction of a rebuild does.
type batches struct {
	records int // read and derived
	keys    int // deleted or written
	sums    int // of a ledger, held in memory
}

var usualBatches = batches{records: 5_000, keys: 20_000, sums: 250_000}

// Rebuild makes indexes and counters anew from the records. It works in several
// transactions; nobody else may write meanwhile. After a failure or a crash they
// are incomplete until it has been run again.
func (t *Table[T]) Rebuild(ctx context.Context, store kv.Store) error {
	return t.frame().rebuild(ctx, store, usualBatches)
}

func (f *frame) rebuild(ctx context.Context, store kv.Store, size batches) error {
	for _, prefix := range f.derivedPrefixes() {
		if err := clearPrefix(ctx, store, prefix, size.keys); err != nil {
			return err
		}
	}
	for last, more := uint64(0), true; more; {
		next := last
		err := store.Update(ctx, func(w kv.Writer) error {
			some, err := f.recordsAfter(w, last, size.records)
			if err != nil || len(some) == 0 {
				more = false
				return err
			}
			next = some[len(some)-1].ID
			return f.deriveAgain(w, some)
		})
		if err != nil {
			return err
		}
		last = next
	}
	return nil
}

// derivedPrefixes are those of the indexes and counts, not of the ledgers.
func (f *frame) derivedPrefixes() (prefixes []kv.Tuple) {
	for i := range f.indexes {
		prefixes = append(prefixes, f.indexes[i].prefix)
	}
	return append(prefixes, f.balances()...)
}

// recordsAfter reads the first n records with a greater ID.
func (f *frame) recordsAfter(r kv.Reader, id uint64, n int) ([]RawRecord, error) {
	var some []RawRecord
	for raw, err := range f.recordsFrom(r, id+1) {
		if err != nil {
			return nil, err
		}
		if some = append(some, raw); len(some) == n {
			break
		}
	}
	return some, nil
}

// deriveAgain writes what follows from the records, as if they were new.
func (f *frame) deriveAgain(w kv.Writer, some []RawRecord) error {
	s := f.scratch()
	defer f.release(s)
	for _, raw := range some {
		if err := f.decode(raw.Data, raw.ID, s.rec); err != nil {
			return err
		}
		s.now.reset()
		f.derive(s, &s.now, s.rec, everything)
		if err := f.checkFree(w, s, raw.ID); err != nil {
			return err
		}
		if err := f.putEntries(w, &s.now, raw.ID); err != nil {
			return err
		}
		for i := range s.now.counts {
			if err := w.Add(s.now.key(&s.now.counts[i]), 1); err != nil {
				return err
			}
		}
	}
	return f.raiseSequence(w, some)
}

// raiseSequence makes sure that no ID in use is given out again.
func (f *frame) raiseSequence(w kv.Writer, some []RawRecord) error {
	given, err := readCount(w, f.seq)
	last := int64(some[len(some)-1].ID)
	if err != nil || given == 0 || given >= last {
		return err
	}
	return w.Add(f.seq, last-given)
}

// clearPrefix deletes everything under a prefix, so many keys in a transaction.
func clearPrefix(ctx context.Context, store kv.Store, prefix kv.Tuple, keys int) error {
	for more := true; more; {
		err := store.Update(ctx, func(w kv.Writer) error {
			var some [][]byte
			for p, err := range w.Scan(prefix, prefix.End()) {
				if err != nil {
					return err
				}
				if some = append(some, p.Key); len(some) == keys {
					break
				}
			}
			more = len(some) == keys
			for _, key := range some {
				if err := w.Delete(key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

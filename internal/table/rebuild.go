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
	return t.rebuild(ctx, store, usualBatches)
}

func (t *Table[T]) rebuild(ctx context.Context, store kv.Store, size batches) error {
	m := t.layout()
	for _, prefixes := range [][]kv.Tuple{m.indexes, m.counts} {
		for _, prefix := range prefixes {
			if err := clearPrefix(ctx, store, prefix, size.keys); err != nil {
				return err
			}
		}
	}
	for last, more := uint64(0), true; more; {
		next := last
		err := store.Update(ctx, func(w kv.Writer) error {
			some, err := t.recordsAfter(w, last, size.records)
			if err != nil || len(some) == 0 {
				more = false
				return err
			}
			next = some[len(some)-1].ID
			return t.deriveAgain(w, some)
		})
		if err != nil {
			return err
		}
		last = next
	}
	return nil
}

// recordsAfter reads the first n records with a greater ID.
func (t *Table[T]) recordsAfter(r kv.Reader, id uint64, n int) ([]RawRecord, error) {
	var some []RawRecord
	for raw, err := range t.recordsFrom(r, id+1) {
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
func (t *Table[T]) deriveAgain(w kv.Writer, some []RawRecord) error {
	s := t.scratch()
	defer t.release(s)
	for _, raw := range some {
		var zero T
		s.rec = zero
		if err := t.decode(raw.Data, raw.ID, &s.rec); err != nil {
			return err
		}
		s.now.reset()
		t.derive(s, &s.now, &s.rec)
		if err := t.checkFree(w, s, raw.ID); err != nil {
			return err
		}
		if err := t.putEntries(w, &s.now, raw.ID); err != nil {
			return err
		}
		for i := range s.now.counts {
			if err := w.Add(s.now.key(&s.now.counts[i]), 1); err != nil {
				return err
			}
		}
	}
	return t.raiseSequence(w, some)
}

// raiseSequence makes sure that no ID in use is given out again.
func (t *Table[T]) raiseSequence(w kv.Writer, some []RawRecord) error {
	given, err := readCount(w, t.made.seq)
	last := int64(some[len(some)-1].ID)
	if err != nil || given == 0 || given >= last {
		return err
	}
	return w.Add(t.made.seq, last-given)
}

// clearPrefix deletes everything under a prefix, so many keys in a transaction.
func clearPrefix(ctx context.Context, store kv.Store, prefix kv.Tuple, keys int) error {
	if prefix == nil {
		return nil
	}
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

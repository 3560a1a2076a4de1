package table

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/takhti-edu/takhti/internal/kv"
)

// DayChange is one change of one record, as a journal keeps it: the encoded
// record before and after, nil where there was none, and the day given to Put.
type DayChange struct {
	Day           uint64
	Before, After []byte
}

// VerifyLedger compares the daily ledgers with the table's changes, of which it
// must be given every one, and yields every difference. It holds the ledgers in
// memory. An error means that it could not go on.
func (t *Table[T]) VerifyLedger(r kv.Reader, changes iter.Seq2[DayChange, error]) iter.Seq2[Finding, error] {
	return t.frame().verifyLedger(r, changes)
}

// Not inlined: it is kept once, and not once for each type of record.
//
//go:noinline
func (f *frame) verifyLedger(r kv.Reader, changes iter.Seq2[DayChange, error]) iter.Seq2[Finding, error] {
	return findings(func(report reporter) error {
		if !f.keepsLedger() {
			return nil
		}
		s, sums := f.scratch(), tally{}
		defer f.release(s)
		for c, err := range changes {
			if err == nil {
				err = f.addChange(sums, s, c)
			}
			if err != nil {
				return err
			}
		}
		return sums.compare(r, f.name, f.ledgers(), "changes", report)
	})
}

// RebuildLedger makes the daily ledgers anew from the table's changes, of which
// it must be given every one. It works in several transactions, in bounded
// memory; nobody else may write meanwhile. After a failure or a crash the ledgers
// are incomplete until it has been run again.
func (t *Table[T]) RebuildLedger(ctx context.Context, store kv.Store, changes func(kv.Reader) iter.Seq2[DayChange, error]) error {
	return t.frame().rebuildLedger(ctx, store, changes, usualBatches)
}

func (f *frame) rebuildLedger(ctx context.Context, store kv.Store, changes func(kv.Reader) iter.Seq2[DayChange, error], size batches) error {
	if !f.keepsLedger() {
		return nil
	}
	for _, prefix := range f.ledgers() {
		if err := clearPrefix(ctx, store, prefix, size.keys); err != nil {
			return err
		}
	}
	for done, more := 0, true; more; {
		var sums tally
		var now int
		err := store.View(ctx, func(r kv.Reader) (err error) {
			sums, now, more, err = f.addChanges(changes(r), done, size.sums)
			return err
		})
		if err != nil {
			return err
		}
		done = now
		if err := sums.flush(ctx, store, size.keys); err != nil {
			return err
		}
	}
	return nil
}

// keepsLedger says whether any count is daily.
func (f *frame) keepsLedger() bool { return len(f.ledgers()) > 0 }

func (f *frame) ledgers() (prefixes []kv.Tuple) {
	for i := range f.counts {
		if ledger := f.counts[i].ledger; ledger != nil {
			prefixes = append(prefixes, ledger)
		}
	}
	return prefixes
}

// addChanges sums up the changes after the first done ones, until there are more
// than limit sums. It returns how many are done now and whether there are more.
func (f *frame) addChanges(changes iter.Seq2[DayChange, error], done, limit int) (sums tally, now int, more bool, err error) {
	s := f.scratch()
	defer f.release(s)
	sums = tally{}
	for c, err := range changes {
		if err != nil {
			return nil, 0, false, err
		}
		if now++; now <= done {
			continue
		}
		if err := f.addChange(sums, s, c); err != nil {
			return nil, 0, false, err
		}
		if len(sums) > limit {
			return sums, now, true, nil
		}
	}
	return sums, now, false, nil
}

// addChange adds what one change does to the ledgers.
func (f *frame) addChange(sums tally, s *scratch, c DayChange) error {
	if err := f.dailyCounts(s, &s.was, c.Before); err != nil {
		return err
	}
	if err := f.dailyCounts(s, &s.now, c.After); err != nil {
		return err
	}
	keepCommon(&s.was, &s.now)
	f.addDay(sums, s, &s.was, c.Day, -1)
	f.addDay(sums, s, &s.now, c.Day, +1)
	return nil
}

func (f *frame) addDay(sums tally, s *scratch, d *derived, day uint64, n int64) {
	for i := range d.counts {
		if c := &d.counts[i]; !c.kept {
			sums.add(f.ledgerKey(s, d, c, day), n)
		}
	}
}

// dailyCounts works out what an encoded record contributes to daily counts.
func (f *frame) dailyCounts(s *scratch, into *derived, data []byte) error {
	into.reset()
	if data == nil {
		return nil
	}
	s.into = into
	if err := f.kind.decode(data, s.rec); err != nil {
		return fmt.Errorf("a change of the table %s: %w", f.name, err)
	}
	for i := range f.counts {
		if f.counts[i].ledger != nil {
			f.deriveCount(s, i, s.rec)
		}
	}
	return nil
}

// flush adds the sums to the stored counters, so many keys in a transaction.
func (c tally) flush(ctx context.Context, store kv.Store, keys int) error {
	for some := range slices.Chunk(slices.Sorted(maps.Keys(c)), keys) {
		err := store.Update(ctx, func(w kv.Writer) error {
			for _, key := range some {
				if n := *c[key]; n != 0 {
					if err := w.Add([]byte(key), n); err != nil {
						return err
					}
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

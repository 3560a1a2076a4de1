package boltkv

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"github.com/takhti-edu/takhti/internal/kv"
)

const (
	bulkWrites = 5_000 // from here on a commit fills its pages
	bulkFill   = 0.9   // which makes a file 40 % smaller
	flushers   = 2     // of a bulk, at the same time
)

// flush hands the net effect of o to bbolt in the order of keys, without which
// bbolt is slow: its pages do not split before the commit.
//
// The tables of a bulk are written by two goroutines. A bbolt transaction is for one,
// but until its commit all that a bucket changes is its own: its nodes. What they
// share, the pages of the file, the list of buckets and the transaction's pages, only
// opening a bucket and the commit change, which are done by one. Whether that is so in
// the bbolt at hand, the race detector tells in a test.
func (s *Store) flush(tx *bbolt.Tx, o *kv.Overlay) error {
	fill, workers := bbolt.DefaultFillPercent, 1
	if o.Len() >= bulkWrites {
		fill, workers = bulkFill, flushers
	}
	tables, err := s.openTables(tx, o, fill)
	if err != nil {
		return err
	}
	if workers == 1 {
		return flushTables(slices.Values(tables))
	}
	slices.SortFunc(tables, func(a, b *tableFlush) int { return cmp.Compare(b.ops.Len(), a.ops.Len()) })
	var taken atomic.Int64
	rest := func(yield func(*tableFlush) bool) {
		for n := int(taken.Add(1)); n <= len(tables) && yield(tables[n-1]); {
			n = int(taken.Add(1))
		}
	}
	errs := make([]error, workers)
	var done sync.WaitGroup
	for i := range errs {
		done.Go(func() { errs[i] = flushTables(rest) })
	}
	done.Wait()
	return errors.Join(errs...)
}

// flushTables writes tables that nobody else is at.
func flushTables(tables func(yield func(*tableFlush) bool)) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var t *tableFlush
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: %w", t.path, unreadable(p))
		}
	}()
	for t = range tables {
		for op := range t.ops.Ops() {
			if err := t.write(op); err != nil {
				return err
			}
		}
	}
	return nil
}

// openTables opens the buckets that o changes, and makes those that are not there.
func (s *Store) openTables(tx *bbolt.Tx, o *kv.Overlay, fill float64) (all []*tableFlush, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: %w", s.path, unreadable(p))
		}
	}()
	for _, ops := range o.Tables() {
		t := &tableFlush{path: s.path, tableName: s.names.named(ops.Name()), ops: ops, bucket: tx.Bucket(ops.Name())}
		if t.bucket == nil && !t.fills() {
			continue
		}
		if t.bucket == nil {
			if t.bucket, err = tx.CreateBucket(ops.Name()); err != nil {
				return nil, err
			}
		}
		t.bucket.FillPercent = fill
		all = append(all, t)
	}
	return all, nil
}

// tableFlush writes one table.
type tableFlush struct {
	*tableName
	path   string
	ops    kv.TableOps
	bucket *bbolt.Bucket
	vals   []byte // room for stored values
}

// fills says whether anything is put into the table.
func (t *tableFlush) fills() bool {
	for op := range t.ops.Ops() {
		if op.Kind != kv.OpDelete {
			return true
		}
	}
	return false
}

func (t *tableFlush) write(op kv.Op) error {
	_, rest, _ := kv.Split(op.Key) // the overlay takes no other keys
	stored := storedKey(rest)
	if op.Kind == kv.OpAdd {
		var err error
		if op, err = t.settle(op, stored); err != nil {
			return err
		}
	}
	if op.Kind == kv.OpDelete {
		return t.bucket.Delete(stored)
	}
	return t.bucket.Put(stored, t.seal(stored, op.Val))
}

// settle works out what a counter comes to.
func (t *tableFlush) settle(op kv.Op, stored []byte) (kv.Op, error) {
	sealed := t.bucket.Get(stored)
	if sealed == nil {
		return op.Settle(nil)
	}
	was, ok := unseal(t.sum, stored, sealed)
	if !ok {
		return op, fmt.Errorf("%s: %w: %s fails its checksum", t.path, kv.ErrCorrupt, describe(t.name, stored))
	}
	return op.Settle(was)
}

// seal keeps the stored value until the commit, as bbolt wants it.
func (t *tableFlush) seal(stored, val []byte) []byte {
	size := sumSize + len(val)
	if size > cap(t.vals)-len(t.vals) {
		t.vals = make([]byte, 0, max(size, min(max(2*cap(t.vals), 1<<10), 64<<10)))
	}
	from := len(t.vals)
	t.vals = seal(t.vals, t.sum, stored, val)
	return t.vals[from:len(t.vals):len(t.vals)]
}

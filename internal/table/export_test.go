package table

import (
	"context"
	"iter"

	"github.com/takhti-edu/takhti/internal/kv"
)

// RebuildInSteps is Rebuild with at most n records, or keys, in a transaction.
func (t *Table[T]) RebuildInSteps(ctx context.Context, store kv.Store, n int) error {
	return t.frame().rebuild(ctx, store, batches{records: n, keys: n, sums: n})
}

// RebuildLedgerInSteps is RebuildLedger with about n sums in memory.
func (t *Table[T]) RebuildLedgerInSteps(ctx context.Context, store kv.Store, changes func(kv.Reader) iter.Seq2[DayChange, error], n int) error {
	return t.frame().rebuildLedger(ctx, store, changes, batches{records: n, keys: n, sums: n})
}

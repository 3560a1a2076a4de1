package authz

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/takhti-edu/takhti/internal/kv"
)

// counted is a store that counts what is read of it for a request.
type counted struct{ kv.Store }

type readsKey struct{}

// counting has what is read in the context counted.
func counting(ctx context.Context, reads *atomic.Int64) context.Context {
	return context.WithValue(ctx, readsKey{}, reads)
}

func (s counted) View(ctx context.Context, fn func(kv.Reader) error) error {
	reads, ok := ctx.Value(readsKey{}).(*atomic.Int64)
	if !ok {
		return s.Store.View(ctx, fn)
	}
	return s.Store.View(ctx, func(r kv.Reader) error { return fn(countedReader{r, reads}) })
}

type countedReader struct {
	kv.Reader
	reads *atomic.Int64
}

func (r countedReader) Get(key []byte) ([]byte, error) {
	r.reads.Add(1)
	return r.Reader.Get(key)
}

// Scan counts each pair, and that there are no more.
func (r countedReader) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		for pair, err := range r.Reader.Scan(lo, hi) {
			r.reads.Add(1)
			if !yield(pair, err) {
				return
			}
		}
		r.reads.Add(1)
	}
}

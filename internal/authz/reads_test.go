package authz

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/takhti-edu/takhti/internal/kv"
)

// counted is a store that counts what is read of it.
type counted struct {
	kv.Store
	reads atomic.Int64
}

func (s *counted) View(ctx context.Context, fn func(kv.Reader) error) error {
	return s.Store.View(ctx, func(r kv.Reader) error { return fn(countedReader{r, &s.reads}) })
}

type countedReader struct {
	kv.Reader
	reads *atomic.Int64
}

func (r countedReader) Get(key []byte) ([]byte, error) {
	r.reads.Add(1)
	return r.Reader.Get(key)
}

func (r countedReader) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		r.reads.Add(1)
		for pair, err := range r.Reader.Scan(lo, hi) {
			r.reads.Add(1)
			if !yield(pair, err) {
				return
			}
		}
	}
}

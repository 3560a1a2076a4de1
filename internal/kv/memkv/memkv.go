// Package memkv is the engine that keeps everything in memory: for tests, and
// for data that need not outlive the process. A transaction is a snapshot of a
// copy-on-write b-tree, so readers never wait and never hold a writer up.
package memkv

import (
	"bytes"
	"context"
	"iter"
	"sync/atomic"

	"github.com/tidwall/btree"

	"github.com/takhti-edu/takhti/internal/kv"
)

type tree = btree.BTreeG[kv.Pair]

// Store is a [kv.Store] in memory.
type Store struct {
	committed atomic.Pointer[tree] // nil once closed
	writer    chan struct{}        // holds one token: who has it may commit
}

var _ kv.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store {
	s := &Store{writer: make(chan struct{}, 1)}
	s.committed.Store(btree.NewBTreeGOptions(func(a, b kv.Pair) bool {
		return bytes.Compare(a.Key, b.Key) < 0
	}, btree.Options{NoLocks: true}))
	return s
}

// View implements [kv.Store].
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	t := s.committed.Load()
	if t == nil {
		return kv.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(snapshot{t})
}

// Update implements [kv.Store].
func (s *Store) Update(ctx context.Context, fn func(kv.Writer) error) error {
	select {
	case s.writer <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.writer }()
	t := s.committed.Load()
	if t == nil {
		return kv.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	o := kv.NewOverlay(snapshot{t})
	if err := fn(o); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.commit(t, o)
}

func (s *Store) commit(t *tree, o *kv.Overlay) error {
	next := t.Copy()
	for op, err := range o.Writes() {
		if err != nil {
			return err
		}
		if op.Kind == kv.OpDelete {
			next.Delete(kv.Pair{Key: op.Key})
		} else {
			next.Set(kv.Pair{Key: op.Key, Val: op.Val})
		}
	}
	s.committed.Store(next)
	return nil
}

// Close implements [kv.Store]. It waits for the writer; views that run may go on.
func (s *Store) Close() error {
	s.writer <- struct{}{}
	defer func() { <-s.writer }()
	s.committed.Store(nil)
	return nil
}

// snapshot reads one committed tree, which no one changes any more.
type snapshot struct{ t *tree }

func (r snapshot) Get(key []byte) ([]byte, error) {
	p, _ := r.t.Get(kv.Pair{Key: key})
	return p.Val, nil
}

func (r snapshot) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		r.t.Ascend(kv.Pair{Key: lo}, func(p kv.Pair) bool {
			if len(hi) > 0 && bytes.Compare(p.Key, hi) >= 0 {
				return false
			}
			return yield(p, nil)
		})
	}
}

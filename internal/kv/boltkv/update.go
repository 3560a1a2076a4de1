package boltkv

import (
	"context"
	"os"
	"runtime/debug"
	"sync/atomic"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Update implements [kv.Store].
//
// While a bulk is being committed, the next update function may run already: on the
// bulk as if it were committed, which is where the file will be when its own turn to
// commit comes. Should the bulk fail after all, the function runs once more, on what
// there is.
func (s *Store) Update(ctx context.Context, fn func(kv.Writer) error) error {
	if err := take(ctx, s.stage); err != nil {
		return err
	}
	staging := true
	defer func() {
		if staging {
			<-s.stage
		}
	}()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	o, under, err := s.run(ctx, fn)
	if under == nil && (err != nil || o.Len() == 0) {
		return err
	}
	if err := take(ctx, s.writer); err != nil {
		return err
	}
	defer func() { <-s.writer }()
	if under != nil && under.failed {
		o, _, err = s.run(ctx, fn)
	}
	if err == nil {
		err = s.usable(ctx)
	}
	if err != nil || o.Len() == 0 {
		return err
	}
	if o.Len() < bulkWrites || !s.overlaps(o) {
		return s.store(o)
	}
	a, err := s.goAhead(o)
	if err != nil {
		return err
	}
	defer s.arrive(a)
	staging = false
	<-s.stage
	err = s.store(o)
	a.failed = err != nil
	return err
}

// take waits for a token.
func take(ctx context.Context, token chan struct{}) error {
	select {
	case token <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run runs an update function on what is committed or, if there is a bulk that is
// about to be, on that.
func (s *Store) run(ctx context.Context, fn func(kv.Writer) error) (*kv.Overlay, *ahead, error) {
	if err := s.usable(ctx); err != nil {
		return nil, nil, err
	}
	if a := s.ahead.Load(); a != nil && a.enter() {
		defer a.leave()
		o := kv.NewOverlay(a.bulk)
		return o, a, fn(o)
	}
	r, err := s.snapshot()
	if err != nil {
		return nil, nil, err
	}
	defer r.end()
	o := kv.NewOverlay(r)
	return o, nil, fn(o)
}

// store commits what was written to o.
func (s *Store) store(o *kv.Overlay) error {
	tx, err := s.begin(true)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // of nothing after a commit
	if err := s.flush(tx, o); err != nil {
		return err
	}
	return s.commit(tx)
}

// ahead is a bulk that is being committed, and what was committed before it.
type ahead struct {
	bulk   *kv.Overlay
	base   *reader
	users  atomic.Int32 // the commit, and the update that stands on it
	failed bool         // whether the commit has, once it has ended
}

// goAhead lets the next update function run on o, which is not written to any more.
func (s *Store) goAhead(o *kv.Overlay) (*ahead, error) {
	base, err := s.snapshot()
	if err != nil {
		return nil, err
	}
	a := &ahead{bulk: o, base: base, failed: true}
	a.users.Store(1)
	o.Freeze(a.base)
	s.ahead.Store(a)
	return a, nil
}

// arrive ends what goAhead began.
func (s *Store) arrive(a *ahead) {
	s.ahead.Store(nil)
	a.leave()
}

// enter says whether the bulk can still be stood on; who does must leave it.
func (a *ahead) enter() bool {
	for n := a.users.Load(); n > 0; n = a.users.Load() {
		if a.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
	return false
}

func (a *ahead) leave() {
	if a.users.Add(-1) == 0 {
		a.base.end()
	}
}

// overlaps says whether a bulk is committed while the next update runs. Not where
// bbolt may have to map the file anew: for that it waits until nobody reads. Each write
// can take a page and one above it, in copies.
func (s *Store) overlaps(o *kv.Overlay) bool {
	info, err := s.file.Stat()
	more := 2 * (int64(o.Len())*int64(os.Getpagesize()) + int64(o.Bytes()))
	return err == nil && info.Size()+more < int64(s.opts.mmapSize)/2
}

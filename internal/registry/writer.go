package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
)

const maxBatch = 256 // requests in one commit, and changes from which on a request is large

// write is the one writer. It has a batch with a large request committed while it
// gathers the next one, which stands on the first.
func (r *Register) write() {
	defer close(r.finished)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	none := make(chan struct{})
	close(none)
	var before <-chan struct{} = none // closed when the last large batch is durable
	for {
		select {
		case first := <-r.queue:
			for first != nil {
				var b batch
				b, first = r.gather(first)
				if b.large == nil {
					r.commit(b.requests)
					continue
				}
				now := r.commitLarge(b.requests)
				<-before
				before = now
			}
		case <-r.acts.wake:
			r.commit(nil)
		case <-look.C: // counts of acts may be due
			r.commit(nil)
		case <-r.closing:
			<-before
			r.drain()
			r.commitActs(nil, true)
			return
		}
	}
}

// gather takes what waits, in its order. A batch has no more than one large request, so
// that small ones are not held up for long; another one is held for the next batch.
func (r *Register) gather(first *request) (b batch, held *request) {
	b.add(first)
	for len(b.requests) < maxBatch && b.size < maxBatch {
		select {
		case next := <-r.queue:
			if b.large != nil && next.large() {
				return b, next
			}
			b.add(next)
		default:
			return b, nil
		}
	}
	return b, nil
}

// batch is requests that are committed together.
type batch struct {
	requests []*request
	large    *request // one of them; nil: none is
	size     int      // changes of the others
}

func (b *batch) add(q *request) {
	b.requests = append(b.requests, q)
	if q.large() {
		b.large = q
	} else {
		b.size += weight(q.changes)
	}
}

func (q *request) large() bool { return weight(q.changes) >= maxBatch }

// weight is how many changes they are, with those within others.
func weight(changes []Change) (n int) {
	for _, c := range changes {
		n++
		switch part := c.(type) {
		case ImportPart:
			n += len(part.Steps)
		case UndoPart:
			n += len(part.Records)
		}
	}
	return n
}

// drain refuses what still waits when the register closes.
func (r *Register) drain() {
	for {
		select {
		case q := <-r.queue:
			q.err = kv.ErrClosed
			close(q.done)
		default:
			return
		}
	}
}

// commit runs the batch, and what acts there are to be written, in one transaction.
func (r *Register) commit(batch []*request) { r.commitActs(batch, false) }

func (r *Register) commitActs(batch []*request, all bool) {
	acts := r.acts.take(r.now(), all)
	if len(acts) == 0 {
		if len(batch) > 0 {
			r.commitAll(batch, func() {})
		}
		return
	}
	q := &request{ctx: context.Background(), changes: []Change{witnessed(acts)}, done: make(chan struct{})}
	r.commitAll(append([]*request{q}, batch...), func() {})
	if q.err != nil {
		r.acts.giveBack(acts, q.err)
	}
	r.acts.written()
}

// commitLarge begins to commit a batch. It returns when the changes are made, and
// another batch can stand on them; done is closed when they are durable.
func (r *Register) commitLarge(batch []*request) (done <-chan struct{}) {
	made, durable := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(durable)
		r.commitAll(batch, sync.OnceFunc(func() { close(made) }))
	}()
	select {
	case <-made:
	case <-durable:
	}
	return durable
}

// refused is a request that failed and whose writes cannot be taken back by themselves.
type refused struct{ *request }

func (r refused) Error() string { return r.err.Error() }

// commitAll runs the batch in one transaction and tells each caller. It calls made
// when all changes are made, and again when they had to be made once more.
func (r *Register) commitAll(batch []*request, made func()) {
	now := r.now().UTC()
	var effect effects
	r.storeMu.RLock()
	store := r.store
	err := store.Update(context.Background(), func(w kv.Writer) error {
		effect = effects{touched: touchedPlaces{}}
		err := runAll(w, batch, now, &effect)
		if err == nil {
			made()
		}
		return err
	})
	r.storeMu.RUnlock()
	if failed, is := errors.AsType[refused](err); is {
		close(failed.done)
		rest := slices.DeleteFunc(batch, func(q *request) bool { return q == failed.request })
		if len(rest) > 0 {
			r.commitAll(rest, made)
		}
		return
	}
	if errors.Is(err, kv.ErrUnknown) || errors.Is(err, kv.ErrClosed) {
		replaced, failed := r.recoverStore(store)
		if replaced && !errors.Is(err, kv.ErrUnknown) {
			r.commitAll(batch, made) // nothing of it was written: the commit before it failed
			return
		}
		err = errors.Join(err, failed)
	}
	if err == nil {
		r.dropStale(&effect)
	}
	for _, q := range batch {
		if err != nil {
			q.receipt, q.err = Receipt{}, err
		}
		close(q.done)
	}
}

// runAll makes the changes of the batch. A request that is large or alone is not made on
// a savepoint, which takes time and memory: should it fail, the error is a refused, and
// the others are to be made without it.
func runAll(w kv.Writer, batch []*request, now time.Time, made *effects) error {
	for _, q := range batch {
		if len(batch) == 1 || q.large() {
			if q.run(w, now, made) != nil {
				return refused{q}
			}
			continue
		}
		start := w.Savepoint()
		if q.run(w, now, made) != nil {
			w.Rollback(start)
		}
		w.Release(start)
	}
	return nil
}

// effects are what a batch changed that answers are kept of.
type effects struct {
	touched touchedPlaces
	sealed  bool // a token or an account
	named   bool // a place, a model or a shipment
}

func (r *Register) dropStale(made *effects) {
	r.counts.drop(made.touched)
	if made.sealed {
		r.identities.drop()
	}
	if made.named {
		r.names.drop()
	}
}

// run makes one request's changes. When one fails, what they wrote is to be taken back.
func (q *request) run(w kv.Writer, now time.Time, made *effects) error {
	if q.err = q.ctx.Err(); q.err != nil {
		return q.err
	}
	var t *tx
	if t, q.err = begin(w, q.actor, q.ID, now); q.err != nil {
		return q.err
	}
	t.confirmed = q.Confirmed
	if q.receipt, q.err = t.request(q); q.err != nil {
		return q.err
	}
	maps.Copy(made.touched, t.touched)
	made.sealed = made.sealed || t.sealed
	made.named = made.named || t.named
	return nil
}

// request runs the changes, unless the request was made before.
func (t *tx) request(q *request) (Receipt, error) {
	earlier, found, err := earlier(t.w, q.actor, q.Request)
	if err != nil || found {
		return earlier, err
	}
	for _, c := range q.changes {
		if err := t.apply(c); err != nil {
			return Receipt{}, err
		}
	}
	if err := t.finish(); err != nil {
		return Receipt{}, err
	}
	t.receipt.At = t.journal.seq
	return t.receipt, t.keepReceipt(q)
}

// recoverStore opens the store again after a commit of unknown outcome, so that
// the next change stands on what is really there. It says whether another store has
// taken the place of the one that failed, now or before.
func (r *Register) recoverStore(failed kv.Store) (replaced bool, err error) {
	r.storeMu.Lock()
	defer r.storeMu.Unlock()
	if r.store != failed {
		return true, nil
	}
	if r.reopen == nil {
		return false, nil
	}
	_ = r.store.Close() // it refuses everything already
	store, err := r.reopen()
	if err != nil {
		return false, fmt.Errorf("opening the register again: %w", err)
	}
	r.store = store
	r.counts.dropAll()
	r.identities.drop()
	r.names.drop()
	return true, nil
}

package registry

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// MaxChanges is how many changes one request may have: a workbook of 50,000 rows
// and what its rows stand on.
const MaxChanges = 51_000

const maxBatch = 256 // requests in one commit

// Change is one named alteration of the register, with its rule.
type Change interface {
	// Name is a verb and a noun, as the journal shows it.
	Name() string
	apply(t *tx) error
}

// Request is a set of changes that happen together or not at all.
type Request struct {
	// ID makes the request safe to repeat: the same actor giving the same
	// changes under the same ID gets the first receipt. Empty: not repeatable.
	ID string
	// Digest stands for the changes when ID is used again; empty: computed.
	Digest []byte
	// Confirmed says that its sender knows that a text may hold the number of a
	// person. Without it such a text is refused with [fleet.CodePersonal].
	Confirmed bool
}

// Receipt says what came of a request.
type Receipt struct {
	Request  string    `cbor:"1,keyasint"`
	First    uint64    `cbor:"2,keyasint"` // first and last journal entry; both zero when nothing changed
	Last     uint64    `cbor:"3,keyasint"`
	Time     time.Time `cbor:"4,keyasint"`
	Refs     []string  `cbor:"5,keyasint,omitempty"` // what people are given: F-7K3Q9
	At       uint64    `cbor:"6,keyasint,omitempty"` // the journal's last entry right after it, also when nothing changed
	Repeated bool      `cbor:"-"`                    // this is an earlier request's receipt
}

// request is a Request on its way through the writer.
type request struct {
	Request
	ctx     context.Context
	actor   *Actor
	changes []Change
	receipt Receipt
	err     error
	done    chan struct{}
}

// Apply makes the changes, all or none, and returns once they are durable.
// An error that wraps [kv.ErrUnknown] leaves open whether they happened; repeat
// the request under its ID.
func (s Session) Apply(ctx context.Context, q Request, changes ...Change) (Receipt, error) {
	if n := weight(changes); n > MaxChanges {
		return Receipt{}, fleet.Invalidf("request.too_many", "%d changes at once are too many: at most %d", n, MaxChanges)
	}
	if len(q.ID) > 200 {
		return Receipt{}, fleet.Invalidf("request.id_long", "the request ID is longer than 200 characters")
	}
	if q.ID != "" && q.Digest == nil {
		digest, err := digestOf(changes)
		if err != nil {
			return Receipt{}, err
		}
		q.Digest = digest
	}
	req := &request{Request: q, ctx: ctx, actor: s.actor, changes: changes, done: make(chan struct{})}
	select {
	case s.reg.queue <- req:
	case <-s.reg.closing:
		return Receipt{}, kv.ErrClosed
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
	select {
	case <-req.done:
	case <-s.reg.finished:
		select {
		case <-req.done: // the writer's last batch
		default:
			return Receipt{}, kv.ErrClosed
		}
	}
	return req.receipt, req.err
}

// NewRequestID is an ID for a request that its sender did not name.
func NewRequestID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func digestOf(changes []Change) ([]byte, error) {
	h := sha256.New()
	enc := cbor.NewEncoder(h)
	for _, c := range changes {
		if err := errors.Join(enc.Encode(c.Name()), enc.Encode(c)); err != nil {
			return nil, fmt.Errorf("digest of %s: %w", c.Name(), err)
		}
	}
	return h.Sum(nil), nil
}

// write is the one writer.
func (r *Register) write() {
	defer close(r.finished)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case first := <-r.queue:
			for first != nil {
				var batch []*request
				batch, first = r.gather(first)
				r.commit(batch)
			}
		case <-r.acts.wake:
			r.commit(nil)
		case <-look.C: // counts of acts may be due
			r.commit(nil)
		case <-r.closing:
			r.drain()
			r.commitActs(nil, true)
			return
		}
	}
}

// gather takes what waits. Large requests go alone, so that small ones are not held up
// for longer than one of them takes: one that comes after others is held for the next
// batch.
func (r *Register) gather(first *request) (batch []*request, held *request) {
	batch = []*request{first}
	for size := weight(first.changes); len(batch) < maxBatch && size < maxBatch; {
		select {
		case next := <-r.queue:
			n := weight(next.changes)
			if n >= maxBatch {
				return batch, next
			}
			batch = append(batch, next)
			size += n
		default:
			return batch, nil
		}
	}
	return batch, nil
}

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
			r.commitAll(batch)
		}
		return
	}
	q := &request{ctx: context.Background(), changes: []Change{witnessed(acts)}, done: make(chan struct{})}
	r.commitAll(append([]*request{q}, batch...))
	if q.err != nil {
		r.acts.giveBack(acts, q.err)
	}
	r.acts.written()
}

// commitAll runs the batch in one transaction and tells each caller.
func (r *Register) commitAll(batch []*request) {
	now := r.now().UTC()
	var made effects
	r.storeMu.RLock()
	err := r.store.Update(context.Background(), func(w kv.Writer) error {
		made = effects{touched: touchedPlaces{}}
		if len(batch) == 1 {
			return batch[0].run(w, now, &made)
		}
		for _, q := range batch {
			start := w.Savepoint()
			if q.run(w, now, &made) != nil {
				w.Rollback(start)
			}
		}
		return nil
	})
	r.storeMu.RUnlock()
	if alone := batch[0]; len(batch) == 1 && alone.err != nil { // nothing was written
		close(alone.done)
		return
	}
	if errors.Is(err, kv.ErrUnknown) || errors.Is(err, kv.ErrClosed) { // closed: it could not be opened again before
		err = errors.Join(err, r.recoverStore())
	}
	if err == nil {
		r.dropStale(&made)
	}
	for _, q := range batch {
		if err != nil && q.err == nil {
			q.receipt, q.err = Receipt{}, err
		}
		close(q.done)
	}
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
// the next change stands on what is really there.
func (r *Register) recoverStore() error {
	r.storeMu.Lock()
	defer r.storeMu.Unlock()
	if r.reopen == nil {
		return nil
	}
	_ = r.store.Close() // it refuses everything already
	store, err := r.reopen()
	if err != nil {
		return fmt.Errorf("opening the register again: %w", err)
	}
	r.store = store
	r.counts.dropAll()
	r.identities.drop()
	r.names.drop()
	return nil
}

package registry

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// MaxChanges is how many changes one request may have: a workbook of 50,000 rows
// and what its rows stand on.
const MaxChanges = 51_000

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
	return s.Begin(ctx, q, changes...)()
}

// Begin has the changes made, and returns what waits for them as Apply does. Large
// requests are made in the order in which they were begun, small ones at any time. Of two large requests the second can be begun before the
// first is durable, which is faster; should the first fail, the second is judged
// without it.
func (s Session) Begin(ctx context.Context, q Request, changes ...Change) (wait func() (Receipt, error)) {
	req, err := s.begin(ctx, q, changes)
	if err != nil {
		return func() (Receipt, error) { return Receipt{}, err }
	}
	return func() (Receipt, error) {
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
}

func (s Session) begin(ctx context.Context, q Request, changes []Change) (*request, error) {
	if n := weight(changes); n > MaxChanges {
		return nil, fleet.Invalidf("request.too_many", "%d changes at once are too many: at most %d", n, MaxChanges)
	}
	if len(q.ID) > 200 {
		return nil, fleet.Invalidf("request.id_long", "the request ID is longer than 200 characters")
	}
	if q.ID != "" && q.Digest == nil {
		digest, err := digestOf(changes)
		if err != nil {
			return nil, err
		}
		q.Digest = digest
	}
	req := &request{Request: q, ctx: ctx, actor: s.actor, changes: changes, done: make(chan struct{})}
	select {
	case s.reg.queue <- req:
		return req, nil
	case <-s.reg.closing:
		return nil, kv.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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

package registry

import (
	"context"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// storedReceipt is what is kept of a request.
type storedReceipt struct {
	Digest  []byte  `cbor:"1,keyasint"`
	Receipt Receipt `cbor:"2,keyasint"`
}

func receiptKey(a *Actor, id string) kv.Tuple {
	return kv.Key("receipt").Uint(uint64(a.User)).Str(id)
}

// Position is the number of the journal's newest entry.
func (s Session) Position(ctx context.Context) (seq uint64, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		seq, err = journalSize(r)
		return err
	})
	return seq, err
}

// Earlier is the receipt of the same request made before; ok is false when there
// is none. It is for requests whose changes cannot be worked out a second time:
// [Session.Apply] asks by itself. The request needs its digest.
func (s Session) Earlier(ctx context.Context, q Request) (receipt Receipt, ok bool, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		receipt, ok, err = earlier(r, s.actor, q)
		return err
	})
	return receipt, ok, err
}

// earlier finds the receipt of the same request made before.
func earlier(r kv.Reader, a *Actor, q Request) (Receipt, bool, error) {
	if q.ID == "" {
		return Receipt{}, false, nil
	}
	data, err := r.Get(receiptKey(a, q.ID))
	if err != nil || data == nil {
		return Receipt{}, false, err
	}
	var kept storedReceipt
	if err := cbor.Unmarshal(data, &kept); err != nil {
		return Receipt{}, false, fmt.Errorf("%w: receipt %s: %w", kv.ErrCorrupt, q.ID, err)
	}
	if string(kept.Digest) != string(q.Digest) {
		return Receipt{}, false, fleet.Conflictf("request.reused", "request ID %q was used before for something else: use a new one", q.ID)
	}
	kept.Receipt.Repeated = true
	return kept.Receipt, true, nil
}

func (t *tx) keepReceipt(q *request) error {
	if q.ID == "" {
		return nil
	}
	data, err := cbor.Marshal(storedReceipt{Digest: q.Digest, Receipt: t.receipt})
	if err != nil {
		return err
	}
	return t.w.Put(receiptKey(q.actor, q.ID), data)
}

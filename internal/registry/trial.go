package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Trial is a preview of changes that become known little by little, as a file is
// read: see [Session.Preview]. It is for one goroutine, and holds no transaction
// between two calls.
type Trial struct {
	session Session
	changes []Change
	errs    []error // of the first changes: those that were tried
	tx      *tx
	base    *latest
	at      uint64 // the newest journal entry when the trial began
	stale   bool   // the register has changed since
}

// latest is a reader that stands for the one of the transaction under way.
type latest struct{ kv.Reader }

// Trial begins a trial.
func (s Session) Trial() *Trial { return &Trial{session: s, base: &latest{}} }

// Try adds changes, in the order in which they would be made, and tries them.
func (t *Trial) Try(ctx context.Context, changes ...Change) error {
	t.changes = append(t.changes, changes...)
	if t.stale || len(changes) == 0 {
		return nil
	}
	return t.session.reg.view(ctx, func(r kv.Reader) error {
		if err := t.stand(r); err != nil || t.stale {
			return err
		}
		for _, c := range changes {
			if err := ctx.Err(); err != nil {
				return err
			}
			t.errs = append(t.errs, t.tx.try(c))
		}
		return nil
	})
}

// stand puts the trial on a new transaction, in which the register must be as it
// was in the ones before.
func (t *Trial) stand(r kv.Reader) error {
	t.base.Reader = r
	if t.tx == nil {
		var err error
		t.tx, err = begin(kv.NewOverlay(t.base), t.session.actor, "", t.session.reg.now().UTC())
		t.at = t.tx.journal.seq
		return err
	}
	tail, err := readTail(r)
	if err == nil && tail.seq != t.at {
		t.stale, t.tx = true, nil
	}
	return err
}

// Errors returns each change's error, nil for those that would succeed. When the
// register changed during the trial, all are tried again as it is now.
func (t *Trial) Errors(ctx context.Context) ([]error, error) {
	if t.stale {
		return t.session.Preview(ctx, t.changes...)
	}
	return t.errs, nil
}

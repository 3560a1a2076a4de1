package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// Trial is a preview of changes that become known little by little, as a file is
// read: see [Session.Preview]. It gives the same errors for less work, as it makes on
// a [table.Rehearsal] only what the rules ask for, and no journal. It is for one
// goroutine, and holds no transaction between two calls.
type Trial struct {
	session Session
	parts   []trialPart
	errs    []error // of the first changes: those that were tried
	tx      *tx
	base    *witness
	at      uint64 // the newest journal entry that was looked at
	stale   bool   // something that was read has changed since
}

// trialPart is changes that are tried on one overlay, after those that they stand on.
type trialPart struct{ carried, changes []Change }

// Trial begins a trial.
func (s Session) Trial() *Trial {
	return &Trial{session: s, parts: make([]trialPart, 1), base: &witness{read: newFootprint()}}
}

// Forget has the changes that follow judged as if of those before only the given ones
// were made. It is for many changes that do not touch one another, of which otherwise
// all consequences are held in memory.
func (t *Trial) Forget(ctx context.Context, but ...Change) error {
	t.parts = append(t.parts, trialPart{carried: but})
	if t.stale || t.tx == nil {
		return nil
	}
	return t.session.reg.view(ctx, func(r kv.Reader) error {
		if err := t.stand(r); err != nil || t.stale {
			return err
		}
		return t.begin(but)
	})
}

// begin puts the trial on an overlay of its own and makes the carried changes.
func (t *Trial) begin(carried []Change) (err error) {
	t.tx, err = begin(table.NewRehearsal(t.base), t.session.actor, "", t.session.reg.now().UTC())
	if err == nil {
		t.tx.trial = true
		for _, c := range carried {
			_ = t.tx.try(c) // what came of it was told when it was tried first
		}
	}
	return err
}

// Try adds changes, in the order in which they would be made, and tries them.
func (t *Trial) Try(ctx context.Context, changes ...Change) error {
	last := &t.parts[len(t.parts)-1]
	last.changes = append(last.changes, changes...)
	if t.stale || len(changes) == 0 {
		return nil
	}
	return t.session.reg.view(ctx, func(r kv.Reader) error {
		if err := t.stand(r); err != nil || t.stale {
			return err
		}
		return t.try(ctx, changes)
	})
}

func (t *Trial) try(ctx context.Context, changes []Change) error {
	const often = 1000
	for i, c := range changes {
		if err := ctx.Err(); i%often == 0 && err != nil {
			return err
		}
		t.errs = append(t.errs, t.tx.try(c))
	}
	return nil
}

// stand puts the trial on a new transaction, in which all that was read in the ones
// before must be as it was.
func (t *Trial) stand(r kv.Reader) error {
	t.base.Reader = r
	if t.tx == nil {
		err := t.begin(t.parts[len(t.parts)-1].carried)
		t.at = t.tx.journal.seq
		return err
	}
	now, err := journalSize(r)
	if err != nil || now == t.at {
		return err
	}
	if t.stale, err = t.touched(r, now); t.stale {
		t.tx = nil
	}
	t.at = now
	return err
}

// maxFollowed is how many journal entries of others a trial looks through at once.
const maxFollowed = 10_000

// touched says whether the journal's entries up to the last one may alter what the
// trial has read.
func (t *Trial) touched(r kv.Reader, last uint64) (bool, error) {
	if last-t.at > maxFollowed {
		return true, nil
	}
	for e, err := range entries(r, t.at+1) {
		if err != nil {
			return true, err
		}
		if touched, err := t.base.read.touchedBy(&e); touched || err != nil {
			return true, err
		}
	}
	return false, nil
}

// Errors returns each change's error, nil for those that would succeed. When
// something that they stand on changed during the trial, all are tried again as the
// register is now.
func (t *Trial) Errors(ctx context.Context) ([]error, error) {
	if !t.stale {
		return t.errs, nil
	}
	t.errs = t.errs[:0]
	err := t.session.reg.view(ctx, func(r kv.Reader) error {
		t.base.Reader = r
		for _, p := range t.parts {
			if err := t.begin(p.carried); err != nil {
				return err
			}
			if err := t.try(ctx, p.changes); err != nil {
				return err
			}
		}
		return nil
	})
	return t.errs, err
}

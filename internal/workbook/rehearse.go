package workbook

import (
	"context"

	"github.com/takhti-edu/takhti/internal/registry"
)

// rehearsal tries a plan's changes in a goroutine of its own, while the rows
// behind them are still being read.
type rehearsal struct {
	ctx   context.Context
	trial *registry.Trial
	next  []registry.Change // not yet handed over
	parts chan rehearsed
	done  chan struct{}
	err   error // once done
	ended bool
}

// rehearsed is changes that are tried together or, with anew, what remains of those
// before.
type rehearsed struct {
	changes []registry.Change
	anew    bool
}

const (
	rehearsedTogether = 512 // changes
	partsAhead        = 4
)

// rehearse begins a rehearsal, which must be ended.
func rehearse(ctx context.Context, s registry.Session) *rehearsal {
	r := &rehearsal{ctx: ctx, trial: s.Trial(), parts: make(chan rehearsed, partsAhead), done: make(chan struct{})}
	go r.run()
	return r
}

func (r *rehearsal) run() {
	defer close(r.done)
	for part := range r.parts {
		switch {
		case r.err != nil:
		case part.anew:
			r.err = r.trial.Forget(r.ctx, part.changes...)
		default:
			r.err = r.trial.Try(r.ctx, part.changes...)
		}
	}
}

func (r *rehearsal) add(c registry.Change) {
	if r.next = append(r.next, c); len(r.next) == rehearsedTogether {
		r.hand()
	}
}

func (r *rehearsal) hand() {
	r.parts <- rehearsed{changes: r.next}
	r.next = make([]registry.Change, 0, rehearsedTogether)
}

// anew has what follows tried as if of what came before only the given changes were
// made, so that the consequences of all others need not be held.
func (r *rehearsal) anew(but []registry.Change) {
	r.hand()
	r.parts <- rehearsed{changes: but, anew: true}
}

// end hands over what is left and waits until all was tried. It may be called again.
func (r *rehearsal) end() {
	if !r.ended {
		r.ended = true
		r.hand()
		close(r.parts)
	}
	<-r.done
}

// errors ends the rehearsal and returns each change's error, nil for those that
// would succeed.
func (r *rehearsal) errors() ([]error, error) {
	if r.end(); r.err != nil {
		return nil, r.err
	}
	return r.trial.Errors(r.ctx)
}

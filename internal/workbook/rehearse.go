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
	parts chan []registry.Change
	done  chan struct{}
	err   error // once done
	ended bool
}

const (
	rehearsedTogether = 512 // changes
	partsAhead        = 4
)

// rehearse begins a rehearsal, which must be ended.
func rehearse(ctx context.Context, s registry.Session) *rehearsal {
	r := &rehearsal{ctx: ctx, trial: s.Trial(), parts: make(chan []registry.Change, partsAhead), done: make(chan struct{})}
	go r.run()
	return r
}

func (r *rehearsal) run() {
	defer close(r.done)
	for part := range r.parts {
		if r.err == nil {
			r.err = r.trial.Try(r.ctx, part...)
		}
	}
}

func (r *rehearsal) add(c registry.Change) {
	if r.next = append(r.next, c); len(r.next) == rehearsedTogether {
		r.hand()
	}
}

func (r *rehearsal) hand() {
	r.parts <- r.next
	r.next = make([]registry.Change, 0, rehearsedTogether)
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

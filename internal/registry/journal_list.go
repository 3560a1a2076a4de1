package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// JournalQuery says which entries to read. What is left empty does not matter.
type JournalQuery struct {
	Change string // the name of a change or an act
	Before uint64 // only entries with a smaller number
	Limit  int    // at most so many
}

// Journal reads entries, the newest first, of places where the actor reads the
// journal. What is at no place only those see who read it for the whole country.
func (s Session) Journal(ctx context.Context, q JournalQuery) (page []Entry, err error) {
	if !s.actor.MayAnywhere(fleet.ReadJournal) {
		return nil, fleet.Forbiddenf("forbidden", "your role does not allow this here")
	}
	if err := s.reg.writeActs(ctx); err != nil {
		return nil, err
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		newest, err := journalSize(r)
		if err != nil {
			return err
		}
		if q.Before > 0 {
			newest = min(newest, q.Before-1)
		}
		for seq := newest; seq > 0 && len(page) < q.Limit; seq-- {
			e, err := entryAt(r, seq)
			if err != nil {
				return err
			}
			if s.readsEntry(&e) && (q.Change == "" || q.Change == e.Change) {
				page = append(page, e)
			}
		}
		return nil
	})
	return page, err
}

// readsEntry says whether the actor reads the journal for where the entry is.
func (s Session) readsEntry(e *Entry) bool {
	at := e.Place
	if at == "" {
		at = fleet.Path("").Child(firstPlace)
	}
	return s.actor.May(fleet.ReadJournal, at)
}

// writeActs waits until the acts so far are written.
func (r *Register) writeActs(ctx context.Context) error {
	if !r.acts.pending() {
		return nil
	}
	_, err := r.As(Actor{}).Apply(ctx, Request{})
	return err
}

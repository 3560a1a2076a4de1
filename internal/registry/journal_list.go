package registry

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// JournalQuery says which entries to read. What is left empty does not matter.
type JournalQuery struct {
	Who    string     // the name of an account, or the one that a stranger gave
	What   string     // a serial, a fault's reference, a place's code or a shipment's number
	Change string     // the name of a change or an act
	Place  fleet.Path // and everything below it
	From   time.Time  // not before
	Until  time.Time  // before
	Before uint64     // only entries with a smaller number
	Limit  int        // at most so many
}

// During asks for the entries of the days from one to another; zero for no bound.
func (q *JournalQuery) During(from, until fleet.Date) {
	if from != 0 {
		q.From = from.Start()
	}
	if until != 0 {
		q.Until = (until + 1).Start()
	}
}

// mostLooked is how many entries are looked at for one page, so that none takes long
// however few of them fit.
const mostLooked = 20_000

// Journal reads entries, the newest first, of places where the actor reads the
// journal. What is at no place only those see who read it for the whole country.
func (s Session) Journal(ctx context.Context, q JournalQuery) (all []Entry, err error) {
	for limit := q.Limit; len(all) < limit; {
		var page []Entry
		q.Limit = limit - len(all)
		if page, q.Before, err = s.JournalPage(ctx, q); err != nil {
			return nil, err
		}
		if all = append(all, page...); q.Before == 0 {
			break
		}
	}
	return all, nil
}

// JournalPage is Journal that looks at a bounded number of entries. There may be
// more, even when it finds none, unless next is zero: it is to be the query's Before
// then.
func (s Session) JournalPage(ctx context.Context, q JournalQuery) (page []Entry, next uint64, err error) {
	if !s.actor.MayAnywhere(fleet.ReadJournal) {
		return nil, 0, fleet.Forbiddenf("forbidden", "your role does not allow this here")
	}
	if err := s.reg.writeActs(ctx); err != nil {
		return nil, 0, err
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		l := lister{Session: s, JournalQuery: q, r: r}
		if err := l.prepare(); err != nil {
			return err
		}
		page, next, err = l.list()
		return err
	})
	return page, next, err
}

// JournalEntry is one entry.
func (s Session) JournalEntry(ctx context.Context, seq uint64) (e Entry, err error) {
	page, _, err := s.JournalPage(ctx, JournalQuery{Before: seq + 1, Limit: 1})
	if err == nil && (len(page) == 0 || page[0].Seq != seq) {
		err = fleet.NotFoundf("journal.not_found", "the journal has no entry %d", seq)
	}
	if err != nil {
		return e, err
	}
	return page[0], nil
}

// PlacesOf are the places of entries, as the actor sees them.
func (s Session) PlacesOf(ctx context.Context, list []Entry) (map[fleet.Path]fleet.Place, error) {
	var paths []fleet.Path
	for i := range list {
		if list[i].Place != "" {
			paths = append(paths, list[i].Place)
		}
	}
	return s.PlacesAt(ctx, paths...)
}

// lister reads one page.
type lister struct {
	Session
	JournalQuery
	r      kv.Reader
	user   fleet.UserID // of Who; zero: it is a name only
	newest uint64       // the first to be looked at
	seqs   []uint64     // of What, the newest first
}

// prepare finds where the page begins.
func (l *lister) prepare() (err error) {
	if l.newest, err = journalSize(l.r); err != nil {
		return err
	}
	if l.Before > 0 {
		l.newest = min(l.newest, l.Before-1)
	}
	if !l.Until.IsZero() {
		after := sort.Search(int(l.newest), func(i int) bool {
			e, lost := entryAt(l.r, uint64(i)+1)
			err = cmp.Or(err, lost)
			return !e.Time.Before(l.Until)
		})
		l.newest = min(l.newest, uint64(after))
	}
	if l.Who != "" && err == nil {
		var u fleet.User
		if u, _, err = userByName(l.r, l.Who); err == nil {
			l.user = u.ID
		}
	}
	if l.What != "" && err == nil {
		l.seqs, err = l.history()
	}
	return err
}

// history are the numbers of the entries of what was asked for. Of what the actor may
// read no entry it is as if it were not there.
func (l *lister) history() (seqs []uint64, err error) {
	tbl, id, err := recordNamed(l.r, l.What)
	if err != nil {
		return nil, err
	}
	unknown := true
	if tbl != nil {
		for e, err := range subjectEntries(l.r, tbl, id) {
			if err != nil {
				return nil, err
			}
			if !l.readsEntry(&e) {
				continue
			}
			if unknown = false; e.Seq <= l.newest {
				seqs = append(seqs, e.Seq)
			}
		}
	}
	if unknown {
		return nil, fleet.NotFoundf("journal.what", "nothing is called %q where you read the journal: give a serial, a fault's reference, a place's code or a shipment's number", l.What).In("what")
	}
	slices.Reverse(seqs)
	return seqs, nil
}

func (l *lister) list() (page []Entry, next uint64, err error) {
	at := func(i int) uint64 { return l.newest - min(uint64(i), l.newest) }
	if l.What != "" {
		at = func(i int) uint64 {
			if i < len(l.seqs) {
				return l.seqs[i]
			}
			return 0
		}
	}
	for i := range mostLooked {
		seq := at(i)
		if seq == 0 {
			return page, 0, nil
		}
		if len(page) == l.Limit {
			return page, seq + 1, nil
		}
		e, err := entryAt(l.r, seq)
		if err != nil {
			return nil, 0, err
		}
		if e.Time.Before(l.From) {
			return page, 0, nil
		}
		if l.fits(&e) {
			page = append(page, cloned(e))
		}
	}
	return page, at(mostLooked) + 1, nil
}

// cloned is the entry with details that outlive the transaction.
func cloned(e Entry) Entry {
	e.Before, e.After = clone(e.Before), clone(e.After)
	return e
}

func (l *lister) fits(e *Entry) bool {
	switch {
	case !l.readsEntry(e), l.Change != "" && l.Change != e.Change, !l.JournalQuery.Place.Contains(e.Place):
		return false
	case l.Who == "":
		return true
	case l.user != 0 && e.User == l.user:
		return true
	}
	return e.Actor == l.Who
}

// recordNamed finds the record that people call so; tbl is nil when there is none.
func recordNamed(r kv.Reader, what string) (tbl table.Any, id uint64, err error) {
	if serial, err := fleet.ParseSerial(what); err == nil {
		if id, ok, err := devices.Lookup(r, devices.Index("by_serial").Str(string(serial))); err != nil || ok {
			return devices, id, err
		}
	}
	if id, err := fleet.ParseFaultRef(what); err == nil {
		if _, ok, err := faults.Get(r, uint64(id)); err != nil || ok {
			return faults, uint64(id), err
		}
	}
	if p, ok, err := placeByCode(r, fleet.PlaceCode(what)); err != nil || ok {
		return places, uint64(p.ID()), err
	}
	if number, err := fleet.ParseShipmentNumber(what); err == nil {
		if id, ok, err := shipments.Lookup(r, shipments.Index("by_number").Str(number)); err != nil || ok {
			return shipments, id, err
		}
	}
	return nil, 0, nil
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

package registry

import (
	"cmp"
	"context"
	"iter"
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
const mostLooked = 100_000

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
	err = s.readJournal(ctx, func(r kv.Reader) error {
		l := lister{Session: s, JournalQuery: q, r: r}
		if err := l.prepare(); err != nil {
			return err
		}
		page, next, err = l.list()
		return err
	})
	return page, next, err
}

// readJournal reads the journal with all acts so far.
func (s Session) readJournal(ctx context.Context, read func(kv.Reader) error) error {
	if !s.actor.MayAnywhere(fleet.ReadJournal) {
		return fleet.Forbiddenf("forbidden", "your role does not allow this here")
	}
	if err := s.reg.writeActs(ctx); err != nil {
		return err
	}
	return s.reg.view(ctx, read)
}

// JournalEntry is one entry.
func (s Session) JournalEntry(ctx context.Context, seq uint64) (e Entry, err error) {
	err = s.readJournal(ctx, func(r kv.Reader) error {
		size, err := journalSize(r)
		if err != nil {
			return err
		}
		absent := fleet.NotFoundf("journal.not_found", "the journal has no entry %d", seq)
		if seq == 0 || seq > size {
			return absent
		}
		if e, err = entryAt(r, seq); err == nil && !s.readsEntry(&e) {
			return absent
		}
		e = cloned(e)
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	return e, nil
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
	return err
}

// history are the entries of what was asked for, the newest first. Of what the actor
// may read no entry it is as if it were not there.
func (l *lister) history() (all []Entry, err error) {
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
			if unknown = unknown && !l.readsEntry(&e); e.Seq <= l.newest {
				all = append(all, e)
			}
		}
	}
	if unknown {
		return nil, fleet.NotFoundf("journal.what", "nothing is called %q where you read the journal: give a serial, a fault's reference, a place's code or a shipment's number", l.What).In("what")
	}
	slices.Reverse(all)
	return all, nil
}

// candidates are the entries to be looked at, the newest first.
func (l *lister) candidates() iter.Seq2[Entry, error] {
	if l.What == "" {
		return entriesBack(l.r, l.newest)
	}
	return func(yield func(Entry, error) bool) {
		all, err := l.history()
		if err != nil {
			yield(Entry{}, err)
		}
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (l *lister) list() (page []Entry, next uint64, err error) {
	looked := 0
	for e, err := range l.candidates() {
		switch {
		case err != nil:
			return nil, 0, err
		case looked == mostLooked, len(page) == l.Limit:
			return page, e.Seq + 1, nil
		case e.Time.Before(l.From):
			return page, 0, nil
		}
		if looked++; l.fits(&e) {
			page = append(page, cloned(e))
		}
	}
	return page, 0, nil
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

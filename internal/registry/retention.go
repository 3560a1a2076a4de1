package registry

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Kept is a kind of personal data that the register keeps for a while and then erases.
type Kept uint8

// The kinds.
const (
	KeptLearners Kept = iota + 1 // who had a device, from the day on which it was taken back
	KeptFaults                   // notes and police reports, from the end of the fault on
	KeptActs                     // sign-ins that failed, denials, downloads: who, whence and what
	KeptAccounts                 // full names, from the day on which the account was disabled
)

var keptNames = [...]string{"", "learners", "faults", "acts", "accounts"}

// AllKept are all kinds.
func AllKept() []Kept { return []Kept{KeptLearners, KeptFaults, KeptActs, KeptAccounts} }

// String is the kind's name.
func (k Kept) String() string { return keptNames[k] }

// retainedTogether is how many records' or acts' details one change erases.
const retainedTogether = 100

// lookedTogether is how many entries are looked at in one transaction.
const lookedTogether = 20_000

// Retain erases what is of the kind and older than the moment, and returns of how many
// records, or acts, something was erased. What a learner still has, and a fault that is
// open, is kept however old it is. It is for who keeps the register, and may be cut off
// and repeated.
func (s Session) Retain(ctx context.Context, k Kept, before time.Time) (erased int, err error) {
	if err := s.mayKeep(); err != nil {
		return 0, err
	}
	for {
		due, err := s.due(ctx, k, before)
		if err != nil {
			return erased, err
		}
		if len(due.records) > 0 || due.last > due.from {
			if _, err := s.Apply(ctx, Request{}, retain{due}); err != nil {
				return erased, err
			}
		}
		erased += len(due.records)
		if !due.more {
			return erased, nil
		}
	}
}

// due is what a look at the journal found. Accounts are looked at as they are.
type due struct {
	kind    Kept
	records []uint64 // to be rid of, or of acts the entries
	from    uint64   // the entry behind which the look began
	last    uint64   // and the last one that it saw
	more    bool
}

func retentionKey(k Kept) kv.Tuple { return kv.Key("retention").Str(k.String()) }

func (s Session) due(ctx context.Context, k Kept, before time.Time) (d due, err error) {
	d.kind = k
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if k == KeptAccounts {
			return d.accounts(r, before)
		}
		mark, err := r.Get(retentionKey(k))
		if err != nil {
			return err
		}
		d.from, _ = binary.Uvarint(mark)
		d.last = d.from
		for e, err := range entries(r, d.from+1) {
			if err != nil || !e.Time.Before(before) {
				return err
			}
			if d.more = len(d.records) == retainedTogether || e.Seq-d.from > lookedTogether; d.more {
				return nil
			}
			d.last = e.Seq
			if err := d.look(&e); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}

// look takes up what an entry shows to be over.
func (d *due) look(e *Entry) error {
	over := uint64(0)
	switch {
	case e.Erased != 0:
	case d.kind == KeptActs && e.Table == 0 && e.Change != erasedName:
		over = e.Seq
	case d.kind == KeptLearners && e.Table == tableCode(devices.Name):
		before, after, err := learners(e)
		if err != nil {
			return err
		}
		if before && !after {
			over = e.ID
		}
	case d.kind == KeptFaults && e.Table == tableCode(faults.Name) && e.After != nil:
		f, err := faults.Decode(e.After)
		if err != nil {
			return err
		}
		if f.State == fleet.FaultClosed {
			over = e.ID
		}
	}
	if over != 0 && !slices.Contains(d.records, over) {
		d.records = append(d.records, over)
	}
	return nil
}

// learners says whether a learner had the device before and after the entry.
func learners(e *Entry) (before, after bool, err error) {
	had := func(rec []byte) (bool, error) {
		if rec == nil {
			return false, nil
		}
		d, err := devices.Decode(rec)
		return d.Holder.Kind == fleet.HeldByLearner && d.Holder != fleet.Holder{Kind: fleet.HeldByLearner}, err
	}
	if before, err = had(e.Before); err == nil {
		after, err = had(e.After)
	}
	return before, after, err
}

func (d *due) accounts(r kv.Reader, before time.Time) error {
	for u, err := range users.All(r) {
		if err != nil {
			return err
		}
		if !u.Disabled || u.FullName == "" && u.Identity == nil {
			continue
		}
		changed := time.Time{}
		for e, err := range subjectEntries(r, users, uint64(u.ID)) {
			if err != nil {
				return err
			}
			changed = e.Time
		}
		if d.more = len(d.records) == retainedTogether; d.more {
			return nil
		}
		if changed.Before(before) {
			d.records = append(d.records, uint64(u.ID))
		}
	}
	return nil
}

// retain erases what is due, as [Session.Retain] alone has it do.
type retain struct{ due }

// Name is the change's name in the journal.
func (c retain) Name() string { return "retain_" + c.kind.String() }

func (c retain) apply(t *tx) error {
	const reason = "its time is over"
	if c.kind == KeptActs {
		if err := t.erase(c.records, reason, true); err != nil {
			return err
		}
	} else {
		for _, id := range c.records {
			over, err := t.rid(c.kind, id)
			if err == nil {
				err = t.erase(over, reason, false)
			}
			if err != nil {
				return err
			}
		}
	}
	if c.kind == KeptAccounts {
		return nil
	}
	return t.w.Put(retentionKey(c.kind), binary.AppendUvarint(nil, c.last))
}

// rid takes what is personal out of a record and returns the entries that still have it.
func (t *tx) rid(k Kept, id uint64) (over []uint64, err error) {
	switch k {
	case KeptAccounts:
		u, ok, err := users.Get(t.w, id)
		if err != nil || !ok || !u.Disabled {
			return nil, err
		}
		u.FullName, u.Identity = "", nil
		return nil, save(t, users, &u) // of accounts the journal keeps digests only
	case KeptFaults:
		f, ok, err := faults.Get(t.w, id)
		if err != nil || !ok || f.Open() {
			return nil, err
		}
		f.FIR, f.Notes = "", slices.Clone(f.Notes)
		for i := range f.Notes {
			f.Notes[i].Text = ""
		}
		if err := save(t, faults, &f); err != nil {
			return nil, err
		}
		for e, err := range subjectEntries(t.w, faults, id) {
			if err != nil {
				return nil, err
			}
			over = append(over, e.Seq)
		}
		return over, nil
	}
	return t.pastLearners(id)
}

// pastLearners are a device's entries that tell which learners had it, but for the one
// who has it now.
func (t *tx) pastLearners(id uint64) (over []uint64, err error) {
	since := []uint64(nil) // the entries since the present learner has it
	for e, err := range subjectEntries(t.w, devices, id) {
		if err != nil {
			return nil, err
		}
		if e.Erased != 0 {
			continue
		}
		before, after, err := learners(&e)
		if err != nil {
			return nil, err
		}
		switch {
		case after:
			since = append(since, e.Seq)
		case before:
			over, since = append(append(over, since...), e.Seq), nil
		}
	}
	return over, nil
}

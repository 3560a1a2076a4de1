package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// MaxErase is how many entries one [EraseDetails] may name.
const MaxErase = 1000

// erasedName is the change's name in the journal.
const erasedName = "erase_details"

// EraseDetails takes what is personal out of journal entries. Their header stays,
// and so does of their record what is not personal, so that histories and daily
// figures go on as they were; all of it is nil for records of which nothing is
// known to be free of it. The digest that the journal's tree holds of the details
// stays as well, but the salt without which nothing can be compared with it is
// forgotten. Entries that were erased before are left alone.
//
// An entry that says what its record is now is refused while that is personal:
// the record is to be changed first.
type EraseDetails struct {
	Entries []uint64
	Reason  string
	Who     bool // the actor's name and address, too; the number of the account stays
}

// Name is the change's name in the journal.
func (EraseDetails) Name() string { return erasedName }

func (c EraseDetails) apply(t *tx) error {
	if !t.actor.May(fleet.KeepRegister, "") {
		return fleet.Forbiddenf("forbidden", "only an administrator of the whole register may do this")
	}
	if len(c.Entries) > MaxErase {
		return fleet.Invalidf("erase.too_many", "%d entries at once are too many: at most %d", len(c.Entries), MaxErase)
	}
	return t.erase(c.Entries, c.Reason, c.Who)
}

// erase erases the details of entries, and journals which and why.
func (t *tx) erase(entries []uint64, reason string, who bool) error {
	list := slices.Clone(entries)
	slices.Sort(list)
	e := Entry{
		Time: t.now, User: t.actor.User, Via: t.actor.Via, Request: t.receipt.Request, Change: erasedName,
		Details: Details{Actor: t.actor.Name, Address: t.actor.Address, Note: clip(reason)},
	}
	by := t.journal.seq + 1
	for _, seq := range slices.Compact(list) {
		left, done, err := t.eraseEntry(seq, by, who)
		if err != nil {
			return err
		}
		if done {
			sum := sha256.Sum256(left)
			e.After = append(binary.AppendUvarint(e.After, seq), sum[:]...)
		}
	}
	if len(e.After) == 0 {
		return nil
	}
	return t.journalled(t.journal.append(t.w, e))
}

// eraseEntry erases one entry's details and returns what is left of them.
func (t *tx) eraseEntry(seq, by uint64, who bool) (left []byte, done bool, err error) {
	data, err := t.w.Get(journalKey(seq))
	if err != nil {
		return nil, false, err
	}
	if data == nil {
		return nil, false, fleet.NotFoundf("erase.not_found", "the journal has no entry %d", seq)
	}
	e, err := decodeEntry(seq, data)
	if err != nil || e.Erased != 0 || e.Change == erasedName {
		return nil, false, err
	}
	var head Entry
	parts, _ := head.split(data)
	salt, err := t.journal.salt.read(t.w, seq)
	if err != nil {
		return nil, false, err
	}
	digest := digestOfDetails(salt, parts.details)
	if err := t.strip(&e, who); err != nil {
		return nil, false, err
	}
	left = e.Details.append(nil)
	value := append(append([]byte{erasedEntry}, parts.header...), digest[:]...)
	value = append(binary.AppendUvarint(value, by), left...)
	if err := t.w.Put(journalKey(seq), value); err != nil {
		return nil, false, err
	}
	return left, true, t.journal.salt.erase(t.w, seq)
}

// strip takes out of the entry's details what is personal.
func (t *tx) strip(e *Entry, who bool) error {
	if who {
		e.Actor, e.Address = "", ""
	}
	if e.Table == 0 {
		e.Subject, e.Note = "", ""
		return nil
	}
	strip := strippers[tables[e.Table-1].TableName()]
	if strip == nil {
		strip = func([]byte) ([]byte, error) { return nil, nil }
	}
	before, err := strip(e.Before)
	if err != nil {
		return err
	}
	after, err := strip(e.After)
	if err != nil {
		return err
	}
	if string(after) != string(e.After) {
		newest, err := isNewest(t.w, e)
		if err != nil {
			return err
		}
		if newest {
			return fleet.Conflictf("erase.present", "entry %d says what its record is now: change the record first", e.Seq)
		}
	}
	e.Before, e.After = before, after
	return nil
}

// isNewest says whether no later entry is of the same record.
func isNewest(r kv.Reader, e *Entry) (bool, error) {
	prefix := subjectKey(e.Table, e.ID)
	for _, err := range r.Scan(prefix.Clone().Uint(e.Seq+1), prefix.End()) {
		return false, err
	}
	return true, nil
}

// strippers take out of an encoded record what is personal. They must leave what
// daily counts are made of. Of tables without one nothing is left.
var strippers = map[string]func(rec []byte) ([]byte, error){
	devices.Name: stripped(devices, func(d *fleet.Device) {
		d.Holder.Label, d.Holder.Roll, d.Holder.Mark = "", 0, ""
	}),
	faults.Name: stripped(faults, func(f *fleet.Fault) {
		f.FIR = ""
		for i := range f.Notes {
			f.Notes[i].Text = ""
		}
	}),
	places.Name:     stripped(places, func(p *fleet.Place) { p.Phone = "" }),
	models.Name:     stripped(models, func(*fleet.Model) {}),
	shipments.Name:  stripped(shipments, func(*fleet.Shipment) {}),
	targets.Name:    stripped(targets, func(*fleet.Target) {}),
	stockTakes.Name: stripped(stockTakes, func(*fleet.StockTake) {}),
}

func stripped[T any](tbl *table.Table[T], strip func(*T)) func([]byte) ([]byte, error) {
	return func(rec []byte) ([]byte, error) {
		if rec == nil {
			return nil, nil
		}
		r, err := tbl.Decode(rec)
		if err != nil {
			return nil, err
		}
		strip(&r)
		return tbl.Codec.Append(nil, &r)
	}
}

// erasures are what verification has seen of erased entries, to be held against
// the entries that erased them.
type erasures map[uint64]erasure

type erasure struct {
	by   uint64
	left [sha256.Size]byte // the digest of what is left of the details
}

func (c *journalCheck) noteErased(seq uint64, s *storedEntry, salt [saltSize]byte) {
	c.erased[seq] = erasure{s.by, sha256.Sum256(s.details)}
	switch {
	case salt != [saltSize]byte{}:
		c.tell(seq, "was erased in part", "the salt of entry %d is still there", seq)
	case s.by <= seq || s.by > c.stored.seq:
		c.tell(seq, "was erased by nobody", "entry %d is said to be erased by entry %d", seq, s.by)
	}
}

// checkErasing holds what an entry says that it erased against what is there.
func (c *journalCheck) checkErasing(e *Entry) {
	r := recordReader{rest: e.After}
	for len(r.rest) > 0 && !r.bad {
		seq := r.uint()
		if len(r.rest) < sha256.Size {
			c.tell(e.Seq, "cannot be read", "the list of what entry %d erased is cut off", e.Seq)
			return
		}
		left := [sha256.Size]byte(r.rest)
		r.rest = r.rest[sha256.Size:]
		if c.erased[seq] != (erasure{e.Seq, left}) {
			c.tell(seq, "is not what was left of it", "entry %d erased entry %d, which is not what it left of it", e.Seq, seq)
		}
		delete(c.erased, seq)
	}
}

// checkErased tells of entries that were erased without an entry that says so.
func (c *journalCheck) checkErased() {
	for _, seq := range slices.Sorted(maps.Keys(c.erased)) {
		c.tell(seq, "was erased by nobody", "entry %d is erased, and no entry says by whom", seq)
	}
}

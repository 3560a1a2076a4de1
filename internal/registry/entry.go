package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// Entry is one journal entry: what one change made of one record, or an [Act],
// which concerns no record.
type Entry struct {
	Seq     uint64
	Time    time.Time
	User    fleet.UserID
	Via     string
	Request string
	Change  string     // the name of the change, or of the act
	Table   uint64     // see tables; zero for an act
	ID      uint64     // of the record
	Place   fleet.Path // where the record is, or the act was; empty: at no place
	Details
	Erased uint64 // the number of the entry that erased details of this one; zero: they are whole
}

// Details are what may be personal in an entry.
type Details struct {
	Actor   string // the user's name at the time; of a failed sign-in, the name that was tried
	Address string // of the client, as it was seen
	Subject string // of an act: what it was about
	Note    string // how it was done, or why not
	Count   uint64 // of an act: how many like it are meant, when this is not one of its own
	Before  []byte // the encoded record; of sealed tables its SHA-256. Nil: absent
	After   []byte
}

func entryOf(t *tx, tbl table.Any, w table.Written, at fleet.Path) Entry {
	e := Entry{
		Time: t.now, User: t.actor.User, Via: t.actor.Via, Request: t.receipt.Request, Change: t.change,
		Table: tableCode(tbl.TableName()), ID: w.ID, Place: at,
		Details: Details{Actor: t.actor.Name, Address: t.actor.Address, Note: t.note, Before: w.Before, After: w.After},
	}
	if tbl.IsSealed() {
		e.Before, e.After = sealed(e.Before), sealed(e.After)
	}
	return e
}

// placeOf is the place that a record belongs to; empty when it is nowhere.
func placeOf(rec any) fleet.Path {
	switch r := rec.(type) {
	case *fleet.Device:
		return r.Place
	case *fleet.Place:
		return r.Path
	case *fleet.Shipment:
		return r.Destination
	case *fleet.Fault:
		return r.Place
	case *fleet.Target:
		return r.Place
	case *fleet.StockTake:
		return r.Place
	case *fleet.User:
		return homeOf(r.Grants)
	case *Import:
		return r.Scope
	case *Layout:
		return r.Scope
	}
	return ""
}

// homeOf is the lowest place that holds all of the grants' places.
func homeOf(grants []fleet.Grant) (home fleet.Path) {
	for i, g := range grants {
		if i == 0 {
			home = g.Place
		}
		for !home.Contains(g.Place) {
			home = home.Parent()
		}
	}
	return home
}

// sealed is what a journal keeps of a record that holds secrets.
func sealed(rec []byte) []byte {
	if rec == nil {
		return nil
	}
	sum := sha256.Sum256(rec)
	return sum[:]
}

// entryVersion is the version of an entry's encoding.
const entryVersion = 2

// An entry is stored as one byte, its header, and its details. Of one whose
// details were erased there are, after its header, the digest of the details that
// it had, the number of the entry that erased them, and what is left of them.
const (
	wholeEntry  = 1
	erasedEntry = 2
)

// storedEntry is an entry as it is stored, taken apart.
type storedEntry struct {
	header  []byte
	digest  []byte // of erased details
	by      uint64
	details []byte // or what is left of them
}

// split takes a stored entry apart, and reads its header.
func (e *Entry) split(data []byte) (s storedEntry, ok bool) {
	if len(data) == 0 || data[0] != wholeEntry && data[0] != erasedEntry {
		return s, false
	}
	r := recordReader{rest: data[1:]}
	e.readHeader(&r)
	s.header = data[1 : len(data)-len(r.rest)]
	if data[0] == erasedEntry && !r.bad {
		if len(r.rest) < sha256.Size {
			return s, false
		}
		s.digest, r.rest = r.rest[:sha256.Size], r.rest[sha256.Size:]
		s.by = r.uint()
	}
	s.details = r.rest
	return s, !r.bad
}

func decodeEntry(seq uint64, data []byte) (Entry, error) {
	e := Entry{Seq: seq}
	s, ok := e.split(data)
	r := recordReader{rest: s.details}
	e.Details.read(&r)
	if e.Erased = s.by; !ok || r.bad || len(r.rest) != 0 {
		return Entry{}, fmt.Errorf("%w: journal entry %d cannot be read", kv.ErrCorrupt, seq)
	}
	return e, nil
}

// leafOf is a stored entry's hash in the tree, and the entry taken apart.
func leafOf(seq uint64, data []byte, salt [saltSize]byte) (leaf tlog.Hash, s storedEntry, err error) {
	var e Entry
	s, ok := e.split(data)
	if !ok || s.digest == nil && salt == [saltSize]byte{} {
		return leaf, s, fmt.Errorf("%w: journal entry %d cannot be read", kv.ErrCorrupt, seq)
	}
	return tlog.RecordHash(s.leafData(salt)), s, nil
}

// leafData is what the entry's hash in the tree is of: its header, and the digest of
// its salted details.
func (s *storedEntry) leafData(salt [saltSize]byte) []byte {
	data := append(make([]byte, 0, len(s.header)+sha256.Size), s.header...)
	if s.digest != nil {
		return append(data, s.digest...)
	}
	digest := digestOfDetails(salt, s.details)
	return append(data, digest[:]...)
}

// appendHeader encodes what is not personal in the entry, bar Seq.
func (e *Entry) appendHeader(buf []byte) []byte {
	buf = binary.AppendVarint(append(buf, entryVersion), e.Time.UnixMilli())
	buf = appendUints(buf, uint64(e.User), e.Table, e.ID)
	return appendTexts(buf, e.Via, e.Request, e.Change, string(e.Place))
}

func (e *Entry) readHeader(r *recordReader) {
	r.bad = r.bad || r.uint() != entryVersion
	e.Time = time.UnixMilli(r.int()).UTC()
	e.User, e.Table, e.ID = fleet.UserID(r.uint()), r.uint(), r.uint()
	e.Via, e.Request, e.Change, e.Place = string(r.bytes(0)), string(r.bytes(0)), string(r.bytes(0)), fleet.Path(r.bytes(0))
}

func (d *Details) append(buf []byte) []byte {
	buf = appendUints(appendTexts(buf, d.Actor, d.Address, d.Subject, d.Note), d.Count)
	for _, rec := range [...][]byte{d.Before, d.After} {
		// One more than the length, so that zero says "absent".
		if rec == nil {
			buf = append(buf, 0)
			continue
		}
		buf = append(binary.AppendUvarint(buf, uint64(len(rec))+1), rec...)
	}
	return buf
}

func (d *Details) read(r *recordReader) {
	d.Actor, d.Address, d.Subject, d.Note = string(r.bytes(0)), string(r.bytes(0)), string(r.bytes(0)), string(r.bytes(0))
	d.Count, d.Before, d.After = r.uint(), r.bytes(1), r.bytes(1)
}

func appendUints(buf []byte, all ...uint64) []byte {
	for _, n := range all {
		buf = binary.AppendUvarint(buf, n)
	}
	return buf
}

func appendTexts(buf []byte, all ...string) []byte {
	for _, s := range all {
		buf = append(binary.AppendUvarint(buf, uint64(len(s))), s...)
	}
	return buf
}

// bytes reads a length, less offset, and that many bytes; nil when the length
// was below the offset.
func (r *recordReader) bytes(offset uint64) []byte {
	n := r.uint()
	if n < offset {
		return nil
	}
	n -= offset
	if r.bad || n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

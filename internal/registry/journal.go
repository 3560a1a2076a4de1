package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// Entry is one journal entry: what one change made of one record. Each carries
// the hash of the one before it, so that none can be altered, removed or moved
// without all later ones saying so.
type Entry struct {
	Seq     uint64
	Hash    [sha256.Size]byte // over the previous entry's hash, Seq and all that follows
	Time    time.Time
	User    fleet.UserID
	Actor   string // the user's name at the time
	Via     string
	Request string
	Change  string
	Table   uint64 // see tables
	ID      uint64
	Before  []byte // the encoded record; of sealed tables its SHA-256. Nil: absent
	After   []byte
}

const (
	journalTable   = "journal"
	journalSubject = "journal.by_subject"
)

func journalKey(seq uint64) kv.Tuple { return kv.Key(journalTable).Uint(seq) }

func subjectKey(tbl, id uint64) kv.Tuple { return kv.Key(journalSubject).Uint(tbl).Uint(id) }

func tailKey() kv.Tuple { return kv.Key("journal.tail") }

func entryOf(t *tx, tbl table.Any, w table.Written) Entry {
	e := Entry{
		Time: t.now, User: t.actor.User, Actor: t.actor.Name, Via: t.actor.Via,
		Request: t.receipt.Request, Change: t.change,
		Table: tableCode(tbl.TableName()), ID: w.ID, Before: w.Before, After: w.After,
	}
	if tbl.IsSealed() {
		e.Before, e.After = sealed(e.Before), sealed(e.After)
	}
	return e
}

// sealed is what a journal keeps of a record that holds secrets.
func sealed(rec []byte) []byte {
	if rec == nil {
		return nil
	}
	sum := sha256.Sum256(rec)
	return sum[:]
}

const entryVersion = 1

// appendBody encodes all of the entry that its hash covers, bar Seq.
func (e *Entry) appendBody(buf []byte) []byte {
	buf = append(buf, entryVersion)
	buf = binary.AppendVarint(buf, e.Time.UnixMilli())
	for _, n := range [...]uint64{uint64(e.User), e.Table, e.ID} {
		buf = binary.AppendUvarint(buf, n)
	}
	for _, s := range [...]string{e.Actor, e.Via, e.Request, e.Change} {
		buf = append(binary.AppendUvarint(buf, uint64(len(s))), s...)
	}
	for _, rec := range [...][]byte{e.Before, e.After} {
		// One more than the length, so that zero says "absent".
		if rec == nil {
			buf = append(buf, 0)
			continue
		}
		buf = append(binary.AppendUvarint(buf, uint64(len(rec))+1), rec...)
	}
	return buf
}

func decodeEntry(seq uint64, data []byte) (Entry, error) {
	if len(data) <= sha256.Size || data[sha256.Size] != entryVersion {
		return Entry{}, damagedEntry(seq)
	}
	e := Entry{Seq: seq, Hash: [sha256.Size]byte(data)}
	r := recordReader{rest: data[sha256.Size+1:]}
	e.Time = time.UnixMilli(r.int()).UTC()
	e.User, e.Table, e.ID = fleet.UserID(r.uint()), r.uint(), r.uint()
	e.Actor, e.Via, e.Request, e.Change = string(r.bytes(0)), string(r.bytes(0)), string(r.bytes(0)), string(r.bytes(0))
	e.Before, e.After = r.bytes(1), r.bytes(1)
	if r.bad || len(r.rest) != 0 {
		return Entry{}, damagedEntry(seq)
	}
	return e, nil
}

func damagedEntry(seq uint64) error {
	return fmt.Errorf("%w: journal entry %d cannot be read", kv.ErrCorrupt, seq)
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

// journalTail is the newest entry's number and hash.
type journalTail struct {
	seq  uint64
	hash [sha256.Size]byte
	buf  []byte
}

func readTail(r kv.Reader) (journalTail, error) {
	data, err := r.Get(tailKey())
	if err != nil || data == nil {
		return journalTail{}, err
	}
	if len(data) != 8+sha256.Size {
		return journalTail{}, fmt.Errorf("%w: the journal's end cannot be read", kv.ErrCorrupt)
	}
	return journalTail{seq: binary.BigEndian.Uint64(data), hash: [sha256.Size]byte(data[8:])}, nil
}

func (j *journalTail) write(w kv.Writer) error {
	if j.seq == 0 {
		return nil
	}
	return w.Put(tailKey(), append(binary.BigEndian.AppendUint64(nil, j.seq), j.hash[:]...))
}

// append adds an entry and returns its number.
func (j *journalTail) append(w kv.Writer, e Entry) (uint64, error) {
	e.Seq = j.seq + 1
	j.buf = append(append(j.buf[:0], j.hash[:]...), 0, 0, 0, 0, 0, 0, 0, 0)
	binary.BigEndian.PutUint64(j.buf[sha256.Size:], e.Seq)
	j.buf = e.appendBody(j.buf)
	hash := sha256.Sum256(j.buf)

	// The stored value is the hash and the body; Seq is in the key.
	value := j.buf[8:]
	copy(value, hash[:])
	if len(value) > kv.MaxValue {
		return 0, fleet.Invalidf("record.too_large", "this record is too large to keep")
	}
	if err := w.Put(journalKey(e.Seq), value); err != nil {
		return 0, err
	}
	j.seq, j.hash = e.Seq, hash
	return e.Seq, w.Put(subjectKey(e.Table, e.ID).Uint(e.Seq), nil)
}

// chained says whether the stored entry's hash follows from the one before.
func chained(prev [sha256.Size]byte, seq uint64, value []byte) bool {
	h := sha256.New()
	h.Write(prev[:])
	h.Write(binary.BigEndian.AppendUint64(nil, seq))
	h.Write(value[sha256.Size:])
	return len(value) > sha256.Size && [sha256.Size]byte(h.Sum(nil)) == [sha256.Size]byte(value)
}

// entries yields the journal from seq on.
func entries(r kv.Reader, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for pair, err := range r.Scan(journalKey(from), kv.Key(journalTable).End()) {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			key := kv.NewPartReader(pair.Key)
			key.Str()
			e, err := decodeEntry(key.Uint(), pair.Val)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// subjectEntries yields the entries of one record, oldest first.
func subjectEntries(r kv.Reader, tbl table.Any, id uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		prefix := subjectKey(tableCode(tbl.TableName()), id)
		for pair, err := range r.Scan(prefix, prefix.End()) {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			e, err := entryAt(r, subjectSeq(pair.Key))
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func subjectSeq(key []byte) uint64 {
	k := kv.NewPartReader(key)
	k.Str()
	k.Uint()
	k.Uint()
	return k.Uint()
}

func entryAt(r kv.Reader, seq uint64) (Entry, error) {
	data, err := r.Get(journalKey(seq))
	if err != nil {
		return Entry{}, err
	}
	return decodeEntry(seq, data)
}

type dayChanges = iter.Seq2[table.DayChange, error]

// journalChanges yields what the journal says of one table, for its ledgers.
func journalChanges(r kv.Reader, tbl table.Any) dayChanges {
	code := tableCode(tbl.TableName())
	return func(yield func(table.DayChange, error) bool) {
		for e, err := range entries(r, 1) {
			if err == nil && e.Table != code {
				continue
			}
			day := uint64(fleet.DateOf(e.Time))
			if !yield(table.DayChange{Day: day, Before: e.Before, After: e.After}, err) || err != nil {
				return
			}
		}
	}
}

package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

const (
	journalTable   = "journal"
	journalSubject = "journal.by_subject"
)

func journalKey(seq uint64) kv.Tuple { return kv.Key(journalTable).Uint(seq) }

func subjectKey(tbl, id uint64) kv.Tuple { return kv.Key(journalSubject).Uint(tbl).Uint(id) }

func tailKey() kv.Tuple { return kv.Key("journal.tail") }

func decodeEntry(seq uint64, data []byte) (Entry, error) {
	if len(data) <= sha256.Size {
		return Entry{}, damagedEntry(seq)
	}
	e := Entry{Seq: seq}
	r := recordReader{rest: data[sha256.Size:]}
	e.readHeader(&r)
	e.Details.read(&r)
	if r.bad || len(r.rest) != 0 {
		return Entry{}, damagedEntry(seq)
	}
	return e, nil
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
	j.buf = e.Details.append(e.appendHeader(j.buf))
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
	if e.Table == 0 {
		return e.Seq, nil
	}
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

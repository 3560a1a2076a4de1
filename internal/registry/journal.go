package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

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

func edgeKey() kv.Tuple { return kv.Key("journal.edge") }

// journalTail is the journal's end, to which entries are added: how many there
// are, and what of the tree over them is not complete.
type journalTail struct {
	seq  uint64
	edge edge
	salt salts

	header, details, value []byte // of the entry in hand
}

func readTail(r kv.Reader) (journalTail, error) {
	var j journalTail
	data, err := r.Get(edgeKey())
	if err != nil || data == nil {
		return j, err
	}
	if len(data) < 8 {
		return j, errEdge
	}
	j.seq = binary.BigEndian.Uint64(data)
	j.edge, err = readEdge(j.seq, data[8:])
	return j, err
}

var errEdge = fmt.Errorf("%w: the journal's end cannot be read", kv.ErrCorrupt)

// journalSize is the number of the newest entry, and so how many there are.
func journalSize(r kv.Reader) (uint64, error) {
	data, err := r.Get(edgeKey())
	switch {
	case err != nil || data == nil:
		return 0, err
	case len(data) < 8:
		return 0, errEdge
	}
	return binary.BigEndian.Uint64(data), nil
}

func (j *journalTail) write(w kv.Writer) error {
	if j.seq == 0 {
		return nil
	}
	return w.Put(edgeKey(), j.edge.append(binary.BigEndian.AppendUint64(nil, j.seq)))
}

// append adds an entry and returns its number.
func (j *journalTail) append(w kv.Writer, e Entry) (uint64, error) {
	e.Seq = j.seq + 1
	salt, err := j.salt.next(w, e.Seq)
	if err != nil {
		return 0, err
	}
	j.details = e.Details.append(append(j.details[:0], salt[:]...))
	j.header = e.appendHeader(append(j.header[:0], leafPrefix))
	j.value = append(append(append(j.value[:0], wholeEntry), j.header[1:]...), j.details[saltSize:]...)
	if len(j.value) > kv.MaxValue {
		return 0, fleet.Invalidf("record.too_large", "this record is too large to keep")
	}
	if err := w.Put(journalKey(e.Seq), j.value); err != nil {
		return 0, err
	}
	digest := sha256.Sum256(j.details)
	j.header = append(j.header, digest[:]...)
	if err := j.edge.add(e.Seq-1, sha256.Sum256(j.header), w.Put); err != nil {
		return 0, err
	}
	j.seq = e.Seq
	if e.Table == 0 {
		return e.Seq, nil
	}
	return e.Seq, w.Put(subjectKey(e.Table, e.ID).Uint(e.Seq), nil)
}

// leafPrefix is what begins the data of an entry's hash in the tree, as in
// [tlog.RecordHash].
const leafPrefix = 0

// digestOfDetails is what the journal's tree holds of an entry's details.
func digestOfDetails(salt [saltSize]byte, details []byte) [sha256.Size]byte {
	return sha256.Sum256(append(salt[:], details...))
}

// entries yields the journal from seq on.
func entries(r kv.Reader, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for pair, err := range r.Scan(journalKey(from), kv.Key(journalTable).End()) {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			e, err := decodeEntry(journalSeq(pair.Key), pair.Val)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// backBlock is how many entries are read at once where they are read backwards.
const backBlock = 512

// entriesBack yields the journal from the newest down.
func entriesBack(r kv.Reader, newest uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for newest > 0 {
			block := make([][]byte, 0, backBlock)
			first := newest - min(newest, backBlock) + 1
			for pair, err := range r.Scan(journalKey(first), journalKey(newest+1)) {
				if err != nil {
					yield(Entry{}, err)
					return
				}
				block = append(block, pair.Val)
			}
			if uint64(len(block)) != newest-first+1 {
				yield(Entry{}, fmt.Errorf("%w: of the journal's entries from %d to %d some are missing", kv.ErrCorrupt, first, newest))
				return
			}
			for i, data := range slices.Backward(block) {
				e, err := decodeEntry(first+uint64(i), data)
				if !yield(e, err) || err != nil {
					return
				}
			}
			newest = first - 1
		}
	}
}

func journalSeq(key []byte) uint64 {
	k := kv.NewPartReader(key)
	k.Str()
	return k.Uint()
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

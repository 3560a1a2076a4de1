package table

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Verify compares indexes and counters with the records and yields every
// difference. It holds the table's counters in memory, but not its records. An
// error means that it could not go on.
func (t *Table[T]) Verify(r kv.Reader) iter.Seq2[Finding, error] { return t.frame().verify(r) }

// Not inlined: it is kept once, and not once for each type of record.
//
//go:noinline
func (f *frame) verify(r kv.Reader) iter.Seq2[Finding, error] {
	return findings(func(report reporter) error {
		v := verifier{
			frame: f, r: r, report: report, s: f.scratch(),
			right: make([]int, len(f.indexes)), counters: tally{},
		}
		defer f.release(v.s)
		if err := v.records(); err != nil {
			return err
		}
		for i := range f.indexes {
			if err := v.surplus(i); err != nil {
				return err
			}
		}
		return v.counters.compare(r, f.name, f.balances(), "records", report)
	})
}

// balances are the prefixes of the counts.
func (f *frame) balances() (prefixes []kv.Tuple) {
	for i := range f.counts {
		prefixes = append(prefixes, f.counts[i].prefix)
	}
	return prefixes
}

// verifier is one run of Verify.
type verifier struct {
	*frame
	r        kv.Reader
	report   reporter
	s        *scratch
	right    []int // for each index, the entries that are there as they should be
	counters tally // as the records have them
}

func (v *verifier) found(key, what, format string, args ...any) error {
	return v.report(Finding{Table: v.name, Key: key, What: what, Detail: fmt.Sprintf(format, args...)})
}

// records checks each record and what should follow from it.
func (v *verifier) records() error {
	var last uint64
	for raw, err := range v.recordsFrom(v.r, 0) {
		if err != nil {
			return err
		}
		last = raw.ID
		if err := v.record(raw); err != nil {
			return err
		}
	}
	return v.sequence(last)
}

func (v *verifier) record(raw RawRecord) error {
	name := fmt.Sprintf("%s %d", v.name, raw.ID)
	if err := v.read(raw.Data); err != nil {
		return v.found(name, isUnreadable, "%v", err)
	}
	if id := v.kind.id(v.s.rec); id != raw.ID {
		return v.found(name, isWrong, "the record says that it is %s %d", v.name, id)
	}
	for i := range v.s.now.counts {
		v.counters.add(v.s.now.key(&v.s.now.counts[i]), 1)
	}
	return v.entries(raw.ID)
}

// read decodes a record and works out what should follow from it.
func (v *verifier) read(data []byte) error {
	v.s.now.reset()
	err := v.kind.decode(data, v.s.rec)
	if err == nil {
		v.derive(v.s, &v.s.now, v.s.rec, everything)
		v.s.now.markRepeated()
	}
	return err
}

// entries looks up every entry that the record in hand should have.
func (v *verifier) entries(id uint64) error {
	now := &v.s.now
	for i := range now.entries {
		e := &now.entries[i]
		if e.kept {
			continue
		}
		val, err := v.r.Get(now.key(e))
		if err != nil {
			return err
		}
		if err := v.entry(e.of, now.key(e), val, id); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) entry(index int, key, val []byte, id uint64) error {
	var buf [binary.MaxVarintLen64]byte
	want := v.entryValue(buf[:0], index, id)
	switch {
	case val == nil:
		return v.found(printable(key), isMissing, "%s %d is not found by it", v.name, id)
	case bytes.Equal(val, want):
		v.right[index]++
		return nil
	case !v.indexes[index].unique:
		return v.found(printable(key), isWrong, "it should be empty, but holds %x", val)
	}
	other, err := entryID(kv.Pair{Key: key, Val: val})
	if err != nil || len(val) == 0 {
		return v.found(printable(key), isWrong, "it should lead to %s %d, but holds %x", v.name, id, val)
	}
	return v.found(printable(key), isWrong, "it should lead to %s %d, but leads to %d", v.name, id, other)
}

// sequence checks that the next ID is one that no record has. A table that never
// asked for an ID has no sequence.
func (v *verifier) sequence(last uint64) error {
	given, err := readCount(v.r, v.seq)
	if err != nil || given == 0 || uint64(given) >= last {
		return err
	}
	return v.found(printable(v.seq), isWrong, "it says that %d was the last ID given out, but there is %s %d", given, v.name, last)
}

// surplus reports the entries of an index that follow from no record. It reads
// their records only when there are more entries than were found right.
func (v *verifier) surplus(index int) error {
	prefix, n := v.indexes[index].prefix, 0
	for _, err := range v.r.Scan(prefix, prefix.End()) {
		if err != nil {
			return err
		}
		n++
	}
	if n == v.right[index] {
		return nil
	}
	for p, err := range v.r.Scan(prefix, prefix.End()) {
		if err == nil {
			err = v.owned(index, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// owned reports an entry that its record does not have.
func (v *verifier) owned(index int, p kv.Pair) error {
	if !v.indexes[index].unique {
		p.Val = nil
	}
	id, err := entryID(p)
	if err != nil {
		return v.found(printable(p.Key), isSurplus, "it leads to no record")
	}
	data, err := v.recordBytes(v.r, id)
	if err != nil {
		return err
	}
	if data == nil {
		return v.found(printable(p.Key), isSurplus, "there is no %s %d", v.name, id)
	}
	if v.read(data) != nil || v.s.now.hasEntry(p.Key) {
		return nil // an unreadable record has been reported
	}
	return v.found(printable(p.Key), isSurplus, "%s %d does not have it", v.name, id)
}

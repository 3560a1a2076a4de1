package table

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/takhti-edu/takhti/internal/kv"
)

// derived is what one record contributes to indexes and counters. All keys lie
// in one buffer, so that working them out again and again allocates nothing.
type derived struct {
	buf     []byte
	entries []derivedKey // of indexes
	counts  []derivedKey
}

// derivedKey is one full key, buf[from:to].
type derivedKey struct {
	of   int // position in Table.Indexes or Table.Counts
	from int
	mid  int // of a count: where the scope ends
	to   int
	kept bool // the other record contributes it as well
}

func (d *derived) reset() {
	d.buf, d.entries, d.counts = d.buf[:0], d.entries[:0], d.counts[:0]
}

func (d *derived) key(k *derivedKey) []byte { return d.buf[k.from:k.to:k.to] }

// keepCommon marks what both records contribute. Entries are a set: what the
// other has at all is kept. Counts add up: each is kept for one of the other.
func keepCommon(was, now *derived) {
	for i := range was.entries {
		for j := range now.entries {
			if a, b := &was.entries[i], &now.entries[j]; bytes.Equal(was.key(a), now.key(b)) {
				a.kept, b.kept = true, true
			}
		}
	}
	for i := range was.counts {
		for j := range now.counts {
			if a, b := &was.counts[i], &now.counts[j]; !b.kept && sameCount(was, a, now, b) {
				a.kept, b.kept = true, true
				break
			}
		}
	}
}

// sameCount compares where the scope ends, too: the balance may be the same
// while the ledger is not.
func sameCount(was *derived, a *derivedKey, now *derived, b *derivedKey) bool {
	return a.mid-a.from == b.mid-b.from && bytes.Equal(was.key(a), now.key(b))
}

// markRepeated marks as kept the entries that the record contributes more than once.
func (d *derived) markRepeated() {
	for i := range d.entries {
		e := &d.entries[i]
		for j := range d.entries[:i] {
			e.kept = e.kept || bytes.Equal(d.key(&d.entries[j]), d.key(e))
		}
	}
}

// hasEntry says whether the record contributes an entry.
func (d *derived) hasEntry(key []byte) bool {
	return slices.ContainsFunc(d.entries, func(e derivedKey) bool { return bytes.Equal(d.key(&e), key) })
}

// scratch is the working memory of one call, reused by later ones.
type scratch struct {
	rec      any      // the stored record, as kind has it
	enc      []byte   // the record in hand, encoded
	key      kv.Tuple // a record's or a ledger's key
	open     kv.Tuple // what an index's Of appends to
	was, now derived

	// What the two functions below write to; they are made once per scratch.
	into      *derived
	of        int
	id        uint64
	plain     bool
	emitEntry func(kv.Tuple)
	emitCount func(scope, dims kv.Tuple)
}

func newScratch(rec any) *scratch {
	s := &scratch{rec: rec, key: make(kv.Tuple, 0, keyRoom), open: make(kv.Tuple, 0, keyRoom)}
	s.emitEntry, s.emitCount = s.addEntry, s.addCount
	return s
}

func (f *frame) scratch() *scratch { return f.pool.Get().(*scratch) }

func (f *frame) release(s *scratch) {
	f.kind.clear(s.rec)
	f.pool.Put(s)
}

// consequences are some of what follows from a record.
type consequences uint8

const (
	uniqueEntries consequences = 1 << iota
	plainEntries
	counters
	everything = uniqueEntries | plainEntries | counters
)

// following is what is written together with a record.
func following(rehearsed bool) consequences {
	if rehearsed {
		return uniqueEntries
	}
	return everything
}

// derive adds what rec contributes.
func (f *frame) derive(s *scratch, into *derived, rec any, what consequences) {
	s.into, s.id = into, f.kind.id(rec)
	for i := range f.indexes {
		s.plain = !f.indexes[i].unique
		if s.plain && what&plainEntries == 0 || !s.plain && what&uniqueEntries == 0 {
			continue
		}
		s.of = i
		s.open = append(s.open[:0], f.indexes[i].prefix...)
		f.kind.entries(i, rec, s.open, s.emitEntry)
	}
	if what&counters != 0 {
		for i := range f.counts {
			f.deriveCount(s, i, rec)
		}
	}
}

func (f *frame) deriveCount(s *scratch, i int, rec any) {
	s.of = i
	s.open = append(s.open[:0], f.counts[i].prefix...)
	f.kind.counted(i, rec, s.emitCount)
}

func (s *scratch) addEntry(key kv.Tuple) {
	if !bytes.HasPrefix(key, s.open) {
		panic(fmt.Sprintf("table: an entry must be made by appending to the key of its index, %s", printable(s.open)))
	}
	d, from := s.into, len(s.into.buf)
	d.buf = append(d.buf, key...)
	if s.plain {
		d.buf = kv.Tuple(d.buf).Uint(s.id)
	}
	d.entries = append(d.entries, derivedKey{of: s.of, from: from, to: len(d.buf)})
}

func (s *scratch) addCount(scope, dims kv.Tuple) {
	d, from := s.into, len(s.into.buf)
	d.buf = append(append(d.buf, s.open...), scope...)
	mid := len(d.buf)
	d.buf = append(d.buf, dims...)
	d.counts = append(d.counts, derivedKey{of: s.of, from: from, mid: mid, to: len(d.buf)})
}

package registry

import (
	"bytes"
	"hash/maphash"
	"iter"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// footprint is what was read of the register. It says of a change whether anything
// that was read may be otherwise since; now and then it says so in error, as of the
// keys it has only hashes of 32 bits.
type footprint struct {
	seed   maphash.Seed
	keys   []uint32 // hashes; zero for none. What is taken is looked for further on
	count  int
	tables map[string]struct{}
	ranges []keyRange
	all    bool // of too many ranges, or of one that is not of one table
}

type keyRange struct{ lo, hi []byte }

const (
	footprintFirst  = 1 << 10
	footprintRanges = 256
)

func newFootprint() *footprint {
	return &footprint{seed: maphash.MakeSeed(), keys: make([]uint32, footprintFirst), tables: map[string]struct{}{}}
}

func (f *footprint) hash(key []byte) uint32 { return max(uint32(maphash.Bytes(f.seed, key)), 1) }

// place is where a hash is, or would be.
func (f *footprint) place(hash uint32) *uint32 {
	mask := uint32(len(f.keys) - 1)
	at := hash & mask
	for f.keys[at] != 0 && f.keys[at] != hash {
		at = (at + 1) & mask
	}
	return &f.keys[at]
}

func (f *footprint) addKey(key []byte) {
	hash := f.hash(key)
	at := f.place(hash)
	if *at == hash {
		return
	}
	*at = hash
	f.addTable(key)
	if f.count++; f.count < len(f.keys)/4*3 {
		return
	}
	old := f.keys
	f.keys = make([]uint32, 2*len(old))
	for _, hash := range old {
		if hash != 0 {
			*f.place(hash) = hash
		}
	}
}

func (f *footprint) addRange(lo, hi []byte) {
	if _, _, ok := kv.Split(lo); !ok || len(f.ranges) == footprintRanges {
		f.all = true
		return
	}
	f.addTable(lo)
	f.ranges = append(f.ranges, keyRange{bytes.Clone(lo), bytes.Clone(hi)})
}

func (f *footprint) addTable(key []byte) {
	name, _, _ := kv.Split(key)
	name, _, _ = bytes.Cut(name, []byte(".")) // an index or a counter is its table's
	if _, known := f.tables[string(name)]; !known {
		f.tables[string(name)] = struct{}{}
	}
}

func (f *footprint) covers(key []byte) bool {
	if *f.place(f.hash(key)) != 0 {
		return true
	}
	for _, r := range f.ranges {
		if bytes.Compare(key, r.lo) >= 0 && (len(r.hi) == 0 || bytes.Compare(key, r.hi) < 0) {
			return true
		}
	}
	return false
}

// touchedBy says whether a change that the journal has may alter what was read. Of
// sealed records the journal does not say what changed.
func (f *footprint) touchedBy(e *Entry) (bool, error) {
	if e.Table == 0 {
		return false, nil // nothing but the journal was written
	}
	if e.Table > uint64(len(tables)) {
		return true, nil
	}
	tbl := tables[e.Table-1]
	if _, read := f.tables[tbl.TableName()]; f.all || !read || tbl.IsSealed() {
		return f.all || read, nil
	}
	touched := e.Before == nil && e.After == nil
	err := tbl.EachWritten(table.RecordChange{ID: e.ID, Before: e.Before, After: e.After}, func(key []byte) {
		touched = touched || f.covers(key)
	})
	return touched, err
}

// witness is a reader that notes what is read of the transaction under way.
type witness struct {
	kv.Reader
	read *footprint
}

// Get implements [kv.Reader].
func (w *witness) Get(key []byte) ([]byte, error) {
	w.read.addKey(key)
	return w.Reader.Get(key)
}

// Scan implements [kv.Reader].
func (w *witness) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	w.read.addRange(lo, hi)
	return w.Reader.Scan(lo, hi)
}

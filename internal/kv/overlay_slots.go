package kv

import (
	"bytes"
	"hash/maphash"
	"slices"

	"github.com/tidwall/btree"
)

// slot is what an overlay did to one key. A slot that was rolled back stays,
// and says that nothing was done.
type slot struct {
	key   []byte
	val   []byte // what was put; nil when deleted or not written
	delta int64  // what was added since
	next  *slot  // another key with the same hash
	epoch uint32 // the undo epoch in which delta was last noted
	wrote bool   // whether it was put or deleted
}

// slotIndex finds slots by key. A hash of the key does for a map's key, so that
// looking up and adding allocate nothing.
type slotIndex struct {
	byHash map[uint64]*slot
	seed   maphash.Seed
	slab   []slot // room for slots to come
}

func newSlotIndex() slotIndex {
	return slotIndex{byHash: make(map[uint64]*slot), seed: maphash.MakeSeed()}
}

func (x *slotIndex) find(key []byte) *slot {
	if len(x.byHash) == 0 {
		return nil
	}
	s := x.byHash[maphash.Bytes(x.seed, key)]
	for s != nil && !bytes.Equal(s.key, key) {
		s = s.next
	}
	return s
}

// add makes the slot of a key that has none, and keeps key.
func (x *slotIndex) add(key []byte) *slot {
	if len(x.slab) == cap(x.slab) {
		x.slab = make([]slot, 0, min(max(2*cap(x.slab), 8), 1024))
	}
	hash := maphash.Bytes(x.seed, key)
	x.slab = append(x.slab, slot{key: key, next: x.byHash[hash]})
	s := &x.slab[len(x.slab)-1]
	x.byHash[hash] = s
	return s
}

// tableOrder holds slots in the order of their keys, table by table. It sorts
// when it is read, because most overlays are read in order once, at commit.
type tableOrder struct {
	byName map[string]*tableSlots
	sorted []*tableSlots // replaced, never changed: cursors walk it
	scans  int           // cursors that walk slots just now
}

// tableSlots are the slots of one table.
type tableSlots struct {
	prefix []byte // with which all keys of the table begin
	slots  *btree.BTreeG[*slot]
	fresh  []*slot // not yet among slots
}

func newTableOrder() tableOrder { return tableOrder{byName: make(map[string]*tableSlots)} }

// add takes a slot in. Its key is known to begin with a table's name.
func (o *tableOrder) add(s *slot) {
	name, rest, _ := Split(s.key)
	t := o.byName[string(name)]
	if t == nil {
		t = &tableSlots{
			prefix: s.key[:len(s.key)-len(rest)],
			slots:  btree.NewBTreeGOptions(slotLess, btree.Options{NoLocks: true}),
		}
		o.byName[string(name)] = t
		o.sorted = append(slices.Clone(o.sorted), t)
		slices.SortFunc(o.sorted, func(a, b *tableSlots) int { return bytes.Compare(a.prefix, b.prefix) })
	}
	t.fresh = append(t.fresh, s)
}

// inOrder gives the slots of t in order. While cursors walk, the tree they
// walk stays as it is and a copy, which shares its nodes, goes on.
func (o *tableOrder) inOrder(t *tableSlots) *btree.BTreeG[*slot] {
	if len(t.fresh) == 0 {
		return t.slots
	}
	if o.scans > 0 {
		t.slots = t.slots.Copy()
	}
	slices.SortFunc(t.fresh, func(a, b *slot) int { return bytes.Compare(a.key, b.key) })
	for _, s := range t.fresh {
		t.slots.Load(s)
	}
	clear(t.fresh)
	t.fresh = t.fresh[:0]
	return t.slots
}

func slotLess(a, b *slot) bool { return bytes.Compare(a.key, b.key) < 0 }

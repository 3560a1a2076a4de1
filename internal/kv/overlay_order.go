package kv

import (
	"bytes"
	"slices"
	"sync"

	"github.com/tidwall/btree"
)

// tableOrder holds slots in the order of their keys, table by table. It sorts
// when it is read, because most overlays are read in order once, at commit.
type tableOrder struct {
	byName map[string]*tableSlots
	sorted []*tableSlots // replaced, never changed: cursors walk it
	scans  int           // cursors that walk slots just now
	sought []byte        // the key that the slot zero stands for
}

// tableSlots are the slots of one table.
type tableSlots struct {
	prefix []byte // with which all keys of the table begin
	slots  *btree.BTreeG[slotID]
	fresh  []slotID // not yet among slots
}

func newTableOrder() tableOrder { return tableOrder{byName: make(map[string]*tableSlots)} }

// arrange takes a slot into the order. Its key is known to begin with a table's name.
func (o *Overlay) arrange(id slotID, key []byte) {
	name, rest, _ := Split(key)
	t := o.tables.byName[string(name)]
	if t == nil {
		t = &tableSlots{
			prefix: key[:len(key)-len(rest)],
			slots:  btree.NewBTreeGOptions(o.less, btree.Options{NoLocks: true}),
		}
		o.tables.byName[string(name)] = t
		o.tables.sorted = append(slices.Clone(o.tables.sorted), t)
		slices.SortFunc(o.tables.sorted, func(a, b *tableSlots) int { return bytes.Compare(a.prefix, b.prefix) })
	}
	t.fresh = append(t.fresh, id)
}

// inOrder gives the slots of t in order. While cursors walk, the tree they
// walk stays as it is and a copy, which shares its nodes, goes on.
func (o *Overlay) inOrder(t *tableSlots) *btree.BTreeG[slotID] {
	if len(t.fresh) == 0 {
		return t.slots
	}
	if o.tables.scans > 0 {
		t.slots = t.slots.Copy()
	}
	slices.SortFunc(t.fresh, func(a, b slotID) int { return bytes.Compare(o.keyOf(a), o.keyOf(b)) })
	for _, id := range t.fresh {
		t.slots.Load(id)
	}
	t.fresh = t.fresh[:0]
	return t.slots
}

// Freeze ends the writing: from then on o reads what it does not have from base, and one
// goroutine may read it while others go through its [Overlay.Tables].
func (o *Overlay) Freeze(base Reader) {
	var sorting sync.WaitGroup
	for _, t := range o.tables.sorted {
		sorting.Go(func() { o.inOrder(t) })
	}
	sorting.Wait()
	o.base, o.undo = base, undoLog{}
}

func (o *Overlay) less(a, b slotID) bool { return bytes.Compare(o.keyOf(a), o.keyOf(b)) < 0 }

// keyOf is the key of a slot, and that which is sought of the slot zero.
func (o *Overlay) keyOf(id slotID) []byte {
	if id == 0 {
		return o.tables.sought
	}
	return o.mem.at(o.slots.slot(id).key)
}

package kv

import (
	"bytes"
	"iter"

	"github.com/tidwall/btree"
)

// OpKind says what an [Op] does to its key.
type OpKind int

// The kinds of operation.
const (
	OpPut OpKind = iota + 1
	OpDelete
	OpAdd
)

// Op is the net effect of an overlay on one key.
type Op struct {
	Kind OpKind
	Key  []byte
	Val  []byte // of a put
	N    int64  // of an add
}

// Ops yields the net effect in key order, counters as what is to be added.
func (o *Overlay) Ops() iter.Seq[Op] {
	return func(yield func(Op) bool) {
		c := o.cursor(nil, nil)
		defer c.close()
		for op, ok := c.next(); ok && yield(op); {
			op, ok = c.next()
		}
	}
}

// Writes yields the net effect in key order as puts and deletes only: what a
// counter comes to is read from the base.
func (o *Overlay) Writes() iter.Seq2[Op, error] {
	return func(yield func(Op, error) bool) {
		for op := range o.Ops() {
			op, err := o.settle(op)
			if !yield(op, err) || err != nil {
				return
			}
		}
	}
}

func (o *Overlay) settle(op Op) (Op, error) {
	if op.Kind != OpAdd {
		return op, nil
	}
	was, err := o.base.Get(op.Key)
	if err != nil {
		return Op{}, err
	}
	return op.Settle(was)
}

// Settle turns an add into the put or delete that it comes to, given what the base
// has at its key. Others are what they come to.
func (op Op) Settle(was []byte) (Op, error) {
	if op.Kind != OpAdd {
		return op, nil
	}
	val, err := plus(was, op.N)
	if err != nil {
		return Op{}, err
	}
	if val == nil {
		return Op{Kind: OpDelete, Key: op.Key}, nil
	}
	return Op{Kind: OpPut, Key: op.Key, Val: val}, nil
}

// TableOps are what an overlay does to one table.
type TableOps struct {
	o *Overlay
	t *tableSlots
}

// Tables are the operations of each table, in the order of their names. They may be
// gone through at the same time, each by one goroutine, while nothing is written and
// nothing else is read.
func (o *Overlay) Tables() []TableOps {
	all := make([]TableOps, len(o.tables.sorted))
	for i, t := range o.tables.sorted {
		all[i] = TableOps{o, t}
	}
	return all
}

// Name is the table's.
func (t TableOps) Name() []byte {
	name, _, _ := Split(t.t.prefix)
	return name
}

// Len is how many operations there are at most.
func (t TableOps) Len() int { return t.t.slots.Len() + len(t.t.fresh) }

// Ops yields the operations in key order, counters as what is to be added.
func (t TableOps) Ops() iter.Seq[Op] {
	return func(yield func(Op) bool) {
		t.o.inOrder(t.t).Scan(func(id slotID) bool {
			op, done := t.o.opOf(id)
			return !done || yield(op)
		})
	}
}

// Flush repeats the net effect on another writer.
func (o *Overlay) Flush(to Writer) error {
	for op := range o.Ops() {
		var err error
		switch op.Kind {
		case OpPut:
			err = to.Put(op.Key, op.Val)
		case OpDelete:
			err = to.Delete(op.Key)
		case OpAdd:
			err = to.Add(op.Key, op.N)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Scan implements [Reader]. The loop may write to what it walks: keys that are
// new to the overlay are not visited any more, and of others it is left open
// whether they show as they were when the loop began or as they are now.
func (o *Overlay) Scan(lo, hi []byte) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		c := o.cursor(lo, hi)
		defer c.close()
		m := merge{c: c, yield: yield}
		m.op, m.more = c.next()
		for p, err := range o.base.Scan(lo, hi) {
			if err != nil {
				yield(Pair{}, err)
				return
			}
			if !m.upTo(p) {
				return
			}
		}
		for m.more {
			if !m.emit(nil) {
				return
			}
		}
	}
}

// merge lays the operations of an overlay over the pairs of its base.
type merge struct {
	c     *cursor
	op    Op
	more  bool // whether op is one that was not yet given out
	yield func(Pair, error) bool
}

// upTo gives out the operations before p and then p as it now is. It says
// whether the scan goes on.
func (m *merge) upTo(p Pair) bool {
	for m.more {
		switch bytes.Compare(m.op.Key, p.Key) {
		case -1:
			if !m.emit(nil) {
				return false
			}
		case 0:
			return m.emit(p.Val)
		default:
			return m.yield(p, nil)
		}
	}
	return m.yield(p, nil)
}

// emit gives out the operation at hand over the base's value and moves on.
func (m *merge) emit(was []byte) bool {
	op, val := m.op, m.op.Val
	if op.Kind == OpAdd {
		var err error
		if val, err = plus(was, op.N); err != nil {
			m.yield(Pair{}, err)
			return false
		}
	}
	if val != nil && !m.yield(Pair{op.Key, val}, nil) {
		return false
	}
	m.op, m.more = m.c.next()
	return true
}

// cursor walks the net effect of an overlay on a range of keys.
type cursor struct {
	o      *Overlay
	tables []*tableSlots // to come
	slots  btree.IterG[slotID]
	in     bool // whether slots stands at one
	lo, hi []byte
}

func (o *Overlay) cursor(lo, hi []byte) *cursor {
	o.tables.scans++
	return &cursor{o: o, tables: o.tables.sorted, lo: lo, hi: hi}
}

func (c *cursor) close() { c.o.tables.scans-- }

func (c *cursor) next() (Op, bool) {
	for c.in || c.nextTable() {
		id := c.slots.Item()
		if len(c.hi) > 0 && bytes.Compare(c.o.keyOf(id), c.hi) >= 0 {
			return Op{}, false
		}
		c.in = c.slots.Next()
		if op, done := c.o.opOf(id); done {
			return op, true
		}
	}
	return Op{}, false
}

// opOf is what was done to a slot's key, if anything.
func (o *Overlay) opOf(id slotID) (op Op, done bool) {
	s := o.slots.slot(id)
	key, val := o.mem.at(s.key), o.mem.at(s.val)
	switch {
	case s.wrote && s.delta != 0: // deleted, then added to
		return Op{Kind: OpPut, Key: key, Val: AppendCount(nil, s.delta)}, true
	case s.delta != 0:
		return Op{Kind: OpAdd, Key: key, N: s.delta}, true
	case val != nil:
		return Op{Kind: OpPut, Key: key, Val: val}, true
	case s.wrote:
		return Op{Kind: OpDelete, Key: key}, true
	}
	return Op{}, false
}

// nextTable goes to the first slot that is not below lo, in the next table
// that has one. It says false at the end of the range.
func (c *cursor) nextTable() bool {
	for len(c.tables) > 0 && !c.in {
		t := c.tables[0]
		c.tables = c.tables[1:]
		if len(c.hi) > 0 && bytes.Compare(t.prefix, c.hi) >= 0 {
			return false
		}
		if bytes.Compare(t.prefix, c.lo) < 0 && !bytes.HasPrefix(c.lo, t.prefix) {
			continue // all of it is below lo
		}
		c.slots = c.o.inOrder(t).Iter()
		c.o.tables.sought = c.lo
		c.in = c.slots.Seek(0)
	}
	return c.in
}

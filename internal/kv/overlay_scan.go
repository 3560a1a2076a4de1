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
	val, err := plus(was, op.N)
	if err != nil {
		return Op{}, err
	}
	if val == nil {
		return Op{Kind: OpDelete, Key: op.Key}, nil
	}
	return Op{Kind: OpPut, Key: op.Key, Val: val}, nil
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

// Scan implements [Reader]. It shows the keys as they were when the loop
// began, so a loop may write to what it walks; only counters show their value
// of the moment at which they are reached.
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
	writes     btree.IterG[write]
	counts     btree.IterG[*counter]
	hasW, hasC bool
	hi         []byte
	scans      *int
}

func (o *Overlay) cursor(lo, hi []byte) *cursor {
	*o.scans++
	c := &cursor{writes: o.writes.Iter(), counts: o.counts.Iter(), hi: hi, scans: o.scans}
	c.hasW = c.writes.Seek(write{key: lo})
	c.hasC = c.counts.Seek(&counter{key: lo})
	return c
}

func (c *cursor) close() { *c.scans-- }

func (c *cursor) next() (Op, bool) {
	for c.hasW || c.hasC {
		op := c.step()
		if len(c.hi) > 0 && bytes.Compare(op.Key, c.hi) >= 0 {
			return Op{}, false
		}
		if op.Kind != OpAdd || op.N != 0 {
			return op, true
		}
	}
	return Op{}, false
}

// step takes the lesser of write and counter, or both when they have one key:
// the write is a delete then, unless nothing was added.
func (c *cursor) step() Op {
	order := -1
	if !c.hasW {
		order = 1
	} else if c.hasC {
		order = bytes.Compare(c.writes.Item().key, c.counts.Item().key)
	}
	var op Op
	if order <= 0 {
		w := c.writes.Item()
		op = Op{Kind: OpPut, Key: w.key, Val: w.val}
		if w.val == nil {
			op.Kind = OpDelete
		}
		c.hasW = c.writes.Next()
	}
	if order < 0 {
		return op
	}
	n := c.counts.Item()
	c.hasC = c.counts.Next()
	switch {
	case order > 0:
		op = Op{Kind: OpAdd, Key: n.key, N: n.delta}
	case n.delta != 0:
		op = Op{Kind: OpPut, Key: n.key, Val: AppendCount(nil, n.delta)}
	}
	return op
}

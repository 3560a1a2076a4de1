package kv

import (
	"bytes"

	"github.com/tidwall/btree"
)

// Overlay is a [Writer] in memory over any [Reader]: it answers reads from what
// was written to it and else from the base, which it never changes. Engines run
// update functions on one and store its [Overlay.Writes] at commit; a preview
// is an overlay that is dropped.
//
// A key is either a value (Put, Delete) or a counter (Add), never both. Should
// they meet, the latest Put or Delete counts as the state to which later Adds add.
//
// An overlay is for one goroutine. Keys and values are copied when written.
type Overlay struct {
	base   Reader
	writes *btree.BTreeG[write]    // puts and deletes
	counts *btree.BTreeG[*counter] // counters in key order
	byKey  map[string]*counter     // the same counters: one map look-up per Add
	live   int                     // counters whose delta is not zero
	arena  arena
	undo   undoLog
	scans  *int // scans that walk writes and counts just now
}

// write is a put, or a delete when val is nil.
type write struct{ key, val []byte }

// counter is what Adds have added to one key since it was last put or deleted here.
type counter struct {
	key    []byte
	delta  int64
	logged int // the undo epoch in which delta was last noted
}

var _ Writer = (*Overlay)(nil)

// NewOverlay returns an overlay without writes.
func NewOverlay(base Reader) *Overlay {
	noLocks := btree.Options{NoLocks: true}
	return &Overlay{
		base: base,
		writes: btree.NewBTreeGOptions(func(a, b write) bool {
			return bytes.Compare(a.key, b.key) < 0
		}, noLocks),
		counts: btree.NewBTreeGOptions(func(a, b *counter) bool {
			return bytes.Compare(a.key, b.key) < 0
		}, noLocks),
		byKey: make(map[string]*counter),
		scans: new(int),
	}
}

// Get implements [Reader].
func (o *Overlay) Get(key []byte) ([]byte, error) {
	val, err := o.beneath(key)
	if err != nil || o.live == 0 {
		return val, err
	}
	if c := o.byKey[string(key)]; c != nil && c.delta != 0 {
		return plus(val, c.delta)
	}
	return val, nil
}

// beneath is the value at key without what was added here.
func (o *Overlay) beneath(key []byte) ([]byte, error) {
	if o.writes.Len() > 0 {
		if w, ok := o.writes.Get(write{key: key}); ok {
			return w.val, nil
		}
	}
	return o.base.Get(key)
}

// Put implements [Writer].
func (o *Overlay) Put(key, val []byte) error {
	if err := checkPair(key, val); err != nil {
		return err
	}
	o.set(write{o.arena.keep(key), o.arena.keep(val)})
	return nil
}

// Delete implements [Writer].
func (o *Overlay) Delete(key []byte) error {
	if err := checkPair(key, nil); err != nil {
		return err
	}
	o.set(write{key: o.arena.keep(key)})
	return nil
}

func (o *Overlay) set(w write) {
	o.fork()
	old, had := o.writes.Set(w)
	o.undo.noteWrite(w.key, old, had)
	if o.live == 0 {
		return
	}
	if c := o.byKey[string(w.key)]; c != nil && c.delta != 0 {
		o.setDelta(c, 0)
	}
}

// Add implements [Writer].
func (o *Overlay) Add(key []byte, n int64) error {
	c := o.byKey[string(key)]
	if c == nil {
		if err := checkPair(key, nil); err != nil {
			return err
		}
		c = &counter{key: o.arena.keep(key)}
		o.fork()
		o.byKey[string(key)] = c
		o.counts.Set(c)
	}
	if c.delta == 0 {
		return o.addFirst(c, n)
	}
	o.setDelta(c, c.delta+n)
	return nil
}

// addFirst adds to a counter that stands at zero here. A value that was put
// here moves into the counter first, so that a key with a delta is never also a put.
func (o *Overlay) addFirst(c *counter, n int64) error {
	w, _ := o.writes.Get(write{key: c.key})
	was, err := Count(w.val)
	if err != nil {
		return err
	}
	if w.val != nil {
		o.set(write{key: c.key})
	}
	o.setDelta(c, was+n)
	return nil
}

func (o *Overlay) setDelta(c *counter, delta int64) {
	o.undo.noteCount(c)
	if c.delta != 0 {
		o.live--
	}
	if delta != 0 {
		o.live++
	}
	c.delta = delta
}

// fork leaves the trees to the scans that walk them and goes on with copies,
// which share all nodes until one is written to.
func (o *Overlay) fork() {
	if *o.scans > 0 {
		o.writes, o.counts, o.scans = o.writes.Copy(), o.counts.Copy(), new(int)
	}
}

// Len is the number of writes that wait; at zero there is nothing to commit.
func (o *Overlay) Len() int { return o.writes.Len() + o.live }

// Bytes is about how much memory the keys and values hold, those since
// overwritten or rolled back included.
func (o *Overlay) Bytes() int { return o.arena.size }

// plus is the value of a counter after n was added; nil when that is zero.
func plus(val []byte, n int64) ([]byte, error) {
	was, err := Count(val)
	if err != nil || was+n == 0 {
		return nil, err
	}
	return AppendCount(nil, was+n), nil
}

package kv

// Overlay is a [Writer] in memory over any [Reader]: it answers reads from what
// was written to it and else from the base, which it never changes. Engines run
// update functions on one and store its [Overlay.Writes] at commit; a preview
// is an overlay that is dropped.
//
// A key is either a value (Put, Delete) or a counter (Add), never both. Should
// they meet, the latest Put or Delete is the state to which later Adds add.
//
// An overlay is for one goroutine. Keys and values are copied when written.
type Overlay struct {
	base    Reader
	slots   slotIndex
	tables  tableOrder
	arena   arena
	undo    undoLog
	written int // slots that were put or deleted
	counted int // slots with a delta
}

var _ Writer = (*Overlay)(nil)

// NewOverlay returns an overlay without writes.
func NewOverlay(base Reader) *Overlay {
	return &Overlay{base: base, slots: newSlotIndex(), tables: newTableOrder()}
}

// Get implements [Reader].
func (o *Overlay) Get(key []byte) ([]byte, error) {
	s := o.slots.find(key)
	if s == nil {
		return o.base.Get(key)
	}
	val := s.val
	if !s.wrote {
		var err error
		if val, err = o.base.Get(key); err != nil {
			return nil, err
		}
	}
	if s.delta == 0 {
		return val, nil
	}
	return plus(val, s.delta)
}

// Put implements [Writer].
func (o *Overlay) Put(key, val []byte) error {
	if err := checkValue(key, val); err != nil {
		return err
	}
	s, err := o.slot(key)
	if err == nil {
		o.setVal(s, o.arena.keep(val))
	}
	return err
}

// Delete implements [Writer].
func (o *Overlay) Delete(key []byte) error {
	s, err := o.slot(key)
	if err == nil {
		o.setVal(s, nil)
	}
	return err
}

// Add implements [Writer].
func (o *Overlay) Add(key []byte, n int64) error {
	s, err := o.slot(key)
	if err != nil {
		return err
	}
	if s.wrote && s.val != nil {
		// What was put here moves into the delta, so that a slot with a delta
		// never has a value as well.
		was, err := Count(s.val)
		if err != nil {
			return err
		}
		o.setVal(s, nil)
		n += was
	}
	o.setDelta(s, s.delta+n)
	return nil
}

// slot finds or makes the place of key.
func (o *Overlay) slot(key []byte) (*slot, error) {
	if s := o.slots.find(key); s != nil {
		return s, nil
	}
	if err := checkKey(key); err != nil {
		return nil, err
	}
	s := o.slots.add(o.arena.keep(key))
	o.tables.add(s)
	return s, nil
}

// setVal puts val, or deletes when it is nil.
func (o *Overlay) setVal(s *slot, val []byte) {
	o.undo.noteVal(s)
	if !s.wrote {
		s.wrote = true
		o.written++
	}
	s.val = val
	if s.delta != 0 {
		o.setDelta(s, 0)
	}
}

func (o *Overlay) setDelta(s *slot, delta int64) {
	o.undo.noteDelta(s)
	if s.delta != 0 {
		o.counted--
	}
	if delta != 0 {
		o.counted++
	}
	s.delta = delta
}

// Len is the number of writes that wait; at zero there is nothing to commit.
func (o *Overlay) Len() int { return o.written + o.counted }

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

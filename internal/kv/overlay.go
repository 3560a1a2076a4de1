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
	mem     arena
	slots   slotIndex
	tables  tableOrder
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
	id := o.slots.find(&o.mem, key)
	if id == 0 {
		return o.base.Get(key)
	}
	s := o.slots.slot(id)
	val := o.mem.at(s.val)
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
	id, err := o.place(key)
	if err != nil {
		return err
	}
	kept, err := o.mem.keep(val)
	if err == nil {
		o.setVal(id, o.slots.slot(id), kept)
	}
	return err
}

// Delete implements [Writer].
func (o *Overlay) Delete(key []byte) error {
	id, err := o.place(key)
	if err == nil {
		o.setVal(id, o.slots.slot(id), span{})
	}
	return err
}

// Add implements [Writer].
func (o *Overlay) Add(key []byte, n int64) error {
	id, err := o.place(key)
	if err != nil {
		return err
	}
	s := o.slots.slot(id)
	if val := o.mem.at(s.val); s.wrote && val != nil {
		// What was put here moves into the delta, so that a slot with a delta
		// never has a value as well.
		was, err := Count(val)
		if err != nil {
			return err
		}
		o.setVal(id, s, span{})
		n += was
	}
	o.setDelta(id, s, s.delta+n)
	return nil
}

// place finds or makes the slot of key.
func (o *Overlay) place(key []byte) (slotID, error) {
	hash := o.slots.hash(key)
	if o.slots.count > 0 {
		if id := o.slots.findHash(&o.mem, key, hash); id != 0 {
			return id, nil
		}
	}
	if err := checkKey(key); err != nil {
		return 0, err
	}
	kept, err := o.mem.keep(key)
	if err != nil {
		return 0, err
	}
	id := o.slots.add(kept, hash)
	o.arrange(id, o.mem.at(kept))
	return id, nil
}

// setVal puts val, or deletes when it is nil.
func (o *Overlay) setVal(id slotID, s *slot, val span) {
	o.undo.noteVal(id, s)
	if !s.wrote {
		s.wrote = true
		o.written++
	}
	s.val = val
	if s.delta != 0 {
		o.setDelta(id, s, 0)
	}
}

func (o *Overlay) setDelta(id slotID, s *slot, delta int64) {
	o.undo.noteDelta(id, s)
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
func (o *Overlay) Bytes() int { return o.mem.size }

// plus is the value of a counter after n was added; nil when that is zero.
func plus(val []byte, n int64) ([]byte, error) {
	was, err := Count(val)
	if err != nil || was+n == 0 {
		return nil, err
	}
	return AppendCount(nil, was+n), nil
}

package kv

import "fmt"

// undoLog notes what to restore, from the first savepoint on. Values and
// deltas are noted apart: each list is undone backwards, and neither needs to
// know of the other.
type undoLog struct {
	marks  []mark // one per savepoint
	vals   []undoVal
	deltas []undoDelta
	epoch  uint32 // goes up with every savepoint and rollback
}

type mark struct{ vals, deltas int }

// undoVal is a slot and the value that it had.
type undoVal struct {
	slot slotID
	old  span
}

// unwritten stands for the value of a slot that was not written.
var unwritten = span{at: 1}

type undoDelta struct {
	delta int64
	slot  slotID
}

func (u *undoLog) noteVal(id slotID, s *slot) {
	if len(u.marks) == 0 {
		return
	}
	old := s.val
	if !s.wrote {
		old = unwritten
	}
	u.vals = append(u.vals, undoVal{id, old})
}

// noteDelta notes a counter once per savepoint, however often it is added to.
func (u *undoLog) noteDelta(id slotID, s *slot) {
	if len(u.marks) > 0 && s.epoch != u.epoch {
		s.epoch = u.epoch
		u.deltas = append(u.deltas, undoDelta{s.delta, id})
	}
}

// Savepoint implements [Writer]. It costs a few bytes; what follows it is
// noted, not copied.
func (o *Overlay) Savepoint() Savepoint {
	u := &o.undo
	u.marks = append(u.marks, mark{len(u.vals), len(u.deltas)})
	u.epoch++
	return Savepoint(len(u.marks))
}

// Rollback implements [Writer]. The savepoint stays and may be rolled back to
// again. It panics on a savepoint that an earlier Rollback discarded.
func (o *Overlay) Rollback(to Savepoint) {
	u := &o.undo
	m := u.at(to)
	o.undoVals(u.vals[m.vals:])
	o.undoDeltas(u.deltas[m.deltas:])
	u.marks, u.vals, u.deltas = u.marks[:to], u.vals[:m.vals], u.deltas[:m.deltas]
	u.epoch++
}

// Release implements [Writer]. It panics on a savepoint that an earlier Rollback
// or Release discarded.
func (o *Overlay) Release(to Savepoint) {
	u := &o.undo
	u.at(to)
	if u.marks = u.marks[:to-1]; len(u.marks) > 0 {
		return // what was noted since is for the one before
	}
	u.vals, u.deltas = u.vals[:0], u.deltas[:0]
}

func (u *undoLog) at(to Savepoint) mark {
	if to < 1 || int(to) > len(u.marks) {
		panic(fmt.Sprintf("kv: savepoint %d is not there to go back to: there are %d", to, len(u.marks)))
	}
	return u.marks[to-1]
}

func (o *Overlay) undoVals(log []undoVal) {
	for i := len(log) - 1; i >= 0; i-- {
		s, old := o.slots.slot(log[i].slot), log[i].old
		if old != unwritten {
			s.val = old
			continue
		}
		s.val, s.wrote = span{}, false
		o.written--
	}
}

func (o *Overlay) undoDeltas(log []undoDelta) {
	for i := len(log) - 1; i >= 0; i-- {
		id := log[i].slot
		s := o.slots.slot(id)
		s.epoch = o.undo.epoch // so that undoing is not noted
		o.setDelta(id, s, log[i].delta)
	}
}

package kv

import "fmt"

// undoLog notes what to restore, from the first savepoint on. Values and
// counters are noted apart: each list is undone backwards, and no entry of one
// depends on the other.
type undoLog struct {
	marks  []mark // one per savepoint
	writes []undoWrite
	counts []undoCount
	epoch  int // goes up with every savepoint and rollback
}

type mark struct{ writes, counts int }

type undoWrite struct {
	key []byte
	old write
	had bool
}

type undoCount struct {
	c     *counter
	delta int64
}

func (u *undoLog) noteWrite(key []byte, old write, had bool) {
	if len(u.marks) > 0 {
		u.writes = append(u.writes, undoWrite{key, old, had})
	}
}

// noteCount notes a counter once per savepoint, however often it is added to.
func (u *undoLog) noteCount(c *counter) {
	if len(u.marks) > 0 && c.logged != u.epoch {
		c.logged = u.epoch
		u.counts = append(u.counts, undoCount{c, c.delta})
	}
}

// Savepoint implements [Writer]. It costs a few bytes; what follows it is
// noted, not copied.
func (o *Overlay) Savepoint() Savepoint {
	u := &o.undo
	u.marks = append(u.marks, mark{len(u.writes), len(u.counts)})
	u.epoch++
	return Savepoint(len(u.marks))
}

// Rollback implements [Writer]. The savepoint stays and may be rolled back to
// again. It panics on a savepoint that an earlier Rollback discarded.
func (o *Overlay) Rollback(to Savepoint) {
	u := &o.undo
	if to < 1 || int(to) > len(u.marks) {
		panic(fmt.Sprintf("kv: savepoint %d is not there to roll back to: there are %d", to, len(u.marks)))
	}
	m := u.marks[to-1]
	o.fork()
	o.undoWrites(u.writes[m.writes:])
	o.undoCounts(u.counts[m.counts:])
	u.marks, u.writes, u.counts = u.marks[:to], u.writes[:m.writes], u.counts[:m.counts]
	u.epoch++
}

func (o *Overlay) undoWrites(log []undoWrite) {
	for i := len(log) - 1; i >= 0; i-- {
		if log[i].had {
			o.writes.Set(log[i].old)
		} else {
			o.writes.Delete(write{key: log[i].key})
		}
	}
	clear(log)
}

func (o *Overlay) undoCounts(log []undoCount) {
	for i := len(log) - 1; i >= 0; i-- {
		c, delta := log[i].c, log[i].delta
		c.logged = o.undo.epoch // nothing is to be noted while undoing
		o.setDelta(c, delta)
	}
	clear(log)
}

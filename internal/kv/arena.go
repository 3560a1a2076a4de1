package kv

import "fmt"

const (
	arenaFirst   = 1 << (blockBits - arenaDoubles)
	blockBits    = 16
	arenaDoubles = 6              // how often the size of blocks doubles
	arenaBlock   = 1 << blockBits // bytes: the longest value has as many
	arenaMost    = 1 << (32 - blockBits)
)

// arena keeps many small byte strings in few blocks. What it gave out stays
// as it is for as long as somebody holds it.
type arena struct {
	blocks [][]byte
	size   int // bytes kept in all blocks
}

// span is where in an arena a byte string is. That of zero is nil: no string is
// there. It holds no pointer, so that of a million of them the garbage collector
// need not look at one.
type span struct{ at, size uint32 }

// keep copies b, which a key or a value may be. What it gives is never the zero
// span.
func (a *arena) keep(b []byte) (span, error) {
	last := len(a.blocks) - 1
	if last < 0 || len(b) > cap(a.blocks[last])-len(a.blocks[last]) {
		if last+1 == arenaMost {
			return span{}, fmt.Errorf("%w: one transaction would hold more than %d GB", ErrInvalid, arenaMost*arenaBlock>>30)
		}
		last++
		a.blocks = append(a.blocks, make([]byte, 0, max(arenaFirst<<min(last, arenaDoubles), len(b))))
	}
	block := &a.blocks[last]
	at := uint32(last)<<blockBits | uint32(len(*block))
	*block = append(*block, b...)
	a.size += len(b)
	return span{at: at, size: uint32(len(b)) + 1}, nil
}

// at is the string at s: nil when there is none, and never when there is one.
func (a *arena) at(s span) []byte {
	if s.size == 0 {
		return nil
	}
	from := s.at & (arenaBlock - 1)
	to := from + s.size - 1
	return a.blocks[s.at>>blockBits][from:to:to]
}

package kv

const (
	arenaFirst = 1 << 10
	arenaBlock = 64 << 10
)

// arena keeps many small byte strings in few blocks. What it gave out stays
// as it is for as long as somebody holds it.
type arena struct {
	block []byte
	size  int // bytes kept in all blocks
}

// keep copies b. The copy is never nil.
func (a *arena) keep(b []byte) []byte {
	if len(b) > cap(a.block)-len(a.block) || a.block == nil {
		next := min(max(2*cap(a.block), arenaFirst), arenaBlock)
		a.block = make([]byte, 0, max(next, len(b)))
	}
	from := len(a.block)
	a.block = append(a.block, b...)
	a.size += len(b)
	return a.block[from:len(a.block):len(a.block)]
}

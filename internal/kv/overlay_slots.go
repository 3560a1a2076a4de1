package kv

import (
	"bytes"
	"hash/maphash"
)

// slot is what an overlay did to one key. A slot that was rolled back stays,
// and says that nothing was done.
type slot struct {
	delta int64 // what was added since
	key   span
	val   span   // what was put; nil when deleted or not written
	epoch uint32 // the undo epoch in which delta was last noted
	wrote bool   // whether it was put or deleted
}

// slotID numbers the slots of an overlay, from one.
type slotID uint32

const (
	chunkBits  = 10
	slotChunk  = 1 << chunkBits
	firstSlots = 8
)

// slotIndex holds slots and finds them by key. Neither it nor a slot holds pointers
// to what it keeps: an overlay of a large import would otherwise cost the garbage
// collector more than its own work.
type slotIndex struct {
	seed   maphash.Seed
	chunks [][]slot // all but the last are full; none but the first, while small, moves
	count  int
	// table has for each slot the upper half of its key's hash, above its ID. A place
	// that is taken is looked for further on.
	table []uint64
}

func newSlotIndex() slotIndex { return slotIndex{seed: maphash.MakeSeed()} }

// slot is the slot with the ID, until the next one is added.
func (x *slotIndex) slot(id slotID) *slot {
	return &x.chunks[(id-1)>>chunkBits][(id-1)&(slotChunk-1)]
}

func (x *slotIndex) hash(key []byte) uint32 { return uint32(maphash.Bytes(x.seed, key) >> 32) }

// find gives the slot of a key, zero when it has none.
func (x *slotIndex) find(mem *arena, key []byte) slotID {
	if x.count == 0 {
		return 0
	}
	return x.findHash(mem, key, x.hash(key))
}

func (x *slotIndex) findHash(mem *arena, key []byte, hash uint32) slotID {
	mask := uint32(len(x.table) - 1)
	for at := hash & mask; x.table[at] != 0; at = (at + 1) & mask {
		if e := x.table[at]; uint32(e>>32) == hash {
			if id := slotID(uint32(e)); bytes.Equal(mem.at(x.slot(id).key), key) {
				return id
			}
		}
	}
	return 0
}

// add makes the slot of a key that has none.
func (x *slotIndex) add(key span, hash uint32) slotID {
	if x.count >= len(x.table)/4*3 {
		x.grow()
	}
	last := len(x.chunks) - 1
	switch {
	case last < 0:
		x.chunks = append(x.chunks, make([]slot, 0, firstSlots))
		last++
	case len(x.chunks[last]) == slotChunk:
		x.chunks = append(x.chunks, make([]slot, 0, slotChunk))
		last++
	}
	x.chunks[last] = append(x.chunks[last], slot{key: key})
	x.count++
	id := slotID(x.count)
	x.enter(uint64(hash)<<32 | uint64(id))
	return id
}

func (x *slotIndex) grow() {
	old := x.table
	x.table = make([]uint64, max(2*len(old), 2*firstSlots))
	for _, e := range old {
		if e != 0 {
			x.enter(e)
		}
	}
}

func (x *slotIndex) enter(e uint64) {
	mask := uint32(len(x.table) - 1)
	at := uint32(e>>32) & mask
	for x.table[at] != 0 {
		at = (at + 1) & mask
	}
	x.table[at] = e
}

package registry

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/takhti-edu/takhti/internal/kv"
)

// The journal's tree holds of an entry's details a digest with a salt: whoever
// has the tree but not the salt cannot find out the details by trying what they
// may have been. The salts of 256 entries come from one random seed. When details
// are erased the seed gives way to the salts of the other entries, see
// [salts.erase], and theirs is gone.
const (
	saltBlock = 256 // entries with one seed
	saltSize  = 16
	seedSize  = 32
)

func saltKey(block uint64) kv.Tuple { return kv.Key("journal.salt").Uint(block) }

// salts gives the salt of entry after entry; it keeps the seed of the block.
type salts struct {
	block uint64 // plus one; zero: none is read yet
	seed  []byte // or all salts of the block
}

// next is the salt of a new entry. The first of a block makes the seed.
func (s *salts) next(w kv.Writer, seq uint64) (salt [saltSize]byte, err error) {
	if block := (seq - 1) / saltBlock; (seq-1)%saltBlock == 0 {
		seed := make([]byte, seedSize)
		rand.Read(seed) // never fails
		s.block, s.seed = block+1, seed
		if err := w.Put(saltKey(block), seed); err != nil {
			return salt, err
		}
	}
	return s.read(w, seq)
}

// read is the salt of an entry; zero when it was erased.
func (s *salts) read(r kv.Reader, seq uint64) (salt [saltSize]byte, err error) {
	block, slot := (seq-1)/saltBlock, (seq-1)%saltBlock
	if s.block != block+1 {
		seed, err := r.Get(saltKey(block))
		if err != nil {
			return salt, err
		}
		if len(seed) != seedSize && len(seed) != saltBlock*saltSize {
			return salt, fmt.Errorf("%w: the salts of the journal's entries from %d on cannot be read", kv.ErrCorrupt, block*saltBlock+1)
		}
		s.block, s.seed = block+1, append([]byte(nil), seed...)
	}
	return saltOf(s.seed, slot), nil
}

// saltOf is the salt of one entry of a block; zero when it was erased.
func saltOf(seed []byte, slot uint64) [saltSize]byte {
	if len(seed) > seedSize {
		return [saltSize]byte(seed[slot*saltSize:])
	}
	var input [seedSize + 1]byte
	copy(input[:], seed)
	input[seedSize] = byte(slot)
	sum := sha256.Sum256(input[:])
	return [saltSize]byte(sum[:])
}

// erase forgets the salt of an entry for good.
func (s *salts) erase(w kv.Writer, seq uint64) error {
	if _, err := s.read(w, seq); err != nil {
		return err
	}
	all := make([]byte, 0, saltBlock*saltSize)
	for slot := range uint64(saltBlock) {
		salt := saltOf(s.seed, slot)
		if slot == (seq-1)%saltBlock {
			salt = [saltSize]byte{}
		}
		all = append(all, salt[:]...)
	}
	s.seed = all
	return w.Put(saltKey((seq-1)/saltBlock), all)
}

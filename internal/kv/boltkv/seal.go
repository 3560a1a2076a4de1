package boltkv

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/takhti-edu/takhti/internal/kv"
)

const sumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// alone is the stored key of the pair whose key is the table's name and nothing
// else: bbolt has no empty keys, and no part begins with a zero byte.
var alone = []byte{0}

// storedKey is the key within its table's bucket, given what follows the name.
func storedKey(rest []byte) []byte {
	if len(rest) == 0 {
		return alone
	}
	return rest
}

func restOf(stored []byte) []byte {
	if bytes.Equal(stored, alone) {
		return nil
	}
	return stored
}

// tableSum begins the checksums of a table, so that a pair is not taken for
// one of another table either.
func tableSum(name []byte) uint32 {
	return crc32.Checksum(kv.Key(string(name)), castagnoli)
}

// tableName is what follows from a table's name.
type tableName struct {
	name   string
	prefix []byte // of all keys in the table
	sum    uint32
}

// tableNames works that out once for each name.
type tableNames struct {
	mu    sync.RWMutex
	known map[string]*tableName
}

func (t *tableNames) named(name []byte) *tableName {
	t.mu.RLock()
	n := t.known[string(name)]
	t.mu.RUnlock()
	if n != nil {
		return n
	}
	n = &tableName{name: string(name), prefix: kv.Key(string(name)), sum: tableSum(name)}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil {
		t.known = map[string]*tableName{}
	}
	t.known[n.name] = n
	return n
}

func pairSum(table uint32, stored, val []byte) uint32 {
	return crc32.Update(crc32.Update(table, castagnoli, stored), castagnoli, val)
}

// seal appends the stored form of val to buf.
func seal(buf []byte, table uint32, stored, val []byte) []byte {
	buf = binary.LittleEndian.AppendUint32(buf, pairSum(table, stored, val))
	return append(buf, val...)
}

// unseal gives the value back, or false when it is not what was sealed at this key.
func unseal(table uint32, stored, sealed []byte) ([]byte, bool) {
	if len(sealed) < sumSize {
		return nil, false
	}
	val := sealed[sumSize:len(sealed):len(sealed)]
	return val, binary.LittleEndian.Uint32(sealed) == pairSum(table, stored, val)
}

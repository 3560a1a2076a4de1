package registry

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/takhti-edu/takhti/internal/kv"
)

// The journal is a Merkle log: a binary tree of hashes over its entries, as in
// RFC 6962. Of the tree are stored, in tiles of 16, the hashes at every fourth
// height; those between them are worked out from these, and those of the entries
// from the entries. So the tree takes two bytes for an entry.
const (
	tileHeight = 4
	tileWidth  = 1 << tileHeight
	maxLevels  = 10 // of tiles: 16^10 entries
)

// tileKey is where 16 hashes of the height 4·level stand.
func tileKey(level int, index uint64) kv.Tuple {
	return kv.Key("journal.tree").Uint(uint64(level)).Uint(index)
}

// edge is the right end of the tree: of every level the hashes that do not fill
// a tile yet. What has been added is never overwritten, so that a copy of an edge
// is a state to which one can return.
type edge [maxLevels][]tlog.Hash

// add adds the hash of entry n, counted from zero, and stores the tiles that are
// complete.
func (e *edge) add(n uint64, h tlog.Hash, put func(key, val []byte) error) error {
	for level := 0; ; level++ {
		if e[level] == nil {
			e[level] = make([]tlog.Hash, 0, tileWidth)
		}
		e[level] = append(e[level], h)
		if len(e[level]) < tileWidth {
			return nil
		}
		n >>= tileHeight
		if level > 0 {
			if err := put(tileKey(level, n), appendHashes(make([]byte, 0, tileWidth*tlog.HashSize), e[level])); err != nil {
				return err
			}
		}
		h = rootOf(e[level])
		e[level] = nil
	}
}

// rootOf is the hash over a whole tile.
func rootOf(tile []tlog.Hash) tlog.Hash {
	var level [tileWidth]tlog.Hash
	for n := copy(level[:], tile); n > 1; n /= 2 {
		for i := range n / 2 {
			level[i] = tlog.NodeHash(level[2*i], level[2*i+1])
		}
	}
	return level[0]
}

func appendHashes(buf []byte, hashes []tlog.Hash) []byte {
	for i := range hashes {
		buf = append(buf, hashes[i][:]...)
	}
	return buf
}

// append encodes the edge. How many hashes there are of each level follows from
// the number of entries.
func (e *edge) append(buf []byte) []byte {
	for level := range e {
		buf = appendHashes(buf, e[level])
	}
	return buf
}

func readEdge(size uint64, data []byte) (e edge, err error) {
	for level := range e {
		count := size >> (tileHeight * level) % tileWidth
		if uint64(len(data)) < count*tlog.HashSize {
			return e, errEdge
		}
		if count > 0 {
			e[level] = make([]tlog.Hash, 0, tileWidth)
		}
		for ; count > 0; count-- {
			e[level], data = append(e[level], tlog.Hash(data)), data[tlog.HashSize:]
		}
	}
	if len(data) > 0 {
		return e, errEdge
	}
	return e, nil
}

// treeReader reads the tree over the first entries, as many as its tail has.
type treeReader struct {
	r    kv.Reader
	tail journalTail
}

func readTree(r kv.Reader) (*treeReader, error) {
	tail, err := readTail(r)
	return &treeReader{r, tail}, err
}

// root is the hash over all entries.
func (t *treeReader) root() (tlog.Hash, error) { return t.rootAt(t.tail.seq) }

// rootAt is the hash over the first size entries.
func (t *treeReader) rootAt(size uint64) (tlog.Hash, error) {
	return tlog.TreeHash(int64(size), t)
}

// ReadHashes implements [tlog.HashReader].
func (t *treeReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		height, n := tlog.SplitStoredHashIndex(index)
		var err error
		if hashes[i], err = t.node(height, uint64(n)); err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

// node is the n-th hash at a height, over entries that are all there.
func (t *treeReader) node(height int, n uint64) (tlog.Hash, error) {
	switch {
	case height == 0:
		return t.leaf(n)
	case height%tileHeight == 0:
		return t.stored(height/tileHeight, n)
	}
	left, err := t.node(height-1, 2*n)
	if err != nil {
		return left, err
	}
	right, err := t.node(height-1, 2*n+1)
	return tlog.NodeHash(left, right), err
}

// stored reads the n-th hash of a level from its tile, or from the edge.
func (t *treeReader) stored(level int, n uint64) (tlog.Hash, error) {
	if n/tileWidth >= t.tail.seq>>(tileHeight*(level+1)) {
		if at := n % tileWidth; level < maxLevels && at < uint64(len(t.tail.edge[level])) {
			return t.tail.edge[level][at], nil
		}
		return tlog.Hash{}, fmt.Errorf("%w: the journal has no hash %d of level %d", kv.ErrCorrupt, n, level)
	}
	tile, err := t.r.Get(tileKey(level, n/tileWidth))
	if err != nil {
		return tlog.Hash{}, err
	}
	if len(tile) != tileWidth*tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("%w: tile %d of level %d of the journal's tree cannot be read", kv.ErrCorrupt, n/tileWidth, level)
	}
	return tlog.Hash(tile[n%tileWidth*tlog.HashSize:]), nil
}

// leaf is the hash of an entry, counted from zero.
func (t *treeReader) leaf(n uint64) (tlog.Hash, error) {
	data, err := t.r.Get(journalKey(n + 1))
	if err != nil {
		return tlog.Hash{}, err
	}
	salt, err := t.tail.salt.read(t.r, n+1)
	if err != nil {
		return tlog.Hash{}, err
	}
	leaf, _, err := leafOf(n+1, data, salt)
	return leaf, err
}

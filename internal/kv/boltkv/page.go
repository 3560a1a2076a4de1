package boltkv

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"

	"github.com/takhti-edu/takhti/internal/kv"
)

// The layout of bbolt's pages, in the byte order of the machine.
const (
	headerSize = 16 // id 8, kind 2, count 2, overflow 4
	elemSize   = 16 // branch: pos 4, key size 4, page 8; leaf: flags 4, pos 4, key size 4, value size 4
	bucketSize = 16 // root page 8, sequence 8; a small table's page follows when the root is 0

	kindBranch   = 0x01
	kindLeaf     = 0x02
	kindFreelist = 0x10

	flagBucket = 0x01

	metaMagic   = 0xED0CDAED
	metaVersion = 2
	metaSize    = 64 // the checksum is its last 8 bytes

	minPage = 1 << 10
	maxPage = 16 << 20

	noFreelist = ^uint64(0)
)

var order = binary.NativeEndian

// meta is what the first two pages say; the newer sound one counts.
type meta struct {
	pageSize int
	root     uint64
	freelist uint64
	pages    uint64 // how many are in use, free ones included
	txid     uint64
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", kv.ErrCorrupt, fmt.Errorf(format, args...))
}

// readMeta finds the state that counts. A torn page is no damage as long as the
// other is sound: bbolt writes them in turn, and last.
func readMeta(f io.ReaderAt) (meta, error) {
	first, ok := metaAt(f, 0)
	if ok {
		second, ok := metaAt(f, int64(first.pageSize))
		if ok && second.pageSize == first.pageSize && second.txid > first.txid {
			return second, nil
		}
		return first, nil
	}
	// Only the first page says where the second is.
	for size := minPage; size <= maxPage; size *= 2 {
		if m, ok := metaAt(f, int64(size)); ok && m.pageSize == size {
			return m, nil
		}
	}
	return meta{}, damaged("it is no data file of takhti, or its first pages are destroyed")
}

func metaAt(f io.ReaderAt, offset int64) (meta, bool) {
	var buf [headerSize + metaSize]byte
	if _, err := f.ReadAt(buf[:], offset); err != nil {
		return meta{}, false
	}
	b := buf[headerSize:]
	sum := fnv.New64a()
	_, _ = sum.Write(b[:metaSize-8])
	size := order.Uint32(b[8:])
	sound := order.Uint32(b) == metaMagic && order.Uint32(b[4:]) == metaVersion &&
		size >= minPage && size <= maxPage && order.Uint64(b[metaSize-8:]) == sum.Sum64()
	return meta{
		pageSize: int(size),
		root:     order.Uint64(b[16:]),
		freelist: order.Uint64(b[32:]),
		pages:    order.Uint64(b[40:]),
		txid:     order.Uint64(b[48:]),
	}, sound
}

// page is the bytes of one page and those it flows over into.
type page []byte

func (p page) id() uint64       { return order.Uint64(p) }
func (p page) kind() uint16     { return order.Uint16(p[8:]) }
func (p page) count() int       { return int(order.Uint16(p[10:])) }
func (p page) overflow() uint64 { return uint64(order.Uint32(p[12:])) }

// element is an entry of a branch or leaf page.
type element struct {
	key   []byte
	val   []byte // of a leaf
	flags uint32 // of a leaf
	child uint64 // of a branch
}

var errElement = errors.New("an entry is not where it should be")

// elements gives the entries of a branch or leaf page, whose bytes follow one
// another without gaps behind the table that tells their sizes.
func (p page) elements(buf []element) ([]element, error) {
	buf = buf[:0]
	leaf := p.kind() == kindLeaf
	next := uint64(headerSize + elemSize*p.count())
	if next > uint64(len(p)) || p.count() == 0 && !zero(p[headerSize:]) {
		return nil, errElement
	}
	for i := range p.count() {
		at := uint64(headerSize + elemSize*i)
		e, pos, keySize, valSize := p.element(at, leaf)
		if at+pos != next || keySize == 0 || next+keySize+valSize > uint64(len(p)) {
			return nil, errElement
		}
		e.key = p[next : next+keySize : next+keySize]
		e.val = p[next+keySize : next+keySize+valSize : next+keySize+valSize]
		next += keySize + valSize
		buf = append(buf, e)
	}
	return buf, nil
}

// zero says whether b is as an empty page is behind its header.
func zero(b []byte) bool {
	return bytes.Count(b, []byte{0}) == len(b)
}

func (p page) element(at uint64, leaf bool) (e element, pos, keySize, valSize uint64) {
	b := p[at : at+elemSize]
	first, second, third := order.Uint32(b), order.Uint32(b[4:]), order.Uint32(b[8:])
	if leaf {
		return element{flags: first}, uint64(second), uint64(third), uint64(order.Uint32(b[12:]))
	}
	return element{child: order.Uint64(b[8:])}, uint64(first), uint64(second), 0
}

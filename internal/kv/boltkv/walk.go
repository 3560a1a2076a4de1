package boltkv

import (
	"bytes"
	"context"
	"fmt"
	"os"
)

// depth says how much a walk looks at.
type depth int

const (
	structure depth = iota + 1 // that pages hang together and keys are in order
	values                     // and that each pair passes its checksum
)

// walker follows all pages of a file with plain reads: whatever the file holds,
// it ends, and with an error rather than a crash.
type walker struct {
	ctx   context.Context
	f     *os.File
	depth depth
	meta
	seen  []uint64  // a bit per page: reached, or free
	leaf  page      // the page last read, unless it was kept
	elems []element // of leaf
}

// walk says what is wrong with the file, if anything.
func walk(ctx context.Context, f *os.File, d depth) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return damaged("the file is empty (0 bytes), which takhti never leaves behind")
	}
	m, err := readMeta(f)
	if err != nil {
		return err
	}
	if have := uint64(info.Size()) / uint64(m.pageSize); have < m.pages {
		return damaged("the end is missing: the file has %d bytes and should have at least %d",
			info.Size(), m.pages*uint64(m.pageSize))
	}
	w := &walker{ctx: ctx, f: f, depth: d, meta: m, seen: make([]uint64, m.pages/64+1)}
	w.seen[0] = 0b11 // the meta pages
	if err := w.tree(m.root, nil, nil, w.tables); err != nil {
		return err
	}
	return w.free()
}

// leafFunc looks at the entries of a leaf page.
type leafFunc func(entries []element) error

// tree walks the pages from id down. Their keys must be in order, from lo on and
// below hi.
func (w *walker) tree(id uint64, lo, hi []byte, leaf leafFunc) error {
	p, err := w.read(id)
	if err != nil {
		return err
	}
	switch p.kind() {
	case kindLeaf:
		return w.leafPage(p, lo, hi, leaf)
	case kindBranch:
	default:
		return damaged("page %d is of the unknown kind %#x", id, p.kind())
	}
	p = bytes.Clone(p)
	children, err := p.elements(nil)
	if err != nil || len(children) == 0 || !ascending(children, lo, hi) {
		return damaged("page %d does not lead to the pages below it as it should", id)
	}
	for i, c := range children {
		end := hi
		if i+1 < len(children) {
			end = children[i+1].key
		}
		if err := w.tree(c.child, c.key, end, leaf); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) leafPage(p page, lo, hi []byte, leaf leafFunc) error {
	entries, err := p.elements(w.elems)
	if err != nil {
		return damaged("page %d is garbled: %w", p.id(), err)
	}
	w.elems = entries
	if !ascending(entries, lo, hi) {
		return damaged("the keys of page %d are out of order", p.id())
	}
	return leaf(entries)
}

func ascending(entries []element, lo, hi []byte) bool {
	for i, e := range entries {
		if i == 0 && bytes.Compare(e.key, lo) < 0 || i > 0 && bytes.Compare(e.key, lo) <= 0 {
			return false
		}
		lo = e.key
	}
	return len(entries) == 0 || hi == nil || bytes.Compare(lo, hi) < 0
}

// tables walks each table of a page of the root.
func (w *walker) tables(entries []element) error {
	kept := make([]element, len(entries)) // the walk goes on to use leaf and elems
	for i, e := range entries {
		kept[i] = element{key: bytes.Clone(e.key), val: bytes.Clone(e.val), flags: e.flags}
	}
	for _, e := range kept {
		if e.flags != flagBucket || len(e.val) < bucketSize {
			return damaged("the list of tables has an entry %q that is none", e.key)
		}
		if err := w.table(e.key, e.val); err != nil {
			return fmt.Errorf("%w (table %s)", err, e.key)
		}
	}
	return nil
}

func (w *walker) table(name, bucket []byte) error {
	sum := tableSum(name)
	pairs := func(entries []element) error { return w.pairs(name, sum, entries) }
	if root := order.Uint64(bucket); root != 0 {
		return w.tree(root, nil, nil, pairs)
	}
	inline := page(bucket[bucketSize:])
	if len(inline) < headerSize || inline.kind() != kindLeaf || inline.id() != 0 || inline.overflow() != 0 {
		return damaged("its only page is garbled")
	}
	return w.leafPage(inline, nil, nil, pairs)
}

func (w *walker) pairs(name []byte, sum uint32, entries []element) error {
	for _, e := range entries {
		if e.flags != 0 {
			return damaged("%s is marked as something else", describe(string(name), e.key))
		}
		if w.depth < values {
			continue
		}
		if _, ok := unseal(sum, e.key, e.val); !ok {
			return damaged("%s fails its checksum", describe(string(name), e.key))
		}
	}
	return nil
}

// read gives the page of that number, to which nothing else may have led. It is
// valid until the next read.
func (w *walker) read(id uint64) (page, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	if id < 2 || id >= w.pages {
		return nil, damaged("something leads to page %d, and there are %d", id, w.pages)
	}
	if err := w.load(id, 1); err != nil {
		return nil, err
	}
	if w.leaf.id() != id {
		return nil, damaged("where page %d should be is page %d", id, w.leaf.id())
	}
	more := w.leaf.overflow()
	if more >= w.pages-id {
		return nil, damaged("page %d says it is %d pages long, past the end of the file", id, more+1)
	}
	for i := id; i <= id+more; i++ {
		if !w.mark(i) {
			return nil, damaged("two things lead to page %d", i)
		}
	}
	if more > 0 {
		return w.leaf, w.load(id, more+1)
	}
	return w.leaf, nil
}

func (w *walker) load(id, count uint64) error {
	size := int(count) * w.pageSize
	if cap(w.leaf) < size {
		w.leaf = make(page, size)
	}
	w.leaf = w.leaf[:size]
	if _, err := w.f.ReadAt(w.leaf, int64(id)*int64(w.pageSize)); err != nil {
		return damaged("page %d cannot be read: %w", id, err)
	}
	return nil
}

// mark says whether the page was not seen before.
func (w *walker) mark(id uint64) bool {
	word, bit := &w.seen[id/64], uint64(1)<<(id%64)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}

// free walks the list of free pages, if the file has one: each page must then be
// either in use or free.
func (w *walker) free() error {
	if w.freelist == noFreelist {
		return nil
	}
	p, err := w.read(w.freelist)
	if err != nil {
		return err
	}
	if p.kind() != kindFreelist {
		return damaged("the list of free pages, page %d, is something else", w.freelist)
	}
	ids := p[headerSize:]
	count := uint64(p.count())
	if count == 0xFFFF { // too many for the header
		count, ids = order.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids))/8 {
		return damaged("the list of free pages is longer than its page")
	}
	for i := range count {
		id := order.Uint64(ids[8*i:])
		if id < 2 || id >= w.pages || !w.mark(id) {
			return damaged("page %d is listed as free and is not", id)
		}
	}
	for id := range w.pages {
		if w.mark(id) {
			return damaged("page %d is neither in use nor free", id)
		}
	}
	return nil
}

package table

import (
	"encoding/binary"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Lookup returns the ID that a unique index has at key, and whether it has one.
func (t *Table[T]) Lookup(r kv.Reader, key kv.Tuple) (id uint64, ok bool, err error) {
	return lookup(r, key)
}

func lookup(r kv.Reader, key kv.Tuple) (id uint64, ok bool, err error) {
	val, err := r.Get(key)
	if err != nil || val == nil {
		return 0, false, err
	}
	id, err = entryID(kv.Pair{Key: key, Val: val})
	return id, err == nil, err
}

// IDs yields the IDs of the entries of an index with lo <= key < hi, in order.
func (t *Table[T]) IDs(r kv.Reader, lo, hi []byte) iter.Seq2[uint64, error] {
	return entryIDs(r, lo, hi)
}

func entryIDs(r kv.Reader, lo, hi []byte) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		for p, err := range r.Scan(lo, hi) {
			var id uint64
			if err == nil {
				id, err = entryID(p)
			}
			if !yield(id, err) || err != nil {
				return
			}
		}
	}
}

// entryID is the record that an entry leads to: a unique index has it as the
// value, a plain one as the last part of the key.
func entryID(p kv.Pair) (uint64, error) {
	if len(p.Val) == 0 {
		return lastUint(p.Key)
	}
	id, size := binary.Uvarint(p.Val)
	if size != len(p.Val) || id == 0 {
		return 0, fmt.Errorf("%w: the entry %s leads to no record", kv.ErrCorrupt, printable(p.Key))
	}
	return id, nil
}

// lastUint is the integer that a key ends in.
func lastUint(key []byte) (uint64, error) {
	r := kv.NewPartReader(key)
	var last uint64
	isUint := false
	for !r.Done() {
		if isUint = r.IsUint(); isUint {
			last = r.Uint()
		} else {
			r.Skip()
		}
	}
	if err := r.Err(); err != nil {
		return 0, err
	}
	if !isUint {
		return 0, fmt.Errorf("%w: the key %s does not end in a record's ID", kv.ErrCorrupt, printable(key))
	}
	return last, nil
}

// printable writes a key for people: the name of its table or index, then its
// parts, such as device.by_serial "5CD3160ABC".
func printable(key []byte) string {
	parts, err := kv.Parts(key)
	if err != nil || len(parts) == 0 {
		return fmt.Sprintf("%x", key)
	}
	var b strings.Builder
	fmt.Fprint(&b, parts[0])
	for _, part := range parts[1:] {
		b.WriteByte(' ')
		if text, ok := part.(string); ok {
			b.WriteString(strconv.Quote(text))
		} else {
			fmt.Fprint(&b, part)
		}
	}
	return b.String()
}

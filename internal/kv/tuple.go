package kv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Tuple is a key in the making: typed parts in an encoding that sorts as the
// parts do. Parts are strings, byte strings and unsigned integers; strings sort
// before integers of the same place, shorter strings before their extensions.
//
//	kv.Key("device.by_serial").Str("5CD3160ABC")
//
// The append methods may share memory with the receiver, as append does; use
// Clone before branching.
type Tuple []byte

const (
	tagString = 0x02 // bytes with 0x00 written 0x00 0xFF, then 0x00
	tagUint   = 0x10 // 0x10 + n, then n big-endian bytes without leading zero
	escape    = 0xFF
)

// Key starts a tuple in the named table or index.
func Key(name string) Tuple {
	return make(Tuple, 0, len(name)+48).Str(name)
}

// Clone returns a copy that does not share memory and has room to grow.
func (t Tuple) Clone() Tuple { return append(make(Tuple, 0, len(t)+32), t...) }

// Str appends a string part.
func (t Tuple) Str(s string) Tuple { return append(t.Open(s), 0) }

// Open appends a string part without its end, so that the result is the common
// prefix of all keys whose part at this place begins with s. It must be the last part.
func (t Tuple) Open(s string) Tuple {
	t = append(t, tagString)
	for i := range len(s) {
		t = append(t, s[i])
		if s[i] == 0 {
			t = append(t, escape)
		}
	}
	return t
}

// Uint appends an integer part.
func (t Tuple) Uint(n uint64) Tuple {
	size := (bits.Len64(n) + 7) / 8
	t = append(t, tagUint+byte(size))
	for i := size - 1; i >= 0; i-- {
		t = append(t, byte(n>>(8*i)))
	}
	return t
}

// End is the smallest key that is greater than every key with the prefix t:
// Scan(t, t.End()) yields exactly the keys that begin with t.
func (t Tuple) End() []byte {
	end := append([]byte(nil), t...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xFF {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}

// Split cuts a key after its first part: the name of its table and the rest.
// It says false when the key does not begin with a string that is neither
// empty nor has zero bytes, or what follows cannot be a part; such a key is
// not stored.
func Split(key []byte) (table, rest []byte, ok bool) {
	end := bytes.IndexByte(key, 0)
	if end < 2 || key[0] != tagString {
		return nil, nil, false
	}
	table, rest = key[1:end], key[end+1:]
	if len(rest) > 0 && (rest[0] < tagString || rest[0] > tagUint+8) {
		return nil, nil, false
	}
	return table, rest, true
}

// checkKey refuses keys that a writer must not take.
func checkKey(key []byte) error {
	if len(key) == 0 {
		return fmt.Errorf("%w: the key is empty", ErrInvalid)
	}
	if len(key) > MaxKey {
		return fmt.Errorf("%w: the key has %d bytes, at most %d are allowed", ErrInvalid, len(key), MaxKey)
	}
	if _, _, ok := Split(key); !ok {
		return fmt.Errorf("%w: the key %x does not begin with the name of a table", ErrInvalid, key)
	}
	return nil
}

func checkValue(key, val []byte) error {
	if len(val) > MaxValue {
		return fmt.Errorf("%w: the value at %x has %d bytes, at most %d are allowed", ErrInvalid, key, len(val), MaxValue)
	}
	return nil
}

// Parts decodes a key into strings and uint64s.
func Parts(key []byte) ([]any, error) {
	var parts []any
	for r := NewPartReader(key); !r.Done(); {
		var part any
		if r.IsUint() {
			part = r.Uint()
		} else {
			part = r.Str()
		}
		if r.Err() != nil {
			return nil, r.Err()
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// PartReader reads the parts of a key one by one, without boxing them. After the
// first fault it returns zero values and keeps the error.
type PartReader struct {
	rest []byte
	err  error
}

// NewPartReader reads key from its first part on.
func NewPartReader(key []byte) *PartReader { return &PartReader{rest: key} }

// Done says whether all parts are read, or reading failed.
func (r *PartReader) Done() bool { return len(r.rest) == 0 || r.err != nil }

// Err is the first fault met.
func (r *PartReader) Err() error { return r.err }

// IsUint says whether the next part is an integer.
func (r *PartReader) IsUint() bool { return len(r.rest) > 0 && r.rest[0] >= tagUint }

// Str reads a string part.
func (r *PartReader) Str() string {
	if r.err != nil || len(r.rest) == 0 || r.rest[0] != tagString {
		return r.fail("a string")
	}
	end := bytes.IndexByte(r.rest, 0)
	if end > 0 && (end+1 == len(r.rest) || r.rest[end+1] != escape) { // nothing is escaped
		s := string(r.rest[1:end])
		r.rest = r.rest[end+1:]
		return s
	}
	var s []byte
	for i := 1; i < len(r.rest); i++ {
		switch {
		case r.rest[i] != 0:
			s = append(s, r.rest[i])
		case i+1 < len(r.rest) && r.rest[i+1] == escape:
			s = append(s, 0)
			i++
		default:
			r.rest = r.rest[i+1:]
			return string(s)
		}
	}
	return r.fail("the end of a string")
}

// Uint reads an integer part.
func (r *PartReader) Uint() uint64 {
	if r.err != nil || !r.IsUint() || r.rest[0] > tagUint+8 || len(r.rest) <= int(r.rest[0]-tagUint) {
		r.fail("an integer")
		return 0
	}
	size := int(r.rest[0] - tagUint)
	var buf [8]byte
	copy(buf[8-size:], r.rest[1:1+size])
	r.rest = r.rest[1+size:]
	return binary.BigEndian.Uint64(buf[:])
}

// Skip passes over a part of either kind.
func (r *PartReader) Skip() {
	if r.IsUint() {
		r.Uint()
		return
	}
	for i := 1; i < len(r.rest) && r.rest[0] == tagString; i++ {
		if r.rest[i] == 0 && (i+1 == len(r.rest) || r.rest[i+1] != escape) {
			r.rest = r.rest[i+1:]
			return
		}
	}
	r.fail("further part")
}

func (r *PartReader) fail(want string) string {
	if r.err == nil {
		r.err = fmt.Errorf("%w: key has no %s at %x", ErrCorrupt, want, r.rest)
	}
	return ""
}

// AppendCount encodes a counter's value.
func AppendCount(buf []byte, n int64) []byte { return binary.AppendVarint(buf, n) }

// Count decodes a counter's value; nil, an absent counter, is zero.
func Count(val []byte) (int64, error) {
	if val == nil {
		return 0, nil
	}
	n, size := binary.Varint(val)
	if size != len(val) || size <= 0 {
		return 0, fmt.Errorf("%w: %x is not a counter", ErrCorrupt, val)
	}
	return n, nil
}

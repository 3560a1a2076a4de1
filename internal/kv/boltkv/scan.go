package boltkv

import (
	"bytes"

	"go.etcd.io/bbolt"

	"github.com/takhti-edu/takhti/internal/kv"
)

// scan walks the pairs of a range, table by table; buckets sort as the keys of
// their tables do.
type scan struct {
	r      *reader
	lo, hi []byte
	names  *bbolt.Cursor // over the tables; nil before the first
	t      *table        // at hand; nil between tables
	pairs  *bbolt.Cursor // over t; nil before its first pair
	end    []byte        // what in t ends the range; nil for nothing
	keys   []byte        // room for whole keys
}

// next gives the next pair, or false at the end.
func (s *scan) next() (p kv.Pair, ok bool, err error) {
	if s.r.tx == nil {
		return p, false, errEnded
	}
	defer s.r.guard(&err)
	for s.t != nil || s.nextTable() {
		stored, sealed := s.step()
		rest := restOf(stored)
		if stored == nil || s.end != nil && bytes.Compare(rest, s.end) >= 0 {
			s.t, s.pairs = nil, nil
			continue
		}
		if rest == nil && bytes.Compare(s.t.prefix, s.lo) < 0 {
			continue // lo is the name and more, if not a part
		}
		val, err := s.r.open(s.t, stored, sealed)
		return kv.Pair{Key: s.key(rest), Val: val}, err == nil, err
	}
	return p, false, nil
}

// nextTable goes to the next table that may have keys in the range.
func (s *scan) nextTable() bool {
	for {
		name := s.nextName()
		if name == nil {
			return false
		}
		t := s.r.table(name)
		if t == nil { // not a bucket, so not written by this package
			continue
		}
		if len(s.hi) > 0 && bytes.Compare(t.prefix, s.hi) >= 0 {
			return false
		}
		if bytes.Compare(t.prefix, s.lo) < 0 && !bytes.HasPrefix(s.lo, t.prefix) {
			continue // all of it is below lo
		}
		s.t, s.end = t, nil
		if bytes.HasPrefix(s.hi, t.prefix) {
			s.end = s.hi[len(t.prefix):]
		}
		return true
	}
}

func (s *scan) nextName() []byte {
	var name []byte
	switch first, _, ok := kv.Split(s.lo); {
	case s.names != nil:
		name, _ = s.names.Next()
	case ok:
		s.names = s.r.tx.Cursor()
		name, _ = s.names.Seek(first)
	default:
		s.names = s.r.tx.Cursor()
		name, _ = s.names.First()
	}
	return name
}

func (s *scan) step() (stored, sealed []byte) {
	if s.pairs != nil {
		return s.pairs.Next()
	}
	s.pairs = s.t.bucket.Cursor()
	if rest, ok := bytes.CutPrefix(s.lo, s.t.prefix); ok && len(rest) > 0 {
		return s.pairs.Seek(rest)
	}
	return s.pairs.First()
}

// key puts a whole key together. Keys share blocks, so that a scan allocates little.
func (s *scan) key(rest []byte) []byte {
	size := len(s.t.prefix) + len(rest)
	if size > cap(s.keys)-len(s.keys) {
		s.keys = make([]byte, 0, max(size, min(max(2*cap(s.keys), 256), 32<<10)))
	}
	from := len(s.keys)
	s.keys = append(append(s.keys, s.t.prefix...), rest...)
	return s.keys[from:len(s.keys):len(s.keys)]
}

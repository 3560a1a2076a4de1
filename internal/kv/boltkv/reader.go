package boltkv

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/takhti-edu/takhti/internal/kv"
)

// reader reads within one bbolt transaction, until it is ended.
type reader struct {
	tx     *bbolt.Tx
	path   string
	names  *tableNames
	tables []*table // those opened so far: few
}

// table is an open bucket.
type table struct {
	*tableName
	bucket *bbolt.Bucket
	lookup *bbolt.Cursor // of Get, which allocates less so
}

// snapshot reads what is committed now, until its end.
func (s *Store) snapshot() (*reader, error) {
	tx, err := s.begin(false)
	if err != nil {
		return nil, err
	}
	return &reader{tx: tx, path: s.path, names: &s.names}, nil
}

// end ends the transaction; whoever still holds the reader reads nothing more.
func (r *reader) end() {
	tx := r.tx
	r.tx = nil
	_ = tx.Rollback()
}

// table opens a table, or gives nil when there is none of that name.
func (r *reader) table(name []byte) *table {
	for _, t := range r.tables {
		if t.name == string(name) {
			return t
		}
	}
	b := r.tx.Bucket(name)
	if b == nil {
		return nil
	}
	t := &table{tableName: r.names.named(name), bucket: b, lookup: b.Cursor()}
	r.tables = append(r.tables, t)
	return t
}

// Get implements [kv.Reader].
func (r *reader) Get(key []byte) (val []byte, err error) {
	if r.tx == nil {
		return nil, errEnded
	}
	name, rest, ok := kv.Split(key)
	if !ok {
		return nil, nil
	}
	defer r.guard(&err)
	t := r.table(name)
	if t == nil {
		return nil, nil
	}
	stored := storedKey(rest)
	k, sealed := t.lookup.Seek(stored)
	if !bytes.Equal(k, stored) {
		return nil, nil
	}
	return r.open(t, k, sealed)
}

// open unseals a value.
func (r *reader) open(t *table, stored, sealed []byte) ([]byte, error) {
	val, ok := unseal(t.sum, stored, sealed)
	if !ok {
		return nil, fmt.Errorf("%s: %w: %s fails its checksum", r.path, kv.ErrCorrupt, describe(t.name, stored))
	}
	return val, nil
}

// describe names a pair for people.
func describe(table string, stored []byte) string {
	parts, err := kv.Parts(restOf(stored))
	if err != nil {
		return fmt.Sprintf("the pair at %x in table %s", stored, table)
	}
	words := strings.TrimSuffix(fmt.Sprintln(parts...), "\n")
	return fmt.Sprintf("the pair %q in table %s", words, table)
}

// guard turns what bbolt panics with on a damaged page into an error.
func (r *reader) guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: %w", r.path, unreadable(p))
	}
}

func unreadable(p any) error { return damaged("a page cannot be read: %v", p) }

// Scan implements [kv.Reader].
func (r *reader) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		if r.tx == nil {
			yield(kv.Pair{}, errEnded)
			return
		}
		s := scan{r: r, lo: lo, hi: hi}
		for {
			p, ok, err := s.next()
			if err != nil {
				yield(kv.Pair{}, err)
				return
			}
			if !ok || !yield(p, nil) {
				return
			}
		}
	}
}

package table_test

import (
	"context"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/table"
)

// slate is a small record that has everything tables deal with: a unique entry
// that may be absent, plain entries, several entries in one index, counters at
// every level of a place, and a daily ledger.
type slate struct {
	ID      uint64   `cbor:"1,keyasint"`
	Version uint32   `cbor:"2,keyasint"`
	Serial  string   `cbor:"3,keyasint"`
	Tag     string   `cbor:"4,keyasint,omitempty"`
	Place   string   `cbor:"5,keyasint"` // one letter per level
	Broken  bool     `cbor:"6,keyasint,omitempty"`
	Words   []string `cbor:"7,keyasint,omitempty"`
}

// slates returns a table of its own for every test: nothing is shared.
func slates() *table.Table[slate] {
	return &table.Table[slate]{
		Name:    "slate",
		Codec:   table.CBOR[slate](),
		Key:     func(s *slate) uint64 { return s.ID },
		Version: func(s *slate) *uint32 { return &s.Version },
		Indexes: []table.Index[slate]{
			{Name: "by_serial", Parts: "serial", Unique: true, Of: func(s *slate, key kv.Tuple, emit func(kv.Tuple)) {
				emit(key.Str(s.Serial))
			}},
			{Name: "by_tag", Parts: "tag, when there is one", Unique: true, Of: func(s *slate, key kv.Tuple, emit func(kv.Tuple)) {
				if s.Tag != "" {
					emit(key.Str(s.Tag))
				}
			}},
			{Name: "by_place", Parts: "place, broken", Of: func(s *slate, key kv.Tuple, emit func(kv.Tuple)) {
				emit(key.Str(s.Place).Uint(flag(s.Broken)))
			}},
			{Name: "by_word", Parts: "each word", Of: func(s *slate, key kv.Tuple, emit func(kv.Tuple)) {
				for _, word := range s.Words {
					emit(key.Str(word))
				}
			}},
		},
		Counts: []table.Count[slate]{
			{Name: "words", Scope: "word", Dims: "none", Of: func(s *slate, emit func(scope, dims kv.Tuple)) {
				for _, word := range s.Words {
					emit(kv.Tuple(nil).Str(word), nil)
				}
			}},
			{Name: "broken_at", Scope: "depth, place at each level", Dims: "broken", Daily: true, Of: eachLevel},
		},
	}
}

func eachLevel(s *slate, emit func(scope, dims kv.Tuple)) {
	var scope, dims [16]byte
	for depth := range len(s.Place) {
		emit(kv.Tuple(scope[:0]).Uint(uint64(depth+1)).Str(s.Place[:depth+1]), kv.Tuple(dims[:0]).Uint(flag(s.Broken)))
	}
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// register is a table in a store of its own.
type register struct {
	tester
	*table.Table[slate]
	store kv.Store
}

// tester is what the steps below need of a test, be it random or not.
type tester interface {
	Helper()
	Fatal(args ...any)
}

func newRegister(t tester) register { return register{t, slates(), memkv.New()} }

func (r register) update(fn func(w kv.Writer) error) error {
	return r.store.Update(context.Background(), fn)
}

func (r register) view(fn func(kv.Reader) error) {
	r.Helper()
	if err := r.store.View(context.Background(), fn); err != nil {
		r.Fatal(err)
	}
}

// put stores a slate, with a new ID where it has none, and must succeed.
func (r register) put(day uint64, s slate) slate {
	r.Helper()
	s, _, err := r.tryPut(day, s)
	if err != nil {
		r.Fatal(err)
	}
	return s
}

func (r register) tryPut(day uint64, s slate) (slate, table.Written, error) {
	var done table.Written
	err := r.update(func(w kv.Writer) (err error) {
		if s.ID == 0 {
			if s.ID, err = r.NextID(w); err != nil {
				return err
			}
			done, err = r.Add(w, day, &s)
			return err
		}
		done, err = r.Put(w, day, &s)
		return err
	})
	return s, done, err
}

func (r register) delete(day, id uint64) table.Written {
	r.Helper()
	var done table.Written
	err := r.update(func(w kv.Writer) (err error) {
		done, err = r.Delete(w, day, id)
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
	return done
}

// count is the counter at a tuple.
func (r register) count(key kv.Tuple) (n int64) {
	r.Helper()
	r.view(func(rd kv.Reader) error {
		val, err := rd.Get(key)
		if err == nil {
			n, err = kv.Count(val)
		}
		return err
	})
	return n
}

// idsUnder lists the IDs of the entries that begin with a tuple.
func (r register) idsUnder(key kv.Tuple) (ids []uint64) {
	r.Helper()
	r.view(func(rd kv.Reader) error {
		for id, err := range r.IDs(rd, key, key.End()) {
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids
}

// damage writes past the table.
func (r register) damage(fn func(w kv.Writer) error) {
	r.Helper()
	if err := r.update(fn); err != nil {
		r.Fatal(err)
	}
}

// verify lists what Verify finds.
func (r register) verify() (found []string) {
	r.Helper()
	r.view(func(rd kv.Reader) error {
		for f, err := range r.Verify(rd) {
			if err != nil {
				return err
			}
			found = append(found, f.String())
		}
		return nil
	})
	return found
}

// contents is everything in the store.
func (r register) contents() map[string]string {
	r.Helper()
	all := map[string]string{}
	r.view(func(rd kv.Reader) error {
		for p, err := range rd.Scan(nil, nil) {
			if err != nil {
				return err
			}
			all[string(p.Key)] = string(p.Val)
		}
		return nil
	})
	return all
}

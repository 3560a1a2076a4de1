package registry

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// tester is a test, or a round of a property's.
type tester interface {
	Context() context.Context
	Fatal(args ...any)
}

// grown is a journal of so many acts, and the hashes of a tree over them that the
// library keeps for itself.
func grown(t tester, store kv.Store, size uint64) tlog.HashReaderFunc {
	var plain []tlog.Hash
	all := tlog.HashReaderFunc(func(indexes []int64) (list []tlog.Hash, _ error) {
		for _, i := range indexes {
			list = append(list, plain[i])
		}
		return list, nil
	})
	err := store.Update(t.Context(), func(w kv.Writer) error {
		j, err := readTail(w)
		if err != nil {
			return err
		}
		for range size {
			seq, err := j.append(w, Entry{Change: "test", ID: j.seq})
			if err != nil {
				return err
			}
			data, err := w.Get(journalKey(seq))
			if err != nil {
				return err
			}
			salt, err := j.salt.read(w, seq)
			if err != nil {
				return err
			}
			var e Entry
			s, _ := e.split(data)
			digest := sha256.Sum256(append(salt[:], s.details...))
			more, err := tlog.StoredHashes(int64(seq-1), append(append([]byte(nil), s.header...), digest[:]...), all)
			if err != nil {
				return err
			}
			plain = append(plain, more...)
		}
		return j.write(w)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The tree is the one of RFC 6962, and what is not stored is worked out rightly.
func TestTheTreeIsTheStandardOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		store := memkv.New()
		size := rapid.Uint64Range(1, 700).Draw(rt, "size")
		plain := grown(rt, store, size)
		err := store.View(rt.Context(), func(r kv.Reader) error {
			tree, err := readTree(r)
			if err != nil {
				return err
			}
			at := int64(rapid.Uint64Range(1, size).Draw(rt, "at"))
			n := rapid.Int64Range(0, at-1).Draw(rt, "entry")
			want, err := tlog.TreeHash(at, plain)
			if err != nil {
				return err
			}
			got, err := tree.rootAt(uint64(at))
			if err != nil || got != want {
				rt.Fatalf("the root over %d of %d entries is %s, want %s: %v", at, size, got, want, err)
			}
			proof, err := tlog.ProveRecord(at, n, tree)
			if err != nil {
				return err
			}
			leaf, err := tree.leaf(uint64(n))
			if err != nil {
				return err
			}
			return tlog.CheckRecord(proof, at, got, n, leaf)
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}

// To return to an earlier state of the tail and go on otherwise must leave nothing
// of what was tried.
func TestATailCanBeReturnedTo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := kv.NewOverlay(emptyReader{})
		j, err := readTail(w)
		if err != nil {
			rt.Fatal(err)
		}
		add := func(n int, what uint64) {
			for range n {
				if _, err := j.append(w, Entry{Change: "test", ID: what}); err != nil {
					rt.Fatal(err)
				}
			}
		}
		for round := range rapid.Uint64Range(1, 12).Draw(rt, "rounds") {
			add(rapid.IntRange(0, 40).Draw(rt, "before"), round)
			mark, tail := w.Savepoint(), j
			add(rapid.IntRange(0, 300).Draw(rt, "tried"), 1000+round)
			if rapid.Bool().Draw(rt, "taken back") {
				w.Rollback(mark)
				j = tail
			}
			w.Release(mark)
		}
		if err := j.write(w); err != nil {
			rt.Fatal(err)
		}
		v := &verification{r: w, newest: map[recordID]uint64{}, erased: erasures{}}
		for f, err := range v.journal() {
			rt.Fatalf("%v %v", f, err)
		}
	})
}

// emptyReader is an empty store.
type emptyReader struct{}

func (emptyReader) Get([]byte) ([]byte, error) { return nil, nil }

func (emptyReader) Scan(_, _ []byte) iter.Seq2[kv.Pair, error] {
	return func(func(kv.Pair, error) bool) {}
}

func TestAnEdgeOfTheWrongSizeIsRefused(t *testing.T) {
	store := memkv.New()
	grown(t, store, 300)
	err := store.Update(t.Context(), func(w kv.Writer) error {
		data, err := w.Get(edgeKey())
		if err != nil {
			return err
		}
		return w.Put(edgeKey(), append(binary.BigEndian.AppendUint64(nil, 301), data[8:]...))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = store.View(t.Context(), func(r kv.Reader) error { _, err := readTail(r); return err })
	if err == nil {
		t.Error("it was read")
	}
}

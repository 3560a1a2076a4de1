package table_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// fuse lets so many operations of a store through and fails the next ones.
type fuse struct{ left int }

func (f *fuse) blow() error {
	if f.left--; f.left < 0 {
		return errBroken
	}
	return nil
}

// fused is a store, and within transactions a writer, behind a fuse.
type fused struct {
	kv.Store
	kv.Writer
	*fuse
}

func (f fused) View(ctx context.Context, fn func(kv.Reader) error) error {
	return f.Store.View(ctx, func(r kv.Reader) error { return fn(fused{Writer: kv.NewOverlay(r), fuse: f.fuse}) })
}

func (f fused) Update(ctx context.Context, fn func(kv.Writer) error) error {
	return f.Store.Update(ctx, func(w kv.Writer) error { return fn(fused{Writer: w, fuse: f.fuse}) })
}

func (f fused) Get(key []byte) ([]byte, error) {
	if err := f.blow(); err != nil {
		return nil, err
	}
	return f.Writer.Get(key)
}

func (f fused) Scan(lo, hi []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		for p, err := range f.Writer.Scan(lo, hi) {
			if broken := f.blow(); broken != nil {
				yield(kv.Pair{}, broken)
				return
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

func (f fused) Put(key, val []byte) error { return errors.Join(f.blow(), f.Writer.Put(key, val)) }
func (f fused) Delete(key []byte) error   { return errors.Join(f.blow(), f.Writer.Delete(key)) }
func (f fused) Add(key []byte, n int64) error {
	return errors.Join(f.blow(), f.Writer.Add(key, n))
}

// Whichever operation of the store fails, the caller hears of it.
func TestNoFailureIsSwallowed(t *testing.T) {
	var r register
	var journal []table.DayChange
	ctx := context.Background()
	drain := func(found iter.Seq2[table.Finding, error]) error {
		for _, err := range found {
			if err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range []struct {
		what string
		run  func(s fused) error
	}{
		{"NextID", func(s fused) error {
			return s.Update(ctx, func(w kv.Writer) error {
				_, err := r.NextID(w)
				return err
			})
		}},
		{"Put", func(s fused) error {
			return s.Update(ctx, func(w kv.Writer) error {
				_, err := r.Put(w, 9, &slate{ID: 99, Serial: "new", Tag: "T4", Place: "PK", Words: []string{"new"}})
				return err
			})
		}},
		{"Put of a change", func(s fused) error {
			return s.Update(ctx, func(w kv.Writer) error {
				_, err := r.Put(w, 9, &slate{ID: 2, Serial: "new", Tag: "T9", Place: "PL", Words: []string{"new"}})
				return err
			})
		}},
		{"Delete", func(s fused) error {
			return s.Update(ctx, func(w kv.Writer) error {
				_, err := r.Delete(w, 9, 2)
				return err
			})
		}},
		{"Get", func(s fused) error {
			return s.View(ctx, func(rd kv.Reader) error {
				_, _, err := r.Get(rd, 2)
				return err
			})
		}},
		{"Lookup", func(s fused) error {
			return s.View(ctx, func(rd kv.Reader) error {
				_, _, err := r.Lookup(rd, r.Index("by_serial").Str("S1"))
				return err
			})
		}},
		{"Verify", func(s fused) error {
			return s.View(ctx, func(rd kv.Reader) error { return drain(r.Verify(rd)) })
		}},
		{"VerifyLedger", func(s fused) error {
			return s.View(ctx, func(rd kv.Reader) error { return drain(r.VerifyLedger(rd, each(journal))) })
		}},
		{"Rebuild", func(s fused) error { return r.rebuild(s, journal, 7) }},
	} {
		t.Run(c.what, func(t *testing.T) {
			failures := 0
			for ; ; failures++ {
				r, journal = manySlates(t, 12)
				r.damage(func(w kv.Writer) error { return w.Put(r.Index("by_word").Str("red").Uint(3), nil) })
				err := c.run(fused{Store: r.store, fuse: &fuse{failures}})
				if err == nil {
					break
				}
				if !errors.Is(err, errBroken) {
					t.Fatalf("after %d operations: %v", failures, err)
				}
			}
			if failures == 0 {
				t.Error("never failed")
			}
		})
	}
}

func TestARecordThatCannotBeEncodedIsNamed(t *testing.T) {
	r := newRegister(t)
	stored := r.put(1, slate{Serial: "S1"})
	r.Codec.Append = func(buf []byte, _ *slate) ([]byte, error) { return buf, errBroken }
	for _, s := range []slate{stored, {ID: 1, Serial: "S2"}} {
		if _, _, err := r.tryPut(1, s); err == nil || err.Error() != "slate 1 cannot be encoded: broken" {
			t.Errorf("Put = %v", err)
		}
	}
}

package table_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/kvtest"
	"github.com/takhti-edu/takhti/internal/table"
)

// manySlates puts n slates, of which it deletes every fifth again. It returns the
// journal, too.
func manySlates(t *testing.T, n int) (register, []table.DayChange) {
	r := newRegister(t)
	var journal []table.DayChange
	for i := range n {
		s, done, err := r.tryPut(uint64(i/10), slate{Serial: fmt.Sprint("S", i), Place: "PKQ"[:1+i%3], Words: []string{"new", "new"}[:i%3]})
		if err != nil {
			t.Fatal(err)
		}
		journal = append(journal, table.DayChange{Day: uint64(i / 10), Before: done.Before, After: done.After})
		if i%5 == 0 {
			done := r.delete(9, s.ID)
			journal = append(journal, table.DayChange{Day: 9, Before: done.Before, After: done.After})
		}
	}
	return r, journal
}

// wipe removes all that is derived.
func (r register) wipe() {
	r.Helper()
	all := r.contents()
	r.damage(func(w kv.Writer) error {
		for key := range all {
			if name, _, _ := kv.Split([]byte(key)); string(name) != "slate" && string(name) != "seq" {
				if err := w.Delete([]byte(key)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (r register) rebuild(store kv.Store, journal []table.DayChange, step int) error {
	ctx := context.Background()
	err := r.RebuildInSteps(ctx, store, step)
	if err != nil {
		return err
	}
	return r.RebuildLedgerInSteps(ctx, store, func(kv.Reader) iter.Seq2[table.DayChange, error] { return each(journal) }, step)
}

func TestRebuildRestoresEveryByte(t *testing.T) {
	r, journal := manySlates(t, 40)
	want := r.contents()
	for _, step := range []int{1, 3, 32, 1000} {
		r.wipe()
		if len(r.contents()) == len(want) {
			t.Fatal("nothing was wiped")
		}
		r.damage(func(w kv.Writer) error { // and what does not belong
			return errors.Join(
				w.Put(kv.Key("slate.by_serial").Str("S99"), []byte{3}),
				w.Add(kv.Key("slate.words").Str("old"), 7),
				w.Add(kv.Key("slate.broken_at.daily").Uint(1).Str("P").Uint(3).Uint(0), 7))
		})
		if err := r.rebuild(kvtest.Twice(r.store), journal, step); err != nil {
			t.Fatal(err)
		}
		if got := r.contents(); !maps.Equal(got, want) {
			t.Errorf("in steps of %d: %d keys, want %d; or other values", step, len(got), len(want))
		}
	}
}

func TestRebuildMayBeRunAgainAfterACrash(t *testing.T) {
	r, journal := manySlates(t, 40)
	want := r.contents()
	crashes := 0
	for left := 0; ; left++ {
		err := r.rebuild(&mortal{r.store, left}, journal, 7)
		if err == nil {
			break
		}
		if !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		crashes++
		if left%5 == 0 { // after others it crashes again, further on
			if err := r.rebuild(r.store, journal, 7); err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(r.contents(), want) {
				t.Fatalf("after a crash in transaction %d the second run restored something else", left+1)
			}
		}
	}
	if crashes < 20 || !maps.Equal(r.contents(), want) {
		t.Errorf("%d crashes; all restored: %v", crashes, maps.Equal(r.contents(), want))
	}
}

// mortal is a store that commits so many times and then no more.
type mortal struct {
	kv.Store
	left int
}

func (m *mortal) Update(ctx context.Context, fn func(kv.Writer) error) error {
	if m.left--; m.left < 0 {
		return errBroken
	}
	return m.Store.Update(ctx, fn)
}

// So that a large ledger needs little memory, the journal is read several times.
func TestRebuildLedgerHoldsFewSumsAtATime(t *testing.T) {
	r, journal := manySlates(t, 40)
	for _, c := range []struct{ sums, passes int }{{1000, 1}, {9, 2}, {1, 24}} {
		passes := 0
		err := r.RebuildLedgerInSteps(t.Context(), r.store, func(kv.Reader) iter.Seq2[table.DayChange, error] {
			passes++
			return each(journal)
		}, c.sums)
		if err != nil || passes < c.passes || c.passes == 1 && passes > 1 {
			t.Errorf("with %d sums: %d passes, %v; want about %d", c.sums, passes, err, c.passes)
		}
	}
}

func TestRebuildRaisesTheSequence(t *testing.T) {
	r := threeSlates(t)
	r.damage(func(w kv.Writer) error { return w.Add(kv.Key("seq").Str("slate"), -2) })
	if err := r.Rebuild(context.Background(), r.store); err != nil {
		t.Fatal(err)
	}
	if found := r.verify(); found != nil {
		t.Errorf("found %q", found)
	}
	if next := r.put(1, slate{Serial: "S4"}); next.ID != 4 {
		t.Errorf("the next ID is %d, want 4", next.ID)
	}
}

func TestRebuildRefusesWhatCannotBe(t *testing.T) {
	r := threeSlates(t)
	r.damage(func(w kv.Writer) error { return record(w, slate{ID: 3, Version: 1, Serial: "S1"}) })
	var taken *table.TakenError
	if err := r.Rebuild(context.Background(), r.store); !errors.As(err, &taken) || taken.By != 1 {
		t.Errorf("two records with one serial: %v", err)
	}
	r.damage(func(w kv.Writer) error { return w.Put(kv.Key("slate").Uint(2), []byte("?")) })
	if err := r.Rebuild(context.Background(), r.store); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("an unreadable record: %v", err)
	}
	err := r.RebuildLedger(context.Background(), r.store, func(kv.Reader) iter.Seq2[table.DayChange, error] {
		return func(yield func(table.DayChange, error) bool) { yield(table.DayChange{}, errBroken) }
	})
	if !errors.Is(err, errBroken) {
		t.Errorf("a journal that fails: %v", err)
	}
}

package kv_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// onStore runs fn on an overlay over the pairs a=1, b=1 and the counters n=5, m=5.
func onStore(t *testing.T, fn func(o *kv.Overlay)) {
	t.Helper()
	s := memkv.New()
	err := s.Update(t.Context(), func(w kv.Writer) error {
		return errors.Join(
			w.Put(kv.Key("a"), []byte("1")), w.Put(kv.Key("b"), []byte("1")),
			w.Add(kv.Key("m"), 5), w.Add(kv.Key("n"), 5))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(r kv.Reader) error { fn(kv.NewOverlay(r)); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func show(op kv.Op) string {
	table, _, _ := kv.Split(op.Key)
	switch op.Kind {
	case kv.OpPut:
		return fmt.Sprintf("%s=%s", table, op.Val)
	case kv.OpDelete:
		return fmt.Sprintf("-%s", table)
	case kv.OpAdd:
		return fmt.Sprintf("%s%+d", table, op.N)
	}
	return fmt.Sprintf("%s has the unknown kind %d", table, op.Kind)
}

func wantOps(t *testing.T, o *kv.Overlay, want string) {
	t.Helper()
	var got []string
	for op := range o.Ops() {
		got = append(got, show(op))
	}
	if strings.Join(got, " ") != want {
		t.Errorf("operations %q, want %q", got, want)
	}
	if (o.Len() == 0) != (len(got) == 0) || o.Len() < len(got) {
		t.Errorf("Len is %d for %d operations", o.Len(), len(got))
	}
}

func wantWrites(t *testing.T, o *kv.Overlay, want string) {
	t.Helper()
	var got []string
	for op, err := range o.Writes() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, show(op))
	}
	if strings.Join(got, " ") != want {
		t.Errorf("writes %q, want %q", got, want)
	}
}

func TestOverlayYieldsItsNetEffectInOrder(t *testing.T) {
	onStore(t, func(o *kv.Overlay) {
		wantOps(t, o, "")
		err := errors.Join(
			o.Add(kv.Key("n"), 2), o.Put(kv.Key("z"), []byte("2")), o.Delete(kv.Key("b")),
			o.Put(kv.Key("a"), []byte("2")), o.Put(kv.Key("a"), []byte("3")), o.Add(kv.Key("m"), -5),
			o.Add(kv.Key("n"), 1), o.Add(kv.Key("c"), 1), o.Add(kv.Key("c"), -1))
		if err != nil {
			t.Fatal(err)
		}
		wantOps(t, o, "a=3 -b m-5 n+3 z=2")
		wantWrites(t, o, "a=3 -b -m n=\x10 z=2")
	})
}

func TestOverlayCountersOnTopOfWrites(t *testing.T) {
	onStore(t, func(o *kv.Overlay) {
		err := errors.Join(
			o.Delete(kv.Key("n")), o.Add(kv.Key("n"), 3),
			o.Put(kv.Key("m"), kv.AppendCount(nil, 4)), o.Add(kv.Key("m"), -4),
			o.Add(kv.Key("c"), 2), o.Put(kv.Key("c"), []byte("put")))
		if err != nil {
			t.Fatal(err)
		}
		wantOps(t, o, "c=put -m n=\x06")
	})
}

func TestOverlayRollbackLeavesNothing(t *testing.T) {
	onStore(t, func(o *kv.Overlay) {
		start := o.Savepoint()
		err := errors.Join(
			o.Put(kv.Key("a"), []byte("2")), o.Delete(kv.Key("b")), o.Add(kv.Key("n"), 1),
			o.Put(kv.Key("n"), []byte("put")), o.Add(kv.Key("c"), 1), o.Delete(kv.Key("c")))
		if err != nil {
			t.Fatal(err)
		}
		o.Rollback(start)
		wantOps(t, o, "")
		if o.Len() != 0 {
			t.Errorf("Len is %d after the rollback", o.Len())
		}
	})
}

func TestOverlayRefusesASavepointThatIsGone(t *testing.T) {
	onStore(t, func(o *kv.Overlay) {
		first, second := o.Savepoint(), o.Savepoint()
		o.Rollback(first)
		defer func() {
			if got := fmt.Sprint(recover()); !strings.Contains(got, "savepoint 2 is not there") {
				t.Errorf("rolling back to a discarded savepoint: %s", got)
			}
		}()
		o.Rollback(second)
	})
}

// TestOverlayFlushesIntoAnother: a change that runs on an overlay of its own
// has the same effect as one that runs on the batch's.
func TestOverlayFlushesIntoAnother(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		write := drawWrites(rt)
		onStore(t, func(direct *kv.Overlay) {
			onStore(t, func(batch *kv.Overlay) {
				for _, part := range write {
					child := kv.NewOverlay(batch)
					if err := errors.Join(part(child), part(direct), child.Flush(batch)); err != nil {
						rt.Fatal(err)
					}
				}
				got, want := contents(rt, batch), contents(rt, direct)
				if !slices.Equal(got, want) {
					rt.Fatalf("through children %q, directly %q", got, want)
				}
			})
		})
	})
}

func drawWrites(rt *rapid.T) []func(kv.Writer) error {
	one := rapid.Custom(func(rt *rapid.T) func(kv.Writer) error {
		k := kv.Key(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "key"))
		count := kv.Key(rapid.SampledFrom([]string{"l", "m", "n"}).Draw(rt, "counter"))
		n := rapid.Int64Range(-6, 6).Draw(rt, "n")
		switch rapid.IntRange(1, 4).Draw(rt, "what") {
		case 1:
			return func(w kv.Writer) error { return w.Put(k, fmt.Append(nil, n)) }
		case 2:
			return func(w kv.Writer) error { return w.Delete(k) }
		case 3:
			return func(w kv.Writer) error { return w.Delete(count) }
		default:
			return func(w kv.Writer) error { return w.Add(count, n) }
		}
	})
	parts := rapid.SliceOfN(rapid.SliceOfN(one, 1, 5), 1, 4).Draw(rt, "writes")
	var all []func(kv.Writer) error
	for _, part := range parts {
		all = append(all, func(w kv.Writer) error {
			for _, write := range part {
				if err := write(w); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all
}

func contents(rt *rapid.T, r kv.Reader) []string {
	var got []string
	for p, err := range r.Scan(nil, nil) {
		if err != nil {
			rt.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%x=%x", p.Key, p.Val))
	}
	return got
}

// broken is a base whose reads fail.
type broken struct{}

var errDisk = errors.New("the disk is gone")

func (broken) Get([]byte) ([]byte, error) { return nil, errDisk }

func (broken) Scan(_, _ []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) { yield(kv.Pair{}, errDisk) }
}

func TestOverlayHandsOnTheErrorsOfItsBase(t *testing.T) {
	o := kv.NewOverlay(broken{})
	if err := errors.Join(o.Add(kv.Key("n"), 1), o.Put(kv.Key("a"), nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Get(kv.Key("n")); !errors.Is(err, errDisk) {
		t.Errorf("get gives %v", err)
	}
	for name, seq := range map[string]func() error{
		"scan":   func() error { return lastError(o.Scan(nil, nil)) },
		"writes": func() error { return lastError(o.Writes()) },
	} {
		if err := seq(); !errors.Is(err, errDisk) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}

func lastError[T any](seq iter.Seq2[T, error]) error {
	var last error
	for _, err := range seq {
		last = err
	}
	return last
}

func TestOverlayKnowsAboutHowMuchItHolds(t *testing.T) {
	onStore(t, func(o *kv.Overlay) {
		for i := range 1000 {
			if err := o.Put(kv.Key("t").Uint(uint64(i)), make([]byte, 50)); err != nil {
				t.Fatal(err)
			}
		}
		if o.Len() != 1000 || o.Bytes() < 50_000 || o.Bytes() > 60_000 {
			t.Errorf("1000 pairs of 50 to 60 bytes: Len %d, Bytes %d", o.Len(), o.Bytes())
		}
	})
}

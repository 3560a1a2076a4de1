package kvtest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
)

func testOwnWrites(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error { return put(w, "a", "1", "c", "1", "e", "1") })
	update(t, s, func(w kv.Writer) error {
		if err := put(w, "b", "2", "c", "2", "d", "2"); err != nil {
			return err
		}
		for _, k := range []string{"d", "e"} {
			if err := w.Delete(key("t", k)); err != nil {
				return err
			}
			if val, err := w.Get(key("t", k)); val != nil || err != nil {
				t.Errorf("get of the deleted %s = %q, %v", k, val, err)
			}
		}
		if val, err := w.Get(key("t", "c")); string(val) != "2" || err != nil {
			t.Errorf("get of the overwritten c = %q, %v", val, err)
		}
		wantAll(t, w, "t/a=1", "t/b=2", "t/c=2")
		return put(w, "e", "3")
	})
	wantStored(t, s, "t/a=1", "t/b=2", "t/c=2", "t/e=3")
}

func testWriteInScan(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error { return put(w, "a", "1", "c", "1") })
	update(t, s, func(w kv.Writer) error {
		if err := put(w, "b", "2"); err != nil {
			return err
		}
		var seen []string
		for p, err := range w.Scan(nil, nil) {
			if err != nil {
				return err
			}
			seen = append(seen, name(p.Key))
			if err := w.Delete(p.Key); err != nil {
				return err
			}
			if err := w.Put(append(p.Key[:len(p.Key):len(p.Key)], kv.Tuple{}.Str("moved")...), p.Val); err != nil {
				return err
			}
		}
		if !slices.Equal(seen, []string{"t/a", "t/b", "t/c"}) {
			t.Errorf("a scan that moves what it sees saw %q", seen)
		}
		return nil
	})
	wantStored(t, s, "t/a/moved=1", "t/b/moved=2", "t/c/moved=1")
}

// testScanInScan writes new keys between those that a loop walks, and scans them
// before the loop goes on: it must neither stumble over them nor visit them.
func testScanInScan(t *testing.T, s kv.Store) {
	const n = 300
	update(t, s, func(w kv.Writer) error {
		for i := range n {
			if err := w.Put(key("t", i, 0), nil); err != nil {
				return err
			}
		}
		seen := 0
		for p, err := range w.Scan(nil, nil) {
			if want := name(key("t", seen, 0)); err != nil || name(p.Key) != want {
				t.Fatalf("pair %d of the outer loop is %s (%v), want %s", seen, name(p.Key), err, want)
			}
			seen++
			if err := w.Put(key("t", n-seen, 1), nil); err != nil {
				return err
			}
			inner, err := list(w, nil, nil)
			if err != nil || len(inner) != n+seen {
				t.Fatalf("an inner loop saw %d pairs (%v), want %d", len(inner), err, n+seen)
			}
		}
		return nil
	})
}

func testFailedUpdate(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error { return put(w, "a", "1") })
	oops := errors.New("oops")
	err := s.Update(t.Context(), func(w kv.Writer) error {
		if err := put(w, "a", "2", "b", "2"); err != nil {
			return err
		}
		if err := w.Add(key("n"), 1); err != nil {
			return err
		}
		return oops
	})
	if !errors.Is(err, oops) {
		t.Errorf("update gives %v, want the error of its function", err)
	}
	if err := s.View(t.Context(), func(kv.Reader) error { return oops }); !errors.Is(err, oops) {
		t.Errorf("view gives %v, want the error of its function", err)
	}
	wantStored(t, s, "t/a=1")
}

func testPanic(t *testing.T, s kv.Store) {
	for _, run := range []func(){
		func() { _ = s.Update(t.Context(), func(w kv.Writer) error { _ = put(w, "a", "1"); panic("oops") }) },
		func() { _ = s.View(t.Context(), func(kv.Reader) error { panic("oops") }) },
	} {
		func() {
			defer func() {
				if got := recover(); got != "oops" {
					t.Errorf("the panic arrived as %v", got)
				}
			}()
			run()
		}()
	}
	update(t, s, func(w kv.Writer) error { return put(w, "b", "1") })
	wantStored(t, s, "t/b=1")
}

func testSavepoints(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error { return errors.Join(put(w, "a", "1", "b", "1"), w.Add(key("n"), 5)) })
	update(t, s, func(w kv.Writer) error {
		_ = put(w, "c", "2")
		outer := w.Savepoint()
		_ = errors.Join(put(w, "a", "3", "c", "3", "d", "3"), w.Delete(key("t", "b")), w.Add(key("n"), 2), w.Add(key("m"), 2))
		inner := w.Savepoint()
		_ = errors.Join(put(w, "b", "4", "d", "4"), w.Delete(key("t", "a")), w.Add(key("n"), 3), w.Add(key("n"), 3), w.Add(key("m"), -2))
		w.Rollback(inner)
		wantCount(t, w, key("n"), 7)
		wantCount(t, w, key("m"), 2)
		_ = w.Delete(key("n"))
		w.Rollback(inner)
		_ = w.Delete(key("m"))
		wantCount(t, w, key("n"), 7)
		if got, err := list(w, key("t"), nil); err != nil || !slices.Equal(got, []string{"t/a=3", "t/c=3", "t/d=3"}) {
			t.Errorf("after the inner rollback: %q, %v", got, err)
		}
		w.Rollback(outer)
		wantCount(t, w, key("n"), 5)
		wantCount(t, w, key("m"), 0)
		inner = w.Savepoint()
		_ = errors.Join(put(w, "a", "6"), w.Add(key("n"), 9))
		w.Release(inner)
		w.Rollback(outer)
		w.Release(outer)
		_ = errors.Join(w.Add(key("n"), -4), put(w, "z", "5"))
		return nil
	})
	view(t, s, func(r kv.Reader) error { wantCount(t, r, key("n"), 1); return nil })
	wantStored(t, s, "n=\x02", "t/a=1", "t/b=1", "t/c=2", "t/z=5")
}

func testCounters(t *testing.T, s kv.Store) {
	a, b := key("n", "a"), key("n", "b")
	steps := []struct{ addA, addB, wantA, wantB int64 }{
		{1, -1, 1, -1}, {0, 1, 1, 0}, {1 << 40, 0, 1<<40 + 1, 0}, {-1 << 40, 7, 1, 7}, {-1, -7, 0, 0}, {3, 0, 3, 0},
	}
	for _, step := range steps {
		update(t, s, func(w kv.Writer) error {
			if err := errors.Join(w.Add(a, step.addA-1), w.Add(b, step.addB), w.Add(a, 1)); err != nil {
				return err
			}
			wantCount(t, w, a, step.wantA)
			wantCount(t, w, b, step.wantB)
			return nil
		})
		view(t, s, func(r kv.Reader) error {
			wantCount(t, r, a, step.wantA)
			wantCount(t, r, b, step.wantB)
			return nil
		})
	}
	wantStored(t, s, "n/a=\x06")
}

func testMixed(t *testing.T, s kv.Store) {
	n, m := key("n"), key("t", "m")
	update(t, s, func(w kv.Writer) error {
		return errors.Join(w.Put(n, kv.AppendCount(nil, 40)), w.Add(n, 2), put(w, "m", "text"))
	})
	update(t, s, func(w kv.Writer) error {
		wantCount(t, w, n, 42)
		if err := errors.Join(w.Delete(n), w.Add(n, 3)); err != nil {
			return err
		}
		wantCount(t, w, n, 3)
		wantAll(t, w, "n=\x06", "t/m=text")
		return nil
	})
	wantStored(t, s, "n=\x06", "t/m=text")
	update(t, s, func(w kv.Writer) error { return errors.Join(w.Add(n, 9), w.Put(n, kv.AppendCount(nil, 1))) })
	wantStored(t, s, "n=\x02", "t/m=text")
	update(t, s, func(w kv.Writer) error { return errors.Join(w.Add(n, 9), w.Delete(n), w.Add(n, 0)) })
	wantStored(t, s, "t/m=text")
	err := s.Update(t.Context(), func(w kv.Writer) error { return w.Add(m, 1) })
	if !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("adding to a text gives %v, want ErrCorrupt", err)
	}
}

func testConcurrentAdds(t *testing.T, s kv.Store) {
	const writers, rounds = 8, 25
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for range rounds {
				err := s.Update(t.Context(), func(w kv.Writer) error {
					return errors.Join(w.Add(key("n"), 1), w.Add(key("n", i), 2))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	view(t, s, func(r kv.Reader) error {
		wantCount(t, r, key("n"), writers*rounds)
		for i := range writers {
			wantCount(t, r, key("n", i), 2*rounds)
		}
		return nil
	})
}

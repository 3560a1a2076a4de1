package kvtest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
)

func testOrder(t *testing.T, s kv.Store) {
	want := [][]byte{
		key("a"), key("a", ""), key("a", "\x00"), key("a", "\x00b"), key("a", "b"), key("a", "b", 0), key("a", "b", 255),
		key("a", "b", 256), key("a", "ba"), key("a", 0), key("a", 1), key("a", 1<<30), key("a.by_b", 1), key("ab", 1), key("b"),
	}
	update(t, s, func(w kv.Writer) error {
		for i := range want {
			k := want[(i*7)%len(want)] // 7 and 15 have no common factor: all keys, shuffled
			if err := w.Put(k, []byte(name(k))); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(r kv.Reader) error {
		var got [][]byte
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			if string(p.Val) != name(p.Key) {
				t.Errorf("%s has the value %q", name(p.Key), p.Val)
			}
			got = append(got, p.Key)
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("scanned %x\nwant %x", got, want)
		}
		return nil
	})
}

func testBounds(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error {
		for _, k := range [][]byte{
			key("a", 1), key("a", 2), key("b"), key("b", 1), key("b", 2), key("c", 1),
		} {
			if err := w.Put(k, nil); err != nil {
				return err
			}
		}
		return nil
	})
	tests := []struct {
		lo, hi []byte
		want   []string
	}{
		{nil, nil, []string{"a/1=", "a/2=", "b=", "b/1=", "b/2=", "c/1="}},
		{key("a", 2), nil, []string{"a/2=", "b=", "b/1=", "b/2=", "c/1="}},
		{nil, key("b", 1), []string{"a/1=", "a/2=", "b="}},
		{key("a", 2), key("c", 1), []string{"a/2=", "b=", "b/1=", "b/2="}},
		{key("b"), kv.Key("b").End(), []string{"b=", "b/1=", "b/2="}},
		{key("b", 1), key("b", 2), []string{"b/1="}},
		{key("b", 1), key("b", 1), nil},
		{key("b", 2), key("b", 1), nil},
		{key("aa"), key("b"), nil},
		{key("aa"), key("bb"), []string{"b=", "b/1=", "b/2="}},
		{key("d"), nil, nil},
		{[]byte{0}, []byte{1}, nil},
		{[]byte{0}, []byte{0xFF}, []string{"a/1=", "a/2=", "b=", "b/1=", "b/2=", "c/1="}},
		{kv.Tuple{}.Open("b"), kv.Tuple{}.Open("b").End(), []string{"b=", "b/1=", "b/2="}},
		{[]byte{0x02, 'b', 0x00, 0x00}, []byte{0x02, 'b', 0x00, 0x11, 0x02}, []string{"b/1="}},
	}
	view(t, s, func(r kv.Reader) error {
		for _, test := range tests {
			got, err := list(r, test.lo, test.hi)
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("scan [%x, %x) gives %q (%v), want %q", test.lo, test.hi, got, err, test.want)
			}
		}
		return nil
	})
}

func testEmpty(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error { return put(w, "nil", "", "empty", "") })
	update(t, s, func(w kv.Writer) error { return w.Put(key("t", "nil"), nil) })
	view(t, s, func(r kv.Reader) error {
		for _, k := range []string{"nil", "empty"} {
			if val, err := r.Get(key("t", k)); err != nil || val == nil || len(val) > 0 {
				t.Errorf("get %s = %#v, %v; want an empty slice that is not nil", k, val, err)
			}
		}
		for _, k := range [][]byte{key("t", "absent"), key("absent"), key("t"), nil, {0x02}, {0xFF}} {
			if val, err := r.Get(k); err != nil || val != nil {
				t.Errorf("get %x = %#v, %v; want nil", k, val, err)
			}
		}
		return nil
	})
	update(t, s, func(w kv.Writer) error { return w.Delete(key("never", "was")) })
	wantStored(t, s, "t/empty=", "t/nil=")
}

func testCopies(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error {
		k, val := key("t", "a"), []byte("1")
		if err := w.Put(k, val); err != nil {
			return err
		}
		val[0] = 'x'
		k[len(k)-2] = 'b'
		if err := w.Put(k, val); err != nil {
			return err
		}
		clear(k)
		clear(val)
		return nil
	})
	wantStored(t, s, "t/a=1", "t/b=x")
}

func testIsolation(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error { return put(w, "a", "1", "b", "1") })
	view(t, s, func(r kv.Reader) error {
		before, err := r.Get(key("t", "a"))
		if err != nil {
			return err
		}
		done := make(chan error)
		go func() {
			done <- s.Update(t.Context(), func(w kv.Writer) error {
				if err := w.Delete(key("t", "b")); err != nil {
					return err
				}
				return put(w, "a", "2", "c", "2")
			})
		}()
		if err := <-done; err != nil {
			return fmt.Errorf("update beside a view: %w", err)
		}
		wantAll(t, r, "t/a=1", "t/b=1")
		if string(before) != "1" {
			t.Errorf("a slice given out before changed to %q", before)
		}
		return nil
	})
	wantStored(t, s, "t/a=2", "t/c=2")
}

func testMany(t *testing.T, s kv.Store) {
	const n = 12_000
	update(t, s, func(w kv.Writer) error {
		for i := range n {
			if err := w.Put(key(fmt.Sprintf("t%d", i%3), i), fmt.Append(nil, i)); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, s, func(w kv.Writer) error {
		for i := 0; i < n; i += 2 {
			if err := w.Delete(key(fmt.Sprintf("t%d", i%3), i)); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(r kv.Reader) error {
		count := 0
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			if count++; len(p.Val) == 0 || (p.Val[len(p.Val)-1]-'0')%2 == 0 {
				t.Fatalf("%s=%s was deleted", name(p.Key), p.Val)
			}
		}
		if count != n/2 {
			t.Errorf("%d pairs are left, want %d", count, n/2)
		}
		return nil
	})
}

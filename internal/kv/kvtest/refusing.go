package kvtest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
)

func testLimits(t *testing.T, s kv.Store) {
	longest := key("t", strings.Repeat("k", kv.MaxKey-len(key("t", ""))))
	largest := make([]byte, kv.MaxValue)
	update(t, s, func(w kv.Writer) error {
		return errors.Join(w.Put(longest, largest), w.Add(longest[:kv.MaxKey-1:kv.MaxKey-1], 0))
	})
	view(t, s, func(r kv.Reader) error {
		if val, err := r.Get(longest); len(val) != kv.MaxValue || err != nil {
			t.Errorf("the largest pair comes back with %d bytes, %v", len(val), err)
		}
		return nil
	})
	tooLong := key("t", strings.Repeat("k", kv.MaxKey))
	for what, write := range map[string]func(kv.Writer) error{
		"a long key":           func(w kv.Writer) error { return w.Put(tooLong, nil) },
		"a large value":        func(w kv.Writer) error { return w.Put(key("t", 1), make([]byte, kv.MaxValue+1)) },
		"deleting a long key":  func(w kv.Writer) error { return w.Delete(tooLong) },
		"adding to a long key": func(w kv.Writer) error { return w.Add(tooLong, 1) },
	} {
		err := s.Update(t.Context(), func(w kv.Writer) error {
			if err := write(w); !errors.Is(err, kv.ErrInvalid) {
				t.Errorf("%s gives %v, want ErrInvalid", what, err)
			}
			return put(w, "after", "1")
		})
		if err != nil {
			t.Errorf("the update after %s was refused: %v", what, err)
		}
	}
}

func testBadKeys(t *testing.T, s kv.Store) {
	bad := [][]byte{
		nil,
		{},
		[]byte("plain"),
		{0x02},
		{0x02, 'a'},
		{0x02, 0x00},
		kv.Tuple{}.Uint(7), kv.Key(""), kv.Key("a\x00b"),
		append(kv.Key("a"), 0x00), append(kv.Key("a"), 0x01), append(kv.Key("a"), 0xFF),
	}
	err := s.Update(t.Context(), func(w kv.Writer) error {
		for _, k := range bad {
			for _, err := range []error{w.Put(k, nil), w.Delete(k), w.Add(k, 1)} {
				if !errors.Is(err, kv.ErrInvalid) {
					t.Errorf("writing to %x gives %v, want ErrInvalid", k, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	wantStored(t, s)
}

func testCancelled(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(w kv.Writer) error {
		cancel()
		return put(w, "a", "1")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an update that was cancelled before its commit gives %v", err)
	}
	if err := s.Update(ctx, func(kv.Writer) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("update on a cancelled context gives %v", err)
	}
	if err := s.View(ctx, func(kv.Reader) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("view on a cancelled context gives %v", err)
	}
	wantStored(t, s)
}

func testCancelledWaiting(t *testing.T, s kv.Store) {
	inside, leave, done := make(chan struct{}, 2), make(chan struct{}), make(chan error)
	go func() {
		done <- s.Update(t.Context(), func(w kv.Writer) error {
			inside <- struct{}{}
			<-leave
			return put(w, "a", "1")
		})
	}()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	waiter := make(chan error)
	go func() {
		waiter <- s.Update(ctx, func(w kv.Writer) error { return put(w, "b", "1") })
	}()
	cancel()
	if err := <-waiter; !errors.Is(err, context.Canceled) {
		t.Errorf("a writer that was cancelled while it waited gives %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
	wantStored(t, s, "t/a=1")
}

func testClosed(t *testing.T, s kv.Store) {
	update(t, s, func(w kv.Writer) error { return put(w, "a", "1") })
	if err := s.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if err := s.View(t.Context(), func(kv.Reader) error { return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("view gives %v, want ErrClosed", err)
	}
	if err := s.Update(t.Context(), func(kv.Writer) error { return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("update gives %v, want ErrClosed", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again gives %v", err)
	}
}

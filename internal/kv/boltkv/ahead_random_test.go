//go:build linux

package boltkv_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

// chained are updates each of which adds itself to the end of a list, and of most of
// which it is known whether they are in it.
type chained struct {
	mu      sync.Mutex
	in, out map[uint64]uint64 // by number: where in the list
}

// The kinds of chained updates.
const (
	small = iota
	bulk
	tooLarge // for the file
	kinds
)

var errNot = errors.New("not this one")

// add makes the update with the number, which may refuse itself at its end.
func (c *chained) add(ctx context.Context, s kv.Store, number uint64, kind int, refuse bool) error {
	var at uint64
	err := s.Update(ctx, func(w kv.Writer) (err error) {
		if at, err = link(w, number); err != nil || kind == small {
			return or(err, refuse)
		}
		val := kv.AppendCount(make([]byte, 0, 3<<10), int64(at))
		if kind == tooLarge {
			val = val[:cap(val)]
		}
		for n := range uint64(6000) {
			if err := w.Put(kv.Key("bulk").Uint(number%7).Uint(n), val); err != nil {
				return err
			}
		}
		return or(nil, refuse)
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.in[number] = at
	case !errors.Is(err, kv.ErrUnknown):
		c.out[number] = at
	}
	return err
}

func or(err error, refuse bool) error {
	if err == nil && refuse {
		return errNot
	}
	return err
}

// link adds a number to the list, and says where it is.
func link(w kv.Writer, number uint64) (at uint64, err error) {
	length := kv.Key("list").Str("length")
	val, err := w.Get(length)
	if err != nil {
		return 0, err
	}
	was, err := kv.Count(val)
	at = uint64(was) + 1
	return at, errors.Join(err, w.Add(length, 1), w.Put(kv.Key("list").Uint(at), kv.AppendCount(nil, int64(number))))
}

// However commits fail below what stands on them, what was acknowledged is in the file,
// in its place, and what failed is not.
func TestMuchOnADiskThatFails(t *testing.T) {
	file := path(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	c := &chained{in: map[uint64]uint64{}, out: map[uint64]uint64{}}
	for round := range uint64(2) {
		s := open(t, file, boltkv.SyncDelay(time.Millisecond), boltkv.MaxSize(32<<20))
		var all sync.WaitGroup
		late := make(chan struct{})
		for lane := range uint64(4) {
			random := rand.New(rand.NewPCG(seed, 10*round+lane))
			all.Go(func() {
				for n := range uint64(10) {
					if lane == 0 && n == 7 {
						close(late)
					}
					refuse, kind := random.IntN(6) == 0, random.IntN(kinds)
					err := c.add(t.Context(), s, 1000*round+100*lane+n, kind, refuse)
					for _, may := range []error{errNot, kv.ErrFull, kv.ErrUnknown, kv.ErrClosed} {
						if errors.Is(err, may) {
							err = nil
						}
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		<-late
		undo := replace(t, file, file, os.O_RDONLY) // the next commit fails, and it is not known how
		all.Wait()
		undo()
		closeStore(t, s)
		if err := boltkv.Check(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		c.check(t, open(t, file))
	}
	t.Logf("%d in, %d out", len(c.in), len(c.out))
}

func (c *chained) check(t *testing.T, s kv.Store) {
	t.Helper()
	defer closeStore(t, s)
	places := map[uint64]uint64{}
	var length int64
	if err := s.View(t.Context(), func(r kv.Reader) error {
		val, err := r.Get(kv.Key("list").Str("length"))
		if err != nil {
			return err
		}
		length, _ = kv.Count(val)
		last := map[uint64]int64{}
		key := kv.Key("bulk")
		for p, err := range r.Scan(key, key.End()) {
			if err != nil {
				return err
			}
			parts, err := kv.Parts(p.Key)
			if err != nil {
				return err
			}
			n, _ := kv.Count(p.Val)
			slot := parts[1].(uint64)
			if was, ok := last[slot]; ok && was != n {
				t.Errorf("bulk %d is of %d and of %d", slot, was, n)
			}
			last[slot] = n
		}
		for at := uint64(1); at <= uint64(length)+1; at++ {
			val, err := r.Get(kv.Key("list").Uint(at))
			if err != nil {
				return err
			}
			if val == nil {
				if at <= uint64(length) {
					t.Errorf("entry %d of %d is missing", at, length)
				}
				continue
			}
			found, _ := kv.Count(val)
			number := uint64(found)
			if _, twice := places[number]; twice {
				t.Errorf("update %d is there twice", number)
			}
			places[number] = at
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	for number, at := range c.in {
		if places[number] != at {
			t.Errorf("update %d was acknowledged at %d, and is at %d", number, at, places[number])
		}
	}
	for number := range c.out {
		if at, is := places[number]; is {
			t.Errorf("update %d failed, and is at %d", number, at)
		}
	}
}

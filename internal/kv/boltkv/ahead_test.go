package boltkv_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// inTurn begins each update when the function of the one before has run, without
// waiting for its commit, and waits for all of them.
func inTurn(t *testing.T, s kv.Store, updates ...func(kv.Writer) error) (errs []error) {
	t.Helper()
	ended := make([]chan error, len(updates))
	for i, fn := range updates {
		ran := make(chan struct{}, 10)
		ended[i] = make(chan error, 1)
		go func() {
			ended[i] <- s.Update(t.Context(), func(w kv.Writer) error {
				defer func() { ran <- struct{}{} }()
				return fn(w)
			})
		}()
		<-ran
	}
	for i := range ended {
		errs = append(errs, <-ended[i])
	}
	return errs
}

func onlyBeside(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux are bulks committed while the next update runs")
	}
}

func TestAnUpdateRunsWhileABulkIsCommitted(t *testing.T) {
	onlyBeside(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path(t), boltkv.SyncDelay(time.Second))
		began := time.Now()
		errs := inTurn(t, s,
			func(w kv.Writer) error { return errors.Join(writeMany(w, 1), w.Put(kv.Key("mark"), []byte("first"))) },
			func(w kv.Writer) error {
				if took := time.Since(began); took != 0 {
					t.Errorf("the second update ran after %v, and so after the commit of the first", took)
				}
				if committed, err := contents(t, s); err != nil || len(committed) != 0 {
					t.Errorf("beside it %d pairs can be read (%v), which are not durable", len(committed), err)
				}
				if val, err := w.Get(kv.Key("mark")); err != nil || string(val) != "first" {
					t.Errorf("it reads %q (%v) of the first", val, err)
				}
				return w.Put(kv.Key("after"), nil)
			})
		if errs[0] != nil || errs[1] != nil {
			t.Error(errs)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("two commits took %v, want 2s", took)
		}
	})
}

// Bulks that stand on one another come to what they come to one after the other; each
// sees what was before it, and a reader never sees a part of one.
func TestBulksThatStandOnOneAnother(t *testing.T) {
	file := path(t)
	s := open(t, file)
	model := memkv.New()
	var updates []func(kv.Writer) error
	for round := range uint64(5) {
		updates = append(updates, func(w kv.Writer) error {
			if got, want := pairsIn(t, w), pairsOf(t, model); !maps.Equal(got, want) {
				t.Errorf("round %d begins with %d pairs that are not the %d written before", round, len(got), len(want))
			}
			if round%3 == 2 {
				small := func(w kv.Writer) error { return w.Add(kv.Key("table.1.count").Uint(7), 3) }
				if err := model.Update(t.Context(), small); err != nil {
					t.Error(err)
				}
				return small(w)
			}
			if err := model.Update(t.Context(), func(w kv.Writer) error { return writeMany(w, round) }); err != nil {
				t.Error(err)
			}
			return writeMany(w, round)
		})
	}
	for round, err := range inTurn(t, s, updates...) {
		if err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	if got, want := pairsOf(t, s), pairsOf(t, model); !maps.Equal(got, want) {
		t.Errorf("the file has %d pairs that are not the %d that were written", len(got), len(want))
	}
	closeStore(t, s)
	if err := boltkv.Check(t.Context(), file); err != nil {
		t.Error(err)
	}
}

func pairsIn(t *testing.T, r kv.Reader) map[string]string {
	t.Helper()
	all := map[string]string{}
	for p, err := range r.Scan(nil, nil) {
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Get(p.Key)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(p.Val) {
			t.Errorf("%x is %x in a scan and %x by its key (%v)", p.Key, p.Val, got, err)
		}
		all[string(p.Key)] = string(p.Val)
	}
	return all
}

// overfill is a bulk for which a file of 20 MB has no room.
func overfill(w kv.Writer) error {
	for i := range uint64(6000) {
		if err := w.Put(kv.Key("blob").Uint(i), make([]byte, 5<<10)); err != nil {
			return err
		}
	}
	return nil
}

// An update that ran on a bulk whose commit then fails runs again, without it.
func TestABulkThatFailsTakesNothingWithIt(t *testing.T) {
	onlyBeside(t)
	s := open(t, path(t), boltkv.MaxSize(20<<20))
	fill(t, s, 100)
	var saw []int
	errs := inTurn(t, s, overfill, func(w kv.Writer) error {
		saw = append(saw, len(pairsIn(t, w)))
		return w.Put(kv.Key("after"), nil)
	})
	if !errors.Is(errs[0], kv.ErrFull) || errs[1] != nil {
		t.Errorf("got %v, want that the file is full, and nil", errs)
	}
	if fmt.Sprint(saw) != "[6206 206]" {
		t.Errorf("the update saw %d pairs, want 6206 with the bulk and then 206", saw)
	}
	if after, err := contents(t, s); err != nil || len(after) != 207 {
		t.Errorf("there are %d pairs (%v), want 207", len(after), err)
	}
}

// What was refused because of a bulk that then fails is judged again.
func TestARefusalBecauseOfABulkThatFailsIsNone(t *testing.T) {
	onlyBeside(t)
	s := open(t, path(t), boltkv.MaxSize(20<<20))
	tries := 0
	errs := inTurn(t, s, overfill, func(w kv.Writer) error {
		tries++
		if val, err := w.Get(kv.Key("blob").Uint(7)); val != nil || err != nil {
			return errors.Join(err, errors.New("the key is taken"))
		}
		return w.Put(kv.Key("blob").Uint(7), []byte("mine"))
	})
	if !errors.Is(errs[0], kv.ErrFull) || errs[1] != nil || tries != 2 {
		t.Errorf("got %v after %d tries, want that the file is full, and nil after 2", errs, tries)
	}
}

// Who waits for a bulk to be durable and gives up has written nothing.
func TestWaitingForABulkCanBeGivenUp(t *testing.T) {
	onlyBeside(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path(t), boltkv.SyncDelay(time.Second))
		ran, first := make(chan struct{}), make(chan error)
		go func() {
			first <- s.Update(t.Context(), func(w kv.Writer) error { defer close(ran); return writeMany(w, 1) })
		}()
		<-ran
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		err := s.Update(ctx, func(w kv.Writer) error { return w.Put(kv.Key("after"), nil) })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if err := s.View(t.Context(), func(r kv.Reader) error {
			val, err := r.Get(kv.Key("after"))
			if val != nil {
				t.Error("it was written nevertheless")
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

// A bulk for which the file has to be mapped anew does not wait for the update that
// would run beside it, which would wait for the bulk.
func TestABulkThatOutgrowsTheMapping(t *testing.T) {
	s := open(t, path(t), boltkv.MmapSize(4<<20))
	errs := inTurn(t, s, overfill, func(w kv.Writer) error { return w.Put(kv.Key("after"), nil) })
	if errs[0] != nil || errs[1] != nil {
		t.Error(errs)
	}
}

package boltkv_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/kv/kvtest"
)

func TestConformance(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store { return open(t, path(t)) })
}

func path(t *testing.T) string { return filepath.Join(t.TempDir(), "takhti.db") }

func open(t *testing.T, path string, opts ...boltkv.Option) *boltkv.Store {
	t.Helper()
	s, err := boltkv.Open(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func closeStore(t *testing.T, s kv.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// fill writes n pairs each to a table of records and one of names without
// values, and counts them.
func fill(t *testing.T, s kv.Store, n int) {
	t.Helper()
	err := s.Update(t.Context(), func(w kv.Writer) error {
		for i := range uint64(n) {
			name := fmt.Sprintf("serial-%06d", i*7919%1_000_003)
			err := errors.Join(
				w.Put(kv.Key("device").Uint(i), fmt.Appendf(nil, "record %d of %s", i, name)),
				w.Put(kv.Key("device.by_serial").Str(name).Uint(i), nil),
				w.Add(kv.Key("count").Uint(i%5), 1))
			if err != nil {
				return err
			}
		}
		return w.Put(kv.Key("format"), []byte("1"))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// contents lists all pairs up to the first error.
func contents(t *testing.T, s kv.Store) (pairs []string, err error) {
	t.Helper()
	err = s.View(t.Context(), func(r kv.Reader) error {
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			pairs = append(pairs, fmt.Sprintf("%x=%x", p.Key, p.Val))
		}
		return nil
	})
	return pairs, err
}

func TestReopenedFileHoldsWhatWasWritten(t *testing.T) {
	file := path(t)
	s := open(t, file)
	fill(t, s, 1000)
	want, err := contents(t, s)
	if err != nil || len(want) != 2006 {
		t.Fatalf("%d pairs were written, %v", len(want), err)
	}
	for range 2 {
		closeStore(t, s)
		s = open(t, file)
		if got, err := contents(t, s); err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("after opening again there are %d pairs (%v), want the %d from before", len(got), err, len(want))
		}
	}
	closeStore(t, s)
	if err := boltkv.Check(t.Context(), file); err != nil {
		t.Error(err)
	}
}

// TestFileOfAProcessThatDied copies the file while it is open: the free pages
// are not written down then, and have to be found.
func TestFileOfAProcessThatDied(t *testing.T) {
	file := path(t)
	s := open(t, file)
	fill(t, s, 1000)
	fill(t, s, 2000)
	want, err := contents(t, s)
	if err != nil {
		t.Fatal(err)
	}
	left := path(t)
	write(t, left, read(t, file))
	if err := boltkv.Check(t.Context(), left); err != nil {
		t.Error(err)
	}
	s = open(t, left)
	fill(t, s, 2000)
	if got, err := contents(t, s); err != nil || len(got) != len(want) {
		t.Errorf("there are %d pairs (%v), want %d", len(got), err, len(want))
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNewFileIsPrivateAndAlone(t *testing.T) {
	file := path(t)
	open(t, file)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has the mode %v (%v), want -rw-------", info.Mode(), err)
	}
	others, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(others) != 1 {
		t.Errorf("beside the file there is more: %v (%v)", others, err)
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "missing", "takhti.db")
	if _, err := boltkv.Open(file); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "cannot create "+file) {
		t.Errorf("got %v", err)
	}
}

func TestSecondOpenIsRefused(t *testing.T) {
	file := path(t)
	s := open(t, file)
	_, err := boltkv.Open(file, boltkv.LockTimeout(time.Millisecond))
	if !errors.Is(err, kv.ErrLocked) || err.Error() != file+": another takhti has this file open" {
		t.Errorf("a second Open gives %v", err)
	}
	if err := boltkv.Check(t.Context(), file); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("a check beside an open store gives %v", err)
	}
	closeStore(t, s)
	open(t, file)
}

// TestLongReaderHoldsUpNobody: with a map of the file's own size the writer
// would wait for the reader, which waits for the writer.
func TestLongReaderHoldsUpNobody(t *testing.T) {
	s := open(t, path(t))
	err := s.View(t.Context(), func(r kv.Reader) error {
		before, err := r.Get(kv.Key("format"))
		for range 4 {
			done := make(chan struct{})
			go func() { // a writer must not share the goroutine of a reader
				defer close(done)
				err := s.Update(t.Context(), func(w kv.Writer) error {
					for i := range uint64(200) {
						if err := w.Put(kv.Key("blob").Uint(i), make([]byte, kv.MaxValue)); err != nil {
							return err
						}
					}
					return w.Put(kv.Key("format"), []byte("2"))
				})
				if err != nil {
					t.Error(err)
				}
			}()
			<-done
		}
		after, err2 := r.Get(kv.Key("format"))
		if before != nil || after != nil {
			t.Errorf("the reader saw %q, then %q", before, after)
		}
		return errors.Join(err, err2)
	})
	if err != nil {
		t.Error(err)
	}
	if size := s.Stats().FileBytes; size < 40<<20 {
		t.Errorf("the file has only %d bytes, so it hardly grew", size)
	}
}

func TestSyncDelayIsWaitedOncePerCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path(t), boltkv.SyncDelay(5*time.Millisecond))
		start := time.Now()
		fill(t, s, 10)
		if _, err := contents(t, s); err != nil {
			t.Error(err)
		}
		if err := s.Update(t.Context(), func(kv.Writer) error { return nil }); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 5*time.Millisecond {
			t.Errorf("one commit, a view and an update without writes waited %v, want 5ms", took)
		}
	})
}

func TestAFileReplacedWhileItsLockIsAwaitedIsNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file, other := path(t), path(t)
		holder := open(t, file)
		closeStore(t, open(t, other))
		opened := make(chan error)
		go func() {
			s, err := boltkv.Open(file, boltkv.LockTimeout(time.Minute))
			if err == nil {
				err = s.Close()
			}
			opened <- err
		}()
		synctest.Wait() // it waits for the lock
		if err := os.Rename(other, file); err != nil {
			t.Fatal(err)
		}
		closeStore(t, holder)
		if err := <-opened; !errors.Is(err, kv.ErrLocked) {
			t.Errorf("the file that was taken away is opened: %v", err)
		}
	})
}

func TestFullFileKeepsWhatItHas(t *testing.T) {
	s := open(t, path(t), boltkv.MaxSize(20<<20))
	fill(t, s, 1000)
	before, err := contents(t, s)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(w kv.Writer) error {
		for i := range uint64(500) {
			if err := w.Put(kv.Key("blob").Uint(i), make([]byte, kv.MaxValue)); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, kv.ErrFull) || errors.Is(err, kv.ErrUnknown) || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("a commit over the limit gives %v", err)
	}
	after, err := contents(t, s)
	if err != nil || strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("after it there are %d pairs (%v), want the %d from before", len(after), err, len(before))
	}
	fill(t, s, 1001)
}

func TestTransactionThatEndedReadsNothing(t *testing.T) {
	s := open(t, path(t))
	fill(t, s, 10)
	var viewed, updated kv.Reader
	err := errors.Join(
		s.View(t.Context(), func(r kv.Reader) error { viewed = r; return nil }),
		s.Update(t.Context(), func(w kv.Writer) error { updated = w; return nil }))
	if err != nil {
		t.Fatal(err)
	}
	for what, kept := range map[string]kv.Reader{"view": viewed, "update": updated} {
		if _, err := kept.Get(kv.Key("device").Uint(1)); !errors.Is(err, kv.ErrClosed) {
			t.Errorf("get after a %s gives %v, want ErrClosed", what, err)
		}
		for _, err := range kept.Scan(nil, nil) {
			if !errors.Is(err, kv.ErrClosed) {
				t.Errorf("scan after a %s gives %v, want ErrClosed", what, err)
			}
		}
	}
}

func TestStatsTellOfForgottenReaders(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := open(t, path(t), boltkv.Clock(func() time.Time { return now }))
	fill(t, s, 1000)
	fill(t, s, 1000)
	err := s.View(t.Context(), func(kv.Reader) error {
		now = now.Add(time.Minute)
		return s.View(t.Context(), func(kv.Reader) error {
			now = now.Add(time.Second)
			if got := s.Stats(); got.Readers != 2 || got.OldestReader != 61*time.Second {
				t.Errorf("two views, the first a minute and a second old: %+v", got)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Stats(); got.Readers != 0 || got.OldestReader != 0 || got.FileBytes == 0 || got.FreeBytes == 0 {
		t.Errorf("after all views: %+v", got)
	}
}

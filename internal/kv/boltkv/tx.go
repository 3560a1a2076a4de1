package boltkv

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/takhti-edu/takhti/internal/kv"
)

var errEnded = fmt.Errorf("%w: the transaction has ended", kv.ErrClosed)

// View implements [kv.Store].
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	r, err := s.snapshot()
	if err != nil {
		return err
	}
	s.readers.begin(r, s.opts.now())
	// A fault while reading the mapped file becomes a panic, which the reader
	// turns into an error.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		s.readers.end(r)
		r.end()
	}()
	return fn(r)
}

func (s *Store) begin(writable bool) (*bbolt.Tx, error) {
	tx, err := s.db.Begin(writable)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		err = kv.ErrClosed
	}
	return tx, err
}

// commit writes what was flushed.
func (s *Store) commit(tx *bbolt.Tx) error {
	id := tx.ID()
	time.Sleep(s.opts.syncDelay)
	err := commit(tx)
	if err != nil {
		return s.failed(err, s.newest() >= id)
	}
	s.changed = true
	return nil
}

// failed says what became of a commit that failed. The question is whether the
// page that makes it count may have been written: only where it was surely not,
// and the reason is a full disk, can the store go on.
func (s *Store) failed(err error, mayCount bool) error {
	if isFull(err) && !mayCount {
		s.giveBack()
		return fmt.Errorf("%s: %w; nothing was written: make room and try again (%v)", s.path, kv.ErrFull, err)
	}
	why := err.Error()
	s.failure.Store(&why)
	return fmt.Errorf("%s: %w: start again, so that the file is checked, and repeat the request: %w", s.path, kv.ErrUnknown, err)
}

// giveBack returns to a full disk what the failed commit took of it: nothing
// beyond the pages that count is in use.
func (s *Store) giveBack() {
	if m, err := readMeta(s.file); err == nil {
		_ = s.file.Truncate(int64(m.pages) * int64(m.pageSize)) // else the file stays as large as it is
	}
}

// commit makes an error of what bbolt panics with on a damaged page.
func commit(tx *bbolt.Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = unreadable(p)
			_ = tx.Rollback()
		}
	}()
	return tx.Commit()
}

// newest is the number of the newest transaction that counts.
func (s *Store) newest() int {
	tx, err := s.db.Begin(false)
	if err != nil {
		return 1<<31 - 1 // who knows
	}
	defer func() { _ = tx.Rollback() }()
	return tx.ID()
}

func isFull(err error) bool {
	for _, full := range []error{berrors.ErrMaxSizeReached, syscall.ENOSPC, syscall.EDQUOT} {
		// Where the file is made larger, bbolt passes on the text alone.
		if errors.Is(err, full) || strings.HasSuffix(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}

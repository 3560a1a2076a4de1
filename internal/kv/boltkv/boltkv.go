// Package boltkv is the engine on one bbolt file: what takhti uses unless told
// otherwise.
//
// Each table, the first part of a key, has a bucket of its own, in which keys
// are stored without that part. Values carry a CRC-32C over table, key and
// value, which is checked at each read. Update functions run on an overlay that
// is stored sorted, once, at commit; bbolt is not shown to anyone.
//
// bbolt trusts its file: a damaged one can crash the process from a goroutine
// that cannot be recovered. So Open first walks all pages with code of ours that
// cannot crash, and hands over only a file whose structure is sound.
package boltkv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Store is a [kv.Store] in one file.
type Store struct {
	db      *bbolt.DB
	file    *os.File // what db works on, and closes
	path    string
	opts    options
	stage   chan struct{} // holds one token: who has it may run an update function
	writer  chan struct{} // holds one token: who has it may commit
	ahead   atomic.Pointer[ahead]
	readers readers
	names   tableNames
	closed  atomic.Bool
	changed bool                   // whether anything was committed; the writer's
	failure atomic.Pointer[string] // how a commit failed; then the store is not used any more
}

var _ kv.Store = (*Store)(nil)

type options struct {
	mmapSize    int
	maxSize     int
	lockTimeout time.Duration
	syncDelay   time.Duration
	cleanNote   string
	now         func() time.Time
}

// Option is a setting of [Open].
type Option func(*options)

// MmapSize is how much of the address space the file may fill before a commit
// has to wait for all readers to finish. It takes no memory. The default is
// 64 GiB on 64-bit Linux, and the size of the file elsewhere.
func MmapSize(bytes int) Option { return func(o *options) { o.mmapSize = bytes } }

// MaxSize is the size beyond which the file does not grow: commits that need
// more fail with [kv.ErrFull]. The default, zero, is no limit.
func MaxSize(bytes int) Option { return func(o *options) { o.maxSize = bytes } }

// LockTimeout is how long Open waits for another process to close the file:
// 3 seconds unless told otherwise.
func LockTimeout(d time.Duration) Option { return func(o *options) { o.lockTimeout = d } }

// SyncDelay adds a wait to each commit, so that benchmarks show how a disk does
// that takes that long to sync.
func SyncDelay(d time.Duration) Option { return func(o *options) { o.syncDelay = d } }

// Clock is what tells the age of readers in [Store.Stats].
func Clock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// Open opens the file at path, or creates it. It holds the file until Close;
// when another process does, the error is [kv.ErrLocked], and when the file is
// damaged, [kv.ErrCorrupt].
func Open(path string, opts ...Option) (*Store, error) {
	o := options{mmapSize: defaultMmapSize(), lockTimeout: 3 * time.Second, now: time.Now}
	for _, opt := range opts {
		opt(&o)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("cannot create %s: %w", path, err)
		}
	}
	db, file, err := openSound(path, o.cleanNote, &bbolt.Options{
		Timeout:         o.lockTimeout,
		FreelistType:    bbolt.FreelistMapType,
		NoFreelistSync:  true,
		InitialMmapSize: o.mmapSize,
		MaxSize:         o.maxSize,
	})
	if err != nil {
		return nil, err
	}
	return &Store{db: db, file: file, path: path, opts: o, stage: make(chan struct{}, 1), writer: make(chan struct{}, 1)}, nil
}

func defaultMmapSize() int {
	size := int64(64) << 30
	if runtime.GOOS != "linux" || int64(int(size)) != size {
		return 0
	}
	return int(size)
}

// openSound opens a file after its lock was had and its structure was found
// sound, or is known to be by the note, in this order, so that nobody writes to
// what is walked.
func openSound(path, note string, opts *bbolt.Options) (db *bbolt.DB, file *os.File, err error) {
	opts.OpenFile = func(path string, flag int, mode fs.FileMode) (*os.File, error) {
		f, err := os.OpenFile(path, flag&^os.O_CREATE, mode)
		if err != nil {
			return nil, err
		}
		err = lock(f, !opts.ReadOnly, opts.Timeout)
		if err == nil {
			err = stillAt(path, f)
		}
		if err == nil && !leftClean(f, note) {
			err = walk(context.Background(), f, structure)
		}
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		file = f
		return f, nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: %w", path, unreadable(p))
		}
	}()
	db, err = bbolt.Open(path, fileMode, opts)
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		err = fmt.Errorf("%s: %w", path, kv.ErrLocked)
	case errors.Is(err, kv.ErrLocked), errors.Is(err, kv.ErrCorrupt):
		err = fmt.Errorf("%s: %w", path, err)
	case err != nil:
		err = fmt.Errorf("cannot open %s: %w", path, err)
	}
	return db, file, err
}

// stillAt refuses a file that another was put in the place of while its lock was
// waited for: what is written to it would be lost.
func stillAt(path string, f *os.File) error {
	opened, err := f.Stat()
	if err != nil {
		return err
	}
	now, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !os.SameFile(opened, now) {
		return kv.ErrLocked
	}
	return nil
}

// Close implements [kv.Store]. It waits for the transactions that run. After a
// commit it writes down which pages are free, so that the next Open need not
// find out.
func (s *Store) Close() error {
	s.stage <- struct{}{}
	defer func() { <-s.stage }()
	s.writer <- struct{}{}
	defer func() { <-s.writer }()
	if s.closed.Swap(true) {
		return nil
	}
	if s.changed && s.failure.Load() == nil {
		if err := s.noteFree(); err != nil {
			return errors.Join(fmt.Errorf("closing %s: %w", s.path, err), s.db.Close())
		}
	}
	if s.failure.Load() == nil {
		noteClean(s.file, s.opts.cleanNote)
	}
	return s.db.Close()
}

// noteFree commits nothing but the list of free pages.
func (s *Store) noteFree() error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	s.db.NoFreelistSync = false
	tx, err := s.begin(true)
	if err != nil {
		return err
	}
	return commit(tx)
}

// usable says why a transaction must not begin.
func (s *Store) usable(ctx context.Context) error {
	if s.closed.Load() {
		return kv.ErrClosed
	}
	if why := s.failure.Load(); why != nil {
		return fmt.Errorf("%w to all use after a failed commit (%s): start again, so that the file is checked", kv.ErrClosed, *why)
	}
	return ctx.Err()
}

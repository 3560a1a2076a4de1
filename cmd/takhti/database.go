package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// database is the file of an open register, and what can be told of it.
type database struct {
	file    string
	store   atomic.Pointer[boltkv.Store] // the one in use; the register opens another after a failed commit
	trouble atomic.Pointer[error]        // what it last complained of
}

// patience is how long a command waits for another process to let the file go.
const patience = time.Second

func (d *database) open() (kv.Store, error) {
	store, err := boltkv.Open(d.file, boltkv.LockTimeout(patience), boltkv.CleanNote(d.file+".clean"))
	if err != nil {
		return nil, err
	}
	d.store.Store(store)
	return heard{store, d}, nil
}

// openDatabase opens the register of the data folder, or begins one.
func (c *cli) openDatabase(ctx context.Context) (*registry.Register, error) {
	p := startProgress(c.stderr, "opening the register")
	defer p.end()
	d := &database{file: c.databaseFile()}
	store, err := d.open()
	if err != nil {
		return nil, err
	}
	reg, err := registry.Open(ctx, store, registry.Options{Now: c.now, Reopen: d.open, LearnerKey: sync.OnceValues(c.learnerKey)})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	c.database = d
	return reg, nil
}

// heard is a store whose own errors are kept, to be told to the operator, who is
// not to be content with an answer made for strangers.
type heard struct {
	kv.Store
	database *database
}

// View implements [kv.Store].
func (h heard) View(ctx context.Context, fn func(kv.Reader) error) error {
	return h.note(h.Store.View(ctx, fn))
}

// Update implements [kv.Store].
func (h heard) Update(ctx context.Context, fn func(kv.Writer) error) error {
	return h.note(h.Store.Update(ctx, fn))
}

func (h heard) note(err error) error {
	for _, own := range []error{kv.ErrCorrupt, kv.ErrFull, kv.ErrUnknown} {
		if errors.Is(err, own) {
			h.database.trouble.Store(&err)
		}
	}
	return err
}

// gauges are what the database tells of itself in the metrics.
func (d *database) gauges() map[string]func() float64 {
	gauge := func(of func(boltkv.Stats) float64) func() float64 {
		return func() float64 { return of(d.store.Load().Stats()) }
	}
	return map[string]func() float64{
		"takhti_database_bytes":                               gauge(func(s boltkv.Stats) float64 { return float64(s.FileBytes) }),
		"takhti_database_free_bytes":                          gauge(func(s boltkv.Stats) float64 { return float64(s.FreeBytes) }),
		"takhti_database_readers":                             gauge(func(s boltkv.Stats) float64 { return float64(s.Readers) }),
		"takhti_database_oldest_reader_seconds":               gauge(func(s boltkv.Stats) float64 { return s.OldestReader.Seconds() }),
		fmt.Sprintf("takhti_build_info{version=%q}", version): func() float64 { return 1 },
	}
}

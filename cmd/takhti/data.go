package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// The data folder holds one database, and the workbooks that were imported.
func (c *cli) databaseFile() string { return filepath.Join(c.data, "takhti.db") }

func (c *cli) importsFolder() string { return filepath.Join(c.data, "imports") }

// openRegister opens the register of the data folder, which must be there.
func (c *cli) openRegister(ctx context.Context) (*registry.Register, error) {
	store, err := c.openStore()
	if err != nil {
		return nil, err
	}
	return c.openOn(ctx, store)
}

// beginRegister opens the register of the data folder. When they are not there it
// makes both, and the register begins with Pakistan's provinces, districts and
// tehsils.
func (c *cli) beginRegister(ctx context.Context) (*registry.Register, error) {
	reg, err := c.beginDatabase(ctx)
	if err != nil {
		return nil, err
	}
	if err := atlas.Plant(ctx, reg.As(registry.Operator())); err != nil {
		return nil, errors.Join(err, reg.Close())
	}
	return reg, nil
}

// beginDatabase opens the register of the data folder, or an empty one.
func (c *cli) beginDatabase(ctx context.Context) (*registry.Register, error) {
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	store, err := boltkv.Open(c.databaseFile())
	if err != nil {
		return nil, err
	}
	return c.openOn(ctx, store)
}

// openStore opens the database of the data folder, which must be there.
func (c *cli) openStore() (kv.Store, error) {
	if _, err := os.Stat(c.databaseFile()); errors.Is(err, fs.ErrNotExist) {
		return nil, fleet.NotFoundf("data.not_found",
			`there is no register in %s: name its folder with --data, or begin one with "takhti serve" or "takhti import"`, c.data)
	}
	return boltkv.Open(c.databaseFile())
}

func (c *cli) openOn(ctx context.Context, store kv.Store) (*registry.Register, error) {
	trouble := &atomic.Pointer[error]{}
	reg, err := registry.Open(ctx, heard{store, trouble}, registry.Options{Now: c.now, Reopen: func() (kv.Store, error) {
		store, err := boltkv.Open(c.databaseFile())
		return heard{store, trouble}, err
	}})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	c.trouble = trouble
	return reg, nil
}

// heard is a store of which the last error of its own is kept, to be told to
// the operator, who is not to be content with an answer made for strangers.
type heard struct {
	kv.Store
	trouble *atomic.Pointer[error]
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
			h.trouble.Store(&err)
		}
	}
	return err
}

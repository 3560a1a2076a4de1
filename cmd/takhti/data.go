package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
	if _, err := os.Stat(c.databaseFile()); errors.Is(err, fs.ErrNotExist) {
		return nil, fleet.NotFoundf("data.not_found",
			`there is no register in %s: name its folder with --data, or begin one with "takhti serve" or "takhti import"`, c.data)
	}
	return c.openDatabase(ctx)
}

// beginRegister opens the register of the data folder, and makes both when they
// are not there.
func (c *cli) beginRegister(ctx context.Context) (*registry.Register, error) {
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	return c.openDatabase(ctx)
}

func (c *cli) openDatabase(ctx context.Context) (*registry.Register, error) {
	open := func() (kv.Store, error) { return boltkv.Open(c.databaseFile()) }
	store, err := open()
	if err != nil {
		return nil, err
	}
	reg, err := registry.Open(ctx, store, registry.Options{Reopen: open})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return reg, nil
}

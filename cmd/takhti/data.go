package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// The data folder holds one database, and the workbooks that were imported.
func (c *cli) databaseFile() string { return filepath.Join(c.data, "takhti.db") }

func (c *cli) importsFolder() string { return filepath.Join(c.data, "imports") }

// openRegister opens the register of the data folder, which must be there.
func (c *cli) openRegister(ctx context.Context) (*registry.Register, error) {
	if err := c.dataIsThere(); err != nil {
		return nil, err
	}
	return c.openDatabase(ctx)
}

// dataIsThere refuses a data folder without a database.
func (c *cli) dataIsThere() error {
	if _, err := os.Stat(c.databaseFile()); errors.Is(err, fs.ErrNotExist) {
		return fleet.NotFoundf("data.not_found",
			`there is no register in %s: name its folder with --data, or begin one with "takhti serve" or "takhti import"`, c.data)
	}
	return nil // whatever else is wrong, opening it tells
}

// beginRegister opens the register of the data folder. When they are not there it
// makes both, and the register begins with Pakistan's provinces, districts and
// tehsils.
func (c *cli) beginRegister(ctx context.Context) (*registry.Register, error) {
	reg, err := c.beginEmpty(ctx)
	if err != nil {
		return nil, err
	}
	if err := atlas.Plant(ctx, reg.As(registry.Operator())); err != nil {
		return nil, errors.Join(err, reg.Close())
	}
	return reg, nil
}

// beginEmpty is beginRegister without any places.
func (c *cli) beginEmpty(ctx context.Context) (*registry.Register, error) {
	if err := c.makeFolder(); err != nil {
		return nil, err
	}
	return c.openDatabase(ctx)
}

func (c *cli) makeFolder() error {
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return fmt.Errorf("the data folder cannot be made: %w", err)
	}
	return nil
}

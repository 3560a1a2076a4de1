package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
)

func (c *cli) restoreCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use: "restore FILE", Args: arguments("FILE"),
		Short: "Bring the register back from a backup",
		Long: `Loads a backup into a new database beside the present one and verifies it; only
then does it take the other's place. The present database, damaged or not, stays
in the data folder as takhti.db.before-restore-DATE-TIME.`,
		RunE: c.action(func(ctx context.Context, args []string) error { return c.restore(ctx, args[0], force) }),
	}
	c.dataFlag(cmd)
	cmd.Flags().BoolVar(&force, "force", false, "put the backup in place even when verify finds differences in it")
	return cmd
}

func (c *cli) restore(ctx context.Context, path string, force bool) (err error) {
	if err := c.makeFolder(); err != nil {
		return err
	}
	if err := c.notInUse(); err != nil {
		return err
	}
	fresh := c.databaseFile() + ".restoring"
	if err := removeIfThere(fresh); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeIfThere(fresh)) }() // once in its place it is not there any more
	p := startProgress(c.stderr, "loading the backup")
	findings, err := c.load(ctx, path, fresh, p)
	p.end()
	if err != nil {
		return err
	}
	if findings > 0 && !force {
		c.tell("takhti: %s in %s; nothing was changed: use another backup, or this one with --force", counted(findings, "difference"), path)
		return reported(exitDiffers)
	}
	return c.swap(path, fresh)
}

// notInUse refuses while another process has the database open. A damaged one
// may be replaced.
func (c *cli) notInUse() error {
	if c.dataIsThere() != nil {
		return nil
	}
	store, err := boltkv.Open(c.databaseFile(), boltkv.LockTimeout(0))
	if errors.Is(err, kv.ErrLocked) {
		return err
	}
	if err != nil {
		return nil
	}
	return store.Close()
}

// load fills a new database from the backup, and verifies it.
func (c *cli) load(ctx context.Context, path, fresh string, p *progress) (findings int64, err error) {
	f, err := openFile(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	store, err := boltkv.Open(fresh)
	if err != nil {
		return 0, err
	}
	if err := kv.Load(ctx, f, store); err != nil {
		return 0, errors.Join(fmt.Errorf("%s: %w", path, err), store.Close())
	}
	reg, err := registry.Open(ctx, store, registry.Options{})
	if err != nil {
		return 0, errors.Join(err, store.Close())
	}
	err = reg.Verify(ctx,
		func(stage string) { p.set("checking the "+stage, 0, 0) },
		func(f table.Finding) { findings++; p.clear(); c.tell("%s", f) })
	return findings, errors.Join(err, reg.Close())
}

// swap puts the new database in the place of the present one, which is kept.
func (c *cli) swap(path, fresh string) error {
	if err := c.notInUse(); err != nil {
		return err
	}
	aside := c.databaseFile() + ".before-restore-" + time.Now().In(fleet.PKT).Format("20060102-150405")
	kept, err := keepAside(c.databaseFile(), aside)
	if err != nil {
		return err
	}
	if err := os.Rename(fresh, c.databaseFile()); err != nil {
		return err
	}
	c.say("restored %s from %s", c.data, path)
	if kept {
		c.say("the database that was there is kept as %s", filepath.Base(aside))
	}
	return syncFolder(c.data)
}

// keepAside gives the file a second name, so that there is no moment at which
// neither database is in its place. Where a file cannot have two it is renamed.
func keepAside(path, aside string) (kept bool, err error) {
	err = os.Link(path, aside)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = os.Rename(path, aside)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

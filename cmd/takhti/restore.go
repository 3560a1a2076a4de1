package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

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
in the data folder as takhti.db.before-restore-DATE-TIME. While it is at work,
no other takhti can use the folder.`,
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
	r, err := beginReplacement(c.data, c.databaseFile())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	p := startProgress(c.stderr, "loading the backup")
	findings, err := c.load(ctx, path, r.fresh, p)
	p.end()
	if err != nil {
		return err
	}
	if findings > 0 && !force {
		c.tell("takhti: %s in %s; nothing was changed: use another backup, or this one with --force", counted(findings, "difference"), path)
		return reported(exitDiffers)
	}
	aside, err := r.swap(time.Now())
	if err != nil {
		return err
	}
	c.say("restored %s from %s", c.data, path)
	if aside != "" {
		c.say("the database that was there is kept as %s", filepath.Base(aside))
	}
	return nil
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

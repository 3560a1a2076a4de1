package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/table"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) verifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "verify", Args: arguments(),
		Short: "Prove the register from its records",
		Long: `Reads the whole database and checks every stored value, works out every index
entry, counter and daily ledger anew, and the journal's tree from its entries,
compares every record with what the journal last said of it, and the journal with
the last checkpoint in the data folder. Prints every difference, then their number;
exits with 6 when there are any. With --server the server does this while it goes
on, without the checkpoint, and tells the first 5,000 differences; the values on its
disk are then checked as far as they are read.`,
		RunE: c.action(func(ctx context.Context, _ []string) error { return c.verify(ctx) }),
	}
	c.registerFlags(cmd)
	return cmd
}

// verdict is what verify --json prints last.
type verdict struct {
	Findings int64 `json:"findings"`
}

func (c *cli) verify(ctx context.Context) error {
	if c.server != "" {
		return c.verifyBy(func(stage func(string), found func(takhti.Finding)) error {
			return c.through(ctx, nil, func(l link) error {
				_, err := l.Verify(ctx, stage, found)
				return err
			})
		})
	}
	if err := c.progressing("reading the whole database", func() error { return c.inspect(ctx) }); err != nil {
		return err
	}
	reg, err := c.openRegister(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = reg.Close() }()
	return c.verifyBy(func(stage func(string), found func(takhti.Finding)) error {
		tell := func(f table.Finding) { found(takhti.Finding(f)) }
		if err := reg.Verify(ctx, stage, tell); err != nil {
			return err
		}
		return c.verifyCheckpoints(ctx, reg, "", "", tell)
	})
}

// verifyBy prints what run finds, and how much that was.
func (c *cli) verifyBy(run func(stage func(string), found func(takhti.Finding)) error) error {
	p := startProgress(c.stderr, "checking")
	defer p.end()
	var n int64
	err := run(
		func(stage string) { p.set("checking the "+stage, 0, 0) },
		func(f takhti.Finding) { n++; p.clear(); c.printFinding(f) })
	if err != nil {
		return err
	}
	p.clear()
	return c.conclude(n)
}

// inspect checks the database file in a process of its own, since damage of a
// kind nobody knows of may crash whoever reads it.
func (c *cli) inspect(ctx context.Context) error {
	if err := c.dataIsThere(); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return boltkv.Inspect(ctx, c.databaseFile(), []string{self, checkFileName})
}

func (c *cli) printFinding(f takhti.Finding) {
	if c.json {
		_ = c.printJSON(f)
		return
	}
	c.say("%s %s: %s", f.Key, f.What, f.Detail)
}

func (c *cli) conclude(findings int64) error {
	switch {
	case c.json:
		if err := c.printJSON(verdict{findings}); err != nil {
			return err
		}
	case findings == 0:
		c.say("no differences: the register is what its journal says")
	default:
		c.say("%s", counted(findings, "difference"))
	}
	if findings > 0 {
		return reported(exitDiffers)
	}
	return nil
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/audit"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// The data folder holds the key that signs checkpoints of the journal, and the
// checkpoints.
func (c *cli) auditKeyFile() string { return filepath.Join(c.data, "audit.key") }

func (c *cli) checkpointsFile() string { return filepath.Join(c.data, "checkpoints.txt") }

// openLog opens what signs checkpoints, with the key of the data folder.
func (c *cli) openLog(reg *registry.Register, url string, log *slog.Logger) (*audit.Log, error) {
	key, err := audit.OpenKey(c.auditKeyFile())
	if err != nil {
		return nil, err
	}
	return audit.New(reg, key, audit.Options{File: c.checkpointsFile(), URL: url, Log: log}), nil
}

func (c *cli) auditCommand() *cobra.Command {
	return family("audit", "Search the journal, and prove it or one entry of it",
		c.auditListCommand(), c.auditKeyCommand(), c.auditVerifyCommand(), c.auditProveCommand(), c.auditCheckCommand())
}

func (c *cli) auditKeyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "key", Args: arguments(),
		Short: "Print the public key of the journal's checkpoints",
		Long: `Prints the public key with which anybody can check the signature of this
register's checkpoints. Give it to auditors once, by a way of their choosing.`,
		RunE: c.action(func(context.Context, []string) error {
			if err := c.dataIsThere(); err != nil {
				return err
			}
			key, err := audit.OpenKey(c.auditKeyFile())
			if err == nil {
				c.say("%s", key.Public())
			}
			return err
		}),
	}
	c.dataFlag(cmd)
	return cmd
}

func (c *cli) auditVerifyCommand() *cobra.Command {
	var file, public string
	cmd := &cobra.Command{
		Use: "verify", Args: arguments(),
		Short: "Prove the journal from its entries",
		Long: `Works the journal's tree out anew from its entries, and holds the journal against
the last checkpoint in the data folder, or against all checkpoints in the file given
with --against: one that was kept elsewhere shows that nothing was altered since,
not even by somebody who may write to the data folder. Prints every difference;
exits with 6 when there are any.`,
		Example: `  takhti audit verify --against checkpoints-of-may.txt`,
		RunE:    c.action(func(ctx context.Context, _ []string) error { return c.auditVerify(ctx, file, public) }),
	}
	c.dataFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&file, "against", "", "a `file` with checkpoints that were made before")
	cmd.Flags().StringVar(&public, "key", "", "the public key of the checkpoints (default: that of the data folder)")
	return cmd
}

func (c *cli) auditVerify(ctx context.Context, file, public string) error {
	reg, err := c.openRegister(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = reg.Close() }()
	return c.verifyBy(func(stage func(string), found func(takhti.Finding)) error {
		tell := func(f table.Finding) { found(takhti.Finding(f)) }
		stage("journal")
		if err := reg.VerifyJournal(ctx, tell); err != nil {
			return err
		}
		return c.verifyCheckpoints(ctx, reg, file, public, tell)
	})
}

// verifyCheckpoints holds the journal against the checkpoints of a file, or against
// the last one of the data folder, if there is one.
func (c *cli) verifyCheckpoints(ctx context.Context, reg *registry.Register, file, public string, found func(table.Finding)) error {
	var notes [][]byte
	if file == "" {
		last, err := audit.LastOf(c.checkpointsFile())
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		notes = [][]byte{last}
	} else {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if notes = audit.Split(text); len(notes) == 0 {
			return fleet.Invalidf("audit.no_checkpoint", "%s has no checkpoint: give a file as the server keeps it in checkpoints.txt", file)
		}
	}
	public, err := c.publicKey(public)
	if err != nil {
		return err
	}
	return audit.Against(ctx, reg.As(registry.Operator()), notes, public, found)
}

// publicKey is the key that was given, or that of the data folder.
func (c *cli) publicKey(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	if _, err := os.Stat(c.auditKeyFile()); err != nil {
		return "", fleet.Invalidf("audit.no_key", "say with --key which public key the checkpoints are signed for: takhti audit key prints it where the register is")
	}
	key, err := audit.OpenKey(c.auditKeyFile())
	if err != nil {
		return "", err
	}
	return key.Public(), nil
}

func (c *cli) auditProveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "prove SEQ", Args: arguments("SEQ"),
		Short: "Prove that an entry is in the journal",
		Long: `Prints the entry with the number SEQ, a checkpoint signed now, and the hashes that
lead from the one to the other: all that takhti audit check-proof needs, elsewhere
and without the register. It holds what the entry holds: give it only to those who
may see that.`,
		Example: `  takhti audit prove 4711 > proof.json`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			seq, err := strconv.ParseUint(args[0], 10, 63)
			if err != nil {
				return usageError(fmt.Sprintf("%q is not the number of an entry", args[0]))
			}
			return c.prove(ctx, seq)
		}),
	}
	c.dataFlag(cmd)
	return cmd
}

func (c *cli) prove(ctx context.Context, seq uint64) error {
	reg, err := c.openRegister(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = reg.Close() }()
	log, err := c.openLog(reg, "", nil)
	if err != nil {
		return err
	}
	proof, err := log.Prove(ctx, reg.As(registry.Operator()), seq)
	if err == nil {
		c.say("%s", proof)
	}
	return err
}

func (c *cli) auditCheckCommand() *cobra.Command {
	var public string
	cmd := &cobra.Command{
		Use: "check-proof FILE", Args: arguments("FILE"),
		Short: "Check the proof of an entry, without the register",
		Long: `Checks what takhti audit prove printed, and prints the entry that it proves. It
needs no register, only the public key. Exits with 6 when it proves nothing.`,
		Example: `  takhti audit check-proof proof.json --key takhti-1a2b3c4d+5e6f7a8b+Ab…`,
		RunE: c.action(func(_ context.Context, args []string) error {
			return c.checkProof(args[0], public)
		}),
	}
	c.dataFlag(cmd)
	cmd.Flags().StringVar(&public, "key", "", "the public key (default: that of the data folder)")
	return cmd
}

func (c *cli) checkProof(file, public string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if public, err = c.publicKey(public); err != nil {
		return err
	}
	e, point, err := audit.Check(text, public)
	if err != nil {
		c.say("not proved: %v", err)
		return reported(exitDiffers)
	}
	c.say("proved: entry %d of a journal of %d", e.Seq, point.Size)
	c.say("time: %s", e.Time.Format(time.RFC3339))
	c.say("change: %s", e.Change)
	if e.Erased != 0 {
		c.say("its details were erased")
		return nil
	}
	c.say("by: %s (account %d) by %s from %s", e.Actor, e.User, e.Via, cmp.Or(e.Address, "this machine"))
	return nil
}

package main

import (
	"bufio"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) importUndoCommand() *cobra.Command {
	var dryRun, yes bool
	cmd := &cobra.Command{
		Use: "undo ID", Args: arguments("ID"),
		Short: "Take an import back: delete what it made, put back what it changed",
		Long: `Takes an import back: what it made is deleted, and what it changed is put back.
What something later stands on, such as a device that was received since, stays as
it is and is listed with the reason. Nothing is done before you say yes.

The same file can be imported again.`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				u, err := l.PlanUndo(ctx, args[0])
				if err != nil {
					return err
				}
				if dryRun {
					return c.showUndo(args[0], "would be undone", u)
				}
				if !yes {
					if err := c.askUndo(args[0], u); err != nil {
						return err
					}
				}
				if err := c.undo(ctx, l, args[0], u.Digest); err != nil {
					return err
				}
				return c.showUndo(args[0], "is undone", u)
			})
		}),
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only show what would be done")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.registerFlags(cmd)
	return cmd
}

func (c *cli) undo(ctx context.Context, l link, id, digest string) error {
	p := startProgress(c.stderr, "undoing "+id)
	defer p.end()
	_, err := l.FollowUndo(ctx, id, digest, func(now takhti.Import) {
		if now.Progress != nil {
			p.set("undoing "+id, int64(now.Progress.Done), int64(now.Progress.Known))
		}
	})
	return err
}

func (c *cli) showUndo(id, what string, u takhti.Undo) error {
	if c.json {
		return c.printJSON(u)
	}
	for _, k := range u.Kept {
		c.say("%s stays: %s", k.Subject, k.Message)
	}
	c.say("import %s %s: %s deleted, %s put back, %s left as they are", id, what,
		grouped(int64(u.Deleted)), grouped(int64(u.Restored)), grouped(int64(u.KeptCount)))
	return nil
}

// askUndo goes on only when whoever sits there says yes.
func (c *cli) askUndo(id string, u takhti.Undo) error {
	for _, k := range u.Kept {
		c.tell("%s stays: %s", k.Subject, k.Message)
	}
	c.tell("import %s: %s would be deleted, %s put back, %s left as they are. Undo it? Type yes:", id,
		grouped(int64(u.Deleted)), grouped(int64(u.Restored)), grouped(int64(u.KeptCount)))
	answer, _ := bufio.NewReader(c.stdin).ReadString('\n') // its end is no yes
	if strings.TrimSpace(answer) != "yes" {
		return usageError("nothing was undone: answer yes, or give --yes")
	}
	return nil
}

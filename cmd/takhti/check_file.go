package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

const checkFileName = "check-file"

// checkFileCommand is the child process in which a database file is checked.
func (c *cli) checkFileCommand() *cobra.Command {
	return &cobra.Command{
		Use: checkFileName + " FILE", Hidden: true, Args: arguments("FILE"),
		RunE: c.action(func(ctx context.Context, args []string) error {
			if code := boltkv.RunCheck(ctx, args[0], c.stdout); code != 0 {
				return reported(code)
			}
			return nil
		}),
	}
}

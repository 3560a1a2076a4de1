package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/registry"
)

func (c *cli) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Args: arguments(),
		Short: "Draw the tables, indexes and counters of the database",
		RunE: c.action(func(context.Context, []string) error {
			_, err := io.WriteString(c.stdout, registry.Schema())
			return err
		}),
	}
}

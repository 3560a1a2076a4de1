package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// importable are the kinds of list that can be brought in.
const importable = "places, shipment, delivery, updates, handouts, stocktake, models, targets, accounts"

func (c *cli) templateCommand() *cobra.Command {
	var output, lang string
	cmd := &cobra.Command{
		Use: "template KIND", Args: arguments("what to fill in: " + importable),
		Short: "Write a workbook to fill in and import",
		Long: `Writes a workbook to fill in and import, of places, a shipment, a delivery, updates,
handouts, a stock-take, models, targets or accounts: with the names of the columns, with lists of the
districts, the models and the words that can be chosen, and with a sheet that says
how to fill it in.`,
		Example: `  takhti template shipment -o shipment.xlsx
  takhti template places -o schools.xlsx --lang ur`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			kind := takhti.ImportKind(args[0])
			if !slices.Contains(strings.Split(importable, ", "), args[0]) {
				return usageError(fmt.Sprintf("there is no template for %q: use one of %s", args[0], importable))
			}
			if err := c.refuseTerminal(output); err != nil {
				return err
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				return c.toFile(output, func(w io.Writer) error {
					_, err := l.Template(ctx, kind, lang, w)
					return err
				})
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().StringVarP(&output, "output", "o", "", "the file to write (default: standard output)")
	cmd.Flags().StringVar(&lang, "lang", "en", "the language of the names and the instructions: en or ur")
	return cmd
}

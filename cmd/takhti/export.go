package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) exportCommand() *cobra.Command {
	var q takhti.ExportQuery
	var format, output string
	status, condition := oneOf("", fleet.ParseStatus), oneOf("", fleet.ParseCondition)
	cmd := &cobra.Command{
		Use: "export devices|places|faults|handouts|models|targets", Args: arguments("what to export: devices, places, faults, handouts, models or targets"),
		Short: "Write devices, places, faults, hand-outs, models or targets to a workbook",
		Example: `  takhti export devices --place PK6 -o punjab.xlsx
  takhti export faults --open > open-faults.csv`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			if !slices.Contains(exported, takhti.ExportKind(args[0])) {
				return usageError(fmt.Sprintf("%q cannot be exported: use devices, places, faults, handouts, models or targets", args[0]))
			}
			q.Kind, q.Status, q.Condition = takhti.ExportKind(args[0]), takhti.Status(status.word), takhti.Condition(condition.word)
			if err := c.chooseFormat(&q, format, output); err != nil {
				return err
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				return c.progressing("exporting "+args[0], func() error { return c.export(ctx, l, q, output) })
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().StringVarP(&output, "output", "o", "", "the file to write (default: standard output)")
	cmd.Flags().StringVar(&format, "format", "", "xlsx or csv (default: as the file's name ends, else csv)")
	cmd.Flags().StringVar(&q.Place, "place", "", "only what is at this place and below it: its code")
	cmd.Flags().Var(status, "status", "only devices of this status")
	cmd.Flags().Var(condition, "condition", "only devices in this condition")
	cmd.Flags().StringVar(&q.Model, "model", "", "only devices of this model")
	cmd.Flags().StringVar(&q.Shipment, "shipment", "", "only devices of this shipment")
	cmd.Flags().BoolVar(&q.Open, "open", false, "only faults that are open")
	return cmd
}

var exported = []takhti.ExportKind{
	takhti.ExportDevices, takhti.ExportPlaces, takhti.ExportFaults, takhti.ExportHandouts, takhti.ExportModels, takhti.ExportTargets,
}

func (c *cli) chooseFormat(q *takhti.ExportQuery, format, output string) error {
	byName := strings.TrimPrefix(strings.ToLower(filepath.Ext(output)), ".")
	switch q.Format = takhti.ExportFormat(cmp.Or(format, byName, "csv")); q.Format {
	case takhti.CSV:
	case takhti.XLSX:
		return c.refuseTerminal(output)
	default:
		return usageError(fmt.Sprintf("%q is not a format to export: use xlsx or csv", q.Format))
	}
	return nil
}

func (c *cli) export(ctx context.Context, l link, q takhti.ExportQuery, output string) error {
	return c.toFile(output, func(w io.Writer) error {
		_, err := l.Export(ctx, q, w)
		return err
	})
}

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) countsCommand() *cobra.Command {
	var place, format, output string
	by, asOf := oneOf("status", registry.ParseDimensions), oneOf("", fleet.ParseDate)
	cmd := &cobra.Command{
		Use: "counts", Args: arguments(),
		Short: "Count devices by status, place, condition, model or shipment",
		Example: `  takhti counts
  takhti counts --place PK6 --by place,status
  takhti counts --as-of 2026-06-30 --json`,
		RunE: c.action(func(ctx context.Context, _ []string) error {
			q := takhti.CountQuery{Place: place, AsOf: takhti.Date(strings.TrimSpace(asOf.word))}
			for name := range strings.FieldsFuncSeq(by.word, func(r rune) bool { return r == ',' || r == ' ' }) {
				q.By = append(q.By, takhti.Dimension(name))
			}
			write, err := c.countsWriter(format, output)
			if err != nil {
				return err
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				counts, err := l.Counts(ctx, q)
				if err != nil {
					return err
				}
				return c.toFile(output, func(w io.Writer) error { return write(w, counts, q.By) })
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().StringVar(&place, "place", "", "count at this place and below it: its code (default: all)")
	cmd.Flags().Var(by, "by", "what to count by: status, condition, model, shipment, place, or several with commas")
	cmd.Flags().Var(asOf, "as-of", "as it was at the end of this `day`, such as 2026-06-30 (default: now)")
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, json or xlsx")
	cmd.Flags().StringVarP(&output, "output", "o", "", "the file to write (default: standard output)")
	return cmd
}

// countsWriter writes counts in one of the formats.
type countsWriter func(io.Writer, takhti.Counts, []takhti.Dimension) error

func (c *cli) countsWriter(format, output string) (countsWriter, error) {
	if c.json {
		format = "json"
	}
	switch format {
	case "table":
		return func(w io.Writer, counts takhti.Counts, by []takhti.Dimension) error {
			return cmp.Or(countsTable(w, counts, by), targetsTable(w, counts))
		}, nil
	case "json":
		return func(w io.Writer, counts takhti.Counts, _ []takhti.Dimension) error { return writeJSON(w, counts) }, nil
	case "csv":
		return countsCSV, nil
	case "xlsx":
		return countsWorkbook, c.refuseTerminal(output)
	}
	return nil, usageError(fmt.Sprintf("counts cannot be shown as %q: use table, csv, json or xlsx", format))
}

// dimension is the value of a row in one dimension, as people read it.
func dimension(row takhti.CountRow, d takhti.Dimension) string {
	switch d {
	case takhti.ByPlace:
		return row.PlaceName
	case takhti.ByStatus:
		return string(row.Status)
	case takhti.ByCondition:
		return string(row.Condition)
	case takhti.ByModel:
		return orDash(row.Model)
	case takhti.ByShipment:
		return orDash(row.Shipment)
	}
	return ""
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// countsTable writes a table with the total at its foot. Statuses stand side by
// side when there is something else to have the rows.
func countsTable(w io.Writer, counts takhti.Counts, by []takhti.Dimension) error {
	if _, err := fmt.Fprintf(w, "%s, %s\n", counts.Place, counts.AsOf); err != nil {
		return err
	}
	if len(by) > 1 && slices.Contains(by, takhti.ByStatus) {
		return crossTable(counts, by).write(w)
	}
	g := &grid{right: map[int]bool{len(by): true}}
	for _, r := range counts.Rows {
		var cells []string
		for _, d := range by {
			cells = append(cells, dimension(r, d))
		}
		g.add(append(cells, grouped(r.Count))...)
	}
	total := make([]string, len(by)+1)
	total[0], total[len(by)] = "devices", grouped(counts.Total)
	g.add(total...)
	return g.write(w)
}

// targetsTable writes what there is of the place's targets.
func targetsTable(w io.Writer, counts takhti.Counts) error {
	if len(counts.Targets) == 0 {
		return nil
	}
	g := &grid{right: map[int]bool{1: true, 2: true, 3: true}}
	g.add("target by", "devices", "delivered", "missing")
	for _, t := range counts.Targets {
		g.add(string(t.By), grouped(t.Devices), grouped(t.Delivered), grouped(t.Missing))
	}
	return g.write(w)
}

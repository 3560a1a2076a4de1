package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) importListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Args: arguments(),
		Short: "List imports, the newest first",
		RunE: c.action(func(ctx context.Context, _ []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				all := []takhti.Import{}
				for i, err := range l.Imports(ctx) {
					if err != nil {
						return err
					}
					all = append(all, i)
				}
				if c.json {
					return c.printJSON(all)
				}
				return c.showImports(all)
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

func (c *cli) showImports(all []takhti.Import) error {
	g := &grid{right: map[int]bool{3: true, 4: true, 5: true, 6: true, 7: true}}
	g.add("import", "state", "kind", "rows", "new", "changed", "unchanged", "left out", "by", "when", "file")
	for _, i := range all {
		row := []string{i.ID, words(string(i.State)), string(i.Kind)}
		for _, n := range []int{i.Rows, i.New, i.Changed, i.Unchanged, i.LeftOut} {
			row = append(row, grouped(int64(n)))
		}
		g.add(append(row, i.By, moment(i.Time), i.FileName)...)
	}
	return g.write(c.stdout)
}

// importShown is what --json prints of an import: scripts rely on it.
type importShown struct {
	takhti.Import
	RowList []takhti.ImportRow `json:"row_list,omitempty"`
}

func (c *cli) importShowCommand() *cobra.Command {
	var rows, leftOut bool
	cmd := &cobra.Command{
		Use: "show ID", Args: arguments("ID"),
		Short:   "Show an import and, if wanted, what came of each of its rows",
		Example: `  takhti import show I-17 --left-out`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				i, err := l.Import(ctx, args[0])
				if err != nil {
					return err
				}
				shown := importShown{Import: i}
				only := map[bool]takhti.RowOutcome{true: takhti.RowLeftOut}[leftOut]
				if rows || leftOut {
					for r, err := range l.ImportRows(ctx, i.ID, only) {
						if err != nil {
							return err
						}
						shown.RowList = append(shown.RowList, r)
					}
				}
				return c.showOneImport(shown)
			})
		}),
	}
	cmd.Flags().BoolVar(&rows, "rows", false, "say what came of each row")
	cmd.Flags().BoolVar(&leftOut, "left-out", false, "list the rows that were left out, and why")
	c.registerFlags(cmd)
	return cmd
}

func (c *cli) showOneImport(i importShown) error {
	if c.json {
		return c.printJSON(i)
	}
	result := resultOf(i.Import)
	c.say("%s, %s: %s, by %s on %s", i.ID, i.FileName, words(string(i.State)), i.By, moment(i.Time))
	c.say("%s", result.tally())
	if len(i.RowList) == 0 {
		return nil
	}
	g := &grid{}
	for _, r := range i.RowList {
		g.add(workbook.Problem{Sheet: r.Sheet, Row: r.Row, Column: r.Column}.Cell(), r.Subject, words(string(r.Outcome)), r.Message)
	}
	return g.write(c.stdout)
}

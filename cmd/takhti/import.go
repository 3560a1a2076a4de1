package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) importCommand() *cobra.Command {
	return family("import", "Bring in a workbook: .xlsx or .csv, and see what came of it", c.importPlacesCommand(), c.importShipmentCommand(),
		c.importDeliveryCommand(), c.importUpdatesCommand(), c.importHandoutsCommand(), c.importStockTakeCommand(), c.importModelsCommand(), c.importTargetsCommand(), c.importAccountsCommand(),
		c.importColumnsCommand(), c.importListCommand(), c.importShowCommand(), c.importUndoCommand())
}

const importAbout = `

The whole file is checked first. When a cell is wrong, every problem is listed
with its sheet, row and column, and nothing is imported, unless --skip-bad is
given. The same file twice changes nothing the second time.`

func (c *cli) importPlacesCommand() *cobra.Command {
	j := &importJob{Upload: takhti.Upload{Kind: takhti.ImportPlaces}}
	cmd := &cobra.Command{
		Use: "places FILE", Args: arguments("FILE"),
		Short: "Bring in a list of schools or other places",
		Long:  "Brings in a list of schools or other places." + importAbout,
		RunE:  c.action(func(ctx context.Context, args []string) error { return c.importFile(ctx, j, args[0]) }),
	}
	cmd.Flags().StringVar(&j.To, "to", "", "the place in which schools lie whose rows name none: its code")
	c.importFlags(cmd, j)
	return cmd
}

func (c *cli) importShipmentCommand() *cobra.Command {
	j := &importJob{Upload: takhti.Upload{Kind: takhti.ImportShipment}}
	cmd := &cobra.Command{
		Use: "shipment FILE", Args: arguments("FILE"),
		Short:   "Bring in a packing list, which announces a shipment",
		Long:    "Brings in a packing list, which announces a shipment." + importAbout,
		Example: `  takhti import shipment packing-list.xlsx --shipment HP-2026-017 --supplier "Haier" --to PK603-STORE`,
		RunE:    c.action(func(ctx context.Context, args []string) error { return c.importFile(ctx, j, args[0]) }),
	}
	cmd.Flags().StringVar(&j.Shipment, "shipment", "", "the shipment's number, where the file does not say it")
	cmd.Flags().StringVar(&j.Supplier, "supplier", "", "who sent it")
	cmd.Flags().StringVar(&j.To, "to", "", "the store it goes to: its code")
	c.importFlags(cmd, j)
	return cmd
}

func (c *cli) importFlags(cmd *cobra.Command, j *importJob) {
	c.registerFlags(cmd)
	j.flags.add(cmd)
	j.flags.addDecisions(cmd)
	cmd.Flags().BoolVar(&j.dryRun, "dry-run", false, "only show what would be done")
	copyFlags(cmd, j)
	cmd.Flags().BoolVar(&j.SkipBad, "skip-bad", false, "leave rows with problems out instead of refusing the file")
}

// importJob is one file on its way in, and what came of it so far.
type importJob struct {
	takhti.Upload
	source *os.File
	size   int64
	day    fleet.Date // of a count; zero: not given
	dryRun bool
	flags  readingFlags

	annotated, leftOut string // the files for its copies; empty: none

	result       importResult
	problemCount int // in all; the result may hold fewer
	notes        []string
}

// importResult is what --json prints: scripts rely on it.
type importResult struct {
	ID        string             `json:"id"` // empty when nothing was recorded
	Rows      int                `json:"rows"`
	New       int                `json:"new"`
	Changed   int                `json:"changed"`
	Unchanged int                `json:"unchanged"`
	LeftOut   int                `json:"left_out"`
	Problems  []workbook.Problem `json:"problems"`
	Groups    []takhti.Group     `json:"groups"`
}

// importer is where a file is imported: here, or on a server.
type importer interface {
	// plan works out what the file would change, and what is wrong with it.
	plan(context.Context, *importJob, *progress) error
	// copy writes a copy of the file, with the problems of the plan marked.
	copy(context.Context, *importJob, takhti.ImportCopy, io.Writer) error
	// carryOut makes the changes that were planned.
	carryOut(context.Context, *importJob, *progress) error
}

// open opens the job's file. What it returns closes it.
func (j *importJob) open(path string) (close func(), err error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	j.File, j.source, j.FileName, j.size = file, file, filepath.Base(path), info.Size()
	return func() { _ = file.Close() }, nil
}

func (c *cli) importFile(ctx context.Context, j *importJob, path string) (err error) {
	if j.Reading, err = j.flags.reading(); err != nil {
		return err
	}
	close, err := j.open(path)
	if err != nil {
		return err
	}
	defer close()
	if c.server != "" {
		return c.through(ctx, nil, func(l link) error { return c.runImport(ctx, j, &serverImporter{client: l.Client, all: c.json}) })
	}
	reg, err := c.beginRegister(ctx)
	if err != nil {
		return err
	}
	err = c.runImport(ctx, j, newDeskImporter(reg, c.importsFolder()))
	return errors.Join(err, reg.Close())
}

func (c *cli) runImport(ctx context.Context, j *importJob, at importer) error {
	p := startProgress(c.stderr, "reading "+j.FileName)
	err := at.plan(ctx, j, p)
	if err == nil {
		err = c.writeCopies(ctx, j, at)
	}
	refused := j.problemCount > 0 && !j.SkipBad
	if err == nil && !j.dryRun && !refused {
		p.set("importing "+j.FileName, 0, 0)
		err = at.carryOut(ctx, j, p)
	}
	p.end()
	if err != nil {
		return err
	}
	return c.showImport(j, refused)
}

// shownProblems is how many problems people are shown at once.
const shownProblems = 50

func (c *cli) showImport(j *importJob, refused bool) error {
	r := &j.result
	if c.json {
		if err := c.printJSON(r); err != nil {
			return err
		}
	} else {
		c.showProblems(j)
	}
	switch {
	case refused:
		if !c.json {
			c.showCauses(r.Groups)
		}
		c.tell("takhti: nothing was imported: %s of %s in %s %s a problem; correct the file, or leave such rows out with --skip-bad",
			grouped(int64(r.LeftOut)), counted(int64(r.Rows), "row"), j.FileName, map[bool]string{true: "has", false: "have"}[r.LeftOut == 1])
		return reported(exitRefused)
	case c.json:
	case j.dryRun:
		c.say("%s would be imported: %s", j.FileName, r.tally())
	default:
		c.say("%s is imported as %s: %s", j.FileName, r.ID, r.tally())
	}
	return nil
}

func (c *cli) showProblems(j *importJob) {
	for _, note := range j.notes {
		c.tell("%s", note)
	}
	shown := j.result.Problems[:min(len(j.result.Problems), shownProblems)]
	for _, p := range shown {
		c.tell("%s", p)
	}
	if more := j.problemCount - len(shown); more > 0 {
		c.tell("and %s; --json lists them all", counted(int64(more), "more problem"))
	}
}

func (r *importResult) tally() string {
	return fmt.Sprintf("%s: %s new, %s changed, %s unchanged, %s left out", counted(int64(r.Rows), "row"),
		grouped(int64(r.New)), grouped(int64(r.Changed)), grouped(int64(r.Unchanged)), grouped(int64(r.LeftOut)))
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/api"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// readingFlags say how a workbook is to be read.
type readingFlags struct {
	sheets   []string
	header   int
	bare     bool
	columns  []string
	decision []string
}

func (f *readingFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.sheets, "sheet", nil, "read only this sheet (may be repeated)")
	cmd.Flags().IntVar(&f.header, "header-row", 0, "the row that names the columns, where another is found")
	cmd.Flags().BoolVar(&f.bare, "no-header", false, "no row names the columns: the list begins with the first one")
	cmd.Flags().StringArrayVar(&f.columns, "column", nil, "what a column holds, such as B=serial_number, or B= to leave it (may be repeated)")
	cmd.MarkFlagsMutuallyExclusive("header-row", "no-header")
}

func (f *readingFlags) addDecisions(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.decision, "decide", nil, "what to do about all problems of a cause, such as 'serial.twice|serial_number=keep_first' (may be repeated)")
}

// reading is what the flags say; nil when they say nothing.
func (f *readingFlags) reading() (*takhti.Reading, error) {
	each := takhti.SheetReading{Header: f.header}
	if f.bare {
		each.Header = takhti.NoHeader
	}
	for _, text := range f.columns {
		letter, means, ok := strings.Cut(text, "=")
		column := columnNumber(letter)
		if !ok || column == 0 {
			return nil, usageError(fmt.Sprintf("--column %q is not a column's letter and what it holds, such as B=serial_number", text))
		}
		each.Columns = append(each.Columns, takhti.ColumnReading{Column: column, Means: strings.TrimSpace(means)})
	}
	r := &takhti.Reading{}
	for _, name := range f.sheets {
		one := each
		one.Name = name
		r.Sheets = append(r.Sheets, one)
	}
	switch {
	case len(f.sheets) > 0:
		r.Sheets = append(r.Sheets, takhti.SheetReading{Skip: true})
	case each.Header != 0 || len(each.Columns) > 0:
		r.Sheets = append(r.Sheets, each)
	}
	for _, text := range f.decision {
		cause, do, ok := strings.Cut(text, "=")
		if !ok {
			return nil, usageError(fmt.Sprintf("--decide %q is not a cause and what to do about it, such as 'serial.twice|serial_number=keep_first'", text))
		}
		do, value, _ := strings.Cut(do, ":")
		r.Decisions = append(r.Decisions, takhti.Decision{Cause: cause, Do: do, Value: value})
	}
	if len(r.Sheets)+len(r.Decisions) == 0 {
		return nil, nil
	}
	return r, nil
}

// columnNumber counts the columns A, B, C … from one; zero is none.
func columnNumber(letters string) int {
	n := 0
	for _, r := range strings.ToUpper(strings.TrimSpace(letters)) {
		if r < 'A' || r > 'Z' || n > 26*26 {
			return 0
		}
		n = 26*n + int(r-'A') + 1
	}
	return n
}

// readingOf is what was said of a file, as the register keeps it.
func readingOf(said *takhti.Reading) registry.Reading {
	if said == nil {
		return registry.Reading{}
	}
	return api.ReadingOf(*said)
}

// maxCauses is how many causes people are told how to decide about.
const maxCauses = 10

// showCauses says how the problems can be settled by cause.
func (c *cli) showCauses(groups []takhti.Group) {
	told := 0
	for _, g := range groups {
		if g.Decision != nil || told == maxCauses {
			continue
		}
		if told++; told == 1 {
			c.tell("one answer settles all rows of a cause:")
		}
		first := g.Choices[0]
		if first == workbook.Use {
			first += ":" + cmp.Or(g.Suggestion, "…")
		}
		others := ""
		if len(g.Choices) > 1 {
			others = "; or " + strings.Join(g.Choices[1:], ", ")
		}
		c.tell("  --decide '%s=%s'  (%s%s)", g.Cause, first, counted(int64(g.Rows), "row"), others)
	}
}

func (c *cli) importColumnsCommand() *cobra.Command {
	j, flags, kind := &importJob{}, &readingFlags{}, ""
	cmd := &cobra.Command{
		Use: "columns FILE", Args: arguments("FILE"),
		Short: "Show what the columns of a workbook are taken to hold",
		Long: `Shows how a workbook would be read: its sheets, the row that names the columns,
what each column is taken to hold and how sure that is. Nothing is imported.
With the flags of an import, it shows what they would change.`,
		Example: `  takhti import columns packing-list.xlsx
  takhti import columns schools.xlsx --kind places --header-row 4`,
		RunE: c.action(func(ctx context.Context, args []string) (err error) {
			if j.Reading, err = flags.reading(); err != nil {
				return err
			}
			j.Kind = takhti.ImportKind(kind)
			return c.showColumns(ctx, j, args[0])
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().StringVar(&kind, "kind", string(takhti.ImportShipment), "what the file lists")
	flags.add(cmd)
	return cmd
}

func (c *cli) showColumns(ctx context.Context, j *importJob, path string) error {
	kind, err := workbook.ParseImportKind(string(j.Kind))
	if err != nil {
		return err
	}
	if c.server != "" {
		return usageError("columns are shown of a file before it is sent: leave --server out")
	}
	close, err := j.open(path)
	if err != nil {
		return err
	}
	defer close()
	reg, err := c.beginRegister(ctx)
	if err != nil {
		return err
	}
	o, err := workbook.Look(ctx, reg.As(registry.Operator()), workbook.File{Name: j.FileName, Data: j.source, Size: j.size},
		workbook.Options{Kind: kind, Reading: readingOf(j.Reading)})
	if err = errors.Join(err, reg.Close()); err != nil {
		return err
	}
	if c.json {
		return c.printJSON(api.OutlineOf(o))
	}
	return c.sayOutline(o)
}

func (c *cli) sayOutline(o *workbook.Outline) error {
	for i, s := range o.Sheets {
		if i > 0 {
			c.say("")
		}
		switch {
		case s.Hidden:
			c.say("%s: hidden, not read", s.Name)
			continue
		case s.Read:
			c.say("%s: read; row %s names the columns", s.Name, orNone(s.Header))
		case len(s.Missing) > 0:
			c.say("%s: not read; no column holds %s", s.Name, strings.Join(s.Missing, " and "))
		default:
			c.say("%s: not read", s.Name)
		}
		if s.Unclear != "" {
			c.say("%s", s.Unclear)
		}
		g := grid{}
		g.add("column", "called", "holds", "sure", "for example")
		for _, col := range s.Columns {
			holds := col.Means
			if holds == "" && col.Guess != "" {
				holds = "perhaps " + col.Guess
			}
			g.add(col.Letter(), col.Header, holds, string(col.Sure), strings.Join(col.Samples, " · "))
		}
		if err := g.write(c.stdout); err != nil {
			return err
		}
	}
	return nil
}

func orNone(row int) string {
	if row == 0 {
		return "0 (there is none)"
	}
	return strconv.Itoa(row)
}

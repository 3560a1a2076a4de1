package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// copyFlags take the names of the files in which the copies of a workbook go that
// is imported.
func copyFlags(cmd *cobra.Command, j *importJob) {
	cmd.Flags().StringVar(&j.annotated, "annotated", "", "write the workbook with its problems marked to this file (.xlsx)")
	cmd.Flags().StringVar(&j.leftOut, "left-out", "", "write only the rows that are not imported to this file (.xlsx)")
}

// writeCopies writes the copies that were asked for, be the file refused or not.
func (c *cli) writeCopies(ctx context.Context, j *importJob, at importer) error {
	for _, asked := range []struct {
		which takhti.ImportCopy
		path  string
	}{{takhti.AnnotatedCopy, j.annotated}, {takhti.LeftOutCopy, j.leftOut}} {
		if asked.path == "" {
			continue
		}
		if info, err := os.Stat(asked.path); err == nil && j.isSource(info) {
			return fleet.Invalidf("file.same", "%s is the file that is imported: name another file for its copy", asked.path)
		}
		err := c.writeFile(asked.path, func(w io.Writer) error { return at.copy(ctx, j, asked.which, w) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *importJob) isSource(other os.FileInfo) bool {
	info, err := j.source.Stat()
	return err == nil && os.SameFile(info, other)
}

func (d *deskImporter) copy(ctx context.Context, j *importJob, which takhti.ImportCopy, w io.Writer) error {
	c, known := workbook.ParseCopy(string(which))
	if !known {
		return fmt.Errorf("there is no copy %q", which)
	}
	file := workbook.File{Name: j.FileName, Data: j.source, Size: j.size}
	return workbook.WriteCopy(ctx, w, c, file, d.planned, workbook.Limits{}, "")
}

func (s *serverImporter) copy(ctx context.Context, _ *importJob, which takhti.ImportCopy, w io.Writer) error {
	_, err := s.client.ImportCopy(ctx, s.sent.ID, which, w)
	return err
}

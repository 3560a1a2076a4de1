package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/readproc"
)

const readRowsName = "read-rows"

// readRowsCommand is the process in which a workbook that was uploaded is read and marked.
func (c *cli) readRowsCommand() *cobra.Command {
	return &cobra.Command{
		Use: readRowsName, Hidden: true, Args: arguments(),
		RunE: c.action(func(context.Context, []string) error { return readproc.Serve(c.stdin, c.stdout) }),
	}
}

// apart is how the server reads and marks what strangers send: in processes of this
// very program. On Linux that is the file that runs here, though another version
// may have taken its place on the disk.
func apart(log *slog.Logger) *readproc.Program {
	self := "/proc/self/exe"
	if _, err := os.Stat(self); err != nil {
		self, _ = os.Executable() // no name at all cannot be started, which is said then
	}
	return &readproc.Program{Path: self, Args: []string{os.Args[0], readRowsName}, Log: log}
}

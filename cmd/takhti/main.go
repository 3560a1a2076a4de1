// Takhti is the register of a national school Chromebook rollout: one program
// that keeps it, serves it, and works on it from the command line.
//
// This package only wires and converts: it opens the data folder, joins the
// register to its edges, turns errors into a sentence and an exit code. Every
// command has a file of its own. What commands read and change goes through the
// API, in this process or on a server, so that both do the same.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return (&cli{stdin: stdin, stdout: stdout, stderr: stderr}).run(args)
}

func (c *cli) run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return c.report(c.execute(ctx, args))
}

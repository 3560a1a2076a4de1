// Bench measures what Takhti promises about speed and memory, each as a ratio
// to a peer that does the same work in the same run on the same machine:
//
//	scripts/bench/run                 all of it
//	scripts/bench/run import faults   only these
//
// It prints one table. What it measured and why is in docs/performance.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// benches are what can be named on the command line, in the order in which they run.
var benches = []struct {
	name string
	run  func(context.Context, *lab) error
}{
	{"sheet", benchSheet},
	{"mark", benchMark},
	{"import", benchImport},
	{"large", benchLarge},
	{"counts", benchCounts},
	{"faults", benchFaults},
	{"lookup", benchLookup},
	{"start", benchStart},
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) > 0 && args[0] == childArgument {
		return childMain(ctx, args[1:], stdout, stderr)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	check := flags.Bool("check", false, "exit with 1 when a goal is missed by more than 20 %")
	profiles := flags.String("profiles", "", "a folder to which each bench writes its CPU profile; it takes a little of the speed")
	keep := flags.String("keep", "", "a folder in which the registers are kept for the next run, which must be of the same code")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if err := known(flags.Args()); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	}
	l, err := openLab(*keep, *profiles, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	defer l.close()
	failed := l.runAll(ctx, flags.Args())
	l.table.print(stdout)
	if failed || *check && l.table.missed() {
		return 1
	}
	return 0
}

// runAll runs the chosen benches. One that cannot run does not keep the others
// from being measured.
func (l *lab) runAll(ctx context.Context, chosen []string) (failed bool) {
	for _, b := range benches {
		if !wanted(b.name, chosen) || ctx.Err() != nil {
			continue
		}
		if err := l.profiled(b.name, func() error { return b.run(ctx, l) }); err != nil {
			l.say("%s: %v", b.name, err)
			failed = true
		}
	}
	return failed
}

func wanted(name string, chosen []string) bool {
	return len(chosen) == 0 || slices.Contains(chosen, name)
}

func known(chosen []string) error {
	var names []string
	for _, b := range benches {
		names = append(names, b.name)
	}
	for _, name := range chosen {
		if !slices.Contains(names, name) {
			return fmt.Errorf("there is no bench %q: they are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

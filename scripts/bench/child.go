package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"time"

	"github.com/takhti-edu/takhti/internal/readproc"
)

// childArgument makes this program do one thing in a process of its own, so that
// its memory can be told from everything else's.
const childArgument = "child"

// outcome is what a child did.
type outcome struct {
	Took  time.Duration // without the start of the process
	Work  time.Duration // of all processors together
	Rows  int
	Fault time.Duration // that all but one of a hundred faults took at most that were reported meanwhile
	Part  time.Duration // of the rows of one part
	Own   int64         // as Peak, without the pages of files
	Peak  int64         // bytes of memory that the process held at most, together with one that read for it
}

// outcomes are what children did that did the same.
type outcomes []outcome

func (all outcomes) took() time.Duration {
	return median(all.each(func(o outcome) time.Duration { return o.Took }))
}

func (all outcomes) work() time.Duration {
	return median(all.each(func(o outcome) time.Duration { return o.Work }))
}

func (all outcomes) peak() (most int64) {
	for _, o := range all {
		most = max(most, o.Peak)
	}
	return most
}

func (all outcomes) own() (most int64) {
	for _, o := range all {
		most = max(most, o.Own)
	}
	return most
}

func (all outcomes) each(of func(outcome) time.Duration) []time.Duration {
	times := make([]time.Duration, len(all))
	for i, o := range all {
		times[i] = of(o)
	}
	return times
}

// children are the things to do; each is told in which files.
var children = map[string]func(ctx context.Context, args []string) (outcome, error){
	"import":             importFile,
	"excelize":           readFile,
	"excelize-formatted": readFormatted,
	"excelize-bbolt":     putFile,
	"sheet":              readSheet,
	"sheet-file":         writeSheet,
	"mark":               markSheet,
}

// child does one of children.
func (l *lab) child(ctx context.Context, name string, args ...string) (o outcome, err error) {
	self, err := os.Executable()
	if err != nil {
		return o, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{childArgument, name, l.profiles}, args...)...)
	cmd.Stderr = l.stderr
	out, err := cmd.Output()
	if err != nil {
		return o, fmt.Errorf("the child %s: %w", name, err)
	}
	if err := json.Unmarshal(out, &o); err != nil {
		return o, err
	}
	o.Work = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return o, nil
}

func childMain(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if args[0] == readerArgument {
		if err := readproc.Serve(os.Stdin, stdout); err != nil {
			fmt.Fprintln(stderr, "bench:", err)
			return 1
		}
		return 0
	}
	o, err := runChild(ctx, args[0], args[1], args[2:])
	if err == nil {
		own, known := heldBy("self", "VmHWM")
		if !known {
			err = errors.New("the system does not tell how much memory the process had")
		}
		o.Peak = max(o.Peak, own)
	}
	if err == nil {
		err = json.NewEncoder(stdout).Encode(o)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	return 0
}

func runChild(ctx context.Context, name, profiles string, args []string) (o outcome, err error) {
	if profiles == "" {
		return children[name](ctx, args)
	}
	f, err := os.Create(filepath.Join(profiles, name+"-"+filepath.Base(args[0])+".pprof"))
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := pprof.StartCPUProfile(f); err != nil {
		return o, err
	}
	defer pprof.StopCPUProfile()
	return children[name](ctx, args)
}

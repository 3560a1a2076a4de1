//go:build !linux

package readproc

import (
	"os"
	"os/exec"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// hand tells the process where the file is: not every system lets a process
// inherit an open one.
func hand(_ *exec.Cmd, f *os.File, o *opening) { o.Path = f.Name() }

func handed(o *opening) (*os.File, error) { return os.Open(o.Path) }

// confine has this process watch its own memory, since no kernel but Linux's
// counts it as a Go program takes it.
func confine(l Limits) error {
	debug.SetMemoryLimit(l.soft())
	go watchMemory(l.Memory)
	return nil
}

// watchMemory ends the process when it has more memory than it may have. What it
// takes at once, between two looks, it gets.
func watchMemory(most int64) {
	const often = 50 * time.Millisecond
	held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(often) {
		metrics.Read(held)
		if held[0].Value.Uint64()-held[1].Value.Uint64() > uint64(most) {
			os.Exit(exitOverMemory)
		}
	}
}

// peak is not known: the process itself says when it had too much.
func peak(*os.ProcessState) int64 { return 0 }

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"time"

	"github.com/takhti-edu/takhti/internal/readproc"
)

// readerArgument makes a child the process that reads a workbook for another one.
const readerArgument = "read-rows"

// apart is how the server reads workbooks, in processes of this program.
func apart() *readproc.Program {
	return &readproc.Program{Path: "/proc/self/exe", Args: []string{os.Args[0], childArgument, readerArgument}}
}

// watchReaders looks, until it is stopped, at how much memory this process has
// together with those that read for it. It gives the most that was seen: of all of
// it, and of that without the pages of files, which the system may take back. It
// looks seldom enough to take no part of the time that is measured.
func watchReaders() (stop func() (peak, own int64)) {
	const (
		often  = 10 * time.Millisecond
		anew   = 10 // times, after which it looks whom else this process has started
		itself = "self"
	)
	done, ended := make(chan struct{}), make(chan struct{})
	var peak, own int64
	go func() {
		defer close(ended)
		var all []string
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			case <-time.After(often):
				if n%anew == 0 {
					all = append(childProcesses(), itself)
				}
				together, alone := heldTogether(all)
				peak, own = max(peak, together), max(own, alone)
			}
		}
	}()
	return func() (int64, int64) {
		close(done)
		<-ended
		return peak, own
	}
}

// heldTogether is how much memory the processes have that have not ended.
func heldTogether(processes []string) (all, own int64) {
	for _, p := range processes {
		status, _ := os.ReadFile(filepath.Join("/proc", p, "status"))
		resident, _ := kilobytes(string(status), "VmRSS")
		anonymous, _ := kilobytes(string(status), "RssAnon")
		all, own = all+resident, own+anonymous
	}
	return all, own
}

// childProcesses are the numbers of those that this process started.
func childProcesses() (all []string) {
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		for _, number := range bytes.Fields(text) {
			all = append(all, string(number))
		}
	}
	return all
}

// heldBy is how much memory a process has, or had at most since its program began:
// VmRSS, RssAnon or VmHWM. What the system tells of a process that has ended is of no use: it
// counts what the parent had when it started it.
func heldBy(process, what string) (bytes int64, known bool) {
	status, _ := os.ReadFile(filepath.Join("/proc", process, "status"))
	return kilobytes(string(status), what)
}

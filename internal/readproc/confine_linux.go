package readproc

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// hand gives the process the open file, and the end of whoever started it. A group
// of its own keeps a Ctrl+C at the terminal from it: an import that is under way
// may be finished.
//
// The signal comes at the end of the thread that started the process, which Go
// ends only together with a goroutine that keeps it for itself. None does here.
func hand(cmd *exec.Cmd, f *os.File, _ *opening) {
	cmd.ExtraFiles = []*os.File{f}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

func handed(*opening) (*os.File, error) { return os.NewFile(3, "the file"), nil }

// confine has the kernel hold this process to its limits, and takes from it what
// reading does not need: to open anything, to write files, to leave a picture of
// its memory. When the computer runs out of memory, this process is the first to go.
func confine(l Limits) error {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0) // a system without it has nothing to ask
	runtime.GOMAXPROCS(min(runtime.GOMAXPROCS(0), atWork))
	boundMemory(l.Memory)
	time.Sleep(time.Nanosecond) // Go opens now what it waits with, and could not later
	memory, seconds := dataSize()+uint64(l.Memory+l.Memory/4), uint64(l.Processor/time.Second)
	for _, r := range []struct {
		what      string
		number    int
		cur, most uint64
	}{
		{"memory", syscall.RLIMIT_DATA, memory, memory},
		{"processor time", syscall.RLIMIT_CPU, seconds, seconds + 1}, // a signal that Go tells of, then the end
		{"dumps", syscall.RLIMIT_CORE, 0, 0},
		{"files to write", syscall.RLIMIT_FSIZE, 0, 0},
		{"files to open", syscall.RLIMIT_NOFILE, 0, 0},
	} {
		if err := syscall.Setrlimit(r.number, &syscall.Rlimit{Cur: r.cur, Max: r.most}); err != nil {
			return fmt.Errorf("cannot limit the %s: %w", r.what, err)
		}
	}
	return nil
}

// atWork is how many goroutines are: one unpacks, one reads.
const atWork = 2

// dataSize is how much there is already of what RLIMIT_DATA counts: little, but
// for programs that were built to find data races. Zero where nobody tells.
func dataSize() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if text, found := bytes.CutPrefix(line, []byte("VmData:")); found {
			kb, _ := strconv.ParseUint(string(bytes.TrimSuffix(bytes.TrimSpace(text), []byte(" kB"))), 10, 64)
			return kb << 10
		}
	}
	return 0
}

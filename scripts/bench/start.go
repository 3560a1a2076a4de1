package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	startDevices = 500_000
	idleFor      = 3 * time.Second // before a server counts as idle
)

// benchStart starts the real program on a large register, until it says that it
// is ready; then it lets it idle and looks at its memory.
func benchStart(ctx context.Context, l *lab) error {
	data, err := prepareData(ctx, l)
	if err != nil {
		return err
	}
	l.say("building takhti")
	program := l.path("takhti")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", "nomsgpack", "-ldflags", "-s -w", "-o", program, "./cmd/takhti")
	build.Dir = "../.." // its own module, with what it is released with
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building takhti: %w\n%s", err, out)
	}
	if _, err := startOnce(ctx, program, data, syscall.SIGTERM); err != nil { // makes the admin's account
		return err
	}
	l.say("starting")
	var stopped, killed, walked []time.Duration
	var memory []int64
	var worked []time.Duration
	const rounds = 3
	start := func(took *[]time.Duration, with syscall.Signal) func() error {
		return func() error {
			if took == &walked {
				if err := os.Remove(filepath.Join(data, "takhti.db.clean")); err != nil {
					return err
				}
			}
			s, err := startOnce(ctx, program, data, with)
			*took, memory = append(*took, s.ready), append(memory, s.memory)
			worked = append(worked, s.work)
			return err
		}
	}
	// What a start finds is how the one before it ended.
	err = interleave(rounds, start(&killed, syscall.SIGTERM), start(&walked, syscall.SIGTERM), start(&stopped, syscall.SIGKILL))
	if err != nil {
		return err
	}
	for i, took := range [][]time.Duration{stopped, killed, walked} {
		l.table.add(line{
			what: fmt.Sprintf("start with %d devices until ready, %s", startDevices, []string{"after a clean stop", "after a kill while idle", "all pages checked, as after a kill at work"}[i]),
			ours: inWords(median(took)), figure: median(took).Seconds(), unit: " s", goal: 1, bound: atMost,
		})
	}
	l.table.add(line{what: "processor time of a start, of idling and of the end", ours: inWords(median(worked)), bound: shownOnly})
	l.table.add(line{
		what: fmt.Sprintf("memory of a server with %d devices, idle for %s, beyond the mapped file", startDevices, idleFor), ours: megabytes(quantile(memory, 1)),
		figure: float64(quantile(memory, 1) >> 20), unit: " MB", goal: 100, bound: atMost,
	})
	return nil
}

func prepareData(ctx context.Context, l *lab) (string, error) {
	file, err := l.register(ctx, startDevices)
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(l.path("data"), 0o700); err != nil {
		return "", err
	}
	_, err = l.copyFile(file, filepath.Join("data", "takhti.db"))
	return l.path("data"), err
}

// started is one start of the program.
type started struct {
	ready  time.Duration
	work   time.Duration // of the processors, from start to end
	memory int64
}

func startOnce(ctx context.Context, program, data string, end syscall.Signal) (s started, err error) {
	cmd := exec.CommandContext(ctx, program, "serve", "--data", data, "--addr", "127.0.0.1:0")
	said, err := cmd.StdoutPipe()
	if err != nil {
		return s, err
	}
	cmd.Stderr = cmd.Stdout
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return s, err
	}
	defer func() {
		_ = cmd.Process.Signal(end)
		if waited := cmd.Wait(); end == syscall.SIGTERM {
			err = errors.Join(err, waited)
		}
		s.work = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}()
	url, err := addressIn(bufio.NewScanner(said))
	if err != nil {
		return s, err
	}
	if err := ready(ctx, url); err != nil {
		return s, err
	}
	s.ready = time.Since(began)
	time.Sleep(idleFor)
	s.memory, err = anonymous(cmd.Process.Pid)
	return s, err
}

// addressIn reads what the program says up to the address it listens at.
func addressIn(said *bufio.Scanner) (string, error) {
	var all []string
	for said.Scan() {
		all = append(all, said.Text())
		if _, url, found := strings.Cut(said.Text(), "takhti is at "); found {
			go func() {
				for said.Scan() { // so that it can go on talking
				}
			}()
			return strings.TrimRight(url, "/"), nil
		}
	}
	return "", fmt.Errorf("it did not start: %s", strings.Join(all, " "))
}

func ready(ctx context.Context, url string) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
}

// anonymous is the memory that a process has beyond mapped files.
func anonymous(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	held, known := kilobytes(string(status), "RssAnon")
	if !known {
		return 0, errors.New("the system does not tell the memory of a process")
	}
	return held, nil
}

// kilobytes reads a size from what the system tells of a process.
func kilobytes(status, name string) (bytes int64, known bool) {
	for line := range strings.Lines(status) {
		var kb int64
		if n, _ := fmt.Sscanf(line, name+": %d kB", &kb); n == 1 {
			return kb << 10, true
		}
	}
	return 0, false
}

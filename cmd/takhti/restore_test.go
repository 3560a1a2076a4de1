package main

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// told is what a run of the program ended with and said.
type told struct {
	code        int
	out, errors string
}

func takhtiSays(t *testing.T, args ...string) told {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program(), args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Error(err)
	}
	return told{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// Restores that come one upon the other, or at the same time, keep every register
// that was there: none replaces what another put aside, and one is in its place.
func TestRestoresLoseNothing(t *testing.T) {
	for name, restores := range map[string]func(restore func()){
		"one upon the other": func(restore func()) { restore(); restore(); restore() },
		"at the same time": func(restore func()) {
			var all sync.WaitGroup
			for range 4 {
				all.Go(restore)
			}
			all.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			data, saved := filepath.Join(dir, "d"), filepath.Join(dir, "saved")
			mustRun(t, "seed", data)
			mustRun(t, program(), "backup", saved, "--data", data)
			mustRun(t, program(), "user", "add", "only.in.the.original", "--role", "viewer", "--data", data)
			original := readFile(t, filepath.Join(data, "takhti.db"))

			var done sync.Map
			restores(func() {
				switch r := takhtiSays(t, "restore", saved, "--data", data); {
				case r.code == exitDone:
					_, name, _ := strings.Cut(strings.TrimSpace(r.out), " is kept as ")
					if _, twice := done.LoadOrStore(name, true); twice {
						t.Errorf("two registers were kept as %q", name)
					}
				case r.code != exitInUse || !strings.Contains(r.errors, "restore is at work"):
					t.Errorf("exit code %d: %s%s", r.code, r.out, r.errors)
				}
			})
			kept, err := filepath.Glob(filepath.Join(data, "takhti.db.before-restore-*"))
			if err != nil || len(kept) == 0 {
				t.Fatalf("nothing was kept: %v", err)
			}
			safe := 0
			for _, file := range kept {
				if _, said := done.Load(filepath.Base(file)); !said {
					t.Errorf("%s is there, and no restore said so", file)
				}
				if bytes.Equal(readFile(t, file), original) {
					safe++
				}
			}
			if safe != 1 {
				t.Errorf("the original register is there %d times, in %v", safe, kept)
			}
			if r := takhtiSays(t, "verify", "--data", data); r.code != exitDone {
				t.Errorf("verify: %d %s%s", r.code, r.out, r.errors)
			}
			if left, _ := filepath.Glob(filepath.Join(data, "*restoring*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

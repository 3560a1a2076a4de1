package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestEveryErrorHasItsExitCode(t *testing.T) {
	answer := func(status int) error { return &takhti.Error{Status: status, Code: "any"} }
	for _, c := range []struct {
		what string
		err  error
		want int
	}{
		{"a rule refuses", fleet.Conflictf("device.in_store", "no"), exitRefused},
		{"input is wrong", fleet.Invalidf("serial.length", "no"), exitRefused},
		{"a role does not allow it", fleet.Forbiddenf("forbidden", "no"), exitRefused},
		{"it is not there", fleet.NotFoundf("device.not_found", "no"), exitNotFound},
		{"stored data is damaged", &fleet.Error{Kind: fleet.Damaged}, exitFailed},
		{"the server knows of a rule", answer(409), exitRefused},
		{"the server finds the input wrong", answer(422), exitRefused},
		{"the server does not know the token", answer(401), exitRefused},
		{"the server does not have it", answer(404), exitNotFound},
		{"the server is busy", answer(503), exitFailed},
		{"another process has the file", fmt.Errorf("d/takhti.db: %w", kv.ErrLocked), exitInUse},
		{"the file is damaged", fmt.Errorf("d/takhti.db: %w", kv.ErrCorrupt), exitFailed},
		{"the backup is damaged", fmt.Errorf("saved: %w", kv.ErrDump), exitRefused},
		{"the disk is full", syscall.ENOSPC, exitFailed},
		{"it was stopped", context.Canceled, exitFailed},
		{"flags do not go together", usageError("no"), exitUsage},
		{"verify found something", errors.Join(reported(exitDiffers), nil), exitDiffers},
	} {
		var out strings.Builder
		run := &cli{stderr: &out, began: true}
		if got := run.report(c.err); got != c.want {
			t.Errorf("%s: exit code %d, want %d", c.what, got, c.want)
		}
	}
}

func TestTheManualNamesEveryExitCode(t *testing.T) {
	manual, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exitCodes {
		if line := fmt.Sprintf("| %d | %s |", e.code, e.meaning); !strings.Contains(string(manual), line) {
			t.Errorf("docs/commands.md has no line %q", line)
		}
	}
}

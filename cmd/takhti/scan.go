package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

const scanTime = 2 * time.Minute // that a virus scanner may take for a file

var errInfected = fleet.Invalidf("file.infected", "the virus scanner refuses this file, and it was not kept: do not open it, and ask whoever sent it for another").In("file")

// scanner has a virus scanner look at files; nil when there is none. As clamscan and
// its like do, the command ends with 0 for a clean file and with 1 for one that is not;
// any other end says that nobody has looked, and the file is not kept.
func scanner(command string) func(ctx context.Context, path string) error {
	words := strings.Fields(command)
	if len(words) == 0 {
		return nil
	}
	return func(ctx context.Context, path string) error {
		path, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, scanTime)
		defer cancel()
		said, err := exec.CommandContext(ctx, words[0], append(words[1:len(words):len(words)], path)...).CombinedOutput()
		var end *exec.ExitError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &end) && end.ExitCode() == 1:
			return errInfected
		}
		out := &fleet.Error{
			Kind: fleet.Unavailable, Code: "file.scan",
			Message: "the virus scanner does not answer, so the file was not kept: send it again later, and tell the operator of the register",
		}
		return fmt.Errorf("%w (%s: %w: %s)", out, words[0], err, strings.TrimSpace(string(said[:min(len(said), 500)])))
	}
}

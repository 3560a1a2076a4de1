package boltkv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Check reads the whole file at path and says whether all that was written to
// it is there as it was written. A file in use by another process gives
// [kv.ErrLocked], a damaged one [kv.ErrCorrupt].
//
// The last word is bbolt's own, which may crash the process over damage of a
// kind that we do not know of: see [Inspect].
func Check(ctx context.Context, path string) error {
	if err := checkValues(ctx, path); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	db, _, err := openSound(path, "", &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		var first error
		for err := range tx.Check() {
			if first == nil {
				first = fmt.Errorf("%s: %w", path, damaged("%s", inWords(err)))
			}
		}
		return first
	})
	return errors.Join(err, db.Close())
}

// IsDatabase says whether there is a file at path that begins as a database does,
// whatever its state.
func IsDatabase(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	_, err = readMeta(f)
	return err == nil
}

// inWords keeps what bbolt says of a page that it stumbled over, a panic's text,
// from people.
func inWords(err error) string {
	if text := err.Error(); !strings.HasPrefix(text, "panic") {
		return text
	}
	return "a page is not what it should be"
}

func checkValues(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if err := lock(f, false, 0); err != nil {
		return err
	}
	return walk(ctx, f, values)
}

// What a child process that checks a file says by its exit code. A Go panic
// exits with 2, so that is none of them.
const (
	exitSound  = 0
	exitFailed = 1
	exitDamage = 3
	exitLocked = 4
)

// RunCheck is what the child process of [Inspect] has to do: it checks the file,
// writes what is wrong to out, and returns the exit code.
func RunCheck(ctx context.Context, path string, out io.Writer) int {
	err := Check(ctx, path)
	if err != nil {
		_, _ = fmt.Fprintln(out, err)
	}
	switch {
	case err == nil:
		return exitSound
	case errors.Is(err, kv.ErrCorrupt):
		return exitDamage
	case errors.Is(err, kv.ErrLocked):
		return exitLocked
	}
	return exitFailed
}

// Inspect runs [Check] in a child process, so that no damage can crash this one.
// The command, to which path is added, must end in [RunCheck]. A child that
// crashes is taken as [kv.ErrCorrupt], and what it printed is not shown.
func Inspect(ctx context.Context, path string, command []string) error {
	args := append(append([]string(nil), command[1:]...), path)
	child := exec.CommandContext(ctx, command[0], args...)
	var out bytes.Buffer
	child.Stdout = &out
	err := child.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("cannot check %s: %w", path, err)
	}
	said := strings.TrimSpace(out.String())
	switch child.ProcessState.ExitCode() {
	case exitSound:
		return nil
	case exitDamage:
		return &finding{said, kv.ErrCorrupt}
	case exitLocked:
		return &finding{said, kv.ErrLocked}
	case exitFailed:
		return &finding{said, nil}
	}
	return fmt.Errorf("%s: %w: reading it made the check crash", path, kv.ErrCorrupt)
}

// finding is an error of the child process, in its words.
type finding struct {
	text string
	kind error
}

func (f *finding) Error() string { return f.text }
func (f *finding) Unwrap() error { return f.kind }

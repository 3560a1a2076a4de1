package boltkv_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

// asChild makes the test's own binary the child process that checks a file.
const asChild = "TAKHTI_TEST_CHECK"

func TestMain(m *testing.M) {
	if os.Getenv(asChild) != "" {
		os.Exit(boltkv.RunCheck(context.Background(), os.Args[len(os.Args)-1], os.Stdout))
	}
	os.Exit(m.Run())
}

func TestInspectTellsWhatTheChildFound(t *testing.T) {
	t.Setenv(asChild, "1")
	sound, damaged, locked := path(t), path(t), path(t)
	file, _ := soundFile(t)
	write(t, sound, file)
	file[len(file)/2] ^= 1
	write(t, damaged, file[:len(file)-pageSize])
	open(t, locked)
	tests := []struct {
		name, path string
		want       error
		text       string
	}{
		{"sound", sound, nil, ""},
		{"damaged", damaged, kv.ErrCorrupt, damaged + ": stored data is damaged: the end is missing"},
		{"locked", locked, kv.ErrLocked, locked + ": another takhti has this file open"},
		{"missing", path(t), nil, "no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := boltkv.Inspect(t.Context(), test.path, []string{os.Args[0]})
			if (err == nil) != (test.text == "") || err != nil && !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %v, want %q", err, test.text)
			}
			for _, kind := range []error{kv.ErrCorrupt, kv.ErrLocked} {
				if errors.Is(err, kind) != (kind == test.want) {
					t.Errorf("%v is of the kind %q: %v", err, kind, errors.Is(err, kind))
				}
			}
		})
	}
}

func TestInspectTakesACrashForDamage(t *testing.T) {
	for name, script := range map[string]string{
		"Go panic":     `echo "panic: runtime error" >&2; exit 2`,
		"killed":       `kill -9 $$`,
		"half a word":  `echo "goroutine 1 [running]:"; exit 2`,
		"unknown code": `exit 77`,
	} {
		t.Run(name, func(t *testing.T) {
			err := boltkv.Inspect(t.Context(), "takhti.db", []string{"sh", "-c", script})
			if want := "takhti.db: stored data is damaged: reading it made the check crash"; !errors.Is(err, kv.ErrCorrupt) || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestInspectThatCannotRunSaysSo(t *testing.T) {
	err := boltkv.Inspect(t.Context(), "takhti.db", []string{"/no/such/program"})
	if err == nil || errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), "cannot check takhti.db") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := boltkv.Inspect(ctx, "takhti.db", []string{"sh", "-c", "exit 3"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := boltkv.Check(ctx, path(t)); err == nil {
		t.Error("a check of no file finds nothing wrong")
	}
}

func TestCheckCanBeCancelled(t *testing.T) {
	at := path(t)
	file, _ := soundFile(t)
	write(t, at, file)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := boltkv.Check(ctx, at); !errors.Is(err, context.Canceled) || errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}

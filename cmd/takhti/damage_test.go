package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const damagePage = 4096

// damages are what disks, cables and people do to a file.
var damages = []struct {
	what string
	do   func(data []byte) []byte
}{
	{"one bit is another", func(d []byte) []byte { pageOf(d)[rand.IntN(damagePage)] ^= 1 << rand.IntN(8); return d }},
	{"a page's head is noise", func(d []byte) []byte { noise(pageOf(d)[:16]); return d }},
	{"a page is noise", func(d []byte) []byte { noise(pageOf(d)); return d }},
	{"a page is zeros", func(d []byte) []byte { clear(pageOf(d)); return d }},
	{"a page stands in another's place", func(d []byte) []byte { copy(pageOf(d), pageOf(d)); return d }},
	{"the first page is noise", func(d []byte) []byte { noise(d[:damagePage]); return d }},
	{"both first pages are noise", func(d []byte) []byte { noise(d[:2*damagePage]); return d }},
	{"its end is cut off", func(d []byte) []byte { return d[:rand.IntN(len(d))] }},
	{"all is noise", func(d []byte) []byte { noise(d); return d }},
}

// pageOf is any page that was ever written to; most of a young file was not.
func pageOf(d []byte) []byte {
	for {
		n := rand.IntN(len(d) / damagePage)
		if page := d[n*damagePage : (n+1)*damagePage]; bytes.Count(page, []byte{0}) < damagePage {
			return page
		}
	}
}

func noise(d []byte) {
	for i := range d {
		d[i] = byte(rand.Uint32())
	}
}

// Whatever happened to the database file, people are told in a sentence and shown
// the way out, and what is not refused is what was written.
func TestDamagedFilesAreToldInASentence(t *testing.T) {
	data, sound := filepath.Join(t.TempDir(), "d"), filepath.Join(t.TempDir(), "sound")
	mustRun(t, "seed", data)
	mustRun(t, program(), "backup", sound, "--data", data)
	file := filepath.Join(data, "takhti.db")
	whole, backup := readFile(t, file), readFile(t, sound)
	refused := 0
	for _, d := range damages {
		for range 4 {
			if err := os.WriteFile(file, d.do(bytes.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			if code := trouble(t, d.what, "verify", "--data", data); code != 0 {
				refused++
			} else if mustRun(t, program(), "backup", sound, "--data", data); !bytes.Equal(readFile(t, sound), backup) {
				t.Errorf("%s: verify says nothing, and the register holds something else", d.what)
			}
			trouble(t, d.what, "counts", "--data", data)
			trouble(t, d.what, "device", "CB0001", "--data", data)
		}
	}
	if refused == 0 {
		t.Error("no damage was found at all")
	}
	t.Logf("%d of %d damages were refused; the others hit nothing that is used", refused, 4*len(damages))

	mustRun(t, program(), "restore", sound, "--data", data)
	mustRun(t, program(), "verify", "--data", data)
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// trouble runs a command on a damaged register. It may find nothing; otherwise it
// has to say what is wrong, and how to go on.
func trouble(t *testing.T, what string, args ...string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, program(), args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	command := fmt.Sprintf("%s: takhti %s", what, strings.Join(args, " "))
	for _, word := range []string{"panic", "goroutine", "fatal error", "SIG", ".go:"} {
		if bytes.Contains(out, []byte(word)) {
			t.Errorf("%s shows people the program's insides:\n%.600s", command, out)
			return exitFailed
		}
	}
	switch {
	case exit == nil:
		return exitDone
	case exit.ExitCode() == exitFailed && !bytes.Contains(out, []byte("takhti restore FILE")):
		t.Errorf("%s does not say how to go on:\n%s", command, out)
	case exit.ExitCode() != exitFailed && exit.ExitCode() != exitDiffers:
		t.Errorf("%s ends with exit code %d:\n%s", command, exit.ExitCode(), out)
	}
	return exit.ExitCode()
}

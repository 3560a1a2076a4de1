package browser

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// goodPassword is that of the accounts of a fresh register.
const goodPassword = "seven ripe mangoes"

// fresh is a register of its own, which holds accounts and the places of the country.
type fresh struct {
	t                  *testing.T
	address, url, data string
	log                transcript
}

func newFresh(t *testing.T) *fresh {
	t.Helper()
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return &fresh{t: t, address: address, url: "http://" + address, data: filepath.Join(t.TempDir(), "data")}
}

// command runs a command on the data folder, which nobody may serve yet, with a good
// password as its input. It is what the command says.
func (f *fresh) command(args ...string) string {
	f.t.Helper()
	run := exec.Command(filepath.Join(folder, "takhti"), append(args, "--data", f.data)...)
	run.Stdin = strings.NewReader(goodPassword + "\n")
	out, err := run.CombinedOutput()
	if err != nil {
		f.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// serve serves the register until the test ends, with more in its environment.
func (f *fresh) serve(env string, flags ...string) {
	f.t.Helper()
	run := exec.Command(filepath.Join(folder, "takhti"), append([]string{"serve", "--data", f.data, "--addr", f.address, "--public-url", f.url}, flags...)...)
	run.Env, run.Stderr = append(os.Environ(), env), &f.log
	if err := run.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		_ = run.Process.Signal(os.Interrupt)
		_ = run.Wait()
	})
	if err := answers(f.address); err != nil {
		f.t.Fatal(err)
	}
}

// transcript is a log that is read while it is written.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// since is what was written after so many bytes, and how many there are now.
func (l *transcript) since(n int) (text string, now int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()[n:], l.text.Len()
}

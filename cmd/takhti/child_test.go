package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// program is the takhti whose crashes are tried: the one that TAKHTI_BINARY
// names, or this test's own.
func program() string { return cmp.Or(os.Getenv("TAKHTI_BINARY"), "takhti") }

// child is a takhti that serves a data folder in a process of its own.
type child struct {
	t      testing.TB
	cmd    *exec.Cmd
	client *takhti.Client // asks once: what is not answered is not asked again
	url    string
	log    bytes.Buffer
}

// serveChild starts the server on a data folder; wrap, if any, is the command
// that is to start it.
func serveChild(t testing.TB, data, token string, wrap ...string) *child {
	t.Helper()
	line := append(wrap, program(), "serve", "--data", data, "--addr", "127.0.0.1:0")
	c := &child{t: t, cmd: exec.Command(line[0], line[1:]...)}
	c.cmd.Stderr = &c.log
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.cmd.Process.Kill() }) // if the test ended early
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "takhti is at "); ok {
			c.url = url
			break
		}
	}
	if c.url == "" {
		t.Fatalf("the server did not start: %v\n%s", c.cmd.Wait(), c.log.String())
	}
	if c.client, err = takhti.New(c.url, token, takhti.WithTries(1)); err != nil {
		t.Fatal(err)
	}
	return c
}

// kill ends the server as a power cut would.
func (c *child) kill() {
	c.t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	_ = c.cmd.Wait() // it says that it was killed
}

// stop asks the server to end, and sees that it ends well.
func (c *child) stop() {
	c.t.Helper()
	if err := c.end(); err != nil {
		c.t.Errorf("the server did not stop well: %v\n%s", err, c.log.String())
	}
}

// end asks the server to stop and waits until it has.
func (c *child) end() error {
	c.t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
	return c.cmd.Wait()
}

// adminToken makes an account and a token in a data folder that nobody serves.
func adminToken(t testing.TB, data string) string {
	t.Helper()
	mustRun(t, program(), "user", "add", "crash", "--role", "admin", "--data", data)
	out := mustRun(t, program(), "token", "create", "crash", "--role", "admin", "--user", "crash", "--json", "--data", data)
	var token struct{ Secret string }
	if err := json.Unmarshal(out, &token); err != nil {
		t.Fatal(err)
	}
	return token.Secret
}

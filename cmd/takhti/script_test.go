package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// The scripts in testdata/script are what the command line promises. Each may
// use takhti itself and the commands below.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"takhti":   mainOrTrouble,
		"seed":     func() { os.Exit(seed()) },
		"hold":     func() { os.Exit(hold()) },
		"flip":     func() { os.Exit(flip()) },
		"miscount": func() { os.Exit(miscount()) },
		"mkxlsx":   func() { os.Exit(mkxlsx()) },
		"mkrows":   func() { os.Exit(mkrows()) },
		"mkodd":    func() { os.Exit(mkodd()) },
		"cells":    func() { os.Exit(cells()) },
		"setcells": func() { os.Exit(setcells()) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("TODAY", fleet.DateOf(time.Now()).String())
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode":  exitCode,
			"waitfor":   waitFor,
			"waitalive": waitAlive,
			"freeaddr":  freeAddress,
			"download":  download,
			"stdoutenv": stdoutEnv,
		},
	})
}

// exitcode N COMMAND... runs a command that must end with that exit code.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("%s ended with exit code %d, want %s\n%s", strings.Join(args[1:], " "), code, args[0], ts.ReadFile("stderr"))
	}
}

// download URL FILE gets what is at an address.
func download(ts *testscript.TestScript, _ bool, args []string) {
	resp, err := http.Get(args[0])
	ts.Check(err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o600))
}

// waitfor FILE waits until a background command has made the file.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	waitUntil(ts, args[0]+" is there", func() bool {
		_, err := os.Stat(ts.MkAbs(args[0]))
		return err == nil
	})
}

// waitalive ADDR waits until a server answers there.
func waitAlive(ts *testscript.TestScript, _ bool, args []string) {
	waitUntil(ts, "a server answers at "+args[0], func() bool { return ping(context.Background(), args[0]) == nil })
}

func waitUntil(ts *testscript.TestScript, what string, done func() bool) {
	const enough = time.Minute
	for began := time.Now(); time.Since(began) < enough; time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	ts.Fatalf("waited %s until %s", enough, what)
}

// freeaddr NAME sets an environment variable to an address on which nobody listens.
func freeAddress(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], l.Addr().String())
}

// stdoutenv NAME sets an environment variable to what the last command printed.
func stdoutEnv(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

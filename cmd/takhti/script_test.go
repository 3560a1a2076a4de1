package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script are what the command line promises. Each may
// use takhti itself and the commands below.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"takhti": main,
		"seed":   func() { os.Exit(seed()) },
		"hold":   func() { os.Exit(hold()) },
		"flip":   func() { os.Exit(flip()) },
		"mkxlsx": func() { os.Exit(mkxlsx()) },
		"mkrows": func() { os.Exit(mkrows()) },
		"mkodd":  func() { os.Exit(mkodd()) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitCode,
			"waitfor":  waitFor,
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

// waitfor FILE waits until a background command has made the file.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	const enough = 60 * time.Second
	for began := time.Now(); time.Since(began) < enough; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
	}
	ts.Fatalf("%s did not come in %s", args[0], enough)
}

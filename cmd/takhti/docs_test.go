package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The manual are the documents whose examples are run, in this order, in one
// folder: each goes on where the one before ended.
var manual = []string{"import.md", "faults.md", "counts.md", "operate.md", "api.md", "spreadsheets.md"}

// What a reader types from the manual gives what the manual shows.
func TestTheManualsExamplesRun(t *testing.T) {
	for _, program := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the manual's examples need %s, which is not installed", program)
		}
	}
	dir, addr := t.TempDir(), unusedAddress(t)
	t.Setenv("TAKHTI_ADDR", addr)
	for _, name := range manual {
		text, err := os.ReadFile(filepath.Join("../../docs", name))
		if err != nil {
			t.Fatal(err)
		}
		d := readManual(strings.ReplaceAll(string(text), defaultAddr, addr))
		if len(d.examples) == 0 {
			t.Errorf("%s has no examples: it should not be in the list", name)
		}
		d.run(t, name, dir)
	}
}

// Only what is run may look as if it were.
func TestNoOtherDocumentHasExamplesToRun(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Join(manual, " ")
	for _, file := range append(files, "../../README.md", "../../CHANGELOG.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "```console") && !strings.Contains(listed, filepath.Base(file)) {
			t.Errorf("%s has console examples and is not in the list of those that are run", file)
		}
	}
}

func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// manualPage is a document's files and examples.
type manualPage struct {
	files    map[string]string
	examples []example
}

// example is a command and what it prints. In what it prints, … stands for
// anything, and a line of it alone for any lines.
type example struct{ command, prints string }

var fenced = regexp.MustCompile("(?ms)^```(csv|console)([^\n]*)\n(.*?)^```$")

// readManual finds the blocks that count: console, with commands after "$ ", and
// csv with the name of a file.
func readManual(text string) manualPage {
	d := manualPage{files: map[string]string{}}
	for _, block := range fenced.FindAllStringSubmatch(text, -1) {
		if block[1] == "csv" {
			d.files[strings.TrimSpace(block[2])] = block[3]
			continue
		}
		for _, part := range strings.Split("\n"+block[3], "\n$ ")[1:] {
			command, prints, _ := strings.Cut(part, "\n")
			d.examples = append(d.examples, example{command, strings.TrimSpace(prints)})
		}
	}
	return d
}

// run types a page's examples into one shell.
func (d manualPage) run(t *testing.T, name, dir string) {
	for file, content := range d.files {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const mark = "=== this was example "
	script := "set -m\n" // so that %1 is the server
	for i, e := range d.examples {
		script += fmt.Sprintf("%s\necho; echo %q $?\n", e.command, mark+fmt.Sprint(i))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", "exec 2>&1\n"+script)
	shell.Dir = dir
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	rest := string(out)
	for i, e := range d.examples {
		got, after, found := strings.Cut(rest, mark+fmt.Sprint(i))
		if !found {
			t.Fatalf("%s: the shell ended in %s\n%s", name, e.command, rest)
		}
		code, after, _ := strings.Cut(after, "\n")
		rest = after
		e.check(t, name, strings.TrimSpace(got), strings.TrimSpace(code))
	}
}

// check compares what was printed with what the manual says. A command may fail
// only where the manual shows an error of takhti's.
func (e example) check(t *testing.T, page, got, code string) {
	if code != "0" && !strings.Contains("\n"+e.prints, "\ntakhti: ") {
		t.Errorf("%s: %s\nended with exit code %s", page, e.command, code)
	}
	if !e.pattern().MatchString(shape(got) + "\n") {
		t.Errorf("%s: %s\nprinted:\n%s\nand the manual says:\n%s", page, e.command, shape(got), shape(e.prints))
	}
}

func (e example) pattern() *regexp.Regexp {
	want := "^"
	for line := range strings.SplitSeq(shape(e.prints), "\n") {
		if line == "…" {
			want += `(?:.*\n)*?`
			continue
		}
		want += strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + `\n`
	}
	return regexp.MustCompile(want + "$")
}

// shapes are what differs from run to run.
var shapes = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`(?m)^.*: \d+ s\n`), ""}, // progress, on a slow machine
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "SHA-256-OF-IT"},
	{regexp.MustCompile(`\b202[6-9]\d{4}-\d{6}\b`), "DAY-TIME"},
	{regexp.MustCompile(`\b202[6-9]-\d\d-\d\d \d\d:\d\d\b`), "DAY TIME"},
	{regexp.MustCompile(`\b202[6-9]-\d\d-\d\d\b`), "DAY"},
	{regexp.MustCompile(`password:? [a-z2-9]+(-[a-z2-9]+)+`), "password SECRET"},
	{regexp.MustCompile(`[\d,]+ pairs, [\d,]+ bytes`), "PAIRS, BYTES"},
}

func shape(text string) string {
	for _, s := range shapes {
		text = s.what.ReplaceAllString(text, s.with)
	}
	return text
}

//go:build linux

package readproc

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Whatever happens to the process that reads, it is told apart, said with what
// was seen of it, and never taken for the end of the rows.
func TestWhateverHappensToTheReaderIsAnError(t *testing.T) {
	for fault, want := range map[string]struct {
		failure Failure
		seen    string // in the error, or in what the process said
	}{
		"stack":     {Crashed, "stack overflow"},
		"fatal":     {Crashed, "unlock of unlocked mutex"},
		"panic":     {Crashed, "wits' end"},
		"killed":    {Crashed, "signal: killed"},
		"ended":     {Crashed, "exit status 0"},
		"cut off":   {Crashed, "unexpected EOF"},
		"silent":    {OverTime, "signal: killed"},
		"busy":      {OverTime, ""},
		"greedy":    {OverMemory, "exit status 9"},
		"gulp":      {OverMemory, "out of memory"},
		"garbage":   {Crashed, "makes no sense: a frame of kind 67"},
		"huge":      {Crashed, "makes no sense: a frame of kind 2 with 2147483648 bytes"},
		"no rows":   {Crashed, "makes no sense: 0 rows, blocks or bytes came of"},
		"twice":     {Crashed, "makes no sense: row 1 behind row"},
		"wrong one": {Crashed, "makes no sense: a frame of kind 1 in a pass of 2"},
	} {
		t.Run(fault, func(t *testing.T) {
			if raceDetector && want.failure == OverMemory {
				t.Skip("the race detector has its own words for want of memory")
			}
			limits := Limits{Memory: 64 << 20, Processor: time.Second, Wait: time.Minute}
			if fault == "silent" {
				limits.Wait = 200 * time.Millisecond
			}
			var log bytes.Buffer
			p := reader(fault, limits)
			p.Log = slog.New(slog.NewTextHandler(&log, nil))
			_, err := readOne(t, t.Context(), p, numbered(3000))
			var e *Error
			if !errors.As(err, &e) || e.Failure != want.failure {
				t.Fatalf("got %v, want that it %s\n%s", err, want.failure, log.String())
			}
			if !strings.Contains(err.Error(), want.seen) && !strings.Contains(log.String(), want.seen) {
				t.Errorf("neither the error nor the log says %q:\n%v\n%s", want.seen, err, log.String())
			}
			wantNoChildren(t)
		})
	}
}

// A workbook that is within the reader's own limits, and of which little is packed,
// takes no more memory than its process may have.
func TestAWorkbookThatUnpacksToTooMuch(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector has its own words for want of memory")
	}
	data := bomb(t, 60<<20)
	limits := Limits{Memory: 40 << 20}
	if _, err := readOne(t, t.Context(), reader("none", Limits{}), data); err != nil {
		t.Errorf("with %d bytes packed: %v", len(data), err)
	}
	var e *Error
	if _, err := readOne(t, t.Context(), reader("none", limits), data); !errors.As(err, &e) || e.Failure != OverMemory {
		t.Errorf("with %d bytes packed: got %v", len(data), err)
	}
}

// bomb is a workbook of one cell whose table of texts unpacks to size bytes.
func bomb(t *testing.T, size int) []byte {
	t.Helper()
	var texts strings.Builder
	texts.WriteString("<sst>")
	filler := strings.Repeat("x", 2000)
	for i := 0; texts.Len() < size; i++ {
		fmt.Fprintf(&texts, "<si><t>%x%s</t></si>", i*i, filler)
	}
	texts.WriteString("</sst>")
	const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for name, text := range map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="` + types + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="` + types + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="` + types + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml":       texts.String(),
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// A book whose process failed says so whatever it is asked.
func TestAFailureIsForGood(t *testing.T) {
	f, size := stored(t, numbered(3000))
	b, err := reader("panic", Limits{}).Open(t.Context(), f, size, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for range 3 {
		var e *Error
		if _, err := b.Extent(0); err != nil && !errors.As(err, &e) {
			t.Errorf("got %v", err)
		}
		for _, err := range b.Rows(0) {
			if !errors.As(err, &e) || e.Failure != Crashed {
				t.Errorf("got %v", err)
			}
		}
	}
}

// Who gives up gets rid of the process at once, even one that does not answer.
func TestGivingUpEndsTheProcess(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(200*time.Millisecond, cancel)
	if _, err := readOne(t, ctx, reader("silent", Limits{}), numbered(3000)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantNoChildren(t)
}

// The process ends when nobody is there to read, although the caller does nothing.
func TestACancelledContextEndsTheProcessUnasked(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f, size := stored(t, numbered(3000))
	b, err := reader("none", Limits{}).Open(ctx, f, size, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	cancel()
	for { // a zombie keeps its number until Close
		stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(b.process.cmd.Process.Pid), "stat"))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			break
		}
		time.Sleep(time.Millisecond)
	}
	for _, err := range b.Rows(0) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

// What the process does not need was taken from it.
func TestTheReaderCanDoLittle(t *testing.T) {
	var log bytes.Buffer
	p := reader("opens", Limits{})
	p.Log = slog.New(slog.NewTextHandler(&log, nil))
	t.Setenv("SECRET", "x")
	_, _ = readOne(t, t.Context(), p, numbered(3000))
	if !strings.Contains(log.String(), `able to: []`) {
		t.Errorf("the process is able to do more than it should: %s", log.String())
	}
}

func TestAProgramThatCannotStartSaysSo(t *testing.T) {
	for _, p := range []*Program{{Path: "/no/such/program"}, {Path: "/bin/false"}, {Path: "/bin/cat", Args: []string{"cat"}}} {
		if _, err := readOne(t, t.Context(), p, numbered(1)); err == nil {
			t.Errorf("%s read the file", p.Path)
		}
	}
	wantNoChildren(t)
}

// wantNoChildren sees that no process was left, not even a dead one.
func wantNoChildren(t *testing.T) {
	t.Helper()
	var status syscall.WaitStatus
	if pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil); err != syscall.ECHILD {
		t.Errorf("process %d was left behind: %v", pid, err)
	}
}

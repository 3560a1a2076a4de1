//go:build linux

package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"go.uber.org/goleak"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/readproc"
)

// The test's own binary is the process that reads, when it is called with this
// and the name of what goes wrong, if anything.
const asReader = "read-rows"

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == asReader {
		if err := readproc.Serve(os.Stdin, &troubled{out: os.Stdout, how: os.Args[2]}); err != nil {
			panic(err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// troubled is the pipe of a process to which something happens with its third frame,
// what the book is and some rows being sent, or with the second piece of a copy.
type troubled struct {
	out            io.Writer
	how            string
	frames, pieces int
}

const (
	whenCopying = ", copying" // behind what happens
	copyFrame   = 4           // as package readproc numbers the pieces of a copy
)

func (f *troubled) Write(frame []byte) (int, error) {
	f.frames++
	if frame[0] == copyFrame {
		f.pieces++
	}
	how, copying := strings.CutSuffix(f.how, whenCopying)
	if copying && f.pieces == 2 || !copying && f.frames == 3 {
		switch how {
		case "crashes":
			panic("the reader is at its wits' end")
		case "takes all memory":
			var all [][]byte
			for len(all) < 1<<20 {
				all = append(all, make([]byte, 1<<20))
				time.Sleep(2 * time.Millisecond)
			}
			frame = bytes.Join(all, nil)
		case "takes for ever":
			time.Sleep(time.Hour)
		}
	}
	return f.out.Write(frame)
}

func apart(how string) Limits {
	return Limits{Apart: &readproc.Program{
		Path: "/proc/self/exe", Args: []string{os.Args[0], asReader, how},
		Limits: readproc.Limits{Memory: 64 << 20, Wait: 5 * time.Second},
	}}
}

// onDisk is the file where another process can read it.
func onDisk(t testing.TB, f File) File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(path, bytesOf(t, f), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	f.Data = data
	return f
}

// mixed is a workbook that takes all ways of reading: a list below a title and a
// header over two rows, sheets without a list, and a hidden one.
func mixed(t testing.TB, rows int) File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	set := func(name string, row int, cells ...any) {
		if err := x.SetSheetRow(name, fmt.Sprint("A", row), &cells); err != nil {
			t.Fatal(err)
		}
	}
	set("Sheet1", 1, "Packing list")
	set("Sheet1", 3, "Device", nil, "School", nil)
	set("Sheet1", 4, "Serial", "Model", "EMIS", "Name")
	for i := range rows {
		set("Sheet1", 5+i, fmt.Sprintf("TK-%06d", i), "Takhti 11", 35200001+i%2, []string{"GGHS Chak 77", "GBHS Model Town"}[i%2])
	}
	for _, name := range []string{"Notes", "Old"} {
		if _, err := x.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i := range 3000 {
			set(name, 1+i, fmt.Sprint("remark ", i))
		}
	}
	err := errors.Join(x.MergeCell("Sheet1", "A3", "B3"), x.MergeCell("Sheet1", "C3", "D3"), x.SetSheetVisible("Old", false))
	if err != nil {
		t.Fatal(err)
	}
	return saved(t, x)
}

// A plan is the same whoever read the file.
func TestAPlanOfAFileReadApart(t *testing.T) {
	w := newWorld(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	f, o := onDisk(t, mixed(t, 5000)), lahore()
	here := w.plan(f, o)
	o.Limits = apart("well")
	there := w.plan(f, o)
	if here.New != 5000 || !bytes.Equal(here.Digest, there.Digest) || fmt.Sprint(here.Notes) != fmt.Sprint(there.Notes) {
		t.Errorf("here %d new, %v; there %d new, %v", here.New, here.Notes, there.New, there.Notes)
	}
}

// When the process that reads does not finish there is no plan of what it read,
// but a sentence, and each case has a code of its own.
func TestAFileThatCannotBeReadApart(t *testing.T) {
	w := newWorld(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	f, o := onDisk(t, mixed(t, 5000)), lahore()
	for how, want := range map[string]string{
		"crashes":          "file.reader_crashed",
		"takes all memory": "file.over_memory",
		"takes for ever":   "file.over_time",
	} {
		o.Limits = apart(how)
		if how == "takes for ever" {
			o.Limits.Apart.Limits.Wait = 300 * time.Millisecond
		}
		p, err := NewPlan(t.Context(), w.boss, f, o)
		var e *fleet.Error
		if p != nil || !errors.As(err, &e) || e.Code != want || e.Kind != fleet.Invalid {
			t.Errorf("a reader that %s: got %v, %v, want %s", how, p, err, want)
		}
	}
}

// A file that is not on the disk cannot be handed to a process.
func TestAFileInMemoryCannotBeReadApart(t *testing.T) {
	if _, err := open(t.Context(), memFile("a.csv", []byte("a,b\n")), apart("well").withDefaults()); err == nil {
		t.Error("it was read")
	}
}

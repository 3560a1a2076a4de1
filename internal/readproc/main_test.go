//go:build linux

package readproc

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// The test's own binary is the process that reads, when it is called with this
// and the name of what goes wrong, if anything.
const asReader = "read-rows"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == asReader {
		in := io.Reader(os.Stdin)
		if os.Args[2] == deaf {
			in = &once{os.Stdin}
		}
		if err := Serve(in, &faulty{os.Stdout, faults[os.Args[2]]}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// deaf is a process that listens to its opening and to nothing else.
const deaf = "deaf"

// once can be read from once.
type once struct{ r io.Reader }

func (o *once) Read(p []byte) (int, error) {
	if o.r == nil {
		time.Sleep(time.Hour)
	}
	r := o.r
	o.r = nil
	return r.Read(p)
}

// faulty writes frames until the first with rows, or a piece of a copy, with which
// something happens.
type faulty struct {
	io.Writer
	fault func(frame []byte) []byte
}

func (f *faulty) Write(frame []byte) (int, error) {
	if kind := frameKind(frame[0]); f.fault != nil && (kind == frameRows || kind == frameCopy) {
		_, err := f.Writer.Write(f.fault(frame))
		return len(frame), err
	}
	return f.Writer.Write(frame)
}

// faults are what can happen to a process while it reads.
var faults = map[string]func(frame []byte) []byte{
	"none":      nil,
	"stack":     func([]byte) []byte { return []byte{byte(endless(0))} },
	"fatal":     func([]byte) []byte { new(sync.Mutex).Unlock(); return nil },
	"panic":     func([]byte) []byte { panic("the reader is at its wits' end") },
	"killed":    func(frame []byte) []byte { kill(syscall.SIGKILL); return frame },
	"ended":     func([]byte) []byte { os.Exit(0); return nil },
	"cut off":   func(frame []byte) []byte { cutFrame(frame); return nil },
	"silent":    func([]byte) []byte { time.Sleep(time.Hour); return nil },
	"busy":      func([]byte) []byte { return busy() },
	"greedy":    func([]byte) []byte { return greedy() },
	"gulp":      func([]byte) []byte { return make([]byte, 1<<36) },
	"opens":     func([]byte) []byte { return opens() },
	"garbage":   func([]byte) []byte { return []byte("Content-Type: text/plain\n\n") },
	"huge":      func(frame []byte) []byte { binary.LittleEndian.PutUint32(frame[1:], 1<<31); return frame },
	"no rows":   func([]byte) []byte { return nil },
	"twice":     func(frame []byte) []byte { return append(frame, frame...) },
	"wrong one": func(frame []byte) []byte { frame[0] = byte(frameBook); return frame },
	"blank":     func([]byte) []byte { return []byte{byte(frameCopy), 0, 0, 0, 0} },
}

func endless(n int) int {
	if n < 0 {
		return 0
	}
	return endless(n+1) + 1
}

func kill(s syscall.Signal) {
	_ = syscall.Kill(os.Getpid(), s)
	time.Sleep(time.Hour)
}

func cutFrame(frame []byte) {
	_, _ = os.Stdout.Write(frame[:len(frame)/2])
	os.Exit(0)
}

func busy() []byte {
	for i := 0; ; i++ {
		if i < 0 {
			return nil
		}
	}
}

// greedy takes memory as fast as a file could be unpacked.
func greedy() []byte {
	var all [][]byte
	for len(all) < 1<<20 {
		all = append(all, make([]byte, 1<<20))
		time.Sleep(2 * time.Millisecond)
	}
	return bytes.Join(all, nil)
}

// opens says what a process that reads can still do, and ends it.
func opens() []byte {
	able := []string{}
	if _, err := os.Open(os.Args[0]); err == nil {
		able = append(able, "open files")
	}
	if _, err := os.CreateTemp("", "reader"); err == nil {
		able = append(able, "make files")
	}
	if _, err := net.Dial("udp", "127.0.0.1:9"); err == nil {
		able = append(able, "call others")
	}
	if len(os.Environ()) > 0 {
		able = append(able, "see the environment")
	}
	panic(fmt.Sprintf("able to: %q", able))
}

// reader starts processes to which the fault happens.
func reader(fault string, l Limits) *Program {
	return &Program{Path: "/proc/self/exe", Args: []string{os.Args[0], asReader, fault}, Limits: l}
}

// stored is a file on the disk.
func stored(t testing.TB, data []byte) (*os.File, int64) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return opened(t, path)
}

func opened(t testing.TB, path string) (*os.File, int64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return f, info.Size()
}

// numbered is a text file of rows that are numbered.
func numbered(rows int) []byte {
	var b bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&b, "TK-%06d,Takhti 11,Lahore\n", i+1)
	}
	return b.Bytes()
}

// readOne reads the one sheet of a file with the process to which the fault happens.
func readOne(t testing.TB, ctx context.Context, p *Program, data []byte) (rows int, err error) {
	t.Helper()
	f, size := stored(t, data)
	b, err := p.Open(ctx, f, size, sheet.Limits{})
	if err != nil {
		return 0, err
	}
	defer b.Close()
	for _, err := range b.Rows(0) {
		if err != nil {
			return rows, err
		}
		rows++
	}
	return rows, nil
}

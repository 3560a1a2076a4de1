//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// troubledServer serves a seeded register; its readers do what trouble says.
type troubledServer struct {
	*child
	dir  string
	list []byte
}

func newTroubledServer(t *testing.T) *troubledServer {
	dir := t.TempDir()
	data, list := filepath.Join(dir, "d"), filepath.Join(dir, "list.csv")
	mustRun(t, "seed", data)
	mustRun(t, "mkrows", list, "5000")
	rows, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	return &troubledServer{serveChild(t, data, adminToken(t, data), "env", "-C", dir), dir, rows}
}

func (s *troubledServer) trouble(how string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, troubleFile), []byte(how), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *troubledServer) upload(ctx context.Context) (takhti.Import, error) {
	return s.client.UploadImport(ctx, takhti.Upload{
		Kind: takhti.ImportShipment, FileName: "list.csv", File: bytes.NewReader(s.list), Shipment: "S-1", To: "PK603-STORE",
	})
}

// uploading uploads beside the test, until the process that reads has begun.
func (s *troubledServer) uploading(ctx context.Context) (reader int, answer <-chan error) {
	s.t.Helper()
	return s.asking(func() error {
		_, err := s.upload(ctx)
		return err
	})
}

// asking asks beside the test, until a process is at work.
func (s *troubledServer) asking(ask func() error) (reader int, answer <-chan error) {
	s.t.Helper()
	done := make(chan error, 1)
	go func() { done <- ask() }()
	s.until("a process reads", func() bool {
		reader = s.reader()
		return reader != 0
	})
	return reader, done
}

// reader is the process that reads for the server; zero when there is none.
func (s *troubledServer) reader() int {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid))
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for child := range bytes.FieldsSeq(children) {
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%s/cmdline", child))
			if pid, err := strconv.Atoi(string(child)); err == nil && bytes.Contains(line, []byte(readRowsName)) {
				return pid
			}
		}
	}
	return 0
}

func (s *troubledServer) until(what string, done func() bool) {
	s.t.Helper()
	const enough = time.Minute
	for began := time.Now(); !done(); time.Sleep(time.Millisecond) {
		if time.Since(began) > enough {
			s.t.Fatalf("waited %s until %s\n%s", enough, what, s.log.String())
		}
	}
}

func (s *troubledServer) wantAnswers(when string) {
	s.t.Helper()
	if counts, err := s.client.Counts(s.t.Context(), takhti.CountQuery{}); err != nil || counts.Total != 12 {
		s.t.Errorf("%s: %d devices, %v", when, counts.Total, err)
	}
}

func wantCrashed(t *testing.T, err error) {
	t.Helper()
	var e *takhti.Error
	if !errors.As(err, &e) || e.Code != "file.reader_crashed" || !strings.Contains(e.Detail, "save it anew as .xlsx") {
		t.Errorf("got %v", err)
	}
}

// A fatal error of the reader, of the kind that ends a whole Go program, costs one
// import and nothing else; the next one finds the server as it was.
func TestAReaderThatDiesTakesItsImportOnly(t *testing.T) {
	s := newTroubledServer(t)
	s.trouble("dies")
	_, err := s.upload(t.Context())
	wantCrashed(t, err)
	s.wantAnswers("after it died")
	if children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid)); len(children) == 0 || s.reader() != 0 {
		t.Errorf("the process is still there, or nobody can tell: %v", children)
	}
	s.trouble("not")
	if plan, err := s.upload(t.Context()); err != nil || plan.New != 5000 {
		t.Errorf("%d new, %v", plan.New, err)
	}
	s.stop()
	if !strings.Contains(s.log.String(), "unlock of unlocked mutex") {
		t.Errorf("the log does not say what it died of:\n%s", s.log.String())
	}
}

// While a file is read others are served; a reader that is killed is an error of
// its import; one whose client has left, or whose server is killed, goes with them.
func TestAReaderGoesWithWhoeverWantsIt(t *testing.T) {
	s := newTroubledServer(t)
	s.trouble("waits")
	reader, answer := s.uploading(t.Context())
	s.wantAnswers("while it reads")
	if err := syscall.Kill(reader, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wantCrashed(t, <-answer)

	ctx, cancel := context.WithCancel(t.Context())
	_, answer = s.uploading(ctx)
	cancel()
	<-answer
	s.until("the reader of one who left is gone", func() bool { return s.reader() == 0 })
	s.wantAnswers("after the client left")

	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	reader, answer = s.uploading(ctx)
	time.Sleep(100 * time.Millisecond) // so that it waits by now, and does not notice by itself
	s.kill()
	s.until("the reader of a killed server is gone", func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", reader))
		return err != nil || strings.Contains(string(stat), ") Z ")
	})
	<-answer
}

// copyTo asks for the list back with its problems marked.
func (s *troubledServer) copyTo(ctx context.Context, w io.Writer, id string) error {
	_, err := s.client.ImportCopy(ctx, id, takhti.AnnotatedCopy, w)
	return err
}

// unfinished are the copies that are being put together, or were left so.
func (s *troubledServer) unfinished() []string {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "d", "imports", "copy-*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return files
}

// Copies are made by such processes, too: one that dies costs its copy, one whose
// client has left goes with all that it made, and the server goes on.
func TestACopyIsMadeApart(t *testing.T) {
	s := newTroubledServer(t)
	list, err := s.upload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.trouble("dies" + whenCopying)
	var got bytes.Buffer
	var e *takhti.Error
	if err := s.copyTo(t.Context(), &got, list.ID); !errors.As(err, &e) || e.Code != "copy.crashed" || got.Len() > 0 {
		t.Errorf("%d bytes came, and %v", got.Len(), err)
	}
	s.wantAnswers("after it died")
	if left := s.unfinished(); len(left) > 0 || s.reader() != 0 {
		t.Errorf("after it died there are %v and the process %d", left, s.reader())
	}

	s.trouble("waits" + whenCopying)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	_, answer := s.asking(func() error { return s.copyTo(ctx, io.Discard, list.ID) })
	s.until("the copy is begun", func() bool { return len(s.unfinished()) > 0 })
	s.wantAnswers("while it copies")
	leave()
	<-answer
	s.until("nothing is left for one who left", func() bool { return len(s.unfinished()) == 0 && s.reader() == 0 })

	s.trouble("not")
	if err := s.copyTo(t.Context(), &got, list.ID); err != nil || !bytes.HasPrefix(got.Bytes(), []byte("PK")) {
		t.Errorf("%d bytes, %v", got.Len(), err)
	}
	s.stop()
	if !strings.Contains(s.log.String(), "unlock of unlocked mutex") {
		t.Errorf("the log does not say what it died of:\n%s", s.log.String())
	}
}

package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestBackupOfARunningServerIsTheWholeRegister(t *testing.T) {
	w := newWorld(t)
	var file bytes.Buffer
	n := must(w.as("boss").Backup(t.Context(), &file))(t)
	if n != int64(file.Len()) || n == 0 {
		t.Errorf("%d of %d bytes", n, file.Len())
	}
	restored := memkv.New()
	if err := kv.Load(t.Context(), &file, restored); err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(context.Background(), restored, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	counts, err := reg.As(registry.Operator()).Counts(t.Context(), registry.CountQuery{Place: "PK"})
	if err != nil || counts.Total != 5 {
		t.Errorf("the backup holds %v, %v", counts, err)
	}
}

func TestVerifyTellsItsStagesAndFindings(t *testing.T) {
	w := newWorld(t)
	var stages []string
	n := must(w.as("boss").Verify(t.Context(), func(s string) { stages = append(stages, s) }, nil))(t)
	if n != 0 || len(stages) < 5 {
		t.Errorf("%d findings after the stages %q", n, stages)
	}
	err := w.store.Update(t.Context(), func(wr kv.Writer) error { return wr.Put(kv.Key("device.by_tag").Str("NOBODY"), []byte{1}) })
	if err != nil {
		t.Fatal(err)
	}
	var found []takhti.Finding
	n = must(w.as("boss").Verify(t.Context(), nil, func(f takhti.Finding) { found = append(found, f) }))(t)
	if n != 1 || len(found) != 1 || found[0].Key != `device.by_tag "NOBODY"` || found[0].What != "should not be there" {
		t.Errorf("%d: %v", n, found)
	}
}

// A backup holds everything of everybody, so a role at a place is not enough.
func TestOnlyTheKeeperOfAllMayBackUpAndVerify(t *testing.T) {
	w := newWorld(t)
	w.user("district.admin", fleet.Admin, "PK601")
	for _, user := range []string{"lahore.officer", "chak77", "analyst", "district.admin"} {
		for _, address := range []string{"/api/v1/backup", "/api/v1/verify"} {
			status, _, body := w.raw(w.token(user), "GET "+address, "")
			if status != http.StatusForbidden || bytes.Contains([]byte(body), []byte("takhti dump")) {
				t.Errorf("%s gets %d from %s: %.80q", user, status, address, body)
			}
		}
	}
}

// damage puts n entries into an index that should not be there.
func (w *world) damage(n int) {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(wr kv.Writer) error {
		for i := range n {
			if err := wr.Put(kv.Key("device.by_tag").Str(fmt.Sprintf("NOBODY-%d", i)), []byte{1}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestVerifyTellsTheFirstFindingsAndCountsAll(t *testing.T) {
	w := newWorld(t)
	w.damage(6000)
	told := 0
	n := must(w.as("boss").Verify(t.Context(), nil, func(takhti.Finding) { told++ }))(t)
	if n != 6000 || told != 5000 {
		t.Errorf("%d findings, of which %d are told", n, told)
	}
}

// stalled is a client that takes nothing of its answer, until it leaves.
type stalled struct {
	header http.Header
	begun  func() // at the first byte that it does not take
	left   chan struct{}
}

func (s *stalled) Header() http.Header { return s.header }
func (s *stalled) WriteHeader(int)     {}

func (s *stalled) Write([]byte) (int, error) {
	s.begun()
	<-s.left
	return 0, errors.New("connection reset by peer")
}

// stall has a client ask and take no answer. What it returns has the client leave.
func (w *world) stall(address string) (leave func()) {
	w.t.Helper()
	begun, left, over := make(chan struct{}), make(chan struct{}), make(chan struct{})
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, address, nil)
	r.Header.Set("Authorization", "Bearer "+w.token("boss"))
	go func() {
		defer close(over)
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				w.t.Errorf("%s ends with %v: a part must not look like the whole", address, p)
			}
		}()
		client := &stalled{header: http.Header{}, begun: sync.OnceFunc(func() { close(begun) }), left: left}
		w.server.ServeHTTP(client, r)
	}()
	<-begun
	return sync.OnceFunc(func() { close(left); <-over })
}

// Nobody has to wait for a client that does not take what it asked for, and the
// database keeps no old pages for it.
func TestBackupAndVerifyGoOnWhateverAClientDoes(t *testing.T) {
	for _, address := range []string{"/api/v1/backup", "/api/v1/verify"} {
		w := newWorld(t)
		w.damage(6000)
		leave := w.stall(address)
		defer leave()
		if _, err := w.as("boss").Verify(t.Context(), nil, nil); err != nil {
			t.Errorf("while a client stalls on %s there is no verification: %v", address, err)
		}
		if _, err := w.as("boss").Backup(t.Context(), &bytes.Buffer{}); err != nil {
			t.Errorf("while a client stalls on %s there is no backup: %v", address, err)
		}
		w.store.fail(func(f *flaky) {
			if f.open > 0 {
				t.Errorf("a client that stalls on %s keeps a read open", address)
			}
		})
		leave()
		if files, err := os.ReadDir(w.spool); err != nil || len(files) > 0 {
			t.Errorf("%v is left of a backup, %v", files, err)
		}
		if log := w.log.String(); strings.Contains(log, `"ERROR"`) || !strings.Contains(log, "the client left before its answer ended") {
			t.Errorf("of a client that left %s the log says\n%s", address, log)
		}
	}
}

// A disk takes no more than a few backups for clients that do not take theirs.
func TestFewBackupsLieOnTheDisk(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		defer w.stall("/api/v1/backup")()
	}
	_, err := w.as("boss").Backup(t.Context(), &bytes.Buffer{})
	wantCode(t, err, "keep.busy")
}

func TestBackupThatCannotBeWrittenIsAProblem(t *testing.T) {
	w := newWorld(t)
	if err := os.Remove(w.spool); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	_, err := w.as("boss").Backup(t.Context(), &file)
	if wantCode(t, err, "internal"); file.Len() > 0 {
		t.Errorf("%q was sent", file.String())
	}
}

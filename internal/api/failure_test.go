package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// flaky is a store that fails when told to.
type flaky struct {
	kv.Store
	mu     sync.Mutex
	update error // what the next update fails with
	done   bool  // it is made all the same
	view   error // what reads fail with,
	views  int   // after as many that succeed
	open   int   // reads under way
}

// fail sets what goes wrong from now on.
func (f *flaky) fail(how func(*flaky)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	how(f)
}

func (f *flaky) Update(ctx context.Context, fn func(kv.Writer) error) error {
	f.mu.Lock()
	err, done := f.update, f.done
	f.update = nil
	f.mu.Unlock()
	if err != nil && !done {
		return err
	}
	return errors.Join(f.Store.Update(ctx, fn), err)
}

func (f *flaky) View(ctx context.Context, fn func(kv.Reader) error) error {
	f.mu.Lock()
	err := f.view
	if f.views--; f.views >= 0 {
		err = nil
	}
	f.open++
	f.mu.Unlock()
	defer f.fail(func(f *flaky) { f.open-- })
	if err != nil {
		return err
	}
	return f.Store.View(ctx, fn)
}

const secret = "/var/lib/takhti/secret.db"

func TestFailuresOfTheStoreAreToldInWords(t *testing.T) {
	w := newWorld(t)
	token := w.tokenKnown("lahore.officer")
	for name, tc := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"it is full":        {fmt.Errorf("%w: write %s: no space left on device", kv.ErrFull, secret), 503, "register.full"},
		"nobody knows":      {fmt.Errorf("%w: fsync %s: input/output error", kv.ErrUnknown, secret), 503, "register.unknown"},
		"it is closed":      {kv.ErrClosed, 503, "register.closed"},
		"it is damaged":     {fmt.Errorf("%w: page 7 of %s", kv.ErrCorrupt, secret), 500, "register.damaged"},
		"something unheard": {errors.New("open " + secret + ": strange"), 500, "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			w.store.fail(func(f *flaky) { f.update = tc.err })
			status, header, answer := w.raw(token, "POST /api/v1/faults", `{"serial":"LAH0000003","category":"hinge"}`)
			if status != tc.status || !strings.Contains(answer, `"`+tc.code+`"`) || status == 503 != (header.Get("Retry-After") == "2") {
				t.Errorf("%d %s %s", status, header.Get("Retry-After"), answer)
			}
			if strings.Contains(answer, secret) {
				t.Errorf("the client is told too much: %s", answer)
			}
			if !strings.Contains(w.log.String(), tc.err.Error()) {
				t.Error("the log does not say what happened")
			}
		})
	}
}

// Nobody knows whether it was saved; it was. Repeated under its key the write is
// answered as if nothing had gone wrong.
func TestWriteOfUnknownOutcomeCanBeRepeated(t *testing.T) {
	w := newWorld(t)
	token := w.tokenKnown("chak77")
	w.store.fail(func(f *flaky) { f.update, f.done = kv.ErrUnknown, true })
	report := func() (int, http.Header, string) {
		return w.raw(token, "POST /api/v1/faults", `{"serial":"LAH0000003","category":"hinge","note":"once"}`, "Idempotency-Key: key-1")
	}
	if status, header, answer := report(); status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Fatalf("%d %s", status, answer)
	}
	status, header, answer := report()
	if status != http.StatusCreated || header.Get("Idempotent-Replayed") != "true" || strings.Count(answer, "once") != 1 {
		t.Errorf("%d %s", status, answer)
	}
}

// A workbook that cannot be finished must not look like a whole one: wherever it
// breaks, the answer is a problem or the connection is cut.
func TestBrokenExportIsNotAWholeFile(t *testing.T) {
	w := newWorld(t)
	var many []registry.Change // more than is held back in buffers
	for n := range 3000 {
		many = append(many, registry.ReceiveUnlisted{Shipment: "LAHORE-1", Device: device(fleet.Serial(fmt.Sprintf("LAH8%06d", n)))})
	}
	if _, err := w.boss.Apply(t.Context(), registry.Request{}, many...); err != nil {
		t.Fatal(err)
	}
	client := w.as("analyst")
	export := func() (string, error) {
		var file strings.Builder
		_, err := client.Export(t.Context(), takhti.ExportQuery{Kind: takhti.ExportDevices, Format: takhti.CSV}, &file)
		return file.String(), err
	}
	whole, err := export()
	if err != nil {
		t.Fatal(err)
	}
	problems, cuts := 0, 0
	for views := 0; ; views++ {
		w.store.fail(func(f *flaky) { f.view, f.views = errors.New("open "+secret+": strange"), views })
		file, err := export()
		if err == nil {
			if file != whole {
				t.Errorf("after %d reads the file is cut short, and says nothing: %q", views, file)
			}
			break
		}
		var told *takhti.Error
		if errors.As(err, &told) {
			problems++
		} else {
			cuts++
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the client is told too much: %v", err)
		}
	}
	if problems == 0 || cuts == 0 {
		t.Errorf("%d problems and %d cuts: both were to be seen", problems, cuts)
	}
}

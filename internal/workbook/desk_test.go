package workbook

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/takhti-edu/takhti/internal/registry"
)

// taken is a desk in a new folder, and an import of one device that came in there.
func (w *world) taken() (*Desk, registry.Import) {
	w.t.Helper()
	d := NewDesk(w.t.TempDir(), Limits{})
	in := Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}
	i, err := d.Take(w.t.Context(), w.boss, in, strings.NewReader("Serial\nTK-0001\n"))
	if err != nil {
		w.t.Fatal(err)
	}
	return d, i
}

// However many ask, only so many plans are made at once; the others wait, for as
// long as they are asked to.
func TestPlansWaitForTheirTurn(t *testing.T) {
	w := newWorld(t)
	d, i := w.taken()
	var free []func()
	for range maxPlanning {
		f, err := d.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		free = append(free, f)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, _, err := d.Plan(gone, w.boss, i.ID, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a plan beyond those that may be made: %v", err)
	}
	if _, _, err := d.Commit(gone, w.boss, i.ID, nil, false); !errors.Is(err, context.Canceled) {
		t.Errorf("a commit beyond them: %v", err)
	}
	free[0]()
	p, _, err := d.Plan(t.Context(), w.boss, i.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Commit(t.Context(), w.boss, i.ID, p.Digest, false); err != nil {
		t.Fatal(err)
	}
	w.device("TK-0001")
}

// A copy takes its turn among the plans, and gives it back before it is read.
func TestCopiesWaitForTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		d, i := w.taken()
		var free []func()
		for range maxPlanning {
			f, err := d.turn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			free = append(free, f)
		}
		made := make(chan *Copied, 1)
		go func() {
			c, err := d.Copy(t.Context(), w.boss, i.ID, Annotated)
			if err != nil {
				t.Error(err)
			}
			made <- c
		}()
		synctest.Wait()
		if len(made) != 0 {
			t.Error("a copy was made beside all the plans that may be")
		}
		free[0]()
		c := <-made
		if len(d.planning) != maxPlanning-1 {
			t.Error("the copy keeps its turn while it is read")
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A file whose import fails is not kept, unless another import has it.
func TestAFailedImportKeepsNoFile(t *testing.T) {
	const list = "Serial\nTK-0001\n"
	w := newWorld(t)
	dir := t.TempDir()
	d := NewDesk(dir, Limits{})
	in := Incoming{Name: "list.csv", Kind: Devices, Shipment: "S-1", To: "PK601"}
	stale := w.plan(memFile("list.csv", []byte(list)), lahore())
	w.imported(lines("other.csv", "Serial", "TK-0001"), Options{Kind: Devices, Shipment: "S-9", To: "PK601"})

	if _, err := d.Import(t.Context(), w.boss, in, strings.NewReader(list), stale, nil); err == nil {
		t.Fatal("a device came with two shipments")
	}
	wantFiles(t, dir, 0)
	changed := strings.NewReader("Serial\nTK-0002\n")
	if _, err := d.Import(t.Context(), w.boss, in, changed, stale, nil); err == nil || !strings.Contains(err.Error(), "list.csv was changed while it was read") {
		t.Errorf("another file than the one planned: %v", err)
	}
	wantFiles(t, dir, 0)

	if _, err := d.Take(t.Context(), w.boss, in, strings.NewReader(list)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Import(t.Context(), w.boss, in, strings.NewReader(list), stale, nil); err == nil {
		t.Fatal("a device came with two shipments")
	}
	wantFiles(t, dir, 1)
}

func wantFiles(t *testing.T, dir string, want int) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != want {
		t.Errorf("%d files are kept, %v; want %d", len(files), err, want)
	}
}

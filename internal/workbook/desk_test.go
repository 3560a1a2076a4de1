package workbook

import (
	"context"
	"errors"
	"strings"
	"testing"

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
	if _, _, err := d.Commit(gone, w.boss, i.ID, nil, false, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a commit beyond them: %v", err)
	}
	free[0]()
	p, _, err := d.Plan(t.Context(), w.boss, i.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Commit(t.Context(), w.boss, i.ID, p.Digest, false, nil); err != nil {
		t.Fatal(err)
	}
	w.device("TK-0001")
}

package workbook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// shortOfRoom is a store of which the update with a number fails, counted from when it is
// set.
type shortOfRoom struct {
	kv.Store
	in int
}

func (s *shortOfRoom) Update(ctx context.Context, fn func(kv.Writer) error) error {
	if s.in--; s.in == 0 {
		return kv.ErrFull
	}
	return s.Store.Update(ctx, fn)
}

// Whichever part cannot be written for want of room, it is tried again, and the part
// that was sent behind it, too.
func TestAPartThatFailsIsTriedAgain(t *testing.T) {
	for in := 1; in <= 6; in++ {
		synctest.Test(t, func(t *testing.T) {
			store := &shortOfRoom{Store: memkv.New()}
			reg, err := registry.Open(t.Context(), store, registry.Options{Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer reg.Close()
			w := &world{t: t, reg: reg, boss: reg.As(registry.Operator())}
			w.imported(memFile("country.csv", []byte(country)), Options{Kind: Places})
			d, i := w.cutOff(w.boss, 0)
			defer d.Stop()
			store.in = in
			w.wantTally(w.resumed(d, i), registry.ImportApplied, 10, 0, 0, 0)
			for n := range 10 {
				w.device(fleet.Serial(fmt.Sprintf("TK-%05d", n)))
			}
		})
	}
}

// doubtful is a store of which the update with a number is made, or is not, and it is
// not known which; from then on it refuses all use.
type doubtful struct {
	kv.Store
	in      int
	made    bool
	refuses atomic.Bool
}

func (s *doubtful) Update(ctx context.Context, fn func(kv.Writer) error) (err error) {
	if s.refuses.Load() {
		return kv.ErrClosed
	}
	if s.in--; s.in != 0 || s.made {
		err = s.Store.Update(ctx, fn)
	}
	if s.in == 0 {
		s.refuses.Store(true)
		return kv.ErrUnknown
	}
	return err
}

func (s *doubtful) View(ctx context.Context, fn func(kv.Reader) error) error {
	if s.refuses.Load() {
		return kv.ErrClosed
	}
	return s.Store.View(ctx, fn)
}

func (s *doubtful) Close() error { return nil }

// Whichever part it is not known of whether it was made, it is made once, and so is the
// part that was sent behind it.
func TestAPartOfUnknownOutcome(t *testing.T) {
	for _, made := range []bool{false, true} {
		for in := 1; in <= 5; in++ {
			synctest.Test(t, func(t *testing.T) {
				disk := memkv.New()
				store := &doubtful{Store: disk, made: made}
				reopen := func() (kv.Store, error) { return &doubtful{Store: disk}, nil }
				reg, err := registry.Open(t.Context(), store, registry.Options{Now: time.Now, Reopen: reopen})
				if err != nil {
					t.Fatal(err)
				}
				defer reg.Close()
				w := &world{t: t, reg: reg, boss: reg.As(registry.Operator())}
				w.imported(memFile("country.csv", []byte(country)), Options{Kind: Places})
				d, i := w.cutOff(w.boss, 0)
				defer d.Stop()
				store.in = in
				w.wantTally(w.resumed(d, i), registry.ImportApplied, 10, 0, 0, 0)
			})
		}
	}
}

// A part that was sent while its sender might send it, and waited, is not made when the
// sender may not any more.
func TestAPartThatWaitedForTooLong(t *testing.T) {
	w := newWorld(t)
	officer := w.as(fleet.Officer, "PK601")
	d, i := w.cutOff(officer, 1)
	p, _, err := d.Plan(t.Context(), officer, i.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	part, _ := p.part(3, false)
	part.ID, part.Part = i.ID, 2
	w.do(registry.EnableUser{User: "officer.pk601"})
	if _, err := officer.Apply(t.Context(), registry.Request{}, part); !errors.Is(err, &fleet.Error{Code: "import.role_lost"}) {
		t.Errorf("got %v", err)
	}
	w.do(registry.EnableUser{User: "officer.pk601", Enabled: true})
	if _, err := officer.Apply(t.Context(), registry.Request{}, part); err != nil {
		t.Error(err)
	}
}

// A list of up to Whole rows is one part, whatever the parts of longer ones.
func TestOnlyLongListsHaveParts(t *testing.T) {
	w := newWorld(t)
	for rows, want := range map[int]string{6: "6", 7: "3 3 1"} {
		p, err := NewPlan(t.Context(), w.boss, memFile("list.csv", []byte(serials(rows))), Options{
			Kind: Devices, Shipment: "S-1", To: "PK601", Limits: Limits{Whole: 6, Part: 3},
		})
		if err != nil {
			t.Fatal(err)
		}
		var parts []string
		for from, last := 0, false; !last; {
			part, next := p.part(from, from == 0)
			parts, from, last = append(parts, fmt.Sprint(len(part.Rows))), next, part.Last
		}
		if got := strings.Join(parts, " "); got != want {
			t.Errorf("%d rows have parts of %s, want %s", rows, got, want)
		}
	}
}

package registry_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// shaky is a store of which every so manyth commit has an unknown outcome, and some
// fail; after the former it refuses all use, and another stands in for it.
type shaky struct {
	kv.Store
	commits *atomic.Int64
	refuses atomic.Bool
}

func (s *shaky) Update(ctx context.Context, fn func(kv.Writer) error) error {
	n := s.commits.Add(1)
	if n > 0 && n%11 == 0 {
		return fmt.Errorf("commit %d: %w", n, kv.ErrFull)
	}
	err := s.Store.Update(ctx, func(w kv.Writer) error {
		if s.refuses.Load() {
			return kv.ErrClosed
		}
		return fn(w)
	})
	if err == nil && (n > 0 && n%7 == 0 || s.refuses.Load()) {
		s.refuses.Store(true)
		return fmt.Errorf("commit %d: %w", n, kv.ErrUnknown)
	}
	return err
}

func (s *shaky) View(ctx context.Context, fn func(kv.Reader) error) error {
	if s.refuses.Load() {
		return kv.ErrClosed
	}
	return s.Store.View(ctx, fn)
}

func (s *shaky) Close() error {
	if s.refuses.Load() {
		return nil
	}
	return s.Store.Close()
}

// sent is a request, and what came of it.
type sent struct {
	id       string
	from, to int  // of the serials
	taken    bool // it has one more, which is taken
	receipt  registry.Receipt
	err      error
}

func (q *sent) by(ctx context.Context, s registry.Session) (registry.Receipt, error) {
	all := manyOf("S-1", q.from, q.to)
	if q.taken {
		all = append(all, manyOf("S-1", 0, 1)...)
	}
	return s.Apply(ctx, registry.Request{ID: q.id}, all...)
}

// someRequests are small and large ones, some of which are to be refused.
func someRequests(random *rand.Rand) []sent {
	all := make([]sent, 42)
	next := 1
	for n := range all {
		size := 1
		if random.IntN(3) == 0 {
			size = 600
		}
		all[n] = sent{id: fmt.Sprint("request ", n), from: next, to: next + size, taken: random.IntN(6) == 0}
		next += size
	}
	return all
}

// Of many who send large and small requests while commits fail, everyone is told what
// is so.
func TestManyRequestsOnAStoreThatFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "takhti.db")
	disk, err := boltkv.Open(file, boltkv.SyncDelay(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	requests := someRequests(rand.New(rand.NewPCG(seed, 0)))
	var commits atomic.Int64
	commits.Store(-1000) // until the country is there
	open := func() (kv.Store, error) { return &shaky{Store: disk, commits: &commits}, nil }
	first, _ := open()
	w := openWorld(t, first, open)
	w.country()
	w.do(w.boss, append([]registry.Change{registry.AnnounceShipment{Number: "S-1", Supplier: "Bench", Destination: "PK601-STORE"}}, manyOf("S-1", 0, 1)...)...)
	commits.Store(0)
	const lanes = 6
	var all sync.WaitGroup
	for lane := range lanes {
		all.Go(func() {
			for n := lane; n < len(requests); n += lanes {
				q := &requests[n]
				q.receipt, q.err = q.by(t.Context(), w.boss)
				_, _ = w.boss.Counts(t.Context(), registry.CountQuery{Place: "PK"}) // so that they are kept
			}
		})
	}
	all.Wait()
	counted := w.counts(registry.CountQuery{Place: "PK"})
	w.sound()
	if err := errors.Join(w.reg.Close(), disk.Close()); err != nil {
		t.Fatal(err)
	}
	if disk, err = boltkv.Open(file); err != nil {
		t.Fatal(err)
	}
	again := openWorld(t, disk, nil)
	again.sound()
	if fresh := again.counts(registry.CountQuery{Place: "PK"}); fresh != counted {
		t.Errorf("counts were %s, and are %s", counted, fresh)
	}
	there := map[fleet.Serial]bool{}
	for _, d := range again.devicesOf("S-1") {
		there[d.Serial] = true
	}
	for _, q := range requests {
		again.cameAbout(&q, there)
	}
}

// cameAbout compares what came of a request with the devices that are there.
func (w *world) cameAbout(q *sent, there map[fleet.Serial]bool) {
	w.t.Helper()
	found, asked := 0, manyOf("S-1", q.from, q.to)
	for _, c := range asked {
		if there[c.(registry.ExpectDevice).Device.Serial] {
			found++
		}
	}
	switch {
	case q.err == nil && !q.taken:
		again, err := q.by(w.t.Context(), w.boss)
		if err != nil || !again.Repeated || again.First != q.receipt.First || again.Last != q.receipt.Last || found != len(asked) {
			w.t.Errorf("%s: was acknowledged with %+v, is %+v (%v), and %d of %d devices are there", q.id, q.receipt, again, err, found, len(asked))
		}
	case errors.Is(q.err, kv.ErrUnknown):
		if found != 0 && found != len(asked) {
			w.t.Errorf("%s: %d of %d devices are there", q.id, found, len(asked))
		}
	case errors.Is(q.err, kv.ErrFull), q.taken && codeOf(q.err) == "serial.taken":
		if found > 0 {
			w.t.Errorf("%s: failed (%v), and %d devices are there", q.id, q.err, found)
		}
	default:
		w.t.Errorf("%s: %v", q.id, q.err)
	}
}

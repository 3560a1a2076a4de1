package audit_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/takhti-edu/takhti/internal/audit"
)

// A journal that has not grown gets no second checkpoint, also not after a start.
func TestOneCheckpointForOneJournal(t *testing.T) {
	w := newWorld(t)
	l := w.log(audit.Options{})
	if _, ok := l.Last(); ok {
		t.Error("there is a checkpoint before the first")
	}
	first := w.sign(l)
	w.sign(l)
	w.sign(w.log(audit.Options{}))
	if kept := w.kept(); len(kept) != 1 || !bytes.Equal(kept[0], first.Signed) {
		t.Errorf("%q", kept)
	}
	w.grow(1)
	l = w.log(audit.Options{})
	if last, ok := l.Last(); !ok || last.Head != first.Head {
		t.Errorf("after a start the last is %v, %v", last.Head, ok)
	}
	if second := w.sign(l); second.Size != 2 || len(w.kept()) != 2 {
		t.Errorf("%v, %d kept", second.Head, len(w.kept()))
	}
}

// While the file cannot be written to there is no checkpoint; then there is.
func TestACheckpointThatCannotBeKept(t *testing.T) {
	w := newWorld(t)
	l := w.log(audit.Options{})
	first := w.sign(l)
	w.grow(1)
	file := w.file("checkpoints.txt")
	if err := errors.Join(os.Rename(file, file+".away"), os.Mkdir(file, 0o700)); err != nil {
		t.Fatal(err)
	}
	if c, err := l.Sign(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "a checkpoint could not be kept: ") || c.Head != first.Head {
		t.Errorf("%v, %v", c.Head, err)
	}
	if err := errors.Join(os.Remove(file), os.Rename(file+".away", file)); err != nil {
		t.Fatal(err)
	}
	if c := w.sign(l); c.Size != 2 || len(w.kept()) != 2 {
		t.Errorf("%v, %d kept", c.Head, len(w.kept()))
	}
}

// A start with a key of another kind begins anew.
func TestCheckpointsOfAnotherKey(t *testing.T) {
	w, other := newWorld(t), newWorld(t)
	w.sign(w.log(audit.Options{}))
	w.key = other.key
	l := w.log(audit.Options{})
	if c, ok := l.Last(); ok {
		t.Errorf("the last is %v", c.Head)
	}
	if c := w.sign(l); !bytes.Contains(c.Signed, []byte(strings.Split(other.key.Public(), "+")[0])) {
		t.Errorf("%q", c.Signed)
	}
}

// What is posted is the checkpoint, as a text, and can be checked by whoever gets it.
func TestWhatIsPosted(t *testing.T) {
	w := newWorld(t)
	posted := make(chan *http.Request, 1)
	var body []byte
	there := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		posted <- r
	}))
	defer there.Close()
	stop := run(t, w.log(audit.Options{URL: there.URL + "/takhti?register=lahore"}))
	defer stop()
	r := <-posted
	if r.Method != http.MethodPost || r.URL.String() != "/takhti?register=lahore" || r.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%s %s, %s", r.Method, r.URL, r.Header.Get("Content-Type"))
	}
	if c, err := audit.Open(body, w.key.Public()); err != nil || c.Size != 1 {
		t.Errorf("%q: %v", body, err)
	}
}

// run runs a log; what it returns stops it, and waits until it has.
func run(t *testing.T, l *audit.Log) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx)
	}()
	return func() { cancel(); <-done }
}

// place is where checkpoints are posted to. It answers as it is told.
type place struct {
	mu     sync.Mutex
	answer int // an HTTP status; zero: never
	tries  int
	got    [][]byte // what it took
}

func (p *place) set(answer int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

// RoundTrip implements [http.RoundTripper].
func (p *place) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.tries++
	answer := p.answer
	if answer == http.StatusOK {
		p.got = append(p.got, body)
	}
	p.mu.Unlock()
	if answer == 0 {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: answer, Status: http.StatusText(answer), Body: http.NoBody, Request: r}, nil
}

// seen is how often it was tried, and the sizes that it took.
func (p *place) seen(t *testing.T, key *audit.Key) (tries int, sizes []uint64) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, note := range p.got {
		c, err := audit.Open(note, key.Public())
		if err != nil {
			t.Error(err)
		}
		sizes = append(sizes, c.Size)
	}
	return p.tries, sizes
}

// told is what a log says while a test reads it.
type told struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *told) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *told) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// posting is a log that posts to a place, and what it tells of it.
type posting struct {
	*world
	place
	log  *audit.Log
	told told
}

// inBubble runs a test with a log that runs, on a clock that goes on as soon as
// all wait for it.
func inBubble(t *testing.T, answer int, test func(t *testing.T, p *posting)) {
	synctest.Test(t, func(t *testing.T) {
		p := &posting{world: newWorld(t), place: place{answer: answer}}
		p.log = p.world.log(audit.Options{
			URL: "https://elsewhere.example/", Client: &http.Client{Transport: &p.place},
			Log: slog.New(slog.NewTextHandler(&p.told, nil)),
		})
		stop := run(t, p.log)
		test(t, p)
		stop()
		if err := p.reg.Close(); err != nil {
			t.Error(err)
		}
	})
}

// wants fails unless it was tried so often, and the place has checkpoints of these sizes.
func (p *posting) wants(tries int, sizes ...uint64) {
	p.t.Helper()
	synctest.Wait()
	n, got := p.seen(p.t.(*testing.T), p.key)
	if n != tries || !slices.Equal(got, sizes) {
		p.t.Errorf("%d tries, checkpoints of %v; want %d and %v", n, got, tries, sizes)
	}
}

// Each minute in which the journal grew has a checkpoint, and no other; however much
// it grew. The end has one, too.
func TestACheckpointEachMinute(t *testing.T) {
	inBubble(t, http.StatusOK, func(t *testing.T, p *posting) {
		p.wants(1, 1)
		p.grow(5)
		time.Sleep(59 * time.Second)
		p.wants(1, 1)
		time.Sleep(time.Second)
		p.wants(2, 1, 6)
		time.Sleep(time.Hour)
		p.wants(2, 1, 6)
		p.grow(1)
		time.Sleep(time.Minute)
		p.wants(3, 1, 6, 7)
		p.grow(1)
		t.Cleanup(func() {
			if got := p.kept(); len(got) != 4 {
				t.Errorf("%d checkpoints were kept, want 4: one of them at the end", len(got))
			}
		})
	})
}

// What the place refuses is told, and tried again each minute; once it takes them
// again it gets the newest, and those between are in the file.
func TestAPlaceThatRefuses(t *testing.T) {
	inBubble(t, http.StatusServiceUnavailable, func(t *testing.T, p *posting) {
		p.wants(1)
		p.grow(1)
		time.Sleep(time.Minute)
		p.wants(2)
		time.Sleep(time.Minute)
		p.wants(3)
		p.grow(1)
		p.set(http.StatusOK)
		time.Sleep(time.Minute)
		p.wants(4, 3)
		time.Sleep(10 * time.Minute)
		p.wants(4, 3)
		if got := p.against(p.kept(), p.key.Public()); len(p.kept()) != 3 || got != nil {
			t.Errorf("%d were kept, %q", len(p.kept()), got)
		}
		if got := strings.Count(p.told.String(), "a checkpoint could not be posted"); got != 3 {
			t.Errorf("it was told %d times: %s", got, &p.told)
		}
	})
}

// A place that never answers holds up nothing: changes are made, checkpoints signed and
// kept, and each try ends after ten seconds.
func TestAPlaceThatNeverAnswers(t *testing.T) {
	inBubble(t, 0, func(t *testing.T, p *posting) {
		p.wants(1)
		began := time.Now()
		p.grow(1)
		if c := p.sign(p.log); c.Size != 2 || time.Since(began) != 0 {
			t.Errorf("a checkpoint of %d took %v", c.Size, time.Since(began))
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if !strings.Contains(p.told.String(), "context deadline exceeded") {
			t.Errorf("after 10 seconds it goes on: %s", &p.told)
		}
		time.Sleep(50 * time.Second)
		p.wants(2)
		p.set(http.StatusOK)
		time.Sleep(time.Minute)
		p.wants(3, 2)
	})
}

// It holds up the end of the program for no more than one try.
func TestTheEndWithAPlaceThatNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, never := newWorld(t), &place{}
		stop := run(t, w.log(audit.Options{URL: "https://elsewhere.example/", Client: &http.Client{Transport: never}}))
		synctest.Wait()
		w.grow(1)
		began := time.Now()
		stop()
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("it took %v", took)
		}
		if kept := w.kept(); len(kept) != 2 {
			t.Errorf("%d checkpoints were kept, want the one at the end as well", len(kept))
		}
		if err := w.reg.Close(); err != nil {
			t.Error(err)
		}
	})
}

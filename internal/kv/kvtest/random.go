package kvtest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
)

// model is what a store should hold: keys that begin with n are counters.
type model map[string]string

var errUndone = errors.New("undone on purpose")

// testRandom runs random transactions of random operations on a store and on a
// map, and compares after each operation what both answer.
func testRandom(t *testing.T, open func(t *testing.T) kv.Store) {
	s := opened(t, open)
	rapid.Check(t, func(rt *rapid.T) {
		clearStore(rt, t, s)
		m := model{}
		for range rapid.IntRange(1, 6).Draw(rt, "transactions") {
			m = transaction(rt, t, s, m)
			err := s.View(t.Context(), func(r kv.Reader) error { m.compare(rt, r, nil, nil); return nil })
			if err != nil {
				rt.Fatal(err)
			}
		}
	})
}

func clearStore(rt *rapid.T, t *testing.T, s kv.Store) {
	err := s.Update(t.Context(), func(w kv.Writer) error {
		for p, err := range w.Scan(nil, nil) {
			if err != nil {
				return err
			}
			if err := w.Delete(p.Key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
}

// step is one operation. Steps are drawn before the transaction runs, because
// its function may run more than once.
type step struct {
	what   string
	key    []byte
	hi     []byte
	val    string
	n      int64
	target int
}

func drawStep(rt *rapid.T) step {
	whats := []string{"put", "put", "put", "delete", "add", "add", "get", "scan", "savepoint", "savepoint", "rollback", "release"}
	s := step{what: rapid.SampledFrom(whats).Draw(rt, "what")}
	table := rapid.SampledFrom([]string{"s", "t", "t.by_x"})
	if s.what == "add" {
		table = rapid.SampledFrom([]string{"n", "n.by_x", "t2"})
	}
	s.key = key(table.Draw(rt, "table"), rapid.IntRange(0, 9).Draw(rt, "id"))
	s.hi = key(table.Draw(rt, "table"), rapid.IntRange(0, 9).Draw(rt, "id"))
	s.val = rapid.SampledFrom([]string{"", "x", "long enough to matter"}).Draw(rt, "val")
	s.n = rapid.Int64Range(-2, 2).Draw(rt, "n")
	s.target = rapid.IntRange(0, 3).Draw(rt, "target")
	return s
}

func transaction(rt *rapid.T, t *testing.T, s kv.Store, before model) model {
	steps := rapid.SliceOfN(rapid.Custom(drawStep), 0, 30).Draw(rt, "steps")
	fail := rapid.IntRange(0, 4).Draw(rt, "fail") == 0
	var after model
	err := s.Update(t.Context(), func(w kv.Writer) error {
		after = run(rt, w, steps, maps.Clone(before))
		if fail {
			return errUndone
		}
		return nil
	})
	if fail && errors.Is(err, errUndone) {
		return before
	}
	if err != nil {
		rt.Fatal(err)
	}
	return after
}

func run(rt *rapid.T, w kv.Writer, steps []step, m model) model {
	type saved struct {
		at kv.Savepoint
		m  model
	}
	var saves []saved
	for _, s := range steps {
		var err error
		switch s.what {
		case "put":
			err, m[string(s.key)] = w.Put(s.key, []byte(s.val)), s.val
		case "delete":
			err = w.Delete(s.key)
			delete(m, string(s.key))
		case "add":
			err = w.Add(s.key, s.n)
			m.add(s.key, s.n)
		case "get":
			m.get(rt, w, s.key)
		case "scan":
			m.compare(rt, w, s.key, s.hi)
		case "savepoint":
			saves = append(saves, saved{w.Savepoint(), maps.Clone(m)})
		case "rollback":
			if s.target < len(saves) {
				saves = saves[:s.target+1]
				w.Rollback(saves[s.target].at)
				m = maps.Clone(saves[s.target].m)
			}
		case "release":
			if s.target < len(saves) {
				w.Release(saves[s.target].at)
				saves = saves[:s.target]
			}
		}
		if err != nil {
			rt.Fatalf("%s %s: %v", s.what, name(s.key), err)
		}
	}
	m.compare(rt, w, nil, nil)
	return m
}

func (m model) add(k []byte, n int64) {
	var was []byte
	if val, ok := m[string(k)]; ok {
		was = []byte(val)
	}
	count, _ := kv.Count(was)
	if m[string(k)] = string(kv.AppendCount(nil, count+n)); count+n == 0 {
		delete(m, string(k))
	}
}

func (m model) get(rt *rapid.T, r kv.Reader, k []byte) {
	got, err := r.Get(k)
	want, there := m[string(k)]
	if err != nil || (got != nil) != there || string(got) != want {
		rt.Fatalf("get %s = %q, %v; want %q, there: %v", name(k), got, err, want, there)
	}
}

// compare holds a scan, and a get of each key, to the model.
func (m model) compare(rt *rapid.T, r kv.Reader, lo, hi []byte) {
	var want []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if bytes.Compare([]byte(k), lo) >= 0 && (hi == nil || bytes.Compare([]byte(k), hi) < 0) {
			want = append(want, fmt.Sprintf("%s=%s", name([]byte(k)), m[k]))
			m.get(rt, r, []byte(k))
		}
	}
	got, err := list(r, lo, hi)
	if err != nil || !slices.Equal(got, want) {
		rt.Fatalf("scan gives %q (%v), want %q", got, err, want)
	}
}

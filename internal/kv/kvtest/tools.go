package kvtest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
)

func key(table string, parts ...any) []byte {
	k := kv.Key(table)
	for _, part := range parts {
		switch p := part.(type) {
		case string:
			k = k.Str(p)
		case int:
			k = k.Uint(uint64(p))
		}
	}
	return k
}

func update(t *testing.T, s kv.Store, fn func(kv.Writer) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func view(t *testing.T, s kv.Store, fn func(kv.Reader) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatalf("view: %v", err)
	}
}

// put writes key, value, key, value, …
func put(w kv.Writer, pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := w.Put(key("t", pairs[i]), []byte(pairs[i+1])); err != nil {
			return err
		}
	}
	return nil
}

// list writes pairs the way failures show them: "t/a=1".
func list(r kv.Reader, lo, hi []byte) ([]string, error) {
	var got []string
	for p, err := range r.Scan(lo, hi) {
		if err != nil {
			return nil, err
		}
		got = append(got, name(p.Key)+"="+string(p.Val))
	}
	return got, nil
}

func name(k []byte) string {
	parts, err := kv.Parts(k)
	if err != nil {
		return err.Error()
	}
	s := fmt.Sprint(parts[0])
	for _, p := range parts[1:] {
		s += "/" + fmt.Sprint(p)
	}
	return s
}

func wantAll(t *testing.T, r kv.Reader, want ...string) {
	t.Helper()
	got, err := list(r, nil, nil)
	if err != nil {
		t.Fatalf("scan: %v", err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("the store holds %q, want %q", got, want)
	}
}

func wantStored(t *testing.T, s kv.Store, want ...string) {
	t.Helper()
	view(t, s, func(r kv.Reader) error {
		wantAll(t, r, want...)
		return nil
	})
}

func wantCount(t *testing.T, r kv.Reader, k []byte, want int64) {
	t.Helper()
	val, err := r.Get(k)
	if err != nil {
		t.Fatalf("get %s: %v", name(k), err)
	}
	got, err := kv.Count(val)
	if err != nil || got != want {
		t.Fatalf("counter %s is %d (%v), want %d", name(k), got, err, want)
	}
	if want == 0 && val != nil {
		t.Fatalf("counter %s is zero and still there as %x", name(k), val)
	}
}

package boltkv_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// Large commits write several tables at the same time: with the race detector this
// shows whether bbolt still stands that.
func TestLargeCommitsOfManyTables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bulk.db")
	store, err := boltkv.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want := memkv.New()
	for round := range uint64(4) {
		write := func(w kv.Writer) error { return writeMany(w, round) }
		for _, s := range []kv.Store{store, want} {
			if err := s.Update(t.Context(), write); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := boltkv.Check(t.Context(), path); err != nil {
		t.Error(err)
	}
	if store, err = boltkv.Open(path); err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if got, want := pairsOf(t, store), pairsOf(t, want); !maps.Equal(got, want) {
		t.Errorf("the file has %d pairs that are not the %d that were written", len(got), len(want))
	}
}

// writeMany puts, counts and deletes in several tables, more with every round.
func writeMany(w kv.Writer, round uint64) error {
	for table := range uint64(6) {
		name := fmt.Sprintf("table.%d", table)
		for i := range uint64(1500) {
			n := i * (2654435761 + table) % 10_000
			if err := w.Put(kv.Key(name).Uint(n), fmt.Append(nil, round, "of", n)); err != nil {
				return err
			}
			if err := w.Add(kv.Key(name+".count").Uint(n%700), int64(i%5)-int64(round)); err != nil {
				return err
			}
			if err := w.Delete(kv.Key(name).Uint(n + round)); err != nil {
				return err
			}
		}
	}
	return w.Delete(kv.Key("nowhere").Uint(round))
}

func pairsOf(t *testing.T, s kv.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := s.View(context.Background(), func(r kv.Reader) error {
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			all[string(p.Key)] = string(p.Val)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

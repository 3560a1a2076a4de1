package registry

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// longJournal is a register with so many acts of others in its journal, after one of
// amna's.
func longJournal(t *testing.T, others int) (*Register, kv.Store) {
	t.Helper()
	store := memkv.New()
	reg, err := Open(context.Background(), store, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	err = store.Update(context.Background(), func(w kv.Writer) error {
		tail, err := readTail(w)
		if err != nil {
			return err
		}
		e := Entry{Time: time.Unix(1_780_000_000, 0), Via: "web", Change: "sign_in", Details: Details{Actor: "amna"}}
		for range 1 + others {
			if _, err := tail.append(w, e); err != nil {
				return err
			}
			e.Actor = "others"
		}
		return tail.write(w)
	})
	if err != nil {
		t.Fatal(err)
	}
	return reg, store
}

// A page looks at so many entries and no more; it says where the next goes on, and the
// pages together find what is furthest back.
func TestWhatIsFarBackIsFound(t *testing.T) {
	reg, _ := longJournal(t, 2*mostLooked)
	s, q := reg.As(Operator()), JournalQuery{Who: "amna", Limit: 10}
	for i, want := range []uint64{mostLooked + 2, 2, 0} {
		page, next, err := s.JournalPage(t.Context(), q)
		if err != nil || next != want || len(page) != i/2 {
			t.Errorf("page %d: %d entries, next %d, %v; want next %d", i+1, len(page), next, err, want)
		}
		q.Before = next
	}
	q.Before = 0
	if all, err := s.Journal(t.Context(), q); err != nil || len(all) != 1 || all[0].Seq != 1 {
		t.Errorf("%v, %v", all, err)
	}
}

// Read backwards, from wherever, the journal is what it is forwards.
func TestTheJournalBackwards(t *testing.T) {
	const size = 3*backBlock + 1
	_, store := longJournal(t, size-1)
	err := store.View(t.Context(), func(r kv.Reader) error {
		var forwards []uint64
		for e, err := range entries(r, 1) {
			if err != nil {
				return err
			}
			forwards = append(forwards, e.Seq)
		}
		rapid.Check(t, func(rt *rapid.T) {
			newest := rapid.IntRange(0, size).Draw(rt, "newest")
			var got []uint64
			for e, err := range entriesBack(r, uint64(newest)) {
				if err != nil {
					rt.Fatal(err)
				}
				got = append(got, e.Seq)
			}
			slices.Reverse(got)
			if !slices.Equal(got, forwards[:newest]) {
				rt.Errorf("from %d back: %v", newest, got)
			}
		})
		var missed error
		for _, err := range entriesBack(r, size+1) {
			missed = err
		}
		if missed == nil {
			t.Error("an entry that is not there is not missed")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

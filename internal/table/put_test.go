package table_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

func TestCountersFollowAtEveryLevel(t *testing.T) {
	r := newRegister(t)
	at := func(place string, broken uint64) int64 {
		return r.count(r.Count("broken_at").Uint(uint64(len(place))).Str(place).Uint(broken))
	}
	expect := func(when string, want map[string][2]int64) {
		t.Helper()
		for place, n := range want {
			if got := [2]int64{at(place, 0), at(place, 1)}; got != n {
				t.Errorf("%s: %s has %v (sound, broken), want %v", when, place, got, n)
			}
		}
	}
	one := r.put(1, slate{Serial: "S1", Place: "PKQ"})
	r.put(1, slate{Serial: "S2", Place: "PKR"})
	r.put(1, slate{Serial: "S3", Place: "PL"})
	expect("three new", map[string][2]int64{"P": {3, 0}, "PK": {2, 0}, "PKQ": {1, 0}, "PKR": {1, 0}, "PL": {1, 0}})

	one.Broken = true
	one = r.put(2, one)
	expect("one broken", map[string][2]int64{"P": {2, 1}, "PK": {1, 1}, "PKQ": {0, 1}, "PKR": {1, 0}, "PL": {1, 0}})

	one.Place = "PL"
	one = r.put(3, one)
	expect("and moved", map[string][2]int64{"P": {2, 1}, "PK": {1, 0}, "PKQ": {0, 0}, "PKR": {1, 0}, "PL": {1, 1}})

	r.delete(4, one.ID)
	expect("and deleted", map[string][2]int64{"P": {2, 0}, "PK": {1, 0}, "PKQ": {0, 0}, "PKR": {1, 0}, "PL": {1, 0}})
}

// What a place had at the end of a day is what it has now less what the days
// since have changed.
func TestTheLedgerGivesTheCountAsOfAnyDay(t *testing.T) {
	r := newRegister(t)
	one := r.put(10, slate{Serial: "S1", Place: "PK"})
	r.put(10, slate{Serial: "S2", Place: "PK"})
	one.Broken = true
	one = r.put(20, one)
	r.put(20, slate{Serial: "S3", Place: "PK", Broken: true})
	r.delete(30, one.ID)

	scope := func(key kv.Tuple) kv.Tuple { return key.Uint(2).Str("PK") }
	asOf := func(day, broken uint64) int64 {
		n := r.count(scope(r.Count("broken_at")).Uint(broken))
		ledger := scope(r.Ledger("broken_at"))
		r.view(func(rd kv.Reader) error {
			for p, err := range rd.Scan(ledger.Clone().Uint(day+1), ledger.End()) {
				if err != nil {
					return err
				}
				parts, err := kv.Parts(p.Key)
				if err != nil {
					return err
				}
				if parts[len(parts)-1] == broken {
					change, err := kv.Count(p.Val)
					if err != nil {
						return err
					}
					n -= change
				}
			}
			return nil
		})
		return n
	}
	for _, c := range []struct {
		day           uint64
		sound, broken int64
	}{{9, 0, 0}, {10, 2, 0}, {19, 2, 0}, {20, 1, 2}, {29, 1, 2}, {30, 1, 1}, {99, 1, 1}} {
		if sound, broken := asOf(c.day, 0), asOf(c.day, 1); sound != c.sound || broken != c.broken {
			t.Errorf("as of day %d: %d sound, %d broken; want %d, %d", c.day, sound, broken, c.sound, c.broken)
		}
	}
}

func TestAnUnchangedRecordIsNotWritten(t *testing.T) {
	r := newRegister(t)
	made := r.put(1, slate{Serial: "S1", Place: "PK"})
	before := r.contents()

	again := made
	again.Version = 77 // whatever the caller has there
	again, done, err := r.tryPut(2, again)
	if err != nil || !done.Same || done.ID != made.ID || string(done.Before) != string(done.After) || done.Before == nil {
		t.Errorf("Put of the same record = %+v, %v", done, err)
	}
	if again.Version != 1 {
		t.Errorf("its version is %d, want 1 still", again.Version)
	}
	if !maps.Equal(before, r.contents()) {
		t.Error("something was written")
	}

	again.Tag = "T1"
	again, done, err = r.tryPut(2, again)
	if err != nil || done.Same || again.Version != 2 {
		t.Errorf("Put of a changed record = %+v, %v, version %d; want version 2", done, err, again.Version)
	}
}

func TestAChangeWritesOnlyWhatDiffers(t *testing.T) {
	r := newRegister(t)
	s := r.put(1, slate{Serial: "S1", Tag: "T1", Place: "PK", Words: []string{"a", "b"}})
	var done spy
	err := r.update(func(w kv.Writer) error {
		done = spy{Writer: w}
		s.Tag, s.Words = "T2", []string{"b", "b"}
		_, err := r.Put(&done, 2, &s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"put slate", "delete slate.by_tag", "delete slate.by_word", "put slate.by_tag",
		"add slate.words", "add slate.words", // one a less, one b more
	}
	if !slices.Equal(done.log, want) {
		t.Errorf("wrote %q, want %q", done.log, want)
	}
}

// spy notes the writes that it passes on.
type spy struct {
	kv.Writer
	log []string
}

func (s *spy) note(what string, key []byte) {
	name, _, _ := kv.Split(key)
	s.log = append(s.log, what+" "+string(name))
}

func (s *spy) Put(key, val []byte) error {
	s.note("put", key)
	return s.Writer.Put(key, val)
}

func (s *spy) Delete(key []byte) error {
	s.note("delete", key)
	return s.Writer.Delete(key)
}

func (s *spy) Add(key []byte, n int64) error {
	s.note("add", key)
	return s.Writer.Add(key, n)
}

// A part that moves from the scope to the dimensions leaves the balance's key as
// it was, but not the ledger's, where the day stands between them.
func TestTheLedgerTellsScopeFromDimensions(t *testing.T) {
	r := newRegister(t)
	r.Counts = []table.Count[slate]{{Name: "split", Daily: true, Of: func(s *slate, emit func(scope, dims kv.Tuple)) {
		a, b := kv.Tuple(nil).Str("a"), kv.Tuple(nil).Str("b")
		if s.Broken {
			emit(append(a, b...), nil)
		} else {
			emit(a, b)
		}
	}}}
	s := r.put(1, slate{Serial: "S1"})
	s.Broken = true
	r.put(2, s)
	for _, c := range []struct {
		key  kv.Tuple
		want int64
	}{
		{r.Count("split").Str("a").Str("b"), 1},
		{r.Ledger("split").Str("a").Uint(1).Str("b"), 1},
		{r.Ledger("split").Str("a").Uint(2).Str("b"), -1},
		{r.Ledger("split").Str("a").Str("b").Uint(2), 1},
	} {
		if got := r.count(c.key); got != c.want {
			t.Errorf("%x: %d, want %d", c.key, got, c.want)
		}
	}
	if found := r.verify(); found != nil {
		t.Errorf("found %q", found)
	}
}

func TestWrittenHoldsBothRecords(t *testing.T) {
	r := newRegister(t)
	s, done, err := r.tryPut(1, slate{Serial: "S1", Place: "P"})
	if err != nil {
		t.Fatal(err)
	}
	serials := func(w table.Written) (before, after string) {
		for data, to := range map[*[]byte]*string{&w.Before: &before, &w.After: &after} {
			if *data != nil {
				rec, err := r.Decode(*data)
				if err != nil {
					t.Fatal(err)
				}
				*to = rec.Serial
			}
		}
		return before, after
	}
	if before, after := serials(done); before != "" || after != "S1" || done.ID != s.ID {
		t.Errorf("creating: %d from %q to %q", done.ID, before, after)
	}
	s.Serial = "S2"
	_, done, _ = r.tryPut(1, s)
	if before, after := serials(done); before != "S1" || after != "S2" {
		t.Errorf("changing: from %q to %q", before, after)
	}
	if before, after := serials(r.delete(1, s.ID)); before != "S2" || after != "" {
		t.Errorf("deleting: from %q to %q", before, after)
	}
	if done := r.delete(1, s.ID); !done.Same || done.Before != nil {
		t.Errorf("deleting again: %+v, want nothing done", done)
	}
}

func TestADeletedRecordLeavesNothingButItsLedger(t *testing.T) {
	r := newRegister(t)
	s := r.put(1, slate{Serial: "S1", Tag: "T", Place: "PK", Words: []string{"a", "b", "a"}})
	r.delete(1, s.ID)
	left := r.contents()
	delete(left, string(kv.Key("seq").Str("slate")))
	if len(left) > 0 {
		t.Errorf("%d keys are left: %q", len(left), left)
	}
	if next := r.put(1, slate{Serial: "S1"}); next.ID != 2 {
		t.Errorf("the next ID is %d: IDs must not come again", next.ID)
	}
}

func TestATakenEntryIsRefusedAndNothingIsWritten(t *testing.T) {
	r := newRegister(t)
	r.put(1, slate{Serial: "S1", Tag: "T1", Place: "PK"})
	two := r.put(1, slate{Serial: "S2", Place: "PK"})
	before := r.contents()

	two.Tag = "T1"
	err := r.update(func(w kv.Writer) error {
		_, err := r.Put(w, 1, &two)
		var taken *table.TakenError
		if !errors.As(err, &taken) {
			t.Fatalf("Put = %v, want a TakenError", err)
		}
		if want := (table.TakenError{Table: "slate", Index: "by_tag", Key: `slate.by_tag "T1"`, By: 1}); *taken != want {
			t.Errorf("got %+v, want %+v", *taken, want)
		}
		if want := `slate.by_tag "T1" is taken by slate 1`; err.Error() != want {
			t.Errorf("it says %q, want %q", err, want)
		}
		return nil // commits whatever was written
	})
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(before, r.contents()) {
		t.Error("something was written")
	}
}

func TestARecordMayKeepOrReleaseItsUniqueEntry(t *testing.T) {
	r := newRegister(t)
	one := r.put(1, slate{Serial: "S1", Tag: "T1"})
	two := r.put(1, slate{Serial: "S2", Tag: "T2"})
	one.Broken = true
	one = r.put(1, one) // keeps S1 and T1

	err := r.update(func(w kv.Writer) error { // the two swap tags
		for _, step := range []struct {
			rec *slate
			tag string
		}{{&one, ""}, {&two, "T1"}, {&one, "T2"}} {
			step.rec.Tag = step.tag
			if _, err := r.Put(w, 1, step.rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.idsUnder(r.Index("by_tag")); !reflect.DeepEqual(got, []uint64{2, 1}) {
		t.Errorf("T1 and T2 lead to %v, want 2 and 1", got)
	}
	r.delete(1, one.ID)
	if three := r.put(1, slate{Serial: "S1", Tag: "T2"}); three.ID != 3 {
		t.Errorf("what a deleted record had is not free: %+v", three)
	}
}

func TestARecordsOwnStrayEntryIsNotInItsWay(t *testing.T) {
	r := newRegister(t)
	s := r.put(1, slate{Serial: "S1"})
	r.damage(func(w kv.Writer) error { return w.Put(r.Index("by_tag").Str("T1"), []byte{byte(s.ID)}) })
	s.Tag = "T1"
	r.put(1, s)
	if found := r.verify(); found != nil {
		t.Errorf("found %q", found)
	}
}

// The IDs may come from elsewhere, such as from another table's records.
func TestATableNeedNotGiveOutItsIDs(t *testing.T) {
	r := newRegister(t)
	r.put(1, slate{ID: 7, Serial: "S7", Place: "PK"})
	if found := r.verify(); found != nil {
		t.Errorf("found %q", found)
	}
	before := r.contents()
	if err := r.Rebuild(t.Context(), r.store); err != nil || !maps.Equal(before, r.contents()) {
		t.Errorf("Rebuild = %v, or it changed something", err)
	}
}

func TestARecordNeedsAnID(t *testing.T) {
	r := newRegister(t)
	err := r.update(func(w kv.Writer) error {
		_, err := r.Put(w, 1, &slate{Serial: "S1"})
		return err
	})
	if err == nil || err.Error() != "slate: a record without an ID cannot be stored" {
		t.Errorf("Put without an ID = %v", err)
	}
}

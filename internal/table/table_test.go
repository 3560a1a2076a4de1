package table_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
)

func TestANewRecordIsFoundByEverythingDeclared(t *testing.T) {
	r := newRegister(t)
	made := r.put(1, slate{Serial: "S1", Tag: "T1", Place: "PKQ", Words: []string{"blue", "new"}})
	if made.ID != 1 || made.Version != 1 {
		t.Errorf("the first record has ID %d and version %d, want 1 and 1", made.ID, made.Version)
	}
	second := r.put(1, slate{Serial: "S2", Place: "PKQ", Words: []string{"blue"}})
	if second.ID != 2 {
		t.Errorf("the second record has ID %d", second.ID)
	}
	r.view(func(rd kv.Reader) error {
		got, ok, err := r.Get(rd, 1)
		if err != nil || !ok || !reflect.DeepEqual(got, made) {
			t.Errorf("Get(1) = %+v, %v, %v; want %+v", got, ok, err, made)
		}
		if _, ok, err := r.Get(rd, 3); ok || err != nil {
			t.Errorf("Get(3) = %v, %v; want nothing", ok, err)
		}
		for key, want := range map[string]uint64{"S1": 1, "S2": 2, "S3": 0} {
			id, ok, err := r.Lookup(rd, r.Index("by_serial").Str(key))
			if err != nil || id != want || ok != (want != 0) {
				t.Errorf("serial %s leads to %d, %v, %v; want %d", key, id, ok, err, want)
			}
		}
		return nil
	})
	for _, c := range []struct {
		what string
		key  kv.Tuple
		want []uint64
	}{
		{"at Q", r.Index("by_place").Str("PKQ"), []uint64{1, 2}},
		{"below K", r.Index("by_place").Open("PK"), []uint64{1, 2}},
		{"at K itself", r.Index("by_place").Str("PK"), nil},
		{"blue", r.Index("by_word").Str("blue"), []uint64{1, 2}},
		{"new", r.Index("by_word").Str("new"), []uint64{1}},
		{"with a tag", r.Index("by_tag"), []uint64{1}},
		{"with a serial", r.Index("by_serial"), []uint64{1, 2}},
	} {
		if got := r.idsUnder(c.key); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestReadingAllRecords(t *testing.T) {
	r := newRegister(t)
	for _, s := range []slate{{Serial: "S1", Tag: "T1"}, {Serial: "S2"}, {Serial: "S3"}} {
		r.put(1, s)
	}
	r.delete(1, 2)
	r.view(func(rd kv.Reader) error {
		var got []string
		for s, err := range r.All(rd) {
			if err != nil {
				return err
			}
			got = append(got, s.Serial+s.Tag)
		}
		if !slices.Equal(got, []string{"S1T1", "S3"}) {
			t.Errorf("All yields %q", got)
		}
		for raw, err := range r.EachRecord(rd) {
			data, getErr := r.RecordBytes(rd, raw.ID)
			if err != nil || getErr != nil || string(data) != string(raw.Data) {
				t.Errorf("record %d: %x, %v, but RecordBytes says %x, %v", raw.ID, raw.Data, err, data, getErr)
			}
		}
		return nil
	})
}

func TestADamagedRecordIsNamed(t *testing.T) {
	r := newRegister(t)
	s := r.put(1, slate{Serial: "S1"})
	r.damage(func(w kv.Writer) error { return w.Put(kv.Key("slate").Uint(s.ID), []byte{9}) })
	const want = "slate 1: stored data is damaged: it was not written by this version of the codec"
	expect := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, kv.ErrCorrupt) || err.Error() != want {
			t.Errorf("%s = %v, want %s", what, err, want)
		}
	}
	r.view(func(rd kv.Reader) error {
		_, _, err := r.Get(rd, s.ID)
		expect("Get", err)
		for _, err := range r.All(rd) {
			expect("All", err)
		}
		return nil
	})
	_, _, err := r.tryPut(1, s)
	expect("Put", err)
	err = r.update(func(w kv.Writer) error {
		_, err := r.Delete(w, 1, s.ID)
		return err
	})
	expect("Delete", err)
	if _, err := r.Decode([]byte{9}); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("Decode = %v", err)
	}
}

func TestADamagedEntryIsNamed(t *testing.T) {
	r := newRegister(t)
	tag, place := r.Index("by_tag").Str("T1"), r.Index("by_place").Str("PK")
	cut := append(r.Index("by_word").Open("no end"), 0, 0xFF)
	r.damage(func(w kv.Writer) error {
		return errors.Join(w.Put(tag, []byte{0}), w.Put(place, nil), w.Put(place.Clone().Str("more"), nil), w.Put(cut, nil))
	})
	r.view(func(rd kv.Reader) error {
		_, ok, err := r.Lookup(rd, tag)
		if want := `stored data is damaged: the entry slate.by_tag "T1" leads to no record`; ok || err == nil || err.Error() != want {
			t.Errorf("Lookup = %v, %v, want %s", ok, err, want)
		}
		for _, c := range []struct {
			key  kv.Tuple
			want string
		}{
			{place, `stored data is damaged: the key slate.by_place "PK" does not end in a record's ID`},
			{cut, "stored data is damaged: key has no further part at "},
		} {
			seen := 0
			for _, err := range r.IDs(rd, c.key, c.key.End()) {
				if seen++; err == nil || !strings.HasPrefix(err.Error(), c.want) || seen > 1 {
					t.Errorf("IDs yields %v, want %s and nothing more", err, c.want)
				}
			}
		}
		return nil
	})
}

func TestAnEntryBelongsToItsIndex(t *testing.T) {
	r := newRegister(t)
	r.Indexes[0].Of = func(s *slate, _ kv.Tuple, emit func(kv.Tuple)) { emit(kv.Key("elsewhere").Str(s.Serial)) }
	defer func() {
		const want = "table: an entry must be made by appending to the key of its index, slate.by_serial"
		if got := recover(); got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	_, _, _ = r.tryPut(1, slate{Serial: "S1"})
}

// Prefixes may be appended to by many at once: each call returns a copy.
func TestPrefixesAreCopies(t *testing.T) {
	s := slates()
	for _, prefix := range []func() kv.Tuple{
		func() kv.Tuple { return s.Index("by_tag") },
		func() kv.Tuple { return s.Count("broken_at") },
		func() kv.Tuple { return s.Ledger("broken_at") },
	} {
		a := prefix().Str("a")
		_ = prefix().Str("b")
		if want := string(prefix().Str("a")); string(a) != want {
			t.Errorf("got %x, want %x", a, want)
		}
		p := prefix()
		p[1] = 'x'
		if string(prefix().Str("a")) != string(a) {
			t.Error("writing to a prefix changes the next one")
		}
	}
}

// One table serves many goroutines, each with a transaction of its own.
func TestATableIsForManyGoroutines(t *testing.T) {
	r := newRegister(t)
	var group sync.WaitGroup
	for n := range 4 {
		group.Go(func() {
			for i := range 50 {
				s := slate{Serial: fmt.Sprint("S", n, i), Place: "PK"}
				err := r.update(func(w kv.Writer) (err error) {
					if s.ID, err = r.NextID(w); err == nil {
						_, err = r.Put(w, 1, &s)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
				r.view(func(rd kv.Reader) error {
					got, _, err := r.Get(rd, s.ID)
					if got.Serial != s.Serial {
						t.Errorf("record %d is %q, want %q", s.ID, got.Serial, s.Serial)
					}
					return err
				})
			}
		})
	}
	group.Wait()
	if found := r.verify(); found != nil {
		t.Errorf("found %q", found)
	}
}

func TestUndeclaredNamesPanic(t *testing.T) {
	s := slates()
	for want, ask := range map[string]func() kv.Tuple{
		`table: slate has no index "by_owner"`:       func() kv.Tuple { return s.Index("by_owner") },
		`table: slate has no count "owned"`:          func() kv.Tuple { return s.Count("owned") },
		`table: slate counts "words", but not daily`: func() kv.Tuple { return s.Ledger("words") },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panic %v, want %q", got, want)
				}
			}()
			ask()
		}()
	}
}

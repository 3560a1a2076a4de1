package table_test

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// threeSlates have IDs 1 to 3.
func threeSlates(t *testing.T) register {
	r := newRegister(t)
	r.put(1, slate{Serial: "S1", Tag: "T1", Place: "PK", Words: []string{"blue", "blue"}})
	r.put(1, slate{Serial: "S2", Place: "PK"})
	r.put(2, slate{Serial: "S3", Place: "PL", Broken: true})
	return r
}

// record stores a slate without its consequences.
func record(w kv.Writer, s slate) error {
	data, err := table.CBOR[slate]().Append(nil, &s)
	if err != nil {
		return err
	}
	return w.Put(kv.Key("slate").Uint(s.ID), data)
}

func TestVerifySaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		what   string
		damage func(w kv.Writer) error
		want   []string
	}{
		{"nothing", func(kv.Writer) error { return nil }, nil},
		{"an entry is gone", func(w kv.Writer) error {
			return w.Delete(kv.Key("slate.by_serial").Str("S2"))
		}, []string{`slate.by_serial "S2" is missing: slate 2 is not found by it`}},
		{"an entry too many", func(w kv.Writer) error {
			return w.Put(kv.Key("slate.by_place").Str("PM").Uint(0).Uint(2), nil)
		}, []string{`slate.by_place "PM" 0 2 should not be there: slate 2 does not have it`}},
		{"one gone, another too many", func(w kv.Writer) error {
			return errors.Join(
				w.Delete(kv.Key("slate.by_place").Str("PK").Uint(0).Uint(2)),
				w.Put(kv.Key("slate.by_place").Str("PM").Uint(0).Uint(2), nil))
		}, []string{
			`slate.by_place "PK" 0 2 is missing: slate 2 is not found by it`,
			`slate.by_place "PM" 0 2 should not be there: slate 2 does not have it`,
		}},
		{"an entry of nobody", func(w kv.Writer) error {
			return w.Put(kv.Key("slate.by_tag").Str("T9"), []byte{9})
		}, []string{`slate.by_tag "T9" should not be there: there is no slate 9`}},
		{"an entry that leads nowhere", func(w kv.Writer) error {
			return w.Put(kv.Key("slate.by_place").Str("PM"), nil)
		}, []string{`slate.by_place "PM" should not be there: it leads to no record`}},
		{"an entry that leads to another record", func(w kv.Writer) error {
			return w.Put(kv.Key("slate.by_serial").Str("S2"), []byte{3})
		}, []string{
			`slate.by_serial "S2" is wrong: it should lead to slate 2, but leads to 3`,
			`slate.by_serial "S2" should not be there: slate 3 does not have it`,
		}},
		{"an entry that holds no ID", func(w kv.Writer) error {
			return w.Put(kv.Key("slate.by_serial").Str("S2"), []byte{0x80})
		}, []string{
			`slate.by_serial "S2" is wrong: it should lead to slate 2, but holds 80`,
			`slate.by_serial "S2" should not be there: it leads to no record`,
		}},
		{"a plain entry with a value", func(w kv.Writer) error {
			return w.Put(kv.Key("slate.by_word").Str("blue").Uint(1), []byte{3})
		}, []string{`slate.by_word "blue" 1 is wrong: it should be empty, but holds 03`}},
		{"two records with one serial", func(w kv.Writer) error {
			return errors.Join(
				record(w, slate{ID: 2, Version: 1, Serial: "S1", Place: "PK"}),
				w.Delete(kv.Key("slate.by_serial").Str("S2")))
		}, []string{`slate.by_serial "S1" is wrong: it should lead to slate 2, but leads to 1`}},
		{"a counter that says too much", func(w kv.Writer) error {
			return w.Add(kv.Key("slate.broken_at").Uint(2).Str("PK").Uint(0), 5)
		}, []string{`slate.broken_at 2 "PK" 0 is wrong: it says 7, the records come to 2`}},
		{"a counter of nothing", func(w kv.Writer) error {
			return w.Add(kv.Key("slate.words").Str("red"), 1)
		}, []string{`slate.words "red" is wrong: it says 1, the records come to 0`}},
		{"a counter is gone", func(w kv.Writer) error {
			return w.Delete(kv.Key("slate.words").Str("blue"))
		}, []string{`slate.words "blue" is missing: the records come to 2`}},
		{"a counter that is no number", func(w kv.Writer) error {
			return w.Put(kv.Key("slate.words").Str("blue"), []byte{1, 2})
		}, []string{`slate.words "blue" cannot be read: stored data is damaged: 0102 is not a counter`}},
		{"a record under another's ID", func(w kv.Writer) error {
			data, err := table.CBOR[slate]().Append(nil, &slate{ID: 2, Version: 1, Serial: "S4", Place: "PK"})
			return errors.Join(err, w.Put(kv.Key("slate").Uint(4), data), w.Add(kv.Key("seq").Str("slate"), 1))
		}, []string{`slate 4 is wrong: the record says that it is slate 2`}},
		{"a record of a later version of the program", func(w kv.Writer) error {
			return w.Put(kv.Key("slate").Uint(3), []byte{2, 0xA0})
		}, []string{
			`slate 3 cannot be read: stored data is damaged: it was not written by this version of the codec`,
			`slate.broken_at 1 "P" 1 is wrong: it says 1, the records come to 0`,
			`slate.broken_at 2 "PL" 1 is wrong: it says 1, the records come to 0`,
		}},
		{"IDs that would be given out again", func(w kv.Writer) error {
			return w.Add(kv.Key("seq").Str("slate"), -1)
		}, []string{`seq "slate" is wrong: it says that 2 was the last ID given out, but there is slate 3`}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := threeSlates(t)
			r.damage(c.damage)
			if got := r.verify(); !slices.Equal(got, c.want) {
				t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

func TestVerifyLedgerSaysWhatIsWrong(t *testing.T) {
	r := newRegister(t)
	one, made, _ := r.tryPut(1, slate{Serial: "S1", Place: "P"})
	one.Broken = true
	_, broke, _ := r.tryPut(2, one)
	journal := []table.DayChange{
		{Day: 1, Before: made.Before, After: made.After},
		{Day: 2, Before: broke.Before, After: broke.After},
	}
	expect := func(journal []table.DayChange, want ...string) {
		t.Helper()
		if got := r.verifyLedger(journal); !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
	expect(journal)
	expect(journal[:1],
		`slate.broken_at.daily 1 "P" 2 0 is wrong: it says -1, the changes come to 0`,
		`slate.broken_at.daily 1 "P" 2 1 is wrong: it says 1, the changes come to 0`)
	r.damage(func(w kv.Writer) error {
		return errors.Join(
			w.Delete(kv.Key("slate.broken_at.daily").Uint(1).Str("P").Uint(1).Uint(0)),
			w.Add(kv.Key("slate.broken_at.daily").Uint(1).Str("P").Uint(2).Uint(1), 3))
	})
	expect(journal,
		`slate.broken_at.daily 1 "P" 2 1 is wrong: it says 4, the changes come to 1`,
		`slate.broken_at.daily 1 "P" 1 0 is missing: the changes come to 1`)
}

func TestVerifyStopsWhenNoMoreIsWanted(t *testing.T) {
	r := threeSlates(t)
	r.damage(func(w kv.Writer) error {
		return errors.Join(w.Delete(kv.Key("slate.by_serial").Str("S1")), w.Delete(kv.Key("slate.by_serial").Str("S2")))
	})
	seen := 0
	r.view(func(rd kv.Reader) error {
		for range r.Verify(rd) {
			seen++
			break
		}
		return nil
	})
	if seen != 1 {
		t.Errorf("saw %d findings after breaking off", seen)
	}
}

func TestVerifyPassesOnWhatKeepsItFromReading(t *testing.T) {
	r := threeSlates(t)
	r.view(func(rd kv.Reader) error {
		for _, c := range []struct {
			what  string
			found iter.Seq2[table.Finding, error]
		}{
			{"a store that fails", r.Verify(failing{rd})},
			{"a journal that fails", r.VerifyLedger(rd, func(yield func(table.DayChange, error) bool) {
				yield(table.DayChange{}, errBroken)
			})},
		} {
			var last error
			for f, err := range c.found {
				if last = err; err == nil {
					t.Errorf("%s: found %v", c.what, f)
				}
			}
			if !errors.Is(last, errBroken) {
				t.Errorf("%s: ends with %v", c.what, last)
			}
		}
		unreadable := []byte{1, 2, 3}
		for _, c := range []table.DayChange{{Day: 1, Before: unreadable}, {Day: 1, After: unreadable}} {
			for _, err := range r.VerifyLedger(rd, each([]table.DayChange{c})) {
				if !errors.Is(err, kv.ErrCorrupt) {
					t.Errorf("a journal that cannot be decoded: %v", err)
				}
			}
		}
		return nil
	})
}

func TestWithoutDailyCountsThereIsNoLedger(t *testing.T) {
	r := newRegister(t)
	r.Counts = r.Counts[:1]
	r.put(1, slate{Serial: "S1", Place: "PK"})
	before := r.contents()
	broken := func(yield func(table.DayChange, error) bool) { yield(table.DayChange{}, errBroken) }
	r.view(func(rd kv.Reader) error {
		for f, err := range r.VerifyLedger(rd, broken) {
			t.Errorf("VerifyLedger yields %v, %v", f, err)
		}
		return nil
	})
	err := r.RebuildLedger(t.Context(), r.store, func(kv.Reader) iter.Seq2[table.DayChange, error] { return broken })
	if err != nil || !maps.Equal(before, r.contents()) {
		t.Errorf("RebuildLedger = %v, or it changed something", err)
	}
}

var errBroken = errors.New("broken")

// failing cannot read index entries and counters.
type failing struct{ kv.Reader }

func (f failing) Get(key []byte) ([]byte, error) {
	if name, _, _ := kv.Split(key); string(name) != "slate" {
		return nil, errBroken
	}
	return f.Reader.Get(key)
}

// verifyLedger lists what VerifyLedger finds.
func (r register) verifyLedger(journal []table.DayChange) (found []string) {
	r.Helper()
	r.view(func(rd kv.Reader) error {
		for f, err := range r.VerifyLedger(rd, each(journal)) {
			if err != nil {
				return err
			}
			found = append(found, f.String())
		}
		return nil
	})
	return found
}

func each(journal []table.DayChange) iter.Seq2[table.DayChange, error] {
	return func(yield func(table.DayChange, error) bool) {
		for _, c := range journal {
			if !yield(c, nil) {
				return
			}
		}
	}
}

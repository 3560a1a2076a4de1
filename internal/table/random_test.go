package table_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// model is the plainest register of slates: a map, and the counters' definition
// spelled out. It knows nothing of the table's declaration.
type model struct {
	slates map[uint64]slate
	given  uint64
	ledger map[string]int64
}

func (m *model) taken(s slate) bool {
	for id, other := range m.slates {
		if id != s.ID && (other.Serial == s.Serial || other.Tag != "" && other.Tag == s.Tag) {
			return true
		}
	}
	return false
}

// day notes what a record adds to a day, or, when n is negative, takes from it.
func (m *model) day(day uint64, s slate, n int64) {
	for depth := 1; depth <= len(s.Place); depth++ {
		m.ledger[string(kv.Key("slate.broken_at.daily").Uint(uint64(depth)).Str(s.Place[:depth]).Uint(day).Uint(flag(s.Broken)))] += n
	}
}

// contents is what the store must hold, byte for byte.
func (m *model) contents() map[string]string {
	all, counts := map[string]string{}, maps.Clone(m.ledger)
	counts[string(kv.Key("seq").Str("slate"))] = int64(m.given)
	codec := table.CBOR[slate]()
	for id, s := range m.slates {
		data, _ := codec.Append(nil, &s)
		all[string(kv.Key("slate").Uint(id))] = string(data)
		all[string(kv.Key("slate.by_serial").Str(s.Serial))] = string([]byte{byte(id)})
		if s.Tag != "" {
			all[string(kv.Key("slate.by_tag").Str(s.Tag))] = string([]byte{byte(id)})
		}
		all[string(kv.Key("slate.by_place").Str(s.Place).Uint(flag(s.Broken)).Uint(id))] = ""
		for _, word := range s.Words {
			all[string(kv.Key("slate.by_word").Str(word).Uint(id))] = ""
			counts[string(kv.Key("slate.words").Str(word))]++
		}
		for depth := 1; depth <= len(s.Place); depth++ {
			counts[string(kv.Key("slate.broken_at").Uint(uint64(depth)).Str(s.Place[:depth]).Uint(flag(s.Broken)))]++
		}
	}
	for key, n := range counts {
		if n != 0 {
			all[key] = string(kv.AppendCount(nil, n))
		}
	}
	return all
}

// history applies random changes to a register and to a model. It returns the
// journal of what was written.
func history(t *rapid.T, r register, m *model) (journal []table.DayChange) {
	for range rapid.IntRange(1, 30).Draw(t, "changes") {
		day := rapid.Uint64Range(0, 300).Draw(t, "day")
		id := rapid.Uint64Range(1, m.given+1).Draw(t, "id")
		before, had := m.slates[id]
		var done table.Written
		if had && rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
			done = r.delete(day, id)
			delete(m.slates, id)
			m.day(day, before, -1)
		} else {
			if !had {
				id = 0
			}
			done = putDrawn(t, r, m, day, id)
		}
		if !done.Same && done.ID != 0 {
			journal = append(journal, table.DayChange{Day: day, Before: done.Before, After: done.After})
		}
	}
	return journal
}

// putDrawn puts a random slate with the ID, a new one when that is zero.
func putDrawn(t *rapid.T, r register, m *model, day, id uint64) table.Written {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 0, 2, -1)
	wanted := slate{
		ID: id, Serial: letters.Draw(t, "serial"), Tag: letters.Draw(t, "tag"), Place: letters.Draw(t, "place"),
		Broken: rapid.Bool().Draw(t, "broken"), Words: rapid.SliceOfN(letters, 0, 3).Draw(t, "words"),
	}
	stored, done, err := r.tryPut(day, wanted)
	var taken *table.TakenError
	switch clash := m.taken(wanted); {
	case errors.As(err, &taken) && clash:
		return table.Written{}
	case err != nil || clash:
		t.Fatalf("Put(%+v) = %v, while a unique entry is taken: %v", wanted, err, clash)
	}
	before, had := m.slates[stored.ID]
	if had {
		m.day(day, before, -1)
	}
	m.day(day, wanted, +1)
	m.slates[stored.ID] = stored
	m.given = max(m.given, stored.ID)
	return done
}

func TestRandomChangesFollowTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, m := newRegister(t), &model{slates: map[uint64]slate{}, ledger: map[string]int64{}}
		journal := history(t, r, m)
		want := m.contents()
		if got := r.contents(); !maps.Equal(got, want) {
			t.Fatalf("the store holds\n%q\nwant\n%q", got, want)
		}
		if found := append(r.verify(), r.verifyLedger(journal)...); found != nil {
			t.Fatalf("found %q", found)
		}
		r.wipe()
		if err := r.rebuild(r.store, journal, rapid.IntRange(1, 9).Draw(t, "step")); err != nil {
			t.Fatal(err)
		}
		if got := r.contents(); !maps.Equal(got, want) {
			t.Fatalf("rebuilt\n%q\nwant\n%q", got, want)
		}
	})
}

// Whatever one derived key is damaged, and however, somebody notices.
func TestNoDamageGoesUnnoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, m := newRegister(t), &model{slates: map[uint64]slate{}, ledger: map[string]int64{}}
		journal := history(t, r, m)
		what := damageOne(t, r)
		if found := append(r.verify(), r.verifyLedger(journal)...); len(found) == 0 {
			t.Fatalf("nobody noticed: %s", what)
		}
	})
}

// damageOne adds, removes or changes one derived key.
func damageOne(t *rapid.T, r register) string {
	var derived []string
	all := r.contents()
	for key := range all {
		if name, _, _ := kv.Split([]byte(key)); string(name) != "slate" && string(name) != "seq" {
			derived = append(derived, key)
		}
	}
	slices.Sort(derived)
	names := []string{"by_serial", "by_tag", "by_place", "by_word", "broken_at", "words", "broken_at.daily"}
	how := rapid.SampledFrom([]string{"add", "remove", "change"}).Draw(t, "how")
	if len(derived) == 0 {
		how = "add"
	}
	var key, val []byte
	if how == "add" {
		key = kv.Key("slate." + rapid.SampledFrom(names).Draw(t, "name")).Str("zzz").Uint(rapid.Uint64Range(0, 40).Draw(t, "last"))
	} else {
		key = []byte(rapid.SampledFrom(derived).Draw(t, "key"))
	}
	old := []byte(all[string(key)])
	val = rapid.SliceOfN(rapid.Byte(), 0, 2).Filter(func(b []byte) bool {
		n, err := kv.Count(b) // an absent counter and a zero one are the same
		return string(b) != string(old) && !(how == "add" && err == nil && n == 0)
	}).Draw(t, "val")
	r.damage(func(w kv.Writer) error {
		if how == "remove" {
			return w.Delete(key)
		}
		return w.Put(key, val)
	})
	return fmt.Sprintf("%s %q with %x instead of %x", how, key, val, old)
}

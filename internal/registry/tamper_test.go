package registry

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// forger alters a journal behind the register's back, on an overlay.
type forger struct {
	t   *testing.T
	w   kv.Writer
	rng *rand.Rand
	all []Entry // as they were, the oldest first
}

// forgeries are what can be done to the entries up to the last; each returns them
// as they are then, and says what it did.
var forgeries = map[string]func(f *forger, last int) ([]Entry, string){
	"changed": func(f *forger, last int) ([]Entry, string) {
		all, i := slices.Clone(f.all), f.rng.IntN(last)
		e := &all[i]
		switch f.rng.IntN(6) {
		case 0:
			e.Actor += "x"
		case 1:
			e.Time = e.Time.Add(1e9)
		case 2:
			e.User++
		case 3:
			e.Place = e.Place.Child(7)
		case 4:
			e.Address = "192.0.2.1"
		default:
			e.After = append(bytes.Clone(e.After), 0)
		}
		return all, fmt.Sprintf("entry %d", i+1)
	},
	"removed": func(f *forger, last int) ([]Entry, string) {
		i := f.rng.IntN(last)
		return slices.Delete(slices.Clone(f.all), i, i+1), fmt.Sprintf("entry %d", i+1)
	},
	"inserted": func(f *forger, last int) ([]Entry, string) {
		i := f.rng.IntN(last)
		e := f.all[f.rng.IntN(len(f.all))]
		e.Actor = "nobody"
		return slices.Insert(slices.Clone(f.all), i, e), fmt.Sprintf("before entry %d", i+1)
	},
	"reordered": func(f *forger, last int) ([]Entry, string) {
		all, i := slices.Clone(f.all), f.rng.IntN(last-1)
		k := i + 1 + f.rng.IntN(last-i-1)
		all[i], all[k] = all[k], all[i]
		return all, fmt.Sprintf("entries %d and %d", i+1, k+1)
	},
}

// put writes the entries in place of those there are. The tree and the salts stay as
// they are, but for a forger who is clever: then all of them are made anew.
func (f *forger) put(all []Entry, clever bool) {
	f.t.Helper()
	names := []string{journalTable}
	if clever {
		names = append(names, journalSubject, "journal.edge", "journal.salt", "journal.tree")
	}
	for _, name := range names {
		for p, err := range f.w.Scan(kv.Key(name), kv.Key(name).End()) {
			if err = errors.Join(err, f.w.Delete(p.Key)); err != nil {
				f.t.Fatal(err)
			}
		}
	}
	j, err := readTail(f.w)
	for i := 0; err == nil && i < len(all); i++ {
		e := all[i]
		if e.Seq = uint64(i) + 1; clever {
			_, err = j.append(f.w, e)
			continue
		}
		err = f.w.Put(journalKey(e.Seq), e.Details.append(e.appendHeader([]byte{wholeEntry})))
	}
	if err == nil && clever {
		err = j.write(f.w)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// finds says whether the journal's own check finds anything.
func (f *forger) finds() bool {
	v := &verification{r: f.w, newest: map[recordID]uint64{}, erased: erasures{}}
	for range v.journal() {
		return true
	}
	return false
}

// continues says whether the journal still is one that begins as at the checkpoint.
func (f *forger) continues(c Head) bool {
	tree, err := readTree(f.w)
	if err != nil || tree.tail.seq < c.Size {
		return false
	}
	root, err := tree.rootAt(c.Size)
	return err == nil && root == c.Root
}

// One entry that was changed, removed, inserted or put elsewhere is always found: by
// the journal alone, unless whoever did it made all of the tree anew; and then by any
// checkpoint that was made before and kept where they could not reach it.
func TestAThousandForgeriesAreFound(t *testing.T) {
	store := memkv.New()
	reg, err := Open(t.Context(), staysOpen{store}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	grow := func(from, to int) (h Head) {
		var changes []Change
		for n := from; n < to; n++ {
			code := fleet.PlaceCode(fmt.Sprintf("PK%d", n))
			changes = append(changes, SavePlace{Parent: "PK", Place: fleet.Place{Kind: fleet.Province, Code: code, Name: "P", State: fleet.Active}})
		}
		if from == 0 {
			changes = slices.Insert(changes, 0, Change(SavePlace{Place: fleet.Place{Kind: fleet.Country, Code: "PK", Name: "Pakistan", State: fleet.Active}}))
		}
		s := reg.As(Operator())
		_, err := s.Apply(t.Context(), Request{}, changes...)
		s.Witness(Act{Kind: Exported, Subject: fmt.Sprint(from)})
		h, err2 := s.Head(t.Context())
		if err = errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		return h
	}
	checkpoint := grow(0, 300)
	grow(300, 333)
	seed := rand.Uint64()
	f := &forger{t: t, rng: rand.New(rand.NewPCG(seed, 1))}
	err = store.View(t.Context(), func(r kv.Reader) error {
		for e, err := range entries(r, 1) {
			if err != nil {
				return err
			}
			f.all = append(f.all, e)
		}
		for n := range 1000 {
			kinds := []string{"changed", "removed", "inserted", "reordered"}
			kind, clever := kinds[n%4], n%8 >= 4
			f.w = kv.NewOverlay(r)
			all, what := forgeries[kind](f, int(checkpoint.Size))
			f.put(all, clever)
			switch {
			case !clever && !f.finds():
				t.Errorf("seed %d: %s %s, and the journal's check is silent", seed, what, kind)
			case clever && f.finds():
				t.Errorf("seed %d: %s %s: the journal's check sees what only a checkpoint can", seed, what, kind)
			case clever && f.continues(checkpoint):
				t.Errorf("seed %d: %s %s, and a checkpoint from before fits", seed, what, kind)
			}
		}
		f.w = kv.NewOverlay(r)
		if f.finds() || !f.continues(checkpoint) {
			t.Error("nothing was done, and something is found")
		}
		return nil
	})
	if err = errors.Join(err, reg.Close()); err != nil {
		t.Fatal(err)
	}
}

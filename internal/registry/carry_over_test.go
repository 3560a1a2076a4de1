package registry

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/table"
)

// chained makes the journal of a store one of the first version, as it was written
// before there was a tree.
func chained(w kv.Writer) error {
	var all []Entry
	for e, err := range entries(w, 1) {
		if err != nil {
			return err
		}
		all = append(all, e)
	}
	for _, name := range []string{"journal.edge", "journal.salt", "journal.tree"} {
		for p, err := range w.Scan(kv.Key(name), kv.Key(name).End()) {
			if err = errors.Join(err, w.Delete(p.Key)); err != nil {
				return err
			}
		}
	}
	var hash [sha256.Size]byte
	for _, e := range all {
		body := binary.AppendVarint([]byte{1}, e.Time.UnixMilli())
		body = appendTexts(appendUints(body, uint64(e.User), e.Table, e.ID), e.Actor, e.Via, e.Request, e.Change)
		for _, rec := range [][]byte{e.Before, e.After} {
			if rec == nil {
				body = append(body, 0)
				continue
			}
			body = append(binary.AppendUvarint(body, uint64(len(rec))+1), rec...)
		}
		hash = sha256.Sum256(append(binary.BigEndian.AppendUint64(hash[:], e.Seq), body...))
		if err := w.Put(journalKey(e.Seq), append(hash[:], body...)); err != nil {
			return err
		}
	}
	return w.Put(chainTailKey(), append(binary.BigEndian.AppendUint64(nil, uint64(len(all))), hash[:]...))
}

// staysOpen is a store that closing leaves open.
type staysOpen struct{ kv.Store }

func (staysOpen) Close() error { return nil }

// oldRegister is a store as the first version left it.
func oldRegister(t *testing.T, places int) kv.Store {
	t.Helper()
	store := staysOpen{memkv.New()}
	reg, err := Open(t.Context(), store, Options{})
	if err != nil {
		t.Fatal(err)
	}
	changes := []Change{SavePlace{Place: fleet.Place{Kind: fleet.Country, Code: "PK", Name: "Pakistan", State: fleet.Active}}}
	for n := range places {
		changes = append(changes, SavePlace{Parent: "PK", Place: fleet.Place{Kind: fleet.Province, Code: fleet.PlaceCode(fmt.Sprintf("PK%d", n)), Name: "P", State: fleet.Active}})
	}
	changes = append(changes, AddUser{User: "amna", Password: "x", Grants: []UserGrant{{Role: fleet.Officer, Place: "PK1"}}})
	if _, err := reg.As(Operator()).Apply(t.Context(), Request{ID: "r1"}, changes...); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(reg.Close(), store.Update(t.Context(), chained)); err != nil {
		t.Fatal(err)
	}
	return store
}

// carried opens the store and returns the journal's entries and what verify finds.
func carried(t *testing.T, store kv.Store) (all []Entry, found []table.Finding) {
	t.Helper()
	reg, err := Open(t.Context(), store, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	err = reg.Verify(t.Context(), func(string) {}, func(f table.Finding) { found = append(found, f) })
	if err != nil {
		t.Fatal(err)
	}
	if all, err = reg.As(Operator()).Journal(t.Context(), JournalQuery{Limit: 1e6}); err != nil {
		t.Fatal(err)
	}
	return all, found
}

func TestAJournalOfTheFirstVersionIsCarriedOver(t *testing.T) {
	all, found := carried(t, oldRegister(t, 300))
	if len(found) > 0 {
		t.Errorf("verify: %v", found)
	}
	if len(all) != 303 || all[0].Change != "carry_over" || !strings.HasPrefix(all[0].Note, "a chain of 302 entries that ended with ") || strings.Contains(all[0].Note, "broken") {
		t.Fatalf("%d entries, the last %+v", len(all), all[0])
	}
	if e := all[2]; e.Seq != 301 || e.Change != "save_place" || e.Actor != "operator" || e.Request != "r1" || e.Place.Depth() != 2 || e.After == nil {
		t.Errorf("entry %+v", e)
	}
}

func TestABrokenChainIsToldOf(t *testing.T) {
	for name, tc := range map[string]struct {
		harm func(w kv.Writer) error
		want string
	}{
		"altered": {func(w kv.Writer) error {
			data, err := w.Get(journalKey(7))
			data = append([]byte(nil), data...)
			data[len(data)-1] ^= 1
			return errors.Join(err, w.Put(journalKey(7), data))
		}, "broken at entry 7"},
		"removed": {func(w kv.Writer) error { return w.Delete(journalKey(9)) }, "broken at entry 9"},
	} {
		t.Run(name, func(t *testing.T) {
			store := oldRegister(t, 20)
			if err := store.Update(t.Context(), tc.harm); err != nil {
				t.Fatal(err)
			}
			all, found := carried(t, store)
			if !strings.HasSuffix(all[0].Note, tc.want) || len(found) == 0 {
				t.Errorf("the last entry is %+v, and verify finds %v", all[0], found)
			}
		})
	}
}

// cutOff is a store that fails after some commits.
type cutOff struct {
	kv.Store
	commits int
}

var errCut = errors.New("the power is gone")

func (s *cutOff) Update(ctx context.Context, fn func(kv.Writer) error) error {
	if s.commits--; s.commits < 0 {
		return errCut
	}
	return s.Store.Update(ctx, fn)
}

func TestCarryingOverGoesOnWhereItWasCutOff(t *testing.T) {
	store := oldRegister(t, 2*carryEach+100)
	if err := carryOver(t.Context(), &cutOff{store, 2}, time.Now); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	all, found := carried(t, store)
	if len(found) > 0 || len(all) != 2*carryEach+103 || strings.Contains(all[0].Note, "broken") {
		t.Errorf("%d entries, the last %+v; verify: %v", len(all), all[0], found)
	}
}

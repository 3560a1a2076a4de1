package registry_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// acts are the journal's entries of one kind of act, the oldest first.
func (w *world) acts(kind registry.ActKind) (lines []string) {
	w.t.Helper()
	all, err := w.boss.Journal(context.Background(), registry.JournalQuery{Change: kind.String(), Limit: 1e6})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range all {
		line := strings.TrimSpace(fmt.Sprintf("%d %s %s %s %s", e.User, e.Actor, e.Address, e.Subject, e.Note))
		if e.Count > 0 {
			line += fmt.Sprintf(" and %d more", e.Count)
		}
		lines = append([]string{line}, lines...)
	}
	return lines
}

func (w *world) wantActs(kind registry.ActKind, want ...string) {
	w.t.Helper()
	if got := w.acts(kind); strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("%s: the journal has\n%s\nwant\n%s", kind, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// stranger is somebody not known, who gives a name.
func (w *world) stranger(name, address string) registry.Session {
	return w.reg.As(registry.Actor{Name: name, Via: "web", Address: address})
}

func TestActsAreJournalled(t *testing.T) {
	w := newWorld(t)
	asma := w.reg.As(registry.Actor{
		User: 7, Name: "asma", Via: "web", Address: "203.0.113.7",
		Grants: []fleet.Grant{{Role: fleet.Officer, Place: w.path("PK601")}},
	})
	asma.Witness(registry.Act{Kind: registry.Downloaded, Note: "password", Request: "r1"})
	w.do(asma, school("35200003", "PK601", "GGHS Kot"))
	asma.Witness(registry.Act{Kind: registry.Exported, Subject: "devices", Note: "xlsx", Place: w.path("PK601-STORE")})
	w.wantActs(registry.Downloaded, "7 asma 203.0.113.7  password")
	w.wantActs(registry.Exported, "7 asma 203.0.113.7 devices xlsx")
	all, err := w.boss.Journal(t.Context(), registry.JournalQuery{Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	wants := []struct {
		change, request string
		at              fleet.PlaceCode
	}{{"export", "", "PK601-STORE"}, {"save_place", "", "PK6-35200003"}, {"download", "r1", "PK601"}}
	for i, want := range wants {
		e := all[i]
		if e.Change != want.change || e.Request != want.request || e.Place != w.path(want.at) || e.Address != "203.0.113.7" || e.Via != "web" {
			t.Errorf("entry %d is %+v, want %v", e.Seq, e, want)
		}
	}
	w.sound()
}

func TestActsThatAreAlikeAreCounted(t *testing.T) {
	w := newWorld(t)
	for n := range 40 {
		w.stranger("asma", fmt.Sprintf("203.0.113.%d", n)).Witness(registry.Act{Kind: registry.SignInFailed, Note: "password"})
	}
	w.wantActs(registry.SignInFailed, "0 asma 203.0.113.0  password")
	w.stranger("asma", "198.51.100.1").Witness(registry.Act{Kind: registry.SignInFailed, Note: "password"})
	w.setClock(w.clock.Add(time.Minute))
	w.stranger("bilal", "198.51.100.1").Witness(registry.Act{Kind: registry.SignInFailed, Note: "password"})
	w.wantActs(registry.SignInFailed, "0 asma 203.0.113.0  password", "0 asma 198.51.100.1  password",
		"0 bilal 198.51.100.1  password", "0 asma 203.0.113.0  password and 39 more")
}

// Who knocks on many doors writes no more than who knocks on one.
func TestDenialsAreCountedWhateverWasAsked(t *testing.T) {
	w := newWorld(t)
	officer := w.as(fleet.Officer, "PK601")
	for n := range 30 {
		officer.Witness(registry.Act{Kind: registry.Denied, Subject: fmt.Sprintf("POST /faults/%d", n), Note: "403"})
	}
	w.setClock(w.clock.Add(time.Minute))
	officer.Witness(registry.Act{Kind: registry.Denied, Subject: "GET /users", Note: "403"})
	w.wantActs(registry.Denied, "104 officer  POST /faults/0 403", "104 officer  POST /faults/0 403 and 29 more", "104 officer  GET /users 403")
}

func TestStrangersCannotFillTheJournal(t *testing.T) {
	w := newWorld(t)
	const day, perMinute = 24 * 60, 300
	for n := range day * perMinute {
		w.stranger(fmt.Sprintf("user%d", n), fmt.Sprintf("10.%d.%d.9", n/250%250, n%250)).Witness(registry.Act{Kind: registry.SignInFailed, Note: "password"})
		if n%perMinute == 0 {
			w.setClock(w.clock.Add(time.Minute))
			w.boss.Witness(registry.Act{Kind: registry.Exported, Subject: fmt.Sprint(n)})
			if _, err := w.boss.Journal(t.Context(), registry.JournalQuery{Limit: 1}); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.setClock(w.clock.Add(time.Hour))
	all, err := w.boss.Journal(t.Context(), registry.JournalQuery{Change: registry.SignInFailed.String(), Limit: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	told := uint64(0)
	for _, e := range all {
		told += max(e.Count, 1)
	}
	if told < day*perMinute-2*perMinute || len(all) > 6000 {
		t.Errorf("%d attempts are told of in %d entries, want nearly all %d in at most 6000", told, len(all), day*perMinute)
	}
}

func TestACleanStopWritesAllActs(t *testing.T) {
	w := newWorldOn(t, &doubtful{Store: memkv.New()}) // which stays open
	for range 5 {
		w.boss.Witness(registry.Act{Kind: registry.Exported, Subject: "faults"})
	}
	if err := w.reg.Close(); err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(t.Context(), w.store, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	w.reg, w.boss = reg, reg.As(registry.Operator())
	w.wantActs(registry.Exported, "0 operator  faults", "0 operator  faults and 4 more")
	w.sound()
}

func TestOneActIsNotWrittenWhileTheDiskIsFullAndThenIs(t *testing.T) {
	store := &fullStore{Store: memkv.New()}
	w := newWorldOn(t, store)
	store.full.Store(true)
	w.boss.Witness(registry.Act{Kind: registry.Exported, Subject: "faults"})
	if _, err := w.boss.Journal(t.Context(), registry.JournalQuery{Limit: 1}); !errors.Is(err, kv.ErrFull) {
		t.Errorf("the journal was read without what waits: %v", err)
	}
	store.full.Store(false)
	w.wantActs(registry.Exported, "0 operator  faults")
}

// fullStore is a store whose disk may be full.
type fullStore struct {
	kv.Store
	full atomic.Bool
}

func (s *fullStore) Update(ctx context.Context, fn func(kv.Writer) error) error {
	if s.full.Load() {
		return kv.ErrFull
	}
	return s.Store.Update(ctx, fn)
}

func TestTooManyActsAtOnceAreCounted(t *testing.T) {
	store := &fullStore{Store: memkv.New()}
	w := newWorldOn(t, store)
	store.full.Store(true)
	for n := range 6000 {
		w.reg.As(registry.Actor{User: fleet.UserID(n + 1)}).Witness(registry.Act{Kind: registry.Downloaded})
	}
	store.full.Store(false)
	w.wantActs(registry.ActsLost, "0 and 1 more")
	w.setClock(w.clock.Add(time.Hour))
	w.boss.Witness(registry.Act{Kind: registry.Exported})
	w.acts(registry.Downloaded)
	signs := w.acts(registry.Downloaded)
	if got, last := len(signs), signs[len(signs)-1]; got != 4097 || last != "0    many, from many places and 1903 more" {
		t.Errorf("%d downloads are in the journal, the last %q, want 4097", got, last)
	}
}

func TestAnAuditorReadsTheJournalOfTheirPlaces(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, school("35200003", "PK601", "GGHS Kot"), school("35100002", "PK602", "GBPS Chunian"))
	w.as(fleet.Officer, "PK601").Witness(registry.Act{Kind: registry.Downloaded})
	w.as(fleet.Officer, "PK602").Witness(registry.Act{Kind: registry.Downloaded})
	page, err := w.as(fleet.Auditor, "PK601").Journal(t.Context(), registry.JournalQuery{Limit: 100})
	if err != nil || len(page) == 0 {
		t.Fatalf("%d entries: %v", len(page), err)
	}
	for _, e := range page {
		if !w.path("PK601").Contains(e.Place) {
			t.Errorf("entry %d, %s, is of another place", e.Seq, e.Change)
		}
	}
	_, err = w.as(fleet.Manager, "PK601").Journal(t.Context(), registry.JournalQuery{Limit: 100})
	wantCode(t, err, "forbidden")
}

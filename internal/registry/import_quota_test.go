package registry_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// An account that sent in very much waits; the others, and tomorrow's files, do not.
func TestFilesOfOneAccountAreBounded(t *testing.T) {
	w := newWorld(t)
	officer := func(id fleet.UserID) registry.Session {
		return w.reg.As(registry.Actor{User: id, Name: "officer", Via: "web", Grants: []fleet.Grant{{Role: fleet.Officer}}})
	}
	send := func(s registry.Session, size int64) error {
		_, err := s.Apply(t.Context(), registry.Request{}, registry.StartImport{Import: registry.Import{
			Kind: "places", FileName: "a.csv", SHA256: strings.Repeat("a0", 32), Size: size,
		}})
		return err
	}
	began := w.clock
	for range 200 {
		if err := send(officer(7), 1); err != nil {
			t.Fatal(err)
		}
		w.setClock(w.clock.Add(time.Minute))
	}
	var full *fleet.Error
	if err := send(officer(7), 1); !errors.As(err, &full) || full.Kind != fleet.TooMany || full.Code != "import.quota" {
		t.Fatalf("the 201st file: %v", err)
	}
	if want := began.Add(24 * time.Hour).Sub(w.clock); full.Wait != want {
		t.Errorf("wait %s, want %s", full.Wait, want)
	}
	if err := errors.Join(send(officer(8), 1<<30), send(w.boss, 1<<30)); err != nil {
		t.Error("others:", err)
	}
	if err := send(officer(8), 1); fleet.KindOf(err) != fleet.TooMany {
		t.Errorf("more than a gigabyte: %v", err)
	}
	w.setClock(w.clock.Add(full.Wait))
	if err := send(officer(7), 1); err != nil {
		t.Error("after the wait:", err)
	}
}

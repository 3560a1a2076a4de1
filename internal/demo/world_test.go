package demo_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
)

var today = time.Date(2026, 9, 15, 12, 0, 0, 0, fleet.PKT)

// world makes up a country, with seed 1 and as of today where nothing else is said.
func world(t testing.TB, o demo.Options) *demo.World {
	t.Helper()
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Now.IsZero() {
		o.Now = today
	}
	w, err := demo.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTheSameSeedGivesTheSameCountry(t *testing.T) {
	first := fingerprint(world(t, demo.Options{Seed: 7}))
	if again := fingerprint(world(t, demo.Options{Seed: 7})); again != first {
		t.Error("seed 7 gave two different countries")
	}
	if other := fingerprint(world(t, demo.Options{Seed: 8})); other == first {
		t.Error("seeds 7 and 8 gave the same country")
	}
}

func TestAnotherSeedGivesOtherSerials(t *testing.T) {
	a, b, same := world(t, demo.Options{Seed: 7}), world(t, demo.Options{Seed: 8}), 0
	for n := range a.DeviceCount() {
		if a.Device(n).Serial == b.Device(n).Serial {
			same++
		}
	}
	if same == a.DeviceCount() {
		t.Error("seeds 7 and 8 gave the same serials")
	}
}

func fingerprint(w *demo.World) [sha256.Size]byte {
	h := sha256.New()
	for p := range w.Places() {
		fmt.Fprintf(h, "%v\n", p)
	}
	for s := range w.Shipments() {
		for n, d := range w.PackingList(s) {
			fmt.Fprintln(h, n, d)
		}
	}
	for e := range w.Events() {
		fmt.Fprintln(h, e)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func TestOptionsThatCannotBe(t *testing.T) {
	for name, o := range map[string]demo.Options{
		"too few devices":  {Devices: demo.MinDevices - 1, Now: today},
		"too many devices": {Devices: demo.MaxDevices + 1, Now: today},
		"too many schools": {Schools: demo.MaxSchools + 1, Now: today},
		"negative schools": {Schools: -1, Now: today},
		"no day":           {},
	} {
		if _, err := demo.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAnIteratorCanBeLeft(t *testing.T) {
	w := world(t, demo.Options{Devices: 100, Schools: 200})
	for stop := range 1_000 {
		left := stop
		for range w.Places() {
			if left--; left < 0 {
				break
			}
		}
	}
	for stop := range 60 {
		left := stop
		for range w.Events() {
			if left--; left < 0 {
				break
			}
		}
		for range w.PackingList(0) {
			break
		}
	}
}

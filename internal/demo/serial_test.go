package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"pgregory.net/rapid"
)

// The check character tells a serial that was copied wrongly from a right one.
func TestSerialsShowTypingMistakes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, MaxDevices-1).Draw(t, "device")
		right := []byte(serial("SD510", n, rapid.Uint64().Draw(t, "chance")))
		wrong := append([]byte(nil), right...)
		i := rapid.IntRange(0, len(right)-2).Draw(t, "position")
		if rapid.Bool().Draw(t, "swapped") && i < len(right)-2 {
			wrong[i], wrong[i+1] = wrong[i+1], wrong[i]
		} else {
			wrong[i] = serialLetters[rapid.IntRange(0, len(serialLetters)-1).Draw(t, "character")]
		}
		if last := len(wrong) - 1; string(wrong) != string(right) && checkCharacter(wrong[:last]) == wrong[last] {
			t.Fatalf("%s was copied as %s, and the check character does not show it", right, wrong)
		}
	})
}

func TestSerialsAvoidLettersTakenForOthers(t *testing.T) {
	if len(serialLetters) != 31 || strings.ContainsAny(serialLetters, "ILOQU") {
		t.Errorf("serials use %s", serialLetters)
	}
	if a, b := serial("SD510", MaxDevices-2, 2), serial("SD510", MaxDevices-1, 0); len(b) != 11 || a[:10] >= b[:10] {
		t.Errorf("the last two serials are %s and %s", a, b)
	}
}

// Addresses repeat when the multiplier has factors of two: then devices that lie
// a power of two apart get the same one.
func TestAddressesDoNotRepeat(t *testing.T) {
	for n := 1; n < MaxDevices; n *= 2 {
		if mac(n) == mac(0) {
			t.Errorf("devices 0 and %d both have %s", n, mac(0))
		}
	}
}

func TestAMillionSerialsAreDifferent(t *testing.T) {
	const n = 1_000_000
	w, err := New(Options{Seed: 1, Devices: n, Now: time.Date(2026, 9, 15, 12, 0, 0, 0, fleet.PKT)})
	if err != nil {
		t.Fatal(err)
	}
	serials, macs := make(map[fleet.Serial]struct{}, n), make(map[string]struct{}, n)
	for i, ship := range w.shipments {
		for device := ship.First; device < ship.First+ship.Count; device++ {
			serials[w.serial(i, device)] = struct{}{}
			macs[mac(device)] = struct{}{}
		}
	}
	if len(serials) != n || len(macs) != n {
		t.Errorf("%d serials and %d MAC addresses for %d devices", len(serials), len(macs), n)
	}
}

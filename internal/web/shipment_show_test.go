package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// What a shipment's list does not name is received by those who run the shipment.
// Others receive their part of it, for as long as some of that is awaited.
func TestOnlyWhoRunsAShipmentIsOfferedWhatIsNotListed(t *testing.T) {
	w := newWorld(t)
	school, err := w.boss.Place(context.Background(), "PK6-35200001")
	if err != nil {
		t.Fatal(err)
	}
	w.do(place("PK602-STORE", "PK602", fleet.Store, "Kasur store"),
		registry.AnnounceShipment{Number: "SHP-9", Destination: "PK602-STORE"},
		registry.ExpectDevice{Shipment: "SHP-9", Place: school.Path, Device: fleet.Device{Serial: "KKK-0001"}},
		registry.ExpectDevice{Shipment: "SHP-9", Device: fleet.Device{Serial: "KKK-0002"}})

	const some, unlisted = "Receive some by their serials", "Though the list does not name them"
	offered := func(user, number string, want ...string) {
		t.Helper()
		b := w.signedIn(t, user)
		b.get("/shipments/" + number)
		for _, what := range []string{some, unlisted} {
			wanted := strings.Contains(strings.Join(want, ";"), what)
			if got := strings.Contains(b.text(), what); b.status != 200 || got != wanted {
				t.Errorf("%s at %s, status %d: %q is offered: %v, want %v", user, number, b.status, what, got, wanted)
			}
		}
	}
	offered("officer", "SHP-2", some, unlisted) // it goes to its own store
	offered("officer", "SHP-9", some)           // a school of its district gets some of it
	offered("school", "SHP-9", some)
	offered("manager", "SHP-9", some, unlisted)

	w.do(registry.ReceiveDevice{Serial: "KKK-0001", Damaged: true}, registry.ReceiveDevice{Serial: "EEE-0001"}, registry.ReceiveDevice{Serial: "EEE-0002"})
	offered("officer", "SHP-2", some, unlisted)
	offered("officer", "SHP-9")
	offered("school", "SHP-9")
	offered("manager", "SHP-9", some, unlisted)

	b := w.signedIn(t, "school")
	b.get("/shipments/SHP-9")
	if text := b.text(); !strings.Contains(text, "Received damaged 1") || strings.Contains(text, "Received in good order") {
		t.Errorf("of a device that came damaged the school reads:\n%s", text)
	}
}

package registry_test

import (
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Models are the whole country's: an officer of a district adds one, and cannot alter
// what the others use.
func TestModelsBelongToTheCountry(t *testing.T) {
	w := newWorld(t)
	lahore, ministry := w.as(fleet.Officer, "PK601"), w.as(fleet.Officer, "PK")
	model := func(screen string) registry.Change {
		return registry.SaveModel{Model: fleet.Model{Name: "Takhti 14", Screen: screen}}
	}
	w.refused(w.as(fleet.SchoolRole, "PK6-35200001"), "forbidden", model("14 inch"))
	w.do(lahore, model("14 inch"))
	w.refused(lahore, "model.shared", model("15 inch"))
	w.refused(w.as(fleet.Officer, "PK602"), "model.shared", model("15 inch"))
	w.do(ministry, model("15 inch"))
	w.do(w.boss, model("16 inch"))
}

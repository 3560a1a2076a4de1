package registry_test

import (
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Where a page begins comes from outside, and must not lead out of the scope.
func TestPagesOfPlacesBeginWithinTheScope(t *testing.T) {
	w := newWorld(t)
	lahore, kasur := w.path("PK601"), w.path("PK602")
	page, err := w.as(fleet.Viewer, "PK602").PlacesUnder(t.Context(), kasur, lahore, 10)
	if err != nil || len(page) != 0 {
		t.Errorf("%v, %v", page, err)
	}
	page, err = w.as(fleet.Viewer, "PK602").PlacesUnder(t.Context(), kasur, kasur, 10)
	if err != nil || len(page) != 1 || page[0].Code != "PK6-35100001" {
		t.Errorf("%v, %v", page, err)
	}
}

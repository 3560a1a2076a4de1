package registry_test

import (
	"fmt"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// However many places share a word, those of a name are found all, in whatever
// way it is written, and none beyond the actor's scope.
func TestPlacesAreFoundByTheirWholeName(t *testing.T) {
	w := newWorld(t)
	var changes []registry.Change
	for i := range 60 {
		changes = append(changes, school(fmt.Sprint(35300000+i), "PK601", fmt.Sprintf("GPS Dhoke Syedan %d", i)))
	}
	far := school("35399999", "PK602", "GPS Dhoke Syedan")
	far.Place.Aliases = []string{"Old Mill School"}
	w.do(w.boss, append(changes, school("35399998", "PK601", "G.P.S. Dhoke Syedan"), far)...)

	for _, c := range []struct {
		who  registry.Session
		name string
		want int
	}{
		{w.boss, "gps  DHOKE syedan", 1},
		{w.boss, "g p s dhoke syedan", 1},
		{w.boss, "old mill school", 1},
		{w.as(fleet.Officer, "PK601"), "GPS Dhoke Syedan", 0},
		{w.as(fleet.Officer, "PK601"), "GPS Dhoke Syedan 7", 1},
		{w.boss, "GPS Dhoke", 0},
		{w.boss, " . ", 0},
	} {
		found, err := c.who.PlacesNamed(t.Context(), c.name)
		if err != nil || len(found) != c.want {
			t.Errorf("%q: %d places, %v; want %d", c.name, len(found), err, c.want)
		}
	}
}

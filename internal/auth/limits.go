package auth

import (
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// limit is how long a session lives: without being used, and at most.
type limit struct{ idle, most time.Duration }

// limits are those of sessions that a password began, by role. Who may do more
// is sooner signed out: of an account with several roles the shortest holds.
// docs/operate.md tells them to operators.
var limits = map[fleet.Role]limit{
	fleet.Viewer:       {12 * time.Hour, 7 * 24 * time.Hour},
	fleet.SchoolRole:   {12 * time.Hour, 7 * 24 * time.Hour},
	fleet.WorkshopRole: {12 * time.Hour, 7 * 24 * time.Hour},
	fleet.Officer:      {time.Hour, 12 * time.Hour},
	fleet.Manager:      {time.Hour, 12 * time.Hour},
	fleet.Ministry:     {time.Hour, 12 * time.Hour},
	fleet.Auditor:      {time.Hour, 12 * time.Hour},
	fleet.Admin:        {30 * time.Minute, 8 * time.Hour},
}

// limitOf is the limit of a session of somebody with the grants.
func limitOf(grants []fleet.Grant) limit {
	shortest := limits[fleet.Viewer]
	for _, g := range grants {
		if l, ok := limits[g.Role]; ok {
			shortest.idle, shortest.most = min(shortest.idle, l.idle), min(shortest.most, l.most)
		}
	}
	return shortest
}

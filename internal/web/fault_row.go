package web

import (
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// faultRow is a fault as lists show it.
type faultRow struct {
	fleet.Fault
	place string
}

func (v *visit) faultRows(faults []fleet.Fault) ([]faultRow, error) {
	var paths []fleet.Path
	for _, f := range faults {
		paths = append(paths, f.Place)
	}
	at, err := v.session.PlacesAt(v.ctx, paths...)
	if err != nil {
		return nil, err
	}
	rows := make([]faultRow, 0, len(faults))
	for _, f := range faults {
		rows = append(rows, faultRow{Fault: f, place: at[f.Place].Name})
	}
	return rows, nil
}

// faultAges are how many open faults have waited for how long.
type faultAges struct{ week, month, older int64 }

// maxAged is how many faults are looked at to tell their ages.
const maxAged = 5_000

// faultAges counts the open faults of a place by age. It gives nil where there
// are too many to look at.
func (v *visit) faultAges(place fleet.Place) (*faultAges, error) {
	open, next, err := v.session.Faults(v.ctx, registry.FaultQuery{Place: place.Path, Open: true, Limit: maxAged})
	if err != nil || next != 0 {
		return nil, err
	}
	var ages faultAges
	for _, f := range open {
		switch n := v.days(f.Reported); {
		case n <= 7:
			ages.week++
		case n <= 30:
			ages.month++
		default:
			ages.older++
		}
	}
	return &ages, nil
}

// when is the time of something that is kept in Unix seconds.
func when(unix int64) time.Time { return time.Unix(unix, 0).UTC() }

// dayOf is the day of something that is kept in Unix seconds.
func dayOf(unix int64) fleet.Date { return fleet.DateOf(when(unix)) }

package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// StatusCounts are numbers of devices by status; the status is the index.
type StatusCounts [fleet.Retired + 1]int64

// Total is the sum over all statuses.
func (c StatusCounts) Total() (n int64) {
	for _, v := range c {
		n += v
	}
	return n
}

// DeviceTrend counts the devices at a place by status at the end of each of the
// days, which must be in rising order.
func (s Session) DeviceTrend(ctx context.Context, place fleet.PlaceCode, days []fleet.Date) (points []StatusCounts, err error) {
	p, err := s.Place(ctx, place)
	if err != nil || len(days) == 0 {
		return nil, err
	}
	points = make([]StatusCounts, len(days))
	err = s.reg.view(ctx, func(r kv.Reader) error {
		return backFrom(r, devices.Count("status_at"), devices.Ledger("status_at"), p.Path, days, func(i int, key *kv.PartReader, n int64) {
			points[i][min(key.Uint(), uint64(fleet.Retired))] += n
		})
	})
	return points, err
}

// FaultPoint is the state of the faults of a place at the end of a day.
type FaultPoint struct {
	Open     int64
	Reported int64 // in all, up to then
}

// FaultTrend counts the faults at a place at the end of each of the days, which
// must be in rising order.
func (s Session) FaultTrend(ctx context.Context, place fleet.PlaceCode, days []fleet.Date) (points []FaultPoint, err error) {
	p, err := s.Place(ctx, place)
	if err != nil || len(days) == 0 {
		return nil, err
	}
	points = make([]FaultPoint, len(days))
	err = s.reg.view(ctx, func(r kv.Reader) error {
		return backFrom(r, faults.Count("state_at"), faults.Ledger("state_at"), p.Path, days, func(i int, key *kv.PartReader, n int64) {
			key.Uint() // the category
			if fleet.FaultState(key.Uint()) != fleet.FaultClosed {
				points[i].Open += n
			}
			points[i].Reported += n
		})
	})
	return points, err
}

// backFrom adds up, for the end of each day, today's balances less what later
// days brought: add gets the day's index, the dimensions, and the number.
func backFrom(r kv.Reader, balances, ledger kv.Tuple, at fleet.Path, days []fleet.Date, add func(int, *kv.PartReader, int64)) error {
	err := eachBalance(r, balances, at, func(dims *kv.PartReader, n int64) {
		for i := range days {
			again := *dims
			add(i, &again, n)
		}
	})
	if err != nil {
		return err
	}
	return eachLedger(r, atPlace(ledger, at), days[0]+1, func(pair kv.Pair) error {
		n, err := kv.Count(pair.Val)
		day := fleet.Date(dimsOf(pair.Key).Uint())
		for i := range days {
			if days[i] < day {
				dims := dimsOf(pair.Key)
				dims.Uint() // the day
				add(i, dims, -n)
			}
		}
		return err
	})
}

// eachBalance calls fn with the dimensions and the number of every counter of a
// place and what lies below it.
func eachBalance(r kv.Reader, counter kv.Tuple, at fleet.Path, fn func(dims *kv.PartReader, n int64)) error {
	return eachCounter(r, atPlace(counter, at), fn)
}

// eachCounter calls fn with the dimensions and the number of every counter whose
// key begins with prefix, which holds a place at least.
func eachCounter(r kv.Reader, prefix kv.Tuple, fn func(dims *kv.PartReader, n int64)) error {
	for pair, err := range r.Scan(prefix, prefix.End()) {
		if err != nil {
			return err
		}
		n, err := kv.Count(pair.Val)
		if err != nil {
			return err
		}
		fn(dimsOf(pair.Key), n)
	}
	return nil
}

// dimsOf reads a counter's key from behind its scope.
func dimsOf(key []byte) *kv.PartReader {
	r := kv.NewPartReader(key)
	r.Str()  // the counter
	r.Uint() // the depth
	r.Str()  // the place
	return r
}

// FaultCount is a number of faults of one category and state.
type FaultCount struct {
	Category fleet.FaultCategory
	State    fleet.FaultState
	Count    int64
}

// FaultCounts counts the faults at a place and below it.
func (s Session) FaultCounts(ctx context.Context, place fleet.PlaceCode) (rows []FaultCount, err error) {
	p, err := s.Place(ctx, place)
	if err != nil {
		return nil, err
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		return eachBalance(r, faults.Count("state_at"), p.Path, func(dims *kv.PartReader, n int64) {
			rows = append(rows, FaultCount{Category: fleet.FaultCategory(dims.Uint()), State: fleet.FaultState(dims.Uint()), Count: n})
		})
	})
	return rows, err
}

// PlaceCount is a number of places of one kind and state.
type PlaceCount struct {
	Kind  fleet.PlaceKind
	State fleet.PlaceState
	Count int64
}

// PlaceCounts counts the places at a place and below it.
func (s Session) PlaceCounts(ctx context.Context, place fleet.PlaceCode) (rows []PlaceCount, err error) {
	p, err := s.Place(ctx, place)
	if err != nil {
		return nil, err
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		return eachBalance(r, places.Count("kind_at"), p.Path, func(dims *kv.PartReader, n int64) {
			rows = append(rows, PlaceCount{Kind: fleet.PlaceKind(dims.Uint()), State: fleet.PlaceState(dims.Uint()), Count: n})
		})
	})
	return rows, err
}

package registry

import (
	"context"
	"math"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// RecordStockTake records which devices were found at a place on a day, and how that
// differs from what the register has there. It changes no device. A count of the same
// day is replaced by one that found others, and stays as it is under one that did not.
type RecordStockTake struct {
	Place   fleet.PlaceCode
	Date    fleet.Date
	Serials []fleet.Serial
}

// Name is the change's name in the journal.
func (RecordStockTake) Name() string { return "record_stock_take" }

func (c RecordStockTake) apply(t *tx) error {
	at, err := t.place(c.Place)
	if err != nil {
		return err
	}
	if err := t.allow(fleet.CountStock, at.Path, absentPlace(c.Place)); err != nil {
		return err
	}
	if err := fleet.CheckCounted(c.Date, fleet.DateOf(t.now)); err != nil {
		return err
	}
	s, exists, err := stockTakeAt(t.w, at.Path, c.Date)
	if err != nil {
		return err
	}
	if !exists {
		id, err := stockTakes.NextID(t.w)
		if err != nil {
			return err
		}
		s = fleet.StockTake{ID: fleet.StockTakeID(id), Place: at.Path, Date: c.Date}
	}
	before := s.Listed()
	if s, err = compareStock(t.w, s, c.Serials); err != nil {
		return err
	}
	if exists && slices.Equal(before, s.Listed()) {
		return nil
	}
	s.User, s.By, s.Time = t.actor.User, t.actor.Name, t.now.Unix()
	return save(t, stockTakes, &s)
}

// compareStock compares what was found with what the register has.
func compareStock(r kv.Reader, s fleet.StockTake, listed []fleet.Serial) (fleet.StockTake, error) {
	known := map[fleet.Serial]fleet.Device{}
	for _, serial := range listed {
		d, ok, err := deviceBySerial(r, serial)
		if err != nil {
			return s, err
		}
		if ok {
			known[serial] = d
		}
	}
	here, err := recordsAt(r, devices, devices.Index("by_place").Str(string(s.Place)))
	if err != nil {
		return s, err
	}
	return s.Compare(listed, known, here)
}

func stockTakeKey(at fleet.Path, day fleet.Date) kv.Tuple {
	return stockTakes.Index("newest_at").Str(string(at)).Uint(math.MaxUint64 - uint64(max(day, 0)))
}

func stockTakeAt(r kv.Reader, at fleet.Path, day fleet.Date) (fleet.StockTake, bool, error) {
	id, ok, err := stockTakes.Lookup(r, stockTakeKey(at, day))
	if err != nil || !ok {
		return fleet.StockTake{}, false, err
	}
	return stockTakes.Get(r, id)
}

// seenStockTake is the count as the actor sees it: what the register has at a place
// that the actor does not see is, to them, not in it.
func (s Session) seenStockTake(r kv.Reader, t fleet.StockTake) (fleet.StockTake, error) {
	var seen []fleet.Misplaced
	for _, m := range t.Misplaced {
		p, ok, err := places.Get(r, uint64(m.Place))
		switch {
		case err != nil:
			return t, err
		case ok && s.actor.sees(p.Path):
			seen = append(seen, m)
		default:
			t.Unexpected = append(slices.Clip(t.Unexpected), m.Serial)
		}
	}
	t.Misplaced = seen
	slices.Sort(t.Unexpected)
	return t, nil
}

// StockTakeDetail is a count with what is needed to read it.
type StockTakeDetail struct {
	fleet.StockTake
	At    fleet.Place
	Where map[fleet.PlaceID]fleet.Place // of the misplaced devices
}

// StockTake reads the count of a place on a day.
func (s Session) StockTake(ctx context.Context, place fleet.PlaceCode, day fleet.Date) (d StockTakeDetail, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if d.At, err = findPlace(r, s.actor, place); err != nil {
			return err
		}
		found, ok, err := stockTakeAt(r, d.At.Path, day)
		if err == nil && !ok {
			err = fleet.NotFoundf("stocktake.not_found", "%s was not counted on %s", d.At.Name, day)
		}
		if err != nil {
			return err
		}
		if d.StockTake, err = s.seenStockTake(r, found); err != nil {
			return err
		}
		d.Where = map[fleet.PlaceID]fleet.Place{}
		for _, m := range d.Misplaced {
			if d.Where[m.Place], _, err = places.Get(r, uint64(m.Place)); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}

// StockTakeTrial is what recording a count would come to.
type StockTakeTrial struct {
	fleet.StockTake
	Exists   bool // the place was counted on that day
	Recorded bool // with the same result, which would stay as it is
}

// TryStockTake compares what was found at a place with what the register has there,
// and records nothing.
func (s Session) TryStockTake(ctx context.Context, at fleet.Path, day fleet.Date, listed []fleet.Serial) (t StockTakeTrial, err error) {
	if !s.actor.sees(at) {
		return t, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		old, exists, err := stockTakeAt(r, at, day)
		if err != nil {
			return err
		}
		now, err := compareStock(r, fleet.StockTake{Place: at, Date: day}, listed)
		if err != nil {
			return err
		}
		t.Exists, t.Recorded = exists, exists && slices.Equal(old.Listed(), now.Listed())
		if t.Recorded {
			now = old
		}
		t.StockTake, err = s.seenStockTake(r, now)
		return err
	})
	return t, err
}

// StockTakesUnder pages through the counts of a place and of all that is below it, in
// the order of the tree, of each place the newest first. after is the last one of
// the page before; nil to begin.
func (s Session) StockTakesUnder(ctx context.Context, p fleet.Path, after *fleet.StockTake, limit int) (page []fleet.StockTake, err error) {
	if !s.actor.sees(p) || after != nil && !p.Contains(after.Place) {
		return nil, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		lo := stockTakes.Index("newest_at").Open(string(p))
		hi := lo.End()
		if after != nil {
			lo = stockTakeKey(after.Place, after.Date).End()
		}
		for id, err := range stockTakes.IDs(r, lo, hi) {
			if err != nil || len(page) == limit {
				return err
			}
			t, _, err := stockTakes.Get(r, id)
			if err != nil {
				return err
			}
			if t, err = s.seenStockTake(r, t); err != nil {
				return err
			}
			page = append(page, t)
		}
		return nil
	})
	return page, err
}

func (u *undoing) dropStockTake(t fleet.StockTake) error { return u.within(t.Place) }

func (u *undoing) restoreStockTake(r UndoRecord, now, before fleet.StockTake) (bool, error) {
	before.Version, before.Place = now.Version, now.Place // a place that moved takes its counts along
	if before.Time == now.Time && slices.Equal(before.Listed(), now.Listed()) {
		return false, nil
	}
	if err := u.untouched(r); err != nil {
		return false, err
	}
	if err := u.within(now.Place); err != nil {
		return false, err
	}
	return true, save(u.tx, stockTakes, &before)
}

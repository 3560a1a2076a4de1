package registry

import (
	"iter"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/table"
)

// maxMoved bounds how many records one move may rewrite.
const maxMoved = 50_000

// movePlace gives a place a new path, and with it everything that lies below it
// or refers to a place there.
func (t *tx) movePlace(old fleet.Place, to fleet.Path) error {
	if old.Path.Contains(to) {
		return fleet.Invalidf("place.own_parent", "%s cannot lie in itself", old.Name).In("parent")
	}
	ids, err := t.under(old.Path)
	if err != nil {
		return err
	}
	t.touch(old.Path)
	m := move{from: old.Path, to: to}
	for _, step := range []func() error{
		func() error { return t.movePlaces(m, ids.places) },
		func() error { return t.moveDevices(m, ids.devices) },
		func() error { return t.moveFaults(m, ids.faults) },
		func() error {
			return moveThese(t, targets, ids.targets, func(target *fleet.Target) { target.Place, _ = m.of(target.Place) })
		},
		func() error {
			return moveThese(t, stockTakes, ids.stockTakes, func(s *fleet.StockTake) { s.Place, _ = m.of(s.Place) })
		},
		func() error { return t.moveShipments(m) },
		func() error { return t.moveGrants(m) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

type subtree struct{ places, devices, faults, targets, stockTakes []uint64 }

// under lists what lies at a place and below it.
func (t *tx) under(p fleet.Path) (sub subtree, err error) {
	byPath := places.Index("by_path").Open(string(p))
	byPlace := devices.Index("by_place").Open(string(p))
	newest := faults.Index("newest_at").Str(string(p))
	plan := targets.Index("by_place").Open(string(p))
	counted := stockTakes.Index("newest_at").Open(string(p))
	for _, list := range []struct {
		into *[]uint64
		ids  iter.Seq2[uint64, error]
	}{
		{&sub.places, places.IDs(t.w, byPath, byPath.End())},
		{&sub.devices, devices.IDs(t.w, byPlace, byPlace.End())},
		{&sub.faults, faults.IDs(t.w, newest, newest.End())},
		{&sub.targets, targets.IDs(t.w, plan, plan.End())},
		{&sub.stockTakes, stockTakes.IDs(t.w, counted, counted.End())},
	} {
		for id, err := range list.ids {
			if err != nil {
				return sub, err
			}
			if *list.into = append(*list.into, id); len(*list.into) > maxMoved {
				return sub, fleet.Conflictf("place.too_full", "this place holds more than %d devices or places: move its parts one by one", maxMoved)
			}
		}
	}
	return sub, nil
}

// move is a change of paths.
type move struct{ from, to fleet.Path }

// of gives the path that p has after the move, and whether it is another one.
func (m move) of(p fleet.Path) (fleet.Path, bool) {
	if !m.from.Contains(p) {
		return p, false
	}
	return m.to + p[len(m.from):], true
}

func (t *tx) movePlaces(m move, ids []uint64) error {
	for _, id := range ids {
		p, _, err := places.Get(t.w, id)
		if err != nil {
			return err
		}
		if p.Path == m.from {
			continue // its caller saves it, with its new facts
		}
		p.Path, _ = m.of(p.Path)
		if err := t.savePlace(&p); err != nil {
			return err
		}
	}
	return nil
}

// moveDevices moves the devices at the place, and those that were on their way
// from it, wherever they are or were lost.
func (t *tx) moveDevices(m move, ids []uint64) error {
	for _, status := range []fleet.Status{fleet.InTransit, fleet.Lost, fleet.Stolen} {
		key := devices.Index("by_status").Uint(uint64(status))
		for id, err := range devices.IDs(t.w, key, key.End()) {
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		d, _, err := devices.Get(t.w, id)
		if err != nil {
			return err
		}
		t.touch(d.Place)
		d.Place, _ = m.of(d.Place)
		d.From, _ = m.of(d.From)
		if err := t.saveDevice(&d); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) moveFaults(m move, ids []uint64) error {
	for _, id := range ids {
		f, _, err := faults.Get(t.w, id)
		if err != nil {
			return err
		}
		f.Place, _ = m.of(f.Place)
		if err := save(t, faults, &f); err != nil {
			return err
		}
	}
	return nil
}

// moveThese saves the records of the table, each at its new place.
func moveThese[T any](t *tx, tbl *table.Table[T], ids []uint64, move func(*T)) error {
	for _, id := range ids {
		rec, _, err := tbl.Get(t.w, id)
		if err != nil {
			return err
		}
		move(&rec)
		if err := save(t, tbl, &rec); err != nil {
			return err
		}
	}
	return nil
}

// moveShipments moves the destinations of shipments.
func (t *tx) moveShipments(m move) error {
	return moveEach(t, shipments, func(s *fleet.Shipment) (moved bool) {
		if kept, ok := t.shipments[s.ID]; ok {
			*s = kept
		}
		if s.Destination, moved = m.of(s.Destination); moved {
			t.shipments[s.ID] = *s
		}
		return moved
	})
}

// moveGrants lets users, tokens, imports and remembered layouts keep their scope.
func (t *tx) moveGrants(m move) error {
	regrant := func(grants []fleet.Grant) (moved bool) {
		for i := range grants {
			path, other := m.of(grants[i].Place)
			grants[i].Place, moved = path, moved || other
		}
		return moved
	}
	if err := moveEach(t, users, func(u *fleet.User) bool { return regrant(u.Grants) }); err != nil {
		return err
	}
	if err := moveEach(t, tokens, func(k *fleet.Token) bool { return regrant(k.Grants) }); err != nil {
		return err
	}
	if err := moveEach(t, layouts, func(l *Layout) (moved bool) {
		l.Scope, moved = m.of(l.Scope)
		return moved
	}); err != nil {
		return err
	}
	return moveEach(t, imports, func(i *Import) (moved bool) {
		i.Scope, moved = m.of(i.Scope)
		for n := range i.Also {
			path, other := m.of(i.Also[n])
			i.Also[n], moved = path, moved || other
		}
		return regrant(i.Order.Grants) || moved
	})
}

// moveEach saves every record of the table that change says it changed.
func moveEach[T any](t *tx, tbl *table.Table[T], change func(*T) bool) error {
	var changed []T
	for rec, err := range tbl.All(t.w) {
		if err != nil {
			return err
		}
		if change(&rec) {
			changed = append(changed, rec)
		}
	}
	for i := range changed {
		if err := save(t, tbl, &changed[i]); err != nil {
			return err
		}
	}
	return nil
}

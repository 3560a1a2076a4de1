package registry

import (
	"github.com/takhti-edu/takhti/internal/fleet"
)

// claims notes which places are needed by what is neither a device nor a place.
func (u *undoing) claims(id uint64) error {
	claim := func(what string, p fleet.Path) {
		for depth := p.Depth(); depth > 0; depth-- {
			if u.claimed[p.At(depth)] == "" {
				u.claimed[p.At(depth)] = what
			}
		}
	}
	for a, err := range users.All(u.w) {
		if err != nil {
			return err
		}
		for _, g := range a.Grants {
			claim("somebody's account is for it", g.Place)
		}
	}
	for s, err := range shipments.All(u.w) {
		if err != nil {
			return err
		}
		claim("a shipment goes there", s.Destination)
	}
	for l, err := range layouts.All(u.w) {
		if err != nil {
			return err
		}
		claim("it was chosen there how workbooks are read", l.Scope)
	}
	for i, err := range imports.All(u.w) {
		if err != nil {
			return err
		}
		if i.ID != id {
			for _, p := range append(i.Also, i.Scope) {
				claim("an import was sent from there", p)
			}
		}
	}
	return u.claimSenders(claim)
}

// claimSenders notes the places that devices on their way came from.
func (u *undoing) claimSenders(claim func(string, fleet.Path)) error {
	for _, status := range []fleet.Status{fleet.InTransit, fleet.Lost, fleet.Stolen} {
		key := devices.Index("by_status").Uint(uint64(status))
		for id, err := range devices.IDs(u.w, key, key.End()) {
			if err != nil {
				return err
			}
			d, _, err := devices.Get(u.w, id)
			if err != nil {
				return err
			}
			claim("devices were sent from there", d.From)
		}
	}
	return nil
}

func (u *undoing) dropPlace(p fleet.Place) error {
	if err := u.within(p.Path); err != nil {
		return err
	}
	if p.Kind == fleet.Country {
		return fleet.Conflictf("undo.country", "the register stands on its country")
	}
	if what := u.claimed[p.Path]; what != "" {
		return fleet.Conflictf("undo.place_used", "%s", what)
	}
	below, err := anyOf(places.IDs(u.w, places.Index("by_parent").Str(string(p.Path)), places.Index("by_parent").Str(string(p.Path)).End()))
	if err != nil || below {
		return orKept(err, "places lie in it")
	}
	n, err := devicesAt(u.w, p.Path)
	if err != nil || n > 0 {
		return orKept(err, "devices are there")
	}
	newest := faults.Index("newest_at").Str(string(p.Path))
	had, err := anyOf(faults.IDs(u.w, newest, newest.End()))
	if err != nil || had {
		return orKept(err, "faults were reported there")
	}
	plan := targets.Index("by_place").Str(string(p.Path))
	planned, err := anyOf(targets.IDs(u.w, plan, plan.End()))
	if err != nil || planned {
		return orKept(err, "targets were set for it")
	}
	counts := stockTakes.Index("newest_at").Str(string(p.Path))
	counted, err := anyOf(stockTakes.IDs(u.w, counts, counts.End()))
	if err != nil || counted {
		return orKept(err, "its devices were counted")
	}
	u.touch(p.Path)
	delete(u.placeCache, p.ID())
	return nil
}

func orKept(err error, why string) error {
	if err != nil {
		return err
	}
	return fleet.Conflictf("undo.place_used", "%s", why)
}

// restorePlace puts the facts of a place back, and moves it to where it was.
func (u *undoing) restorePlace(r UndoRecord, now, before fleet.Place) (bool, error) {
	stayed := now.Path.Parent().ID() == before.Path.Parent().ID()
	before.Version, before.Path = now.Version, now.Path // which a move above it changes, too
	if stayed && before.Same(&now) {
		return false, nil
	}
	if err := u.untouched(r); err != nil {
		return false, err
	}
	if err := u.within(now.Path); err != nil {
		return false, err
	}
	if !stayed {
		to, err := u.parentBefore(r, now)
		if err == nil {
			err = u.within(to, now.Path.Parent())
		}
		if err != nil {
			return false, err
		}
		before.Path = to.Child(now.ID())
		if err := u.movePlace(now, before.Path); err != nil {
			return false, err
		}
	}
	return true, u.savePlace(&before)
}

// parentBefore is where the place in which a place lay before the import is now.
func (u *undoing) parentBefore(r UndoRecord, now fleet.Place) (fleet.Path, error) {
	e, err := entryAt(u.w, r.first)
	if err != nil {
		return "", err
	}
	was, err := places.Decode(e.Before)
	if err != nil {
		return "", err
	}
	parent, ok, err := places.Get(u.w, uint64(was.Path.Parent().ID()))
	if err == nil && (!ok || !was.Kind.Below(parent.Kind)) {
		err = errPlaceGone
	}
	return parent.Path, err
}

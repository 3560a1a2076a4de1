package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// SetTarget says how many devices a place is to have by a day, instead of what was
// said of that day before; zero takes the target back.
type SetTarget struct {
	Place   fleet.PlaceCode
	By      fleet.Date
	Devices uint32
}

// Name is the change's name in the journal.
func (SetTarget) Name() string { return "set_target" }

func (c SetTarget) apply(t *tx) error {
	at, err := t.place(c.Place)
	if err != nil {
		return err
	}
	if err := t.allow(fleet.SetTargets, at.Path, absentPlace(c.Place)); err != nil {
		return err
	}
	target, exists, err := targetAt(t.w, at.Path, c.By)
	if err != nil || !exists && c.Devices == 0 {
		return err
	}
	if !exists {
		id, err := targets.NextID(t.w)
		if err != nil {
			return err
		}
		target = fleet.Target{ID: fleet.TargetID(id), Place: at.Path, By: c.By}
	}
	target.Devices = c.Devices
	if err := target.Check(); err != nil {
		return err
	}
	t.touch(at.Path)
	return save(t, targets, &target)
}

// targetKey is where the target of a place by a day is found.
func targetKey(at fleet.Path, by fleet.Date) kv.Tuple {
	return targets.Index("by_place").Str(string(at)).Uint(uint64(max(by, 0)))
}

func targetAt(r kv.Reader, at fleet.Path, by fleet.Date) (fleet.Target, bool, error) {
	id, ok, err := targets.Lookup(r, targetKey(at, by))
	if err != nil || !ok {
		return fleet.Target{}, false, err
	}
	return targets.Get(r, id)
}

// standing leaves out the targets that were taken back.
func standing(all []fleet.Target) (kept []fleet.Target) {
	for _, t := range all {
		if t.Devices > 0 {
			kept = append(kept, t)
		}
	}
	return kept
}

// targetsOf reads the targets of the place itself, the earliest first.
func targetsOf(r kv.Reader, at fleet.Path) ([]fleet.Target, error) {
	all, err := recordsAt(r, targets, targets.Index("by_place").Str(string(at)))
	return standing(all), err
}

// Target is how many devices the place is to have by the day; zero when there is no
// such target, or the actor does not see the place.
func (s Session) Target(ctx context.Context, at fleet.Path, by fleet.Date) (devices uint32, err error) {
	if !s.actor.sees(at) {
		return 0, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		t, _, err := targetAt(r, at, by)
		devices = t.Devices
		return err
	})
	return devices, err
}

// TargetsOf reads the targets of each of the places that the actor sees, the earliest
// first.
func (s Session) TargetsOf(ctx context.Context, places ...fleet.Path) (map[fleet.Path][]fleet.Target, error) {
	found := map[fleet.Path][]fleet.Target{}
	err := s.reg.view(ctx, func(r kv.Reader) error {
		for _, p := range places {
			if !s.actor.sees(p) {
				continue
			}
			all, err := targetsOf(r, p)
			if err != nil {
				return err
			}
			if len(all) > 0 {
				found[p] = all
			}
		}
		return nil
	})
	return found, err
}

// TargetsUnder pages through the targets of a place and of all that is below it, in
// the order of the tree and of their days. after is the last one of the page before;
// nil to begin.
func (s Session) TargetsUnder(ctx context.Context, p fleet.Path, after *fleet.Target, limit int) (page []fleet.Target, err error) {
	if !s.actor.sees(p) || after != nil && !p.Contains(after.Place) {
		return nil, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		lo := targets.Index("by_place").Open(string(p))
		hi := lo.End()
		if after != nil {
			lo = targetKey(after.Place, after.By).End()
		}
		for id, err := range targets.IDs(r, lo, hi) {
			if err != nil || len(page) == limit {
				return err
			}
			t, _, err := targets.Get(r, id)
			if err != nil {
				return err
			}
			if t.Devices > 0 {
				page = append(page, t)
			}
		}
		return nil
	})
	return page, err
}

func (u *undoing) dropTarget(t fleet.Target) error {
	u.touch(t.Place)
	return u.within(t.Place)
}

func (u *undoing) restoreTarget(r UndoRecord, now, before fleet.Target) (bool, error) {
	before.Version, before.Place = now.Version, now.Place // a place that moved takes its targets along
	if before == now {
		return false, nil
	}
	if err := u.untouched(r); err != nil {
		return false, err
	}
	if err := u.within(now.Place); err != nil {
		return false, err
	}
	u.touch(now.Place)
	return true, save(u.tx, targets, &before)
}

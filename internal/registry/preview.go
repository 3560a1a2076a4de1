package registry

import (
	"context"
	"maps"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Preview runs the changes as Apply would, on an overlay that is then dropped,
// and returns each one's error, nil for those that would succeed. A change that
// fails leaves no trace, so that the ones after it are judged without it.
func (s Session) Preview(ctx context.Context, changes ...Change) (errs []error, err error) {
	errs = make([]error, len(changes))
	err = s.reg.view(ctx, func(r kv.Reader) error {
		t, err := begin(kv.NewOverlay(r), s.actor, "", s.reg.now().UTC())
		if err != nil {
			return err
		}
		for i, c := range changes {
			if i%1000 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			errs[i] = t.try(c)
		}
		return nil
	})
	return errs, err
}

// try applies the changes and, when one fails, takes them back.
func (t *tx) try(all ...Change) error {
	mark, tail, ships := t.w.Savepoint(), t.journal, t.shipments
	if len(all) > 1 { // one alone keeps a shipment back only when it succeeded
		ships = maps.Clone(ships)
	}
	var err error
	for _, c := range all {
		if err = t.apply(c); err != nil {
			break
		}
	}
	if err != nil {
		t.w.Rollback(mark)
		t.journal, t.shipments = tail, ships
		t.forget()
	}
	t.w.Release(mark)
	return err
}

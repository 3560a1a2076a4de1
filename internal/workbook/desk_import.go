package workbook

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"time"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Import keeps a file, records that it came in and carries out what was planned of
// it. When that cannot be done the file is not kept. An import of the same file that
// was cut off is gone on with instead.
func (d *Desk) Import(ctx context.Context, s registry.Session, in Incoming, r io.Reader, p *Plan, watch func(Progress)) (registry.Import, error) {
	if err := p.Refused(); err != nil {
		return registry.Import{}, err
	}
	cutOff, err := d.cutOff(ctx, s, in, p)
	if err != nil {
		return registry.Import{}, err
	}
	if cutOff.ID == 0 {
		cutOff, err = d.take(ctx, s, in, p, r, func(i registry.Import) error { return d.follow(ctx, s, i.ID, p, watch) })
	} else {
		err = d.follow(ctx, s, cutOff.ID, p, watch)
	}
	if err != nil {
		return cutOff, err
	}
	return s.Import(ctx, cutOff.ID)
}

// cutOff finds an import of the plan's file that was ordered so and is not finished.
func (d *Desk) cutOff(ctx context.Context, s registry.Session, in Incoming, p *Plan) (registry.Import, error) {
	all, err := s.ImportsOf(ctx, p.SHA256)
	if err != nil {
		return registry.Import{}, err
	}
	for _, i := range all {
		unfinished := i.State == registry.ImportApplying || i.State == registry.ImportStopped && i.Undo.Parts == 0
		same := i.Kind == in.Kind.String() && i.Shipment == in.Shipment && i.Supplier == in.Supplier && i.To == in.To && i.Date == dated(s, in.Kind, in.Date) && i.SkipBad == in.SkipBad &&
			reflect.DeepEqual(i.Reading, in.Reading)
		if unfinished && same && (len(i.Marks) > 0 || bytes.Equal(i.Digest, p.Digest)) {
			_, err := s.Apply(ctx, registry.Request{}, registry.CommitImport{ID: i.ID, Digest: i.Digest, SkipBad: i.SkipBad})
			return i, err
		}
	}
	return registry.Import{}, nil
}

// follow carries out an import here and now, and tells of its progress.
func (d *Desk) follow(ctx context.Context, s registry.Session, id uint64, p *Plan, watch func(Progress)) error {
	const often = 200 * time.Millisecond
	work, err := s.ImportJob(ctx, id)
	if err != nil {
		return err
	}
	j := d.run(work, p)
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		select {
		case <-j.done:
			return j.err
		case <-ctx.Done():
			d.Stop()
			return ctx.Err()
		case <-tick.C:
			if watch != nil {
				watch(j.Progress())
			}
		}
	}
}

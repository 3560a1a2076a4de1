package workbook

import (
	"context"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// carryOut does the work of a job.
func (d *Desk) carryOut(ctx context.Context, j *Job, work registry.ImportJob) error {
	work, err := mayStill(ctx, work)
	if err != nil {
		return err
	}
	if work.Import.State == registry.ImportUndoing {
		return d.takeBack(ctx, j, work)
	}
	plan, err := d.planOf(ctx, j, work)
	if err != nil {
		return err
	}
	j.plan = nil
	return d.parts(ctx, j, work, plan)
}

// mayStill reads the job as it is now, and refuses it when whoever ordered it has
// lost the role that it takes.
func mayStill(ctx context.Context, work registry.ImportJob) (registry.ImportJob, error) {
	work, err := work.Again(ctx)
	if err == nil {
		err = work.MayStill()
	}
	return work, err
}

// planOf plans the import. Before its first part is done, the plan must be the one
// that was shown.
func (d *Desk) planOf(ctx context.Context, j *Job, work registry.ImportJob) (plan *Plan, err error) {
	i := work.Import
	if plan = j.known; plan == nil {
		j.begin(Reading, 0, 0)
		plan, err = d.planned(ctx, work.Session, i, Options{
			Progress: j.reach,
			Checking: func(rows int) { j.begin(Checking, rows, rows) },
		})
		if err != nil {
			return nil, err
		}
	}
	if len(i.Marks) > 0 {
		return plan, sameRows(ctx, work, plan)
	}
	j.plan = plan
	if err := plan.Shown(i.Digest); err != nil {
		return nil, err
	}
	return plan, plan.Refused()
}

// sameRows refuses to go on with a file that is read otherwise than it was when its
// first parts were made.
func sameRows(ctx context.Context, work registry.ImportJob, p *Plan) error {
	done := int(work.Import.Rows)
	if done == 0 {
		return nil
	}
	last, _, err := work.Session.ImportRows(ctx, work.Import.ID, registry.RowQuery{After: done - 1, Limit: 1})
	if err != nil {
		return err
	}
	if len(last) != 1 || len(p.rows) < done || p.rows[done-1].Sheet != last[0].Sheet || p.rows[done-1].Row != last[0].Row {
		return fleet.Conflictf("import.read_otherwise", "the file is read otherwise now than when the first %d rows were imported: send it again, rows that are in are recognised", done)
	}
	return nil
}

// parts carries out the parts that are not done. Each looks by itself whether who
// ordered it still may.
func (d *Desk) parts(ctx context.Context, j *Job, work registry.ImportJob, plan *Plan) error {
	i := work.Import
	from, first := int(i.Rows), uint32(len(i.Marks)+1)
	j.begin(Applying, from, len(plan.rows))
	begin := func(c registry.ImportPart) wait {
		c.ID, c.Digest = i.ID, i.Digest
		return work.Session.Begin(ctx, partRequest(i.ID, i.Digest, c.Part), c)
	}
	return plan.inParts(from, first, parts{
		send: begin,
		retry: func(c registry.ImportPart, err error) (receipt registry.Receipt, _ error) {
			err = again(ctx, err, func() error {
				receipt, err = begin(c)()
				return err
			})
			if err != nil && c.Part == 1 && fleet.KindOf(err) != 0 {
				err = d.changedMeanwhile(ctx, j, work, err)
			}
			return receipt, err
		},
		done:  func(registry.Receipt) {},
		reach: j.reach,
	})
}

// changedMeanwhile is the error of an import of which nothing could be carried out,
// since the register changed between the plan and its changes.
func (d *Desk) changedMeanwhile(ctx context.Context, j *Job, work registry.ImportJob, cause error) (err error) {
	j.known = nil
	if j.plan, err = d.plan(ctx, work.Session, work.Import, nil); err != nil {
		return err
	}
	if err := j.plan.Shown(work.Import.Digest); err != nil {
		return err
	}
	return cause
}

// again repeats what failed with err in a way that may pass, a few times. What it does
// must do no harm when it is done twice.
func again(ctx context.Context, err error, do func() error) error {
	const tries = 4
	for try := 1; ; try++ {
		if try == tries || fleet.KindOf(registry.Explain(err)) != fleet.Unavailable || isClosed(err) {
			return err
		}
		if pause(ctx, try); ctx.Err() != nil {
			return ctx.Err()
		}
		err = do()
	}
}

// pause waits a second for each try, or until ctx is done.
func pause(ctx context.Context, try int) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(try) * time.Second):
	}
}

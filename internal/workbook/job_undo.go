package workbook

import (
	"bytes"
	"context"
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// UndoPlan works out what undoing an import would do.
func (d *Desk) UndoPlan(ctx context.Context, s registry.Session, id uint64) (registry.UndoPlan, error) {
	free, err := d.turn(ctx)
	if err != nil {
		return registry.UndoPlan{}, err
	}
	defer free()
	return s.UndoPlan(ctx, id)
}

// StartUndo has an import undone as the plan with the digest shows. It is to
// [Desk.UndoPlan] what [Desk.Start] is to [Desk.Plan]. One that was cut off goes on.
func (d *Desk) StartUndo(ctx context.Context, s registry.Session, id uint64, digest []byte) (*Job, error) {
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	if i.State == registry.ImportUndoing && i.Undo.Parts > 0 && d.Job(id) == nil {
		digest = i.Undo.Digest // it was cut off, and the rest follows
	}
	done := func(i registry.Import) bool {
		return i.State == registry.ImportUndone && bytes.Equal(digest, i.Undo.Digest)
	}
	return d.order(ctx, s, id, registry.UndoImport{ID: id, Digest: digest}, done)
}

// Undo is [Desk.StartUndo], and waits until the import is undone.
func (d *Desk) Undo(ctx context.Context, s registry.Session, id uint64, digest []byte) (registry.Import, error) {
	j, err := d.StartUndo(ctx, s, id, digest)
	if err == nil && j != nil {
		select {
		case <-j.done:
			_, err = j.Err()
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err != nil {
		return registry.Import{}, err
	}
	return s.Import(ctx, id)
}

// takeBack does the work of a job that undoes an import. What was shown is what is
// done; once a part is done, the rest follows as it is then.
func (d *Desk) takeBack(ctx context.Context, j *Job, work registry.ImportJob) error {
	i := work.Import
	j.begin(Checking, 0, 0)
	plan, err := work.Session.UndoPlan(ctx, i.ID)
	if err != nil {
		return err
	}
	if i.Undo.Parts == i.Undo.Before && !bytes.Equal(plan.Digest, i.Undo.Digest) {
		return fleet.Conflictf("import.changed", "the register has changed since this import was shown: look at it again")
	}
	at, first := int(i.Undo.Records), i.Undo.Parts+1
	j.begin(Undoing, at, len(plan.Records))
	for part := first; ; part++ {
		if part > first {
			if work, err = mayStill(ctx, work); err != nil {
				return err
			}
		}
		next := min(at+d.limits.Part, len(plan.Records))
		start := at
		change := registry.UndoPart{
			ID: i.ID, Part: part, Last: next == len(plan.Records), Records: plan.Records[at:next],
			Progress: func(record int) { j.reach(start + record) },
		}
		q := registry.Request{ID: fmt.Sprintf("undo %d %x part %d", i.ID, i.Undo.Digest, part), Digest: i.Undo.Digest}
		apply := func() error {
			_, err := work.Session.Apply(ctx, q, change)
			return err
		}
		err := again(ctx, apply(), apply)
		if err != nil || change.Last {
			return err
		}
		at = next
	}
}

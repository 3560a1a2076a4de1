package registry

import (
	"bytes"
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// ImportOrder is who asked for an import to be carried out, or undone. The work is
// done as if by them, with no more than they may when it is done.
type ImportOrder struct {
	User   fleet.UserID  `cbor:"1,keyasint,omitempty"` // zero: whoever had the data folder
	By     string        `cbor:"2,keyasint,omitempty"`
	Via    string        `cbor:"3,keyasint,omitempty"`
	Grants []fleet.Grant `cbor:"4,keyasint,omitempty"` // those of their token, or their own
	Time   int64         `cbor:"5,keyasint,omitempty"` // Unix seconds
}

func (t *tx) order() ImportOrder {
	return ImportOrder{User: t.actor.User, By: t.actor.Name, Via: t.actor.Via, Grants: t.actor.Grants, Time: t.now.Unix()}
}

// ImportHalt is why the work on an import stopped before its end.
type ImportHalt struct {
	Code    string `cbor:"1,keyasint,omitempty"`
	Message string `cbor:"2,keyasint,omitempty"`
	Time    int64  `cbor:"3,keyasint,omitempty"` // Unix seconds
}

// CommitImport orders that an import be carried out: the plan with the digest. The
// order is recorded before the work begins, so that no crash forgets it.
type CommitImport struct {
	ID      uint64
	Digest  []byte
	SkipBad bool
}

// Name is the change's name in the journal.
func (CommitImport) Name() string { return "commit_import" }

func (c CommitImport) apply(t *tx) error {
	i, err := t.importToRun(c.ID)
	if err != nil {
		return err
	}
	same := bytes.Equal(c.Digest, i.Digest)
	if i.Undo.Parts > 0 {
		return i.over()
	}
	switch i.State {
	case ImportPlanned:
	case ImportApplying, ImportStopped:
		if !same {
			return fleet.Conflictf("import.applying", "import %s is being carried out already, as it was shown then", ImportRef(c.ID))
		}
		if i.State == ImportApplying {
			return nil
		}
	default:
		return i.over()
	}
	i.order(t, c)
	return save(t, imports, &i)
}

func (i *Import) order(t *tx, c CommitImport) {
	i.State, i.Digest, i.SkipBad = ImportApplying, c.Digest, c.SkipBad
	i.Order, i.Halt = t.order(), ImportHalt{}
}

// over is the refusal of whatever can only be done to an import before it is
// carried out.
func (i *Import) over() error {
	if i.State == ImportUndoing || i.Undo.Parts > 0 {
		return fleet.Conflictf("import.undone", "import %s was undone: send the file again to import it anew", ImportRef(i.ID))
	}
	return fleet.Conflictf("import.applied", "import %s was applied already", ImportRef(i.ID))
}

// importToRun finds an import that the actor may carry out or undo.
func (t *tx) importToRun(id uint64) (Import, error) {
	return visibleImport(t.w, t.actor, id)
}

// haltImport records that the work on an import stopped, and why.
type haltImport struct {
	ID   uint64
	Halt ImportHalt
}

// Name is the change's name in the journal.
func (haltImport) Name() string { return "halt_import" }

func (c haltImport) apply(t *tx) error {
	i, err := visibleImport(t.w, t.actor, c.ID)
	if err != nil {
		return err
	}
	switch {
	case i.State == ImportApplying && len(i.Marks) == 0:
		i.State = ImportPlanned
	case i.State == ImportUndoing && i.Undo.Parts == 0:
		i.State = i.Undo.Was
	case i.State.UnderWay():
		i.State = ImportStopped
	default:
		return nil // it came to an end meanwhile
	}
	i.Halt = c.Halt
	i.Halt.Time = t.now.Unix()
	return save(t, imports, &i)
}

// ImportJob is an import that is to be carried out, and the register as whoever
// ordered that sees it now.
type ImportJob struct {
	Import  Import
	Session Session
}

// ImportJob reads an import with its order.
func (s Session) ImportJob(ctx context.Context, id uint64) (j ImportJob, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		i, err := visibleImport(r, s.actor, id)
		if err == nil {
			j, err = s.reg.job(r, i)
		}
		return err
	})
	return j, err
}

// ImportJobs reads the imports that were ordered to be carried out, or undone, and
// are not finished. It is for who keeps the register.
func (s Session) ImportJobs(ctx context.Context) (jobs []ImportJob, err error) {
	if err := s.mayKeep(); err != nil {
		return nil, err
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for i, err := range imports.All(r) {
			if err != nil {
				return err
			}
			if !i.State.UnderWay() {
				continue
			}
			j, err := s.reg.job(r, i)
			if err != nil {
				return err
			}
			jobs = append(jobs, j)
		}
		return nil
	})
	return jobs, err
}

// Again reads the job as it is now: who ordered it may have lost a role.
func (j ImportJob) Again(ctx context.Context) (again ImportJob, err error) {
	reg := j.Session.reg
	err = reg.view(ctx, func(r kv.Reader) error {
		i, ok, err := imports.Get(r, j.Import.ID)
		if err == nil && !ok {
			err = absentImport(j.Import.ID)
		}
		if err == nil {
			again, err = reg.job(r, i)
		}
		return err
	})
	return again, err
}

// Halt records why the job stopped. What it has done stays.
func (j ImportJob) Halt(ctx context.Context, why ImportHalt) error {
	clerk := Actor{Name: "takhti", Via: "job", Grants: []fleet.Grant{{Role: fleet.Admin}}}
	_, err := j.Session.reg.As(clerk).Apply(ctx, Request{}, haltImport{ID: j.Import.ID, Halt: why})
	return err
}

func (r *Register) job(kr kv.Reader, i Import) (ImportJob, error) {
	a, err := i.Order.actor(kr)
	return ImportJob{i, r.As(a)}, err
}

// actor is who gave the order, with no more than they may now.
func (o ImportOrder) actor(r kv.Reader) (Actor, error) {
	a := Actor{User: o.User, Name: o.By, Via: o.Via}
	if o.User == 0 {
		a.Grants = o.Grants
		return a, nil
	}
	u, ok, err := users.Get(r, uint64(o.User))
	if ok && !u.Disabled {
		a.Grants = within(o.Grants, u.Grants)
	}
	return a, err
}

// MayStill refuses the job when whoever ordered it has lost the role that it takes.
func (j ImportJob) MayStill() error { return j.Session.actor.mayStillImport() }

func (a *Actor) mayStillImport() error {
	if a.MayAnywhere(fleet.RunImports) {
		return nil
	}
	return fleet.Forbiddenf("import.role_lost", "%s, who ordered this, may not run imports any more", a.Name)
}

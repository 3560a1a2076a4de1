package web

import (
	"encoding/hex"

	"github.com/takhti-edu/takhti/internal/registry"
)

// undoPage is what undoing an import would do, or did.
type undoPage struct {
	registry.Import
	plan registry.UndoPlan
	form form
}

// maxKept is how many of the things that stay a page lists.
const maxKept = 200

func undoAddress(id uint64) string { return importAddress(id) + "/undo" }

func (v *visit) showUndo() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	return v.undoReply(id, blankForm("undo"))
}

func (v *visit) undoReply(id uint64, f form) (reply, error) {
	p := undoPage{form: f}
	var err error
	if p.Import, err = v.session.Import(v.ctx, id); err != nil {
		return reply{}, err
	}
	if p.State == registry.ImportUndone || p.State.UnderWay() {
		return goTo(importAddress(id)), nil
	}
	if p.plan, err = v.Desk.UndoPlan(v.ctx, v.session, id); err != nil {
		return reply{}, err
	}
	return f.again(show(v.say("undo.title", "ref", registry.ImportRef(id)), undoBody(v.view, p))), nil
}

// undoImport takes the import back as it was shown.
func (v *visit) undoImport() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	digest, err := hex.DecodeString(f.value("digest"))
	if err != nil {
		return reply{}, errUnknownForm
	}
	job, err := v.Desk.StartUndo(v.ctx, v.session, id, digest)
	if err != nil {
		return reply{}, err
	}
	if job == nil || !job.Wait(v.ctx, v.CommitWait) {
		return goTo(importAddress(id)), nil
	}
	if _, err := job.Err(); err != nil {
		f, ok := v.reject(f, err)
		if !ok {
			return reply{}, err
		}
		return v.undoReply(id, f)
	}
	i, err := v.session.Import(v.ctx, id)
	return v.done("undo_import", uint64(i.Undo.Deleted)+uint64(i.Undo.Restored), importAddress(id)), err
}

func (p undoPage) digest() string { return hex.EncodeToString(p.plan.Digest) }

// mayUndo says whether the visitor can undo the import.
func (v *view) mayUndo(i registry.Import) bool {
	return len(i.Marks) > 0 && !i.State.UnderWay() && i.State != registry.ImportUndone && v.actor.MayUndo(&i)
}

// kept reads what undoing an import left, for its page.
func (v *visit) kept(i registry.Import) ([]registry.ImportRow, error) {
	if i.Undo.Kept == 0 {
		return nil, nil
	}
	rows, _, err := v.session.UndoKept(v.ctx, i.ID, registry.RowQuery{Limit: maxKept})
	return rows, err
}

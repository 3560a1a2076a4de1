package api

import (
	"context"
	"encoding/hex"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// shownKept is how many of the things that an undoing keeps are told one by one.
const shownKept = 1000

func (a *api) planUndo(ctx context.Context, in *importIn) (*answer[takhti.Undo], error) {
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	s := a.session(ctx)
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	if i.State == registry.ImportUndone {
		kept, _, err := s.UndoKept(ctx, id, registry.RowQuery{Limit: shownKept})
		return &answer[takhti.Undo]{undoOf(i.Undo.Digest, i.Undo.UndoTally, kept)}, err
	}
	p, err := a.Desk.UndoPlan(ctx, s, id)
	return &answer[takhti.Undo]{undoOf(p.Digest, p.UndoTally, p.Kept)}, err
}

func undoOf(digest []byte, n registry.UndoTally, kept []registry.ImportRow) takhti.Undo {
	u := takhti.Undo{
		Digest:    hex.EncodeToString(digest),
		UndoTally: takhti.UndoTally{Deleted: int(n.Deleted), Restored: int(n.Restored), KeptCount: int(n.Kept)},
		Kept:      []takhti.UndoKept{},
	}
	for _, k := range kept[:min(shownKept, len(kept))] {
		u.Kept = append(u.Kept, takhti.UndoKept{Subject: k.Subject, Code: k.Reason.Code, Message: k.Reason.Message})
	}
	return u
}

type undoIn struct {
	Keyed
	ID   string `path:"id" maxLength:"30" example:"I-17"`
	Body takhti.UndoOrder
}

func (a *api) undoImport(ctx context.Context, in *undoIn) (*committed, error) {
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	digest, err := hex.DecodeString(in.Body.Digest)
	if err != nil {
		return nil, fleet.Invalidf("import.digest", "give the digest of the plan as you got it").In("digest")
	}
	s := a.session(ctx)
	q := registry.Request{ID: in.Key, Digest: digestOf("undo "+registry.ImportRef(id), in.Body)}
	if _, _, err := s.Earlier(ctx, q); err != nil {
		return nil, err
	}
	job, err := a.Desk.StartUndo(ctx, s, id, digest)
	if err != nil {
		return nil, err
	}
	return a.ordered(ctx, q, id, job)
}

package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) imports() {
	spec := add(a, operation{
		Route: Route{http.MethodPost, "/imports", fleet.RunImports},
		id:    "upload-import", summary: "Send a workbook in, .xlsx or .csv, and learn what it would do", status: http.StatusCreated,
		about: "Nothing is done yet. The answer is the plan: how many rows are new, changed and unchanged, the first problems, and the digest to commit it with. Sent again under its key the workbook is the same import, with its plan as it is then.",
		sdk:   `i, err := c.UploadImport(ctx, takhti.Upload{Kind: takhti.ImportShipment, FileName: "lot3.xlsx", File: file, Shipment: "HP-2026-017", To: "PK601-STORE"})`,
	}, a.uploadImport)
	spec.RequestBody = uploadBody(a.huma.OpenAPI().Components.Schemas)

	add(a, operation{
		Route: Route{http.MethodGet, "/imports", fleet.RunImports},
		id:    "list-imports", summary: "Imports, the newest first",
		about: "Of those that were not carried out yet, the plan is at /imports/{id}.",
		sdk:   `for i, err := range c.Imports(ctx) { … }`,
	}, a.listImports)
	add(a, operation{
		Route: Route{http.MethodGet, "/imports/{id}", fleet.RunImports},
		id:    "get-import", summary: "One import: what it did or, planned anew, what it would do",
		sdk: `i, err := c.Import(ctx, "I-17")`,
	}, a.getImport)
	add(a, operation{
		Route: Route{http.MethodGet, "/imports/{id}/problems", fleet.RunImports},
		id:    "list-import-problems", summary: "All problems of an import's file",
		sdk: `for p, err := range c.ImportProblems(ctx, "I-17") { … }`,
	}, a.listProblems)
	add(a, operation{
		Route: Route{http.MethodGet, "/imports/{id}/rows", fleet.RunImports},
		id:    "list-import-rows", summary: "What came of each row of an import that was carried out",
		about: "Every row of the list is new, changed, unchanged or left out; the numbers of the import are those of its rows.",
		sdk:   `for r, err := range c.ImportRows(ctx, "I-17", takhti.RowLeftOut) { … }`,
	}, a.listRows)
	add(a, operation{
		Route: Route{http.MethodPost, "/imports/{id}/commit", fleet.RunImports},
		id:    "commit-import", summary: "Carry the plan with the digest out",
		about: "When the register has changed so that the plan is another one, nothing is done: the problem has code import.changed and the new plan as import. Committing the same plan again does nothing more and is answered as the first time. What takes longer than a few seconds is answered with status 202 and goes on by itself, also when the server is stopped in between: the same commit sent again waits for it, and GET /imports/{id} tells how far it is.",
		sdk:   `i, err := c.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest})`,
	}, a.commitImport)
	add(a, operation{
		Route: Route{http.MethodGet, "/imports/{id}/undo", fleet.RunImports},
		id:    "plan-undo", summary: "What undoing an import would do",
		about: "What the import made is deleted, and what it changed is put back, unless something later stands on it: such is listed as kept, with the reason. Of an import that was undone it is what that kept.",
		sdk:   `u, err := c.PlanUndo(ctx, "I-17")`,
	}, a.planUndo)
	add(a, operation{
		Route: Route{http.MethodPost, "/imports/{id}/undo", fleet.RunImports},
		id:    "undo-import", summary: "Undo an import as it was shown",
		about: "It is answered and goes on as a commit does. When the register has changed since, nothing is done and the problem has code import.changed. The same file can be imported again.",
		sdk:   `i, err := c.UndoImport(ctx, "I-17", u.Digest)`,
	}, a.undoImport)
}

// maxRecent is how many imports are read to make a page of them.
const maxRecent = 10_000

func (a *api) listImports(ctx context.Context, in *struct{ Listed }) (*answer[takhti.Page[takhti.Import]], error) {
	f := filter{"imports"}
	after, err := f.number(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := a.session(ctx).Imports(ctx, maxRecent)
	if err != nil {
		return nil, err
	}
	if after != 0 {
		all = slices.DeleteFunc(all, func(i registry.Import) bool { return i.ID >= after })
	}
	found, next := pageOf(all, in.Limit, func(i registry.Import) uint64 { return i.ID })
	page := takhti.Page[takhti.Import]{Items: make([]takhti.Import, 0, len(found)), Next: f.numberCursor(next)}
	for i := range found {
		page.Items = append(page.Items, importOf(&found[i], nil))
	}
	return &answer[takhti.Page[takhti.Import]]{page}, nil
}

type importIn struct {
	ID string `path:"id" maxLength:"30" example:"I-17"`
}

func (a *api) getImport(ctx context.Context, in *importIn) (*answer[takhti.Import], error) {
	s := a.session(ctx)
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	var plan *workbook.Plan
	if i.State == registry.ImportPlanned {
		if plan, err = a.plan(ctx, s, id); err != nil {
			return nil, err
		}
	}
	w := importOf(&i, plan)
	w.Progress = progressOf(a.Desk.Job(id))
	return &answer[takhti.Import]{w}, nil
}

// shownProblems is how many problems an import's summary has.
const shownProblems = 50

// importKind is what the sender of an import calls its kind.
func importKind(kept string) takhti.ImportKind {
	k, err := workbook.ParseKind(kept)
	if err != nil {
		return takhti.ImportKind(kept)
	}
	return takhti.ImportKind(k.Lists())
}

// importOf describes an import: by what it did or, with a plan, by what it would do.
func importOf(i *registry.Import, p *workbook.Plan) takhti.Import {
	w := takhti.Import{
		ID: registry.ImportRef(i.ID), Kind: importKind(i.Kind), State: takhti.ImportState(i.State.String()),
		FileName: i.FileName, SHA256: i.SHA256, Size: i.Size, By: i.By, Time: moment(i.Time),
		Shipment: i.Shipment, Supplier: i.Supplier, To: string(i.To), Date: dateOf(i.Date), SkipBad: i.SkipBad,
		Digest: hex.EncodeToString(i.Digest),
		Rows:   int(i.Rows), New: int(i.New), Changed: int(i.Changed), Unchanged: int(i.Unchanged), LeftOut: int(i.LeftOut),
	}
	w.Lapsed = int(i.Lapsed())
	if i.Undo.Parts > 0 {
		w.Undo = &takhti.UndoTally{Deleted: int(i.Undo.Deleted), Restored: int(i.Undo.Restored), KeptCount: int(i.Undo.Kept)}
	}
	if i.Halt.Code != "" {
		w.Stopped = &takhti.ImportStop{Code: i.Halt.Code, Message: i.Halt.Message, Time: moment(i.Halt.Time)}
	}
	w.Reading = readingFrom(i.Reading)
	if p == nil {
		return w
	}
	w.Digest, w.Notes = hex.EncodeToString(p.Digest), p.Notes
	w.Rows, w.New, w.Changed, w.Unchanged, w.LeftOut = p.Rows, p.New, p.Changed, p.Unchanged, p.LeftOut
	w.ProblemCount, w.Groups = len(p.Problems), GroupsOf(p.Groups)
	w.Problems = problemsOf(p.Problems[:min(shownProblems, len(p.Problems))])
	return w
}

type commitIn struct {
	Keyed
	ID   string `path:"id" maxLength:"30" example:"I-17"`
	Body takhti.Commit
}

func (a *api) commitImport(ctx context.Context, in *commitIn) (*committed, error) {
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	digest, err := hex.DecodeString(in.Body.Digest)
	if err != nil {
		return nil, fleet.Invalidf("import.digest", "give the digest of the plan as you got it").In("digest")
	}
	s := a.session(ctx)
	q := registry.Request{ID: in.Key, Digest: digestOf("commit "+registry.ImportRef(id), in.Body)}
	if _, _, err := s.Earlier(ctx, q); err != nil {
		return nil, err
	}
	job, err := a.Desk.Start(ctx, s, id, digest, in.Body.SkipBad)
	if err != nil {
		return nil, err
	}
	return a.ordered(ctx, q, id, job)
}

// ordered waits a while for a job that was ordered, and tells what came of it. The
// job is nil when it was done before.
func (a *api) ordered(ctx context.Context, q registry.Request, id uint64, job *workbook.Job) (*committed, error) {
	s := a.session(ctx)
	out := &committed{Status: http.StatusOK, Replayed: replayed(job == nil)}
	if job != nil && !job.Wait(ctx, a.CommitWait) {
		out.Status, out.RetryAfter = http.StatusAccepted, "1"
	}
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	out.Body = importOf(&i, nil)
	switch {
	case job == nil:
		return out, nil
	case out.Status == http.StatusAccepted:
		out.Body.Progress = progressOf(job)
		return out, nil
	}
	if plan, err := job.Err(); err != nil {
		p := a.problem(ctx, err)
		if p.Code == "import.changed" && plan != nil {
			p.Import = new(importOf(&i, plan))
		}
		return nil, p
	}
	// The import itself sees to it that it happens once; this is for its key.
	if _, err := s.Apply(ctx, q); err != nil {
		return nil, err
	}
	return out, nil
}

// committed is the answer to an order: of what is done, or of what goes on.
type committed struct {
	Status     int
	RetryAfter string `header:"Retry-After" doc:"With status 202: in how many seconds to send the same again, which then waits for the end"`
	Replayed   string `header:"Idempotent-Replayed" doc:"true when this is the answer to an earlier request with the same key"`
	Body       takhti.Import
}

// progressOf is how far a job has come; nil when none is at work.
func progressOf(j *workbook.Job) *takhti.ImportProgress {
	if j == nil {
		return nil
	}
	p := j.Progress()
	return &takhti.ImportProgress{
		Phase: takhti.ImportPhase(p.Phase.String()), Done: p.Done, Known: p.Known, PerSecond: p.PerSecond, SecondsLeft: int(p.Left.Seconds()),
	}
}

package api

import (
	"context"
	"slices"
	"sync"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// plan plans an import anew.
func (a *api) plan(ctx context.Context, s registry.Session, id uint64) (*workbook.Plan, error) {
	plan, _, err := a.Desk.Plan(ctx, s, id, nil)
	if err != nil {
		return nil, err
	}
	a.problems.put(planKey{s.Actor().User, id}, plan.Problems)
	return plan, nil
}

type problemsIn struct {
	Listed
	ID string `path:"id" maxLength:"30" example:"I-17"`
}

// listProblems pages through the problems of the plan that was made last.
func (a *api) listProblems(ctx context.Context, in *problemsIn) (*answer[takhti.Page[takhti.Problem]], error) {
	s := a.session(ctx)
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.Import(ctx, id); err != nil {
		return nil, err
	}
	f := filter{"problems", id}
	first, err := f.number(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, kept := a.problems.get(planKey{s.Actor().User, id})
	if !kept {
		plan, err := a.plan(ctx, s, id)
		if err != nil {
			return nil, err
		}
		all = plan.Problems
	}
	rest := all[min(first, uint64(len(all))):]
	page := takhti.Page[takhti.Problem]{Items: problemsOf(rest[:min(in.Limit, len(rest))])}
	if len(rest) > in.Limit {
		page.Next = f.numberCursor(first + uint64(in.Limit))
	}
	return &answer[takhti.Page[takhti.Problem]]{page}, nil
}

func problemsOf(found []workbook.Problem) []takhti.Problem {
	list := make([]takhti.Problem, 0, len(found))
	for _, p := range found {
		list = append(list, takhti.Problem{
			Sheet: p.Sheet, Row: p.Row, Column: p.Column, Value: p.Value, Code: p.Code, Message: p.Message, Suggestion: p.Suggestion,
		})
	}
	return list
}

// planProblems keeps the problems of the last few plans, so that paging through
// them does not read the workbook again for every page. They are kept for each
// user apart, as plans depend on what one may do.
type planProblems struct {
	mu   sync.Mutex
	kept []keptProblems // the latest last
}

type planKey struct {
	user fleet.UserID
	id   uint64
}

type keptProblems struct {
	key  planKey
	list []workbook.Problem
}

const maxKeptPlans = 8

func (p *planProblems) put(key planKey, list []workbook.Problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = slices.DeleteFunc(p.kept, func(k keptProblems) bool { return k.key == key })
	if len(p.kept) == maxKeptPlans {
		p.kept = slices.Delete(p.kept, 0, 1)
	}
	p.kept = append(p.kept, keptProblems{key, list})
}

func (p *planProblems) get(key planKey) (list []workbook.Problem, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.kept, func(k keptProblems) bool { return k.key == key })
	if i < 0 {
		return nil, false
	}
	return p.kept[i].list, true
}

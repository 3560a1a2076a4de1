package main

import (
	"context"
	"fmt"

	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// serverImporter imports through a server.
type serverImporter struct {
	client *takhti.Client
	all    bool // read every problem, not just those that people are shown
	sent   takhti.Import
}

func (s *serverImporter) plan(ctx context.Context, j *importJob, p *progress) (err error) {
	j.Upload.Progress = func(sent, size int64) {
		if sent == size {
			p.set("checking "+j.FileName, 0, 0)
			return
		}
		const mega = 1e6
		p.set(fmt.Sprintf("sending %s, %.1f of %.1f MB", j.FileName, float64(sent)/mega, float64(size)/mega), sent, size)
	}
	if s.sent, err = s.client.UploadImport(ctx, j.Upload); err != nil {
		return err
	}
	j.problemCount, j.notes = s.sent.ProblemCount, s.sent.Notes
	j.result = resultOf(s.sent)
	if s.sent.ProblemCount == 0 {
		return nil
	}
	for p, err := range s.client.ImportProblems(ctx, s.sent.ID) {
		if err != nil {
			return err
		}
		if !s.all && len(j.result.Problems) == shownProblems {
			break
		}
		j.result.Problems = append(j.result.Problems, workbook.Problem{
			Sheet: p.Sheet, Row: p.Row, Column: p.Column, Value: p.Value, Code: p.Code, Message: p.Message, Suggestion: p.Suggestion,
		})
	}
	return nil
}

func (s *serverImporter) carryOut(ctx context.Context, j *importJob, p *progress) error {
	order := takhti.Commit{Digest: s.sent.Digest, SkipBad: j.SkipBad}
	done, err := s.client.FollowImport(ctx, s.sent.ID, order, func(now takhti.Import) {
		if now.Progress != nil {
			p.set(string(now.Progress.Phase)+" "+j.FileName, int64(now.Progress.Done), int64(now.Progress.Known))
		}
	})
	if err != nil {
		return err
	}
	problems, groups := j.result.Problems, j.result.Groups
	j.result = resultOf(done)
	j.result.Problems, j.result.Groups = problems, groups
	return nil
}

func resultOf(i takhti.Import) importResult {
	return importResult{
		ID: i.ID, Rows: i.Rows, New: i.New, Changed: i.Changed, Unchanged: i.Unchanged, LeftOut: i.LeftOut,
		Problems: []workbook.Problem{}, Groups: append([]takhti.Group{}, i.Groups...),
	}
}

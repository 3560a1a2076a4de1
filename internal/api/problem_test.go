package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func TestEveryKindOfErrorHasItsAnswer(t *testing.T) {
	for _, tc := range []struct {
		kind   fleet.Kind
		wait   time.Duration
		status int
		header string
	}{
		{fleet.Invalid, 0, 422, ""},
		{fleet.NotFound, 0, 404, ""},
		{fleet.Conflict, 0, 409, ""},
		{fleet.Forbidden, 0, 403, ""},
		{fleet.Unauthenticated, 0, 401, ""},
		{fleet.TooMany, 90 * time.Second, 429, "Retry-After: 90"},
		{fleet.Unavailable, 0, 503, "Retry-After: 2"},
		{fleet.Damaged, 0, 500, ""},
	} {
		p := problemOf(&fleet.Error{Kind: tc.kind, Code: "x.y", Message: "what was wrong", Field: "place", Wait: tc.wait})
		header := ""
		for name, values := range p.headers {
			header += name + ": " + values[0]
		}
		if p.Status != tc.status || header != tc.header || p.Code != "x.y" || p.Detail != "what was wrong" || p.Field != "place" || p.Help == "" || p.Title == "" {
			t.Errorf("kind %d: %+v", tc.kind, p)
		}
	}
	if len(kinds) != int(fleet.Damaged) {
		t.Errorf("%d kinds are answered, there are %d", len(kinds), fleet.Damaged)
	}
}

func TestErrorsThatNobodyKnowsAreNotTold(t *testing.T) {
	a := &api{Deps: Deps{Log: slog.New(slog.DiscardHandler)}}
	p := a.problem(t.Context(), errors.New("pq: password of operator is slate"))
	if p.Status != 500 || p.Code != "internal" || p.Detail != "something went wrong on the server" {
		t.Errorf("%+v", p)
	}
	if p := a.problem(t.Context(), fmt.Errorf("reading: %w", context.Canceled)); p.Status != statusClosed {
		t.Errorf("a client that left: %+v", p)
	}
	known := &problem{wire: wire{Status: 418}}
	if a.problem(t.Context(), known) != known {
		t.Error("a problem was converted twice")
	}
}

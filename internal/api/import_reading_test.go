package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

const misspelt = `Dev ID,Model,District
LAH5000001,Slate 11,Lahor
LAH5000002,Slate 11,LAHOR
LAH5000003,Slate 11,Lahore
`

func TestAWorkbookIsReadAsItsSenderSays(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	u := packing(misspelt)
	if _, err := officer.UploadImport(ctx, u); wantCode(t, err, "header.not_found").Status != 422 {
		t.Error(err)
	}
	u = packing(misspelt)
	u.Reading = &takhti.Reading{Sheets: []takhti.SheetReading{{Columns: []takhti.ColumnReading{{Column: 1, Means: "serial_number"}}}}}
	i := must(officer.UploadImport(ctx, u))(t)
	if i.New != 1 || i.LeftOut != 2 || len(i.Groups) != 1 {
		t.Fatalf("%+v", i)
	}
	g := i.Groups[0]
	if g.Rows != 2 || g.Value != "Lahor" || g.Cell != "lot5!C2" || g.Offers[0] != "Lahore" || g.Choices[0] != "use" || g.Fact != "district" || g.Decision != nil {
		t.Errorf("%+v", g)
	}
	o := must(officer.ImportOutline(ctx, i.ID))(t)
	if s := o.Sheets[0]; !s.Read || s.Header != 1 || s.Columns[0].Sure != "chosen" || s.Columns[2].Means != "district" || !slices.Equal(s.Columns[2].Samples, []string{"Lahor", "LAHOR", "Lahore"}) {
		t.Errorf("%+v", s)
	}
	if !slices.Contains(o.Facts, takhti.Fact{Name: "serial_number", Header: "Serial Number", Needed: true}) {
		t.Errorf("%+v", o.Facts)
	}

	r := *i.Reading
	r.Decisions = []takhti.Decision{{Cause: g.Cause, Do: "use", Value: "Lahore"}}
	decided := must(officer.ReadImport(ctx, i.ID, r))(t)
	if decided.New != 3 || decided.ProblemCount != 0 || decided.Groups[0].Decision == nil || fmt.Sprint(*decided.Reading) != fmt.Sprint(r) {
		t.Fatalf("%+v", decided)
	}
	done := must(officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: decided.Digest}))(t)
	if done.New != 3 {
		t.Errorf("%+v", done)
	}
	_, err := officer.ReadImport(ctx, i.ID, r)
	wantCode(t, err, "import.applied")

	next := must(officer.UploadImport(ctx, packing(strings.Replace(misspelt, "LAH5000001,Slate 11,Lahor", "LAH5000004,Slate 11,Lahore", 1))))(t)
	if next.New != 1 || next.Unchanged != 1 || next.LeftOut != 1 {
		t.Errorf("the next file of the layout: %+v", next)
	}
}

func TestWhatCannotBeSaidOfAWorkbook(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	i := must(officer.UploadImport(ctx, packing(packingList)))(t)
	for code, r := range map[string]takhti.Reading{
		"reading.column": {Sheets: []takhti.SheetReading{{Columns: []takhti.ColumnReading{{Column: 1, Means: "weight"}}}}},
		"reading.header": {Sheets: []takhti.SheetReading{{Header: 99}}},
		"decision.do":    {Decisions: []takhti.Decision{{Cause: "serial.twice|serial_number", Do: "accept"}}},
		"decision.cause": {Decisions: []takhti.Decision{{Do: "leave_out"}}},
	} {
		_, err := officer.ReadImport(ctx, i.ID, r)
		wantCode(t, err, code)
	}
	if _, err := w.as("kasur.officer").ImportOutline(ctx, i.ID); !takhti.IsNotFound(err) {
		t.Errorf("another district's import is looked at: %v", err)
	}
}

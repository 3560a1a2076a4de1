//go:build linux

package workbook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"go.uber.org/goleak"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// wantSameCopies makes both copies of a planned file here and in a process, and
// compares the bytes.
func wantSameCopies(t *testing.T, f File, p *Plan) {
	t.Helper()
	for _, c := range []Copy{Annotated, OnlyLeftOut} {
		var here, there bytes.Buffer
		dir := t.TempDir()
		if err := WriteCopy(t.Context(), &here, c, f, p, Limits{}, dir); err != nil {
			t.Fatal(err)
		}
		if err := WriteCopy(t.Context(), &there, c, f, p, apart("well"), dir); err != nil {
			t.Fatal(err)
		}
		if here.Len() == 0 || !bytes.Equal(here.Bytes(), there.Bytes()) {
			t.Errorf("%s of %s has %d bytes here and %d there", c, f.Name, here.Len(), there.Len())
		}
		wantFiles(t, dir, 0)
		wantNoChildren(t)
	}
}

// wantNoChildren sees that no process was left, not even a dead one.
func wantNoChildren(t *testing.T) {
	t.Helper()
	var status syscall.WaitStatus
	if pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil); err != syscall.ECHILD {
		t.Errorf("process %d was left behind: %v", pid, err)
	}
}

// everyWay is a list with problems whose cells are all that cells can be.
func everyWay(t testing.TB) File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	yes := true
	err := x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
	for i, cells := range [][]any{
		{"Serial", "Warranty End", "Price", "District", "Note", "When", "How long", "Good"},
		{"TK-1", 45000, 45999.5, "Nowhere", "<a> & \"b\"", 45000.25, 1.5, true},
		{"TK-1", 45001, 45999.5, "Lahore", "=1+1", 0.25, 2.5, false},
	} {
		err = errors.Join(err, x.SetSheetRow("Sheet1", sheet.CellName(1, i+1), &cells))
	}
	for column, format := range map[string]int{"B": 14, "F": 22, "G": 46} {
		style, styleErr := x.NewStyle(&excelize.Style{NumFmt: format})
		err = errors.Join(err, styleErr, x.SetCellStyle("Sheet1", column+"2", column+"3", style))
	}
	err = errors.Join(err, x.SetCellFormula("Sheet1", "E3", "=1+1"), x.AddComment("Sheet1", excelize.Comment{Cell: "D2", Author: "Clerk", Text: "sic"}))
	if err != nil {
		t.Fatal(err)
	}
	return saved(t, x)
}

func TestCopiesFromAProcessAreTheSame(t *testing.T) {
	w := newWorld(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	many := lines("many.csv", strings.Split(serials(5000), "\n")...)
	for name, f := range map[string]File{
		"a list": badList(t), "all cells": everyWay(t), "more sheets": mixed(t, 300), "text": many,
		"no problems": xlsx(t, []any{"Serial Number", "District"}, []any{"TK-0001", "Lahore"}),
	} {
		f.Name = name + ".xlsx"
		f, o := onDisk(t, f), lahore()
		if name == "text" {
			o.Shipment = "" // each row is left out for that
		}
		p := w.plan(f, o)
		wantSameCopies(t, f, p)
		if name == "a list" {
			once := onDisk(t, copied(t, Annotated, f, p))
			wantSameCopies(t, once, w.plan(once, lahore())) // a copy's copy
		}
	}
}

func TestRealListsAreCopiedTheSameFromAProcess(t *testing.T) {
	w := newWorld(t)
	for _, c := range schoolLists {
		f := onDisk(t, fileOf(t, realData(t, append([]string{"pk-schools"}, c.path...)...)))
		p, err := NewPlan(t.Context(), w.boss, f, Options{Kind: Places})
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		wantSameCopies(t, f, p)
	}
}

// wantNotCopied looks for the code, and that the sentence says what to do.
func wantNotCopied(t *testing.T, err error, code string) {
	t.Helper()
	var e *fleet.Error
	if !errors.As(err, &e) || e.Code != code || e.Kind != fleet.Invalid || !strings.Contains(e.Message, "the list of the problems") {
		t.Errorf("got %v, want %s", err, code)
	}
}

// When the process that makes a copy does not finish there is no copy, and each case
// has a code of its own; afterwards the next copy is made as ever.
func TestACopyThatAProcessDoesNotFinish(t *testing.T) {
	w := newWorld(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for how, want := range map[string]string{
		"crashes" + whenCopying:          "copy.crashed",
		"takes all memory" + whenCopying: "copy.over_memory",
		"takes for ever" + whenCopying:   "copy.over_time",
		"well":                           "copy.over_size",
	} {
		l := apart(how)
		if want == "copy.over_time" {
			l.Apart.Limits.Wait = time.Second
		}
		if want == "copy.over_size" {
			l.Apart.Limits.Copy = 5000
		}
		d, i := w.takenList(l)
		for _, c := range []Copy{Annotated, OnlyLeftOut} {
			_, err := d.Copy(t.Context(), w.boss, i.ID, c)
			wantNotCopied(t, err, want)
			wantFiles(t, d.dir, 1)
			wantNoChildren(t)
		}
		d.limits.Apart = apart("well").Apart
		wantCopy(t, w.boss, d, i)
	}
}

// takenList is a desk with a list of which all rows are left out.
func (w *world) takenList(l Limits) (*Desk, registry.Import) {
	w.t.Helper()
	d := NewDesk(w.t.TempDir(), l)
	f := mixed(w.t, 3000)
	i, err := d.Take(w.t.Context(), w.boss, Incoming{Name: "list.xlsx", Kind: Devices, To: "PK602"}, bytes.NewReader(bytesOf(w.t, f)))
	if err != nil {
		w.t.Fatal(err)
	}
	return d, i
}

// wantCopy makes a copy that is read late: no process waits for that, and no file
// that could be left.
func wantCopy(t *testing.T, s registry.Session, d *Desk, i registry.Import) {
	t.Helper()
	made, err := d.Copy(t.Context(), s, i.ID, Annotated)
	if err != nil {
		t.Fatal(err)
	}
	wantNoChildren(t)
	wantFiles(t, d.dir, 1)
	got, err := io.ReadAll(made)
	if err = errors.Join(err, made.Close()); err != nil || int64(len(got)) != made.Size {
		t.Errorf("%d bytes of %d, %v", len(got), made.Size, err)
	}
	if _, err := excelize.OpenReader(bytes.NewReader(got)); err != nil {
		t.Error(err)
	}
}

// Who leaves while a copy is made leaves nothing of it.
func TestACopyOfOneWhoLeft(t *testing.T) {
	w := newWorld(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	d, i := w.takenList(apart("takes for ever" + whenCopying))
	d.limits.Apart.Limits.Wait = time.Hour
	for _, c := range []Copy{Annotated, OnlyLeftOut} {
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		time.AfterFunc(500*time.Millisecond, leave)
		if _, err := d.Copy(ctx, w.boss, i.ID, c); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		wantNoChildren(t)
		wantFiles(t, d.dir, 1)
	}
	if len(d.planning) != 0 {
		t.Error("the turn was not given back")
	}
}

// What was left of copies when the program was killed goes at its next start.
func TestUnfinishedCopiesAreSwept(t *testing.T) {
	w := newWorld(t)
	d, _ := w.taken()
	if err := os.WriteFile(filepath.Join(d.dir, "copy-123"), []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, d.dir, 2)
	if err := d.Resume(t.Context(), w.boss); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, d.dir, 1)
}

//go:build linux

package readproc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// workbook is one of so many rows on each of its sheets.
func workbook(t testing.TB, rows int, sheets ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := sheet.NewWriter(&out)
	for _, name := range sheets {
		err := w.Sheet(sheet.NewSheet{Name: name})
		for i := range rows {
			err = errors.Join(err, w.Row(i+1, []sheet.Value{
				{Kind: sheet.Text, Text: fmt.Sprintf("TK-%06d", i*7919%1000003)}, {Kind: sheet.Number, Number: float64(i)}, {Kind: sheet.Text, Text: "<Takhti> 11 & more"},
			}))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// everyThird marks a cell of every third row of all sheets, and fills the sheet in
// front.
func everyThird(sheets, rows int) sheet.Marks {
	m := sheet.Marks{Author: "Checker", Heading: "Remark", Width: 256, Sheets: map[int]sheet.SheetMarks{}, Front: &sheet.Front{Name: "Problems", Widths: []int{40, 8}}}
	for i := range sheets {
		s := sheet.SheetMarks{Header: 1, Rows: map[int]sheet.RowMarks{}}
		for n := 2; n <= rows; n += 3 {
			s.Rows[n] = sheet.RowMarks{Remark: "the same in each row", Cells: []sheet.CellMark{{Column: 1, Comment: fmt.Sprintf("why, in row %d: <&> \u2028 \xff", n)}, {Column: 5}}}
		}
		m.Sheets[i] = s
	}
	for n := range min(rows, 2000) {
		m.Front.Rows = append(m.Front.Rows, []sheet.FrontCell{{Text: "why", Bold: n == 0}, {Count: n}, {Text: "there", Link: fmt.Sprint("List!A", n+1)}, {}})
	}
	return m
}

// markedHere and markedThere are what becomes of a file in this process, and in one
// to which the fault happens.
func markedHere(ctx context.Context, f *os.File, size int64, m sheet.Marks) ([]byte, error) {
	var out bytes.Buffer
	b, err := sheet.Open(f, size, sheet.Limits{})
	if err == nil {
		err = b.Mark(ctx, &out, m)
	}
	return out.Bytes(), err
}

func markedThere(ctx context.Context, p *Program, f *os.File, size int64, m sheet.Marks) ([]byte, error) {
	var out bytes.Buffer
	b, err := p.Open(ctx, f, size, sheet.Limits{})
	if err == nil {
		defer b.Close()
		err = b.Mark(ctx, &out, m)
	}
	return out.Bytes(), err
}

// wantSameCopy marks a file here and in a process, and compares the bytes.
func wantSameCopy(t *testing.T, f *os.File, size int64, m sheet.Marks) {
	t.Helper()
	here, err := markedHere(t.Context(), f, size, m)
	there, thereErr := markedThere(t.Context(), reader("none", Limits{}).ToMark(), f, size, m)
	if !reflect.DeepEqual(err, thereErr) {
		t.Errorf("%s: here %v, there %v", f.Name(), err, thereErr)
	}
	if err == nil && !bytes.Equal(here, there) {
		t.Errorf("%s: %d bytes here, %d there", f.Name(), len(here), len(there))
	}
}

func TestCopiesAreTheSameFromAProcess(t *testing.T) {
	for name, data := range map[string][]byte{
		"one row":    workbook(t, 1, "List"),
		"many rows":  workbook(t, 20_000, "List"),
		"sheets":     workbook(t, 300, "One", "Two", "Three"),
		"cut off":    workbook(t, 300, "List")[:2000],
		"no marks":   workbook(t, 2, "List"),
		"unreadable": []byte("PK\x03\x04 and no more"),
	} {
		t.Run(name, func(t *testing.T) {
			f, size := stored(t, data)
			wantSameCopy(t, f, size, everyThird(3, 20_000))
			wantSameCopy(t, f, size, sheet.Marks{})
		})
	}
}

// Every workbook of other programs' own tests is marked by a process as it is
// here, byte for byte, or refused in the same words.
func TestCorpusIsMarkedTheSameInAProcess(t *testing.T) {
	root := os.Getenv("TAKHTI_REAL_DATA")
	if root == "" {
		t.Skip("TAKHTI_REAL_DATA is not set: it names the folder of real spreadsheets, which are not part of the project")
	}
	files := 0
	err := filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err != nil || d.IsDir() || ext != ".xlsx" && ext != ".xlsm" {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		wantSameCopy(t, f, info.Size(), everyThird(3, 200))
		files++
		return nil
	})
	if err != nil || files < 250 {
		t.Errorf("%d files were marked, %v", files, err)
	}
}

// A book that was marked can be read, and marked again; one that is being read can
// be marked.
func TestABookIsReadAndMarkedInTurn(t *testing.T) {
	const rows = 20_000
	f, size := stored(t, workbook(t, rows, "List"))
	m := everyThird(1, 5000)
	want, err := markedHere(t.Context(), f, size, m)
	if err != nil {
		t.Fatal(err)
	}
	b, err := reader("none", Limits{}).ToMark().Open(t.Context(), f, size, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	n := 0
	for row, err := range b.Rows(0) {
		if n++; err != nil || row.Number != n {
			t.Fatalf("row %d is %d, %v", n, row.Number, err)
		}
		if n != 3 && n != rows/2 {
			continue
		}
		var got bytes.Buffer
		if err := b.Mark(t.Context(), &got, m); err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Fatalf("at row %d: %d bytes, want %d, %v", n, got.Len(), len(want), err)
		}
	}
	if n != rows {
		t.Errorf("%d rows", n)
	}
}

func TestATextFileIsNotMarked(t *testing.T) {
	f, size := stored(t, numbered(3))
	if _, err := markedThere(t.Context(), reader("none", Limits{}), f, size, sheet.Marks{}); err == nil || !strings.Contains(err.Error(), "text file") {
		t.Errorf("got %v", err)
	}
}

// Whatever happens to the process that marks is told apart, and never taken for the
// end of the copy.
func TestWhateverHappensToTheMarkerIsAnError(t *testing.T) {
	for fault, want := range map[string]struct {
		failure Failure
		seen    string // in the error, or in what the process said
	}{
		"fatal":     {Crashed, "unlock of unlocked mutex"},
		"killed":    {Crashed, "signal: killed"},
		"ended":     {Crashed, "exit status 0"},
		"cut off":   {Crashed, "unexpected EOF"},
		"silent":    {OverTime, "signal: killed"},
		"busy":      {OverTime, ""},
		"deaf":      {OverTime, "signal: killed"},
		"greedy":    {OverMemory, "exit status 9"},
		"garbage":   {Crashed, "makes no sense: a frame of kind 67"},
		"huge":      {Crashed, "makes no sense: a frame of kind 4 with 2147483648 bytes"},
		"no rows":   {Crashed, "makes no sense: 0 rows, blocks or bytes came of"},
		"twice":     {Crashed, "bytes came of"},
		"blank":     {Crashed, "makes no sense: a piece of 0 bytes"},
		"wrong one": {Crashed, "makes no sense: a frame of kind 1 in a pass of 4"},
	} {
		t.Run(fault, func(t *testing.T) {
			if raceDetector && want.failure == OverMemory {
				t.Skip("the race detector has its own words for want of memory")
			}
			limits := Limits{Memory: 64 << 20, Processor: time.Second, Wait: time.Minute}
			if want.seen == "signal: killed" && want.failure == OverTime {
				limits.Wait = 500 * time.Millisecond
			}
			var log bytes.Buffer
			p := reader(fault, limits)
			p.Log = slog.New(slog.NewTextHandler(&log, nil))
			f, size := stored(t, workbook(t, 3000, "List"))
			_, err := markedThere(t.Context(), p, f, size, everyThird(1, 3000))
			var e *Error
			if !errors.As(err, &e) || e.Failure != want.failure {
				t.Fatalf("got %v, want that it %s\n%s", err, want.failure, log.String())
			}
			if !strings.Contains(err.Error(), want.seen) && !strings.Contains(log.String(), want.seen) {
				t.Errorf("neither the error nor the log says %q:\n%v\n%s", want.seen, err, log.String())
			}
			wantNoChildren(t)
		})
	}
}

// A copy is not longer than it may be, whatever the process thinks.
func TestACopyThatIsTooLong(t *testing.T) {
	f, size := stored(t, workbook(t, 20_000, "List"))
	got, err := markedThere(t.Context(), reader("none", Limits{Copy: 100_000}), f, size, everyThird(1, 20_000))
	var e *Error
	if !errors.As(err, &e) || e.Failure != OverSize || len(got) > 100_000 {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	wantNoChildren(t)
}

// A workbook whose texts unpack to too much is not marked, either.
func TestAWorkbookThatUnpacksToTooMuchIsNotMarked(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector has its own words for want of memory")
	}
	f, size := stored(t, bomb(t, 60<<20))
	var e *Error
	if _, err := markedThere(t.Context(), reader("none", Limits{Memory: 40 << 20}), f, size, everyThird(1, 5)); !errors.As(err, &e) || e.Failure != OverMemory {
		t.Errorf("got %v", err)
	}
}

// fullAfter can take so many bytes and then calls.
type fullAfter struct {
	left int
	then func() error
}

func (w *fullAfter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, w.then()
	}
	return len(p), nil
}

// Who cannot take the copy, or does not want it any more, gets rid of the process.
func TestACopyThatNobodyTakesEndsTheProcess(t *testing.T) {
	f, size := stored(t, workbook(t, 20_000, "List"))
	errFull := errors.New("the disk is full")
	for want, then := range map[error]func(cancel func()) error{
		errFull:          func(func()) error { return errFull },
		context.Canceled: func(cancel func()) error { cancel(); return nil },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		b, err := reader("none", Limits{}).Open(t.Context(), f, size, sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Mark(ctx, &fullAfter{100_000, func() error { return then(cancel) }}, everyThird(1, 20_000)); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
		wantNoChildren(t) // though the book is open
		if err := b.Mark(t.Context(), io.Discard, sheet.Marks{}); !errors.Is(err, want) {
			t.Errorf("then %v, want %v", err, want)
		}
		b.Close()
	}
}

// Marks arrive as they were sent, in parts that are no longer than they may be.
func TestMarksComeOutAsTheyWentIn(t *testing.T) {
	text := rapid.StringN(0, 40, 100)
	cell := rapid.Custom(func(r *rapid.T) sheet.CellMark {
		return sheet.CellMark{Column: rapid.IntRange(1, 256).Draw(r, "column"), Comment: text.Draw(r, "comment")}
	})
	rows := rapid.MapOfN(rapid.IntRange(1, 1<<20), rapid.Custom(func(r *rapid.T) sheet.RowMarks {
		long := rapid.SampledFrom([]int{1, 1, 1, 500}).Draw(r, "times")
		return sheet.RowMarks{Remark: strings.Repeat(text.Draw(r, "remark"), long), Cells: rapid.SliceOfN(cell, 1, 4).Draw(r, "cells")}
	}), 0, 60)
	front := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(func(r *rapid.T) sheet.FrontCell {
		return sheet.FrontCell{Text: text.Draw(r, "text"), Count: rapid.Int().Draw(r, "count"), Bold: rapid.Bool().Draw(r, "bold"), Link: text.Draw(r, "link")}
	}), 1, 5), 1, 60)
	rapid.Check(t, func(r *rapid.T) {
		m := sheet.Marks{Author: text.Draw(r, "author"), Heading: text.Draw(r, "heading"), Width: 256, Sheets: map[int]sheet.SheetMarks{}}
		for i := range rapid.IntRange(0, 3).Draw(r, "sheets") {
			m.Sheets[i*2] = sheet.SheetMarks{Header: i, Column: 9 - i, Rows: rows.Draw(r, "rows")}
		}
		if rapid.Bool().Draw(r, "front") {
			m.Front = &sheet.Front{Name: text.Draw(r, "name"), Widths: []int{1, 2}, Rows: front.Draw(r, "front rows")}
		}
		got := newMarks(marksWithoutRows(m))
		ended := false
		for part := range partsOf(m) {
			size := 0
			for _, row := range part.Rows {
				size += rowSize(row.Marks)
			}
			for _, row := range part.Front {
				size += frontSize(row)
			}
			if size > usualFrame && len(part.Rows)+len(part.Front) > 1 || ended {
				r.Fatalf("a part of %d bytes in %d rows, behind the last one: %t", size, len(part.Rows)+len(part.Front), ended)
			}
			ended = got.add(&part)
		}
		if !ended || !reflect.DeepEqual(got.marks, m) {
			r.Fatalf("got %v, want %v", got.marks, m)
		}
	})
}

package readproc

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// answersOf is what a process answers about a text file.
func answersOf(tb testing.TB, file string, asks ...request) []byte {
	tb.Helper()
	var in, out bytes.Buffer
	for _, r := range asks {
		if err := json.NewEncoder(&in).Encode(r); err != nil {
			tb.Fatal(err)
		}
	}
	if err := serve(json.NewDecoder(&in), &out, opening{Size: int64(len(file))}, strings.NewReader(file)); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// Whatever comes over the pipe, it is rows and blocks as they must be, or an error.
// What it claims to hold is bounded before memory is taken for it.
func FuzzAnswers(f *testing.F) {
	f.Add(answersOf(f, "a,b\n1,2\n", request{}))
	f.Add(answersOf(f, "a;b\n\"1;\n", request{}))
	f.Add(answersOf(f, "a;b\n1;\n", request{Extent: true}))
	f.Add(answersOf(f, "\x89PNG\r\n\x1a\n"))
	f.Add([]byte{byte(frameMerges), 4, 0, 0, 0, 1, 1, 2, 2})
	f.Add([]byte{byte(frameRows), 7, 0, 0, 0, 1, 1, 1, byte(sheet.Number) | byte(sheet.Day)<<formatShift | traitDate1904, 2, '4', '2'})
	f.Fuzz(func(t *testing.T, answers []byte) {
		r := bytes.NewReader(answers)
		var rows rowDecoder
		for {
			kind, frame, err := readFrame(r, nil)
			if err != nil {
				if !errors.Is(err, errGarbled) && err != io.ErrUnexpectedEOF {
					t.Fatalf("an error without a name: %v", err)
				}
				return
			}
			if err := checkFrame(t, kind, frame, &rows); err != nil {
				return
			}
		}
	})
}

// checkFrame decodes a frame, and holds what is in it against what may be.
func checkFrame(t *testing.T, kind frameKind, frame []byte, rows *rowDecoder) error {
	switch kind {
	case frameRows:
		rows.rest = frame
		for len(rows.rest) > 0 {
			before := rows.last
			row, err := rows.next()
			if err != nil {
				return err
			}
			wantRow(t, row, before, len(frame))
		}
	case frameMerges:
		merges, err := decodeMerges(nil, frame)
		if len(merges) > len(frame)/4 {
			t.Fatalf("%d blocks in %d bytes", len(merges), len(frame))
		}
		return err
	case frameBook:
		var a bookAnswer
		if err := errors.Join(decode(frame, &a), a.check()); err != nil {
			return err
		}
		_ = a.Dialect.String()
		for _, s := range a.Sheets {
			_ = s.State.String()
		}
	case frameRefused:
		var a refusedAnswer
		if err := decode(frame, &a); err != nil {
			return err
		}
		if err := a.error(); err.Error() == "" {
			t.Fatal("a refusal without a sentence")
		}
	}
	return nil
}

func wantRow(t *testing.T, row sheet.Row, before, most int) {
	if row.Number <= before || len(row.Cells) == 0 {
		t.Fatalf("row %d behind %d with %d cells", row.Number, before, len(row.Cells))
	}
	column, text := 0, 0
	for _, c := range row.Cells {
		_, _ = c.Kind.String(), c.Format.String()
		if c.Column <= column {
			t.Fatalf("column %d behind %d", c.Column, column)
		}
		column = c.Column
		text += len(c.Text)
	}
	if text > most {
		t.Fatalf("%d bytes of text in a frame of %d", text, most)
	}
}

// Rows come out as they went in, and of rows that are cut off none is whole that
// was not.
func TestRowsComeOutAsTheyWentIn(t *testing.T) {
	cell := rapid.Custom(func(r *rapid.T) sheet.Cell {
		return sheet.Cell{
			Column: rapid.IntRange(1, 300).Draw(r, "further"), Kind: sheet.Kind(rapid.IntRange(1, 6).Draw(r, "kind")),
			Format:  sheet.Format(rapid.IntRange(1, 5).Draw(r, "format")),
			Formula: rapid.Bool().Draw(r, "formula"), Date1904: rapid.Bool().Draw(r, "1904"),
			Text: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(r, "text"),
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		var rows []sheet.Row
		var frame []byte
		var ends []int
		for i, cells := range rapid.SliceOfN(rapid.SliceOfN(cell, 1, 20), 1, 5).Draw(r, "rows") {
			for i := 1; i < len(cells); i++ {
				cells[i].Column += cells[i-1].Column
			}
			rows = append(rows, sheet.Row{Number: 1 + i*i*200, Cells: cells})
			frame = appendRow(frame, rows[i])
			ends = append(ends, len(frame))
		}
		cut := rapid.IntRange(0, len(frame)).Draw(r, "cut")
		d := rowDecoder{rest: frame[:cut]}
		for i := range rows {
			row, err := d.next()
			if whole := ends[i] <= cut; whole != (err == nil) {
				r.Fatalf("row %d of a frame cut at %d of %d: %v", i, cut, len(frame), err)
			} else if !whole {
				return
			}
			if !reflect.DeepEqual(row, rows[i]) {
				r.Fatalf("got %v, want %v", row, rows[i])
			}
		}
	})
}

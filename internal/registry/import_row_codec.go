package registry

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Rows are packed by what differs from the row before, since lists have serials
// that count up, and then deflated: a row takes one to ten bytes.
//
// Layout, version 1: the version byte; then deflated, for each row: 0 when it is
// in the sheet of the row before, else one more than the length of the sheet's
// name, and the name; the rows since the one before, as a varint; the outcome;
// how many bytes the subject shares with the one before; the length of the rest,
// and the rest. Of rows that were left out follow column, code and message, each
// with its length; all lengths are uvarints.
const rowsVersion = 1

// packedTogether is how many bytes of rows are packed into one record, which keeps
// it below [kv.MaxValue] even where nothing can be deflated.
const packedTogether = 48 << 10

// maxReason is how much of a text is kept.
const maxReason = 1 << 10

type rowPacker struct {
	deflate *flate.Writer
	buf     []byte
}

func newRowPacker() *rowPacker {
	w, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is one that is known
	}
	return &rowPacker{deflate: w}
}

// pack packs as many of the rows as go into one record.
func (p *rowPacker) pack(rows []ImportRow) (packed []byte, n int, err error) {
	p.buf = p.buf[:0]
	before := ImportRow{}
	for n < len(rows) && len(p.buf) < packedTogether {
		p.add(&before, &rows[n])
		before = rows[n]
		n++
	}
	var out bytes.Buffer
	out.WriteByte(rowsVersion)
	p.deflate.Reset(&out)
	if _, err := p.deflate.Write(p.buf); err != nil {
		return nil, 0, err
	}
	if err := p.deflate.Close(); err != nil {
		return nil, 0, err
	}
	return out.Bytes(), n, nil
}

func (p *rowPacker) add(before, row *ImportRow) {
	from := before.Row
	if row.Sheet == before.Sheet {
		p.buf = append(p.buf, 0)
	} else {
		name := cut(row.Sheet)
		p.buf = binary.AppendUvarint(p.buf, uint64(len(name))+1)
		p.buf = append(p.buf, name...)
		from = 0
	}
	p.buf = binary.AppendVarint(p.buf, int64(row.Row-from))
	p.buf = append(p.buf, byte(row.Outcome))
	shared := 0
	for shared < min(len(before.Subject), len(row.Subject), maxReason) && before.Subject[shared] == row.Subject[shared] {
		shared++
	}
	p.buf = binary.AppendUvarint(p.buf, uint64(shared))
	p.text(row.Subject[shared:])
	if row.Outcome == RowLeftOut {
		reason := RowReason{}
		if row.Reason != nil {
			reason = *row.Reason
		}
		p.text(reason.Column)
		p.text(reason.Code)
		p.text(reason.Message)
	}
}

func (p *rowPacker) text(s string) {
	s = cut(s)
	p.buf = append(binary.AppendUvarint(p.buf, uint64(len(s))), s...)
}

func cut(s string) string { return s[:min(len(s), maxReason)] }

// unpackRows reads what pack wrote.
func unpackRows(packed []byte) (rows []ImportRow, err error) {
	if len(packed) == 0 || packed[0] != rowsVersion {
		return nil, fmt.Errorf("%w: rows of an import of an unknown version", kv.ErrCorrupt)
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed[1:])), 2*kv.MaxValue))
	if err != nil {
		return nil, fmt.Errorf("%w: rows of an import: %w", kv.ErrCorrupt, err)
	}
	r := recordReader{rest: data}
	row := ImportRow{}
	for len(r.rest) > 0 && !r.bad {
		row = r.importRow(row)
		rows = append(rows, row)
	}
	if r.bad {
		return nil, fmt.Errorf("%w: rows of an import that are cut", kv.ErrCorrupt)
	}
	return rows, nil
}

// importRow reads a row that follows the one before.
func (r *recordReader) importRow(before ImportRow) ImportRow {
	row := ImportRow{Sheet: before.Sheet, Row: before.Row}
	if r.rest[0] == 0 {
		r.advance(1)
	} else {
		row.Sheet, row.Row = string(r.bytes(1)), 0
	}
	row.Row += int(r.int())
	row.Outcome = RowOutcome(min(r.uint(), math.MaxUint8))
	shared := r.uint()
	if row.Outcome < RowNew || row.Outcome > RowLeftOut || shared > uint64(len(before.Subject)) {
		r.bad = true
		return row
	}
	row.Subject = before.Subject[:shared] + string(r.bytes(0))
	if row.Outcome == RowLeftOut {
		row.Reason = &RowReason{Column: string(r.bytes(0)), Code: string(r.bytes(0)), Message: string(r.bytes(0))}
	}
	return row
}

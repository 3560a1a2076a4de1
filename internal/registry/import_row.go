package registry

import (
	"context"
	"errors"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// RowOutcome is what came of one row of an imported list.
type RowOutcome uint8

// The outcomes: every row has one.
const (
	RowNew RowOutcome = iota + 1
	RowChanged
	RowUnchanged
	RowLeftOut
)

var rowOutcomes = [...]string{"", "new", "changed", "unchanged", "left_out"}

// RowOutcomes are all outcomes.
func RowOutcomes() []RowOutcome { return []RowOutcome{RowNew, RowChanged, RowUnchanged, RowLeftOut} }

// String is the outcome's name.
func (o RowOutcome) String() string { return rowOutcomes[o] }

// ParseRowOutcome reads an outcome's name.
func ParseRowOutcome(s string) (RowOutcome, error) {
	for _, o := range RowOutcomes() {
		if o.String() == s {
			return o, nil
		}
	}
	return 0, fleet.Invalidf("import.outcome", "%q is not what can come of a row: use new, changed, unchanged or left_out", s).In("outcome")
}

// ImportRow is what came of one row of an imported list.
type ImportRow struct {
	Sheet   string
	Row     int // as the spreadsheet shows it
	Outcome RowOutcome
	Subject string     // a serial or a place's code, as far as the row says it
	Reason  *RowReason // of a row that was left out
}

// RowReason is why a row was left out.
type RowReason struct {
	Column  string // its letter; empty when the whole row is meant
	Code    string
	Message string
}

func reasonOf(err error) *RowReason {
	var e *fleet.Error
	if errors.As(err, &e) {
		return &RowReason{Code: e.Code, Message: e.Message}
	}
	return &RowReason{Message: err.Error()}
}

// ImportTally counts rows by what came of them.
type ImportTally struct{ New, Changed, Unchanged, LeftOut uint32 }

// Rows are all rows that were counted.
func (n ImportTally) Rows() uint32 { return n.New + n.Changed + n.Unchanged + n.LeftOut }

func (n *ImportTally) of(o RowOutcome) *uint32 {
	return [...]*uint32{RowNew: &n.New, RowChanged: &n.Changed, RowUnchanged: &n.Unchanged, RowLeftOut: &n.LeftOut}[o]
}

// importRows is what came of some rows of an import that follow one another.
type importRows struct {
	ID      uint64 `cbor:"1,keyasint"`
	Version uint32 `cbor:"2,keyasint"`
	Import  uint64 `cbor:"3,keyasint"`
	New     uint32 `cbor:"4,keyasint,omitempty"`
	Changed uint32 `cbor:"5,keyasint,omitempty"`
	Same    uint32 `cbor:"6,keyasint,omitempty"`
	LeftOut uint32 `cbor:"7,keyasint,omitempty"`
	Packed  []byte `cbor:"8,keyasint"`
	Undone  bool   `cbor:"9,keyasint,omitempty"` // it is what undoing the import left as it was
}

func (r *importRows) tally() ImportTally {
	return ImportTally{New: r.New, Changed: r.Changed, Unchanged: r.Same, LeftOut: r.LeftOut}
}

// keepRows stores what came of rows of an import; like says whose and which.
func (t *tx) keepRows(like importRows, rows []ImportRow) error {
	p := newRowPacker()
	for len(rows) > 0 {
		packed, n, err := p.pack(rows)
		if err != nil {
			return err
		}
		tally := tallyOf(rows[:n])
		id, err := importedRows.NextID(t.w)
		if err != nil {
			return err
		}
		rec := importRows{
			ID: id, Import: like.Import, Undone: like.Undone,
			New: tally.New, Changed: tally.Changed, Same: tally.Unchanged, LeftOut: tally.LeftOut, Packed: packed,
		}
		if err := save(t, importedRows, &rec); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func tallyOf(rows []ImportRow) (n ImportTally) {
	for i := range rows {
		*n.of(rows[i].Outcome)++
	}
	return n
}

// RowQuery picks rows of an import.
type RowQuery struct {
	Only  RowOutcome // zero: all
	After int        // how many of the import's rows to pass over, as the page before says
	Limit int
}

// ImportRows pages through what came of the rows of an import, in the order of its
// file. next is where the page after this one begins, zero when there is none.
func (s Session) ImportRows(ctx context.Context, id uint64, q RowQuery) (page []ImportRow, next int, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if _, err := visibleImport(r, s.actor, id); err != nil {
			return err
		}
		page, next, err = q.read(r, importedRows.Index("by_import").Uint(id))
		return err
	})
	return page, next, err
}

func (q RowQuery) read(r kv.Reader, key kv.Tuple) (page []ImportRow, next int, err error) {
	at := 0 // the number of the row in hand, among all of the import
	for rec, err := range importedRows.IDs(r, key, key.End()) {
		if err != nil {
			return nil, 0, err
		}
		run, _, err := importedRows.Get(r, rec)
		if err != nil {
			return nil, 0, err
		}
		tally := run.tally()
		if at += int(tally.Rows()); at <= q.After || q.Only != 0 && *tally.of(q.Only) == 0 {
			continue
		}
		rows, err := unpackRows(run.Packed)
		if err != nil {
			return nil, 0, err
		}
		for n, row := range rows {
			switch before := at - len(rows) + n; {
			case before < q.After || q.Only != 0 && row.Outcome != q.Only:
			case len(page) == q.Limit:
				return page, before, nil
			default:
				page = append(page, row)
			}
		}
	}
	return page, 0, nil
}

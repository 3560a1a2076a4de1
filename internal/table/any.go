package table

import (
	"context"
	"iter"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Any is a table whatever its record: what checking, repairing and drawing the
// whole register need.
type Any interface {
	TableName() string
	IsSealed() bool
	Schema() string
	NewAny() any
	DecodeAny(data []byte) (any, error)
	EachWritten(c RecordChange, each func(key []byte)) error
	RecordBytes(r kv.Reader, id uint64) ([]byte, error)
	EachRecord(r kv.Reader) iter.Seq2[RawRecord, error]
	Verify(r kv.Reader) iter.Seq2[Finding, error]
	VerifyLedger(r kv.Reader, changes iter.Seq2[DayChange, error]) iter.Seq2[Finding, error]
	Rebuild(ctx context.Context, store kv.Store) error
	RebuildLedger(ctx context.Context, store kv.Store, changes func(kv.Reader) iter.Seq2[DayChange, error]) error
}

var _ Any = (*Table[struct{}])(nil)

// TableName is the table's name.
func (t *Table[T]) TableName() string { return t.Name }

// IsSealed says whether the table's records hold secrets.
func (t *Table[T]) IsSealed() bool { return t.Sealed }

// NewAny is a pointer to a zero record.
func (t *Table[T]) NewAny() any { return new(T) }

// DecodeAny is Decode, with a pointer to the record.
func (t *Table[T]) DecodeAny(data []byte) (any, error) {
	rec, err := t.Decode(data)
	return &rec, err
}

package registry

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// Verify proves the register from its records: every index entry, counter and
// daily ledger is worked out anew, the journal's tree is built anew from its
// entries, every record is compared with what the journal last said of it, and
// places and shipments are checked against the devices. It calls found for every
// difference, and each stage as it begins.
func (r *Register) Verify(ctx context.Context, stage func(string), found func(table.Finding)) error {
	return r.view(ctx, func(rd kv.Reader) error {
		v := verification{r: rd, newest: map[recordID]uint64{}, erased: erasures{}}
		for _, tbl := range tables {
			stage("indexes and counters of " + tbl.TableName())
			if err := report(ctx, tbl.Verify(rd), found); err != nil {
				return err
			}
		}
		stage("journal")
		if err := report(ctx, v.journal(), found); err != nil {
			return err
		}
		for _, tbl := range tables {
			stage("ledgers and history of " + tbl.TableName())
			if err := report(ctx, tbl.VerifyLedger(rd, journalChanges(rd, tbl)), found); err != nil {
				return err
			}
			if err := report(ctx, v.records(tbl), found); err != nil {
				return err
			}
		}
		stage("shipments and places")
		return report(ctx, v.relations(), found)
	})
}

type findings = iter.Seq2[table.Finding, error]

func report(ctx context.Context, all findings, found func(table.Finding)) error {
	for f, err := range all {
		if err != nil {
			return err
		}
		found(f)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return ctx.Err()
}

type recordID struct{ table, id uint64 }

type verification struct {
	r      kv.Reader
	newest map[recordID]uint64 // the newest entry of each record that still is
	named  uint64              // entries that are of a record
	erased erasures
}

// records compares every record with what the journal last said of it.
func (v *verification) records(tbl table.Any) findings {
	code := tableCode(tbl.TableName())
	return func(yield func(table.Finding, error) bool) {
		for raw, err := range tbl.EachRecord(v.r) {
			if err != nil {
				yield(table.Finding{}, err)
				return
			}
			id := recordID{code, raw.ID}
			seq := v.newest[id]
			delete(v.newest, id)
			what, err := v.differs(tbl, raw, seq)
			if err != nil || what != "" {
				if !yield(finding(tbl.TableName(), raw.ID, "differs from the journal", what), err) || err != nil {
					return
				}
			}
		}
		for id, seq := range v.newest {
			if id.table != code {
				continue
			}
			e, err := entryAt(v.r, seq)
			if err != nil || e.After != nil {
				if !yield(finding(tbl.TableName(), id.id, "is gone", "the journal has it, the register does not"), err) || err != nil {
					return
				}
			}
		}
	}
}

func (v *verification) differs(tbl table.Any, raw table.RawRecord, seq uint64) (string, error) {
	if seq == 0 {
		return "no journal entry tells of it", nil
	}
	e, err := entryAt(v.r, seq)
	if err != nil {
		return "", err
	}
	want := raw.Data
	if tbl.IsSealed() {
		want = sealed(want)
	}
	if !bytes.Equal(want, e.After) {
		return fmt.Sprintf("entry %d says something else of it", seq), nil
	}
	return "", nil
}

func finding(tbl string, id uint64, what, detail string) table.Finding {
	return table.Finding{Table: tbl, Key: fmt.Sprintf("%s %d", tbl, id), What: what, Detail: detail}
}

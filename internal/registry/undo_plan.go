package registry

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sort"

	"github.com/takhti-edu/takhti/internal/kv"
)

// UndoRecord is a record that an import made or changed.
type UndoRecord struct {
	table, id   uint64
	first, last uint64 // the import's journal entries of it
}

// UndoPlan is what undoing an import would do: shown first, then done. The digest
// tells whether what is done is what was shown.
type UndoPlan struct {
	Digest []byte
	UndoTally
	Kept    []ImportRow // what stays, and why; the subject says what it is
	Records []UndoRecord
}

// UndoPlan works out what undoing an import would do, by doing it on an overlay that
// is then dropped.
func (s Session) UndoPlan(ctx context.Context, id uint64) (p UndoPlan, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		t, err := begin(kv.NewOverlay(r), s.actor, "", s.reg.now().UTC())
		if err != nil {
			return err
		}
		i, err := t.importToUndo(id)
		if err != nil {
			return err
		}
		if p.Records, err = recordsToUndo(ctx, r, i.Marks); err != nil {
			return err
		}
		u, err := t.undoing(&i)
		if err != nil {
			return err
		}
		digest := sha256.New()
		for _, rec := range p.Records[i.Undo.Records:] {
			if err := ctx.Err(); err != nil {
				return err
			}
			before := len(u.kept)
			tally := u.tally
			if err := u.undo(rec); err != nil {
				return err
			}
			sign(digest, rec, tally, u.tally, u.kept[before:])
		}
		p.UndoTally, p.Kept, p.Digest = u.tally, u.kept, digest.Sum(nil)
		return nil
	})
	return p, err
}

// sign adds to the digest what undoing a record does.
func sign(h hash.Hash, r UndoRecord, before, after UndoTally, kept []ImportRow) {
	buf := binary.AppendUvarint(nil, r.table)
	for _, n := range []uint64{r.id, r.last, uint64(after.Deleted - before.Deleted), uint64(after.Restored - before.Restored), uint64(len(kept))} {
		buf = binary.AppendUvarint(buf, n)
	}
	for _, k := range kept {
		buf = append(append(buf, k.Reason.Code...), 0)
	}
	h.Write(buf) // it never fails
}

// recordsToUndo lists the records that the parts of an import made or changed, the
// last made first, so that nothing is taken away below something else.
func recordsToUndo(ctx context.Context, r kv.Reader, marks []ImportMark) ([]UndoRecord, error) {
	at := map[recordID]int{}
	var all []UndoRecord
	for _, m := range marks {
		if m.First == 0 {
			continue
		}
		for e, err := range entries(r, m.First) {
			if err != nil {
				return nil, err
			}
			if e.Seq > m.Last {
				break
			}
			id := recordID{e.Table, e.ID}
			if n, known := at[id]; known {
				all[n].last = e.Seq
				continue
			}
			at[id] = len(all)
			all = append(all, UndoRecord{table: e.Table, id: e.ID, first: e.Seq, last: e.Seq})
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].first > all[j].first })
	return all, nil
}

// UndoKept pages through what undoing an import left as it was, with the reasons, as
// [Session.ImportRows] does.
func (s Session) UndoKept(ctx context.Context, id uint64, q RowQuery) (page []ImportRow, next int, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if _, err := visibleImport(r, s.actor, id); err != nil {
			return err
		}
		page, next, err = q.read(r, importedRows.Index("kept_by_undo").Uint(id))
		return err
	})
	return page, next, err
}

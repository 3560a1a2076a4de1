package registry

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/table"
)

// untouched refuses a record that something later than the import changed. What
// another import changed and its undoing put back does not count, so that imports can
// be undone one after the other, the last first; nor does a move of the place that the
// record belongs to.
func (u *undoing) untouched(r UndoRecord) error {
	var standing []Entry
	prefix := subjectKey(r.table, r.id)
	for pair, err := range u.w.Scan(prefix.Clone().Uint(r.last+1), prefix.Clone().Uint(u.began+1)) {
		if err != nil {
			return err
		}
		e, err := entryAt(u.w, subjectSeq(pair.Key))
		if err != nil {
			return err
		}
		if moved, err := isMove(e); err != nil {
			return err
		} else if moved {
			continue
		}
		from, err := u.takenBack(e, standing)
		if err != nil {
			return err
		}
		if from < 0 {
			standing = append(standing, e)
		} else {
			standing = standing[:from]
		}
	}
	if len(standing) > 0 {
		return laterEntry(standing[0])
	}
	return nil
}

// takenBack is with which of the entries before it those begin that an entry put back,
// as it undid their import; -1 when it did not.
func (u *undoing) takenBack(e Entry, before []Entry) (int, error) {
	ref, isUndo := strings.CutPrefix(e.Request, "undo ")
	ref, _, _ = strings.Cut(ref, " ")
	id, err := strconv.ParseUint(ref, 10, 64)
	if !isUndo || e.Change != (UndoPart{}).Name() || err != nil {
		return -1, nil
	}
	i, _, err := imports.Get(u.w, id)
	return slices.IndexFunc(before, func(e Entry) bool { return i.made(e.Seq) }), err
}

// made says whether a journal entry is of the import.
func (i *Import) made(seq uint64) bool {
	return slices.ContainsFunc(i.Marks, func(m ImportMark) bool { return m.First <= seq && seq <= m.Last })
}

// isMove says whether a record did nothing but follow the places that it belongs to.
func isMove(e Entry) (bool, error) {
	switch tables[e.Table-1] {
	case devices:
		return followed(devices, e, func(d *fleet.Device) []*fleet.Path { return []*fleet.Path{&d.Place, &d.From} })
	case places:
		return followed(places, e, func(p *fleet.Place) []*fleet.Path {
			p.Path = p.Path.Parent() // its own end stays
			return []*fleet.Path{&p.Path}
		})
	case targets:
		return followed(targets, e, func(t *fleet.Target) []*fleet.Path { return []*fleet.Path{&t.Place} })
	case stockTakes:
		return followed(stockTakes, e, func(s *fleet.StockTake) []*fleet.Path { return []*fleet.Path{&s.Place} })
	}
	return false, nil
}

// followed says whether a record was changed in nothing but the ways to the places at
// the ends of its paths.
func followed[T any](tbl *table.Table[T], e Entry, paths func(*T) []*fleet.Path) (bool, error) {
	if e.Before == nil || e.After == nil {
		return false, nil
	}
	before, err := tbl.Decode(e.Before)
	if err != nil {
		return false, err
	}
	after, err := tbl.Decode(e.After)
	if err != nil {
		return false, err
	}
	was := paths(&before)
	for n, now := range paths(&after) {
		if now.ID() != was[n].ID() {
			return false, nil
		}
		*now = *was[n]
	}
	*tbl.Version(&after) = *tbl.Version(&before)
	return reflect.DeepEqual(before, after), nil
}

// happened words what a later change was, where its name does not do.
var happened = map[string]string{
	"receive_device": "it was received", "close_shipment": "its shipment was closed", "report_fault": "a fault of it was reported",
	"dispatch_device": "it was sent on", "assign_device": "it was handed out", "retire_device": "it was retired",
	"save_place": "it was changed", "correct_device": "it was changed", "set_target": "it was set anew", "record_stock_take": "it was counted anew",
}

func laterEntry(e Entry) error {
	day := fleet.DateOf(e.Time)
	if ref, isImport := strings.CutPrefix(e.Request, "import "); isImport {
		ref, _, _ = strings.Cut(ref, " ")
		return fleet.Conflictf("undo.later_import", "it was changed by import I-%s on %s", ref, day)
	}
	what, known := happened[e.Change]
	if !known {
		what = "it was changed (" + strings.ReplaceAll(e.Change, "_", " ") + ")"
	}
	return fleet.Conflictf("undo.later", "%s by %s on %s", what, e.Actor, day)
}

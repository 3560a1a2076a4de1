package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// maxNames bounds how many names are kept.
const maxNames = 16_384

// nameKey is a record that others refer to by its number.
type nameKey struct {
	table table.Any
	id    uint64
}

// names reads the records that others refer to by number (places, models and
// shipments) within one transaction. Nearly every answer needs some to say what
// it is about. They may be newer than the transaction, and nobody may change
// what they hold.
type names struct {
	r     kv.Reader
	kept  *kept[nameKey, any]
	round uint64
}

// viewNamed reads on one snapshot, with the names of things at hand.
func (r *Register) viewNamed(ctx context.Context, fn func(kv.Reader, names) error) error {
	n := names{kept: &r.names, round: r.names.now()}
	return r.view(ctx, func(kr kv.Reader) error {
		n.r = kr
		return fn(kr, n)
	})
}

// named reads one record, which is zero when there is none.
func named[T any](n names, tbl *table.Table[T], id uint64) (rec T, err error) {
	key := nameKey{tbl, id}
	if found, ok, _ := n.kept.get(key); ok {
		return found.(T), nil
	}
	rec, ok, err := tbl.Get(n.r, id)
	if err == nil && !ok {
		rec, ok, err = lastKnown(n.r, tbl, id)
	}
	if ok {
		n.kept.put(key, rec, n.round)
	}
	return rec, err
}

// lastKnown is a record that was deleted, as it was: counts as of an earlier day
// still name it.
func lastKnown[T any](r kv.Reader, tbl *table.Table[T], id uint64) (rec T, ok bool, err error) {
	for e, err := range subjectEntries(r, tbl, id) {
		if err != nil {
			return rec, false, err
		}
		if e.After == nil && e.Before != nil {
			rec, err = tbl.Decode(e.Before)
			return rec, err == nil, err
		}
	}
	return rec, false, nil
}

// place reads the place at a path; ok is false when there is none.
func (n names) place(at fleet.Path) (p fleet.Place, ok bool, err error) {
	p, err = named(n, places, uint64(at.ID()))
	if err == nil && p.Path != at { // it was moved there in the transaction's future or past
		p, _, err = places.Get(n.r, uint64(at.ID()))
	}
	return p, err == nil && p.Path == at, err
}

// isNamed says whether a table's records are such as names reads.
func isNamed(tbl table.Any) bool { return tbl == places || tbl == models || tbl == shipments }

package registry

import (
	"iter"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// anyOf says whether there is any.
func anyOf(ids iter.Seq2[uint64, error]) (bool, error) {
	for _, err := range ids {
		return err == nil, err
	}
	return false, nil
}

// recordsAt reads the records that an index has under the key, in its order. It is
// for keys with few of them: all are kept.
func recordsAt[T any](r kv.Reader, tbl *table.Table[T], key kv.Tuple) (all []T, err error) {
	for id, err := range tbl.IDs(r, key, key.End()) {
		if err != nil {
			return nil, err
		}
		rec, _, err := tbl.Get(r, id)
		if err != nil {
			return nil, err
		}
		all = append(all, rec)
	}
	return all, nil
}

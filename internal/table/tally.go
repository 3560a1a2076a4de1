package table

import (
	"fmt"
	"maps"
	"slices"

	"github.com/takhti-edu/takhti/internal/kv"
)

// tally is a set of counters in memory, by key.
type tally map[string]*int64

func (c tally) add(key []byte, n int64) {
	if sum := c[string(key)]; sum != nil {
		*sum += n
		return
	}
	c[string(key)] = &n
}

// compare reports where the counters stored under the prefixes are not those of
// the tally, which it uses up. source says what the tally was made from.
func (c tally) compare(r kv.Reader, table string, prefixes []kv.Tuple, source string, report reporter) error {
	for _, prefix := range prefixes {
		for p, err := range r.Scan(prefix, prefix.End()) {
			if err == nil {
				err = c.compareOne(p, table, source, report)
			}
			if err != nil {
				return err
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c)) {
		if n := *c[key]; n != 0 {
			f := Finding{Table: table, Key: printable([]byte(key)), What: isMissing, Detail: fmt.Sprintf("the %s come to %d", source, n)}
			if err := report(f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c tally) compareOne(p kv.Pair, table, source string, report reporter) error {
	var want int64
	if sum := c[string(p.Key)]; sum != nil {
		want = *sum
		delete(c, string(p.Key))
	}
	f := Finding{Table: table, Key: printable(p.Key)}
	got, err := kv.Count(p.Val)
	switch {
	case err != nil:
		f.What, f.Detail = isUnreadable, err.Error()
	case got != want:
		f.What, f.Detail = isWrong, fmt.Sprintf("it says %d, the %s come to %d", got, source, want)
	default:
		return nil
	}
	return report(f)
}

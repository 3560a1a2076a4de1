package table

import (
	"fmt"
	"sync"

	"github.com/takhti-edu/takhti/internal/kv"
)

const (
	seqName     = "seq"
	dailySuffix = ".daily"
	keyRoom     = 192 // bytes that a key may grow to without a new allocation
)

// layout is what a table works out from its declaration, once.
type layout[T any] struct {
	once    sync.Once
	pool    sync.Pool // of *scratch[T]
	seq     kv.Tuple
	records kv.Tuple
	indexes []kv.Tuple // as Table.Indexes
	counts  []kv.Tuple // as Table.Counts
	ledgers []kv.Tuple // as Table.Counts, nil where not daily
}

func (t *Table[T]) layout() *layout[T] {
	t.made.once.Do(t.makeLayout)
	return &t.made
}

func (t *Table[T]) makeLayout() {
	m := &t.made
	m.pool.New = func() any { return newScratch[T]() }
	m.seq = kv.Key(seqName).Str(t.Name)
	m.records = kv.Key(t.Name)
	for _, x := range t.Indexes {
		m.indexes = append(m.indexes, kv.Key(t.Name+"."+x.Name))
	}
	for _, c := range t.Counts {
		name := t.Name + "." + c.Name
		m.counts = append(m.counts, kv.Key(name))
		var ledger kv.Tuple
		if c.Daily {
			if t.Sealed {
				panic(fmt.Sprintf("table: %s is sealed, so no journal could prove the ledger of %s", t.Name, c.Name))
			}
			ledger = kv.Key(name + dailySuffix)
		}
		m.ledgers = append(m.ledgers, ledger)
	}
}

// Index is the common prefix of an index's entries, with room to append. It
// panics on a name that the table does not declare.
func (t *Table[T]) Index(name string) kv.Tuple {
	for i := range t.Indexes {
		if t.Indexes[i].Name == name {
			return roomy(t.layout().indexes[i])
		}
	}
	panic(fmt.Sprintf("table: %s has no index %q", t.Name, name))
}

// Count is the common prefix of a count's counters, with room to append. It
// panics on a name that the table does not declare.
func (t *Table[T]) Count(name string) kv.Tuple { return roomy(t.layout().counts[t.countNamed(name)]) }

// Ledger is the common prefix of a daily count's ledger, with room to append.
// It panics when the table declares no such count, or not a daily one.
func (t *Table[T]) Ledger(name string) kv.Tuple {
	ledger := t.layout().ledgers[t.countNamed(name)]
	if ledger == nil {
		panic(fmt.Sprintf("table: %s counts %q, but not daily", t.Name, name))
	}
	return roomy(ledger)
}

func (t *Table[T]) countNamed(name string) int {
	for i := range t.Counts {
		if t.Counts[i].Name == name {
			return i
		}
	}
	panic(fmt.Sprintf("table: %s has no count %q", t.Name, name))
}

// roomy copies a prefix into memory that has room for the usual parts.
func roomy(prefix kv.Tuple) kv.Tuple {
	return append(make(kv.Tuple, 0, len(prefix)+64), prefix...)
}

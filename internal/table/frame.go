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

// frame is a table without the type of its records: its keys, and all that is
// done with them. It is compiled once, where a method of Table is compiled anew
// for each type; what must look into a record is asked of kind.
type frame struct {
	kind    kind
	name    string
	sealed  bool
	seq     kv.Tuple
	records kv.Tuple
	indexes []indexFrame // as Table.Indexes
	counts  []countFrame // as Table.Counts
	pool    sync.Pool    // of *scratch
}

type indexFrame struct {
	name, parts string
	unique      bool
	prefix      kv.Tuple
}

type countFrame struct {
	name, scope, dims string
	prefix            kv.Tuple
	ledger            kv.Tuple // nil where not daily
}

// kind looks into records. Each rec is a pointer to the table's own type.
type kind interface {
	blank() any
	clear(rec any)
	id(rec any) uint64
	version(rec any) *uint32
	encode(buf []byte, rec any) ([]byte, error)
	decode(data []byte, rec any) error // overwrites rec
	entries(index int, rec any, key kv.Tuple, emit func(kv.Tuple))
	counted(count int, rec any, emit func(scope, dims kv.Tuple))
}

func (t *Table[T]) blank() any              { return new(T) }
func (t *Table[T]) clear(rec any)           { var zero T; *rec.(*T) = zero }
func (t *Table[T]) id(rec any) uint64       { return t.Key(rec.(*T)) }
func (t *Table[T]) version(rec any) *uint32 { return t.Version(rec.(*T)) }
func (t *Table[T]) counted(i int, rec any, emit func(scope, dims kv.Tuple)) {
	t.Counts[i].Of(rec.(*T), emit)
}

func (t *Table[T]) entries(i int, rec any, key kv.Tuple, emit func(kv.Tuple)) {
	t.Indexes[i].Of(rec.(*T), key, emit)
}

func (t *Table[T]) encode(buf []byte, rec any) ([]byte, error) {
	return t.Codec.Append(buf, rec.(*T))
}

func (t *Table[T]) decode(data []byte, rec any) error {
	t.clear(rec)
	return t.Codec.Decode(data, rec.(*T))
}

// frame is worked out from the declaration, once.
func (t *Table[T]) frame() *frame {
	t.once.Do(func() {
		t.made.begin(t, t.Name, t.Sealed)
		for _, x := range t.Indexes {
			t.made.addIndex(x.Name, x.Parts, x.Unique)
		}
		for _, c := range t.Counts {
			t.made.addCount(c.Name, c.Scope, c.Dims, c.Daily)
		}
	})
	return &t.made
}

func (f *frame) begin(k kind, name string, sealed bool) {
	f.kind, f.name, f.sealed, f.seq, f.records = k, name, sealed, kv.Key(seqName).Str(name), kv.Key(name)
	f.pool.New = func() any { return newScratch(k.blank()) }
}

func (f *frame) addIndex(name, parts string, unique bool) {
	f.indexes = append(f.indexes, indexFrame{name, parts, unique, kv.Key(f.name + "." + name)})
}

func (f *frame) addCount(name, scope, dims string, daily bool) {
	full := f.name + "." + name
	c := countFrame{name: name, scope: scope, dims: dims, prefix: kv.Key(full)}
	if daily {
		if f.sealed {
			panic(fmt.Sprintf("table: %s is sealed, so no journal could prove the ledger of %s", f.name, name))
		}
		c.ledger = kv.Key(full + dailySuffix)
	}
	f.counts = append(f.counts, c)
}

// Index is the common prefix of an index's entries, with room to append. It
// panics on a name that the table does not declare.
func (t *Table[T]) Index(name string) kv.Tuple { return roomy(t.frame().indexNamed(name).prefix) }

func (f *frame) indexNamed(name string) *indexFrame {
	for i := range f.indexes {
		if f.indexes[i].name == name {
			return &f.indexes[i]
		}
	}
	panic(fmt.Sprintf("table: %s has no index %q", f.name, name))
}

// Count is the common prefix of a count's counters, with room to append. It
// panics on a name that the table does not declare.
func (t *Table[T]) Count(name string) kv.Tuple { return roomy(t.frame().countNamed(name).prefix) }

// Ledger is the common prefix of a daily count's ledger, with room to append.
// It panics when the table declares no such count, or not a daily one.
func (t *Table[T]) Ledger(name string) kv.Tuple {
	ledger := t.frame().countNamed(name).ledger
	if ledger == nil {
		panic(fmt.Sprintf("table: %s counts %q, but not daily", t.Name, name))
	}
	return roomy(ledger)
}

func (f *frame) countNamed(name string) *countFrame {
	for i := range f.counts {
		if f.counts[i].name == name {
			return &f.counts[i]
		}
	}
	panic(fmt.Sprintf("table: %s has no count %q", f.name, name))
}

// roomy copies a prefix into memory that has room for the usual parts.
func roomy(prefix kv.Tuple) kv.Tuple {
	return append(make(kv.Tuple, 0, len(prefix)+64), prefix...)
}

package registry

import (
	"fmt"
	"reflect"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Fact is one fact of a record as an entry has it: before and after its change, for
// people.
type Fact struct{ Name, Before, After string }

// Facts are the facts that the entry's change altered; none for an act, and for a
// record of which the journal keeps a digest only. Places are worded by place.
func (e *Entry) Facts(place func(fleet.Path) string) ([]Fact, error) {
	if e.Table == 0 || e.Table > uint64(len(tables)) || tables[e.Table-1].IsSealed() {
		return nil, nil
	}
	before, err := e.record(e.Before)
	if err != nil {
		return nil, err
	}
	after, err := e.record(e.After)
	if err != nil {
		return nil, err
	}
	kind := after.Type()
	var facts []Fact
	for i := range kind.NumField() {
		f := Fact{kind.Field(i).Name, shown(before.Field(i), place), shown(after.Field(i), place)}
		if f.Before != f.After && f.Name != "Version" {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

// Record names the kind of record that the entry is of; empty for an act.
func (e *Entry) Record() string {
	if e.Table == 0 || e.Table > uint64(len(tables)) {
		return ""
	}
	return tables[e.Table-1].TableName()
}

// Sealed says whether the journal keeps but a digest of what the entry changed.
func (e *Entry) Sealed() bool { return e.Record() != "" && tables[e.Table-1].IsSealed() }

// record decodes one side of a change; the zero record where there is none.
func (e *Entry) record(data []byte) (reflect.Value, error) {
	tbl := tables[e.Table-1]
	if data == nil {
		return reflect.ValueOf(tbl.NewAny()).Elem(), nil
	}
	rec, err := tbl.DecodeAny(data)
	return reflect.ValueOf(rec).Elem(), err
}

// shown words one value; empty for a zero one.
func shown(v reflect.Value, place func(fleet.Path) string) string {
	if v.IsZero() {
		return ""
	}
	switch x := v.Interface().(type) {
	case fleet.Path:
		return place(x)
	case time.Time:
		return x.UTC().Format(time.DateTime)
	case []byte:
		return fmt.Sprintf("%x", x)
	default:
		return clip(fmt.Sprintf("%+v", x))
	}
}

package api

import (
	"fmt"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// words are the values of the client's string types, taken from the nouns' own
// vocabularies, so that the document, the checks and the nouns cannot differ.
var words = map[reflect.Type][]any{
	reflect.TypeFor[takhti.PlaceKind]():     names(fleet.PlaceKinds()),
	reflect.TypeFor[takhti.PlaceState]():    names(fleet.PlaceStates()),
	reflect.TypeFor[takhti.Known]():         names([]fleet.Known{fleet.No, fleet.Yes}),
	reflect.TypeFor[takhti.Status]():        names(fleet.Statuses()),
	reflect.TypeFor[takhti.Condition]():     names(fleet.Conditions()),
	reflect.TypeFor[takhti.Arrival]():       names(fleet.Arrivals()),
	reflect.TypeFor[takhti.HolderKind]():    names(fleet.HolderKinds()),
	reflect.TypeFor[takhti.ShipmentState](): names(fleet.ShipmentStates()),
	reflect.TypeFor[takhti.FaultCategory](): names(fleet.FaultCategories()),
	reflect.TypeFor[takhti.Severity]():      names(fleet.Severities()),
	reflect.TypeFor[takhti.FaultState]():    names(fleet.FaultStates()),
	reflect.TypeFor[takhti.Route]():         names(fleet.Routes()),
	reflect.TypeFor[takhti.Outcome]():       names(fleet.Outcomes()),
	reflect.TypeFor[takhti.Role]():          names(fleet.Roles()),
	reflect.TypeFor[takhti.ImportState]():   names(registry.ImportStates()),
	reflect.TypeFor[takhti.RowOutcome]():    names(registry.RowOutcomes()),
	reflect.TypeFor[takhti.ImportPhase]():   names(workbook.Phases()),
	reflect.TypeFor[takhti.ImportKind]():    importKinds(),
	reflect.TypeFor[takhti.ImportCopy]():    {string(takhti.AnnotatedCopy), string(takhti.LeftOutCopy)},
	reflect.TypeFor[takhti.ExportKind]():    names(workbook.ExportKinds()),
	reflect.TypeFor[takhti.ExportFormat]():  {string(takhti.XLSX), string(takhti.CSV)},
	reflect.TypeFor[takhti.Step]():          {string(takhti.ByDay), string(takhti.ByWeek), string(takhti.ByMonth)},
}

// importKinds are what lists are called by those who send them in.
func importKinds() []any {
	list := make([]any, 0, len(workbook.ImportKinds()))
	for _, k := range workbook.ImportKinds() {
		list = append(list, k.Lists())
	}
	return list
}

func names[E fmt.Stringer](values []E) []any {
	list := make([]any, 0, len(values))
	for _, v := range values {
		list = append(list, v.String())
	}
	return list
}

// word is how the document describes a T: one of the words.
type word[T any] struct{}

// Schema implements [huma.SchemaProvider].
func (word[T]) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: words[reflect.TypeFor[T]()]}
}

// day is how the document describes a date.
type day struct{}

// Schema implements [huma.SchemaProvider].
func (day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2026-06-30"}}
}

// useVocabulary makes the document describe the client's string types.
func useVocabulary(r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[takhti.Date](), reflect.TypeFor[day]())
	alias[takhti.PlaceKind](r)
	alias[takhti.PlaceState](r)
	alias[takhti.Known](r)
	alias[takhti.Status](r)
	alias[takhti.Condition](r)
	alias[takhti.Arrival](r)
	alias[takhti.HolderKind](r)
	alias[takhti.ShipmentState](r)
	alias[takhti.FaultCategory](r)
	alias[takhti.Severity](r)
	alias[takhti.FaultState](r)
	alias[takhti.Route](r)
	alias[takhti.Outcome](r)
	alias[takhti.Role](r)
	alias[takhti.ImportCopy](r)
	alias[takhti.ImportState](r)
	alias[takhti.ImportPhase](r)
	alias[takhti.RowOutcome](r)
	alias[takhti.ImportKind](r)
	alias[takhti.ExportKind](r)
	alias[takhti.ExportFormat](r)
	alias[takhti.Step](r)
}

func alias[T any](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[word[T]]())
}

// read finds the value of a word that may be left out.
func read[E ~uint8, W ~string](w W, parse func(string) (E, error)) (E, error) {
	if w == "" {
		return 0, nil
	}
	return parse(string(w))
}

// dateOr reads a date that may be left out.
func dateOr(d takhti.Date, usual fleet.Date) (fleet.Date, error) {
	if d == "" {
		return usual, nil
	}
	return fleet.ParseDate(string(d))
}

func dateOf(d fleet.Date) takhti.Date { return takhti.Date(d.String()) }

// moment is a time as answers show it: in UTC.
func moment(unix int64) time.Time { return time.Unix(unix, 0).UTC() }

// momentOr is a time that there may not be yet.
func momentOr(unix int64) *time.Time {
	if unix == 0 {
		return nil
	}
	t := moment(unix)
	return &t
}

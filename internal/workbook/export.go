package workbook

import (
	"context"
	"io"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Format is how an export is written.
type Format uint8

// The formats.
const (
	XLSX Format = iota + 1
	CSV
)

// String is the format's name, which is also the ending of its files.
func (f Format) String() string {
	if f == CSV {
		return "csv"
	}
	return "xlsx"
}

// ParseFormat reads a format's name.
func ParseFormat(s string) (Format, error) {
	switch s {
	case "xlsx":
		return XLSX, nil
	case "csv":
		return CSV, nil
	}
	return 0, fleet.Invalidf("workbook.format", "%q is not a format: use xlsx or csv", s).In("format")
}

// ContentType is the format's media type.
func (f Format) ContentType() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// Filter says what an export holds. The zero filter means all that the actor sees.
type Filter struct {
	Place fleet.Path // and everything below it

	// Devices only.
	Status    fleet.Status
	Condition fleet.Condition
	Model     fleet.ModelID
	Shipment  fleet.ShipmentID
	Text      string

	// Faults only.
	Open     bool
	State    fleet.FaultState
	Category fleet.FaultCategory
}

// ExportOptions say what to write, and how.
type ExportOptions struct {
	Kind     Kind
	Format   Format
	Filter   Filter
	TempDir  string         // where workbooks are put together; the system's folder
	Progress func(rows int) // called now and then; may be nil
}

// ExportKinds are the kinds of list that can be exported: devices in use as hand-outs,
// too. A list of updates is an export of devices.
func ExportKinds() []Kind { return []Kind{Places, Devices, Faults, Handouts, Models, Targets} }

// Export writes the records of a kind that the actor sees to w and tells
// how many. It reads in many short transactions, so it shows each record as it
// was at some moment while the export was running. The journal has that it began.
func Export(ctx context.Context, s registry.Session, w io.Writer, o ExportOptions) (rows int, err error) {
	if !slices.Contains(ExportKinds(), o.Kind) {
		return 0, fleet.Invalidf("workbook.kind", "say what to export: places, devices, faults, handouts, models or targets").In("kind")
	}
	out, err := newSheetWriter(w, tables[o.Kind].columns, o)
	if err != nil {
		return 0, err
	}
	s.Witness(registry.Act{Kind: registry.Exported, Subject: o.Kind.String(), Note: o.Format.String(), Place: o.Filter.Place})
	e := &exporter{ctx: ctx, session: s, out: out, options: o, names: newPlaceNames(ctx, s)}
	if err := e.run(); err != nil {
		out.abandon()
		return e.rows, err
	}
	return e.rows, out.finish()
}

// sheetWriter writes one table of rows.
type sheetWriter interface {
	row(cells []value) error // in the order of the table's columns
	finish() error
	abandon() // leave nothing behind; nothing of use was written
}

func newSheetWriter(w io.Writer, columns []column, o ExportOptions) (sheetWriter, error) {
	if o.Format == CSV {
		return newCSVWriter(w, columns)
	}
	return newXLSXWriter(w, columns, o.Kind.String(), o.TempDir)
}

// value is what a cell shows: a text or, in columns of other forms, a number.
type value struct {
	text   string
	number float64
	filled bool // number is meant
}

func text(s string) value { return value{text: shown(s)} }

func count(n uint32) value { return value{number: float64(n), filled: n != 0} }

func date(d fleet.Date) value { return value{number: float64(d), filled: d != 0} }

func money(r fleet.Rupees) value { return value{number: float64(r), filled: r != 0} }

func degrees(x float64) value { return value{number: x, filled: x != 0} }

// exporter walks the records of one export.
type exporter struct {
	ctx     context.Context
	session registry.Session
	out     sheetWriter
	options ExportOptions
	names   *placeNames
	rows    int

	models    map[fleet.ModelID]string
	shipments map[fleet.ShipmentID]string
}

// exportPage is how many records one transaction reads.
const exportPage = 1000

func (e *exporter) run() error {
	if e.options.Kind == Models {
		return e.modelLines()
	}
	each := map[Kind]func(fleet.Path) error{Places: e.places, Devices: e.devices, Faults: e.faults, Handouts: e.devices, Targets: e.targets}[e.options.Kind]
	if err := e.labels(); err != nil {
		return err
	}
	scopes, err := e.scopes()
	if err != nil {
		return err
	}
	for _, scope := range scopes {
		if err := each(scope); err != nil {
			return err
		}
	}
	return nil
}

// scopes are the places to export from: the one asked for, or the highest ones
// that the actor sees.
func (e *exporter) scopes() ([]fleet.Path, error) {
	if e.options.Filter.Place != "" {
		return []fleet.Path{e.options.Filter.Place}, nil
	}
	scopes := scopesOf(e.session)
	for i, scope := range scopes {
		top, err := e.session.PlacesUnder(e.ctx, scope, "", 1)
		if err != nil {
			return nil, err
		}
		if len(top) > 0 {
			scopes[i] = top[0].Path // an operator's empty path stands for the country
		}
	}
	return scopes, nil
}

// labels reads the names of models and shipments, of which there are few.
func (e *exporter) labels() error {
	if e.options.Kind != Devices {
		return nil
	}
	var err error
	if e.models, err = modelNames(e.ctx, e.session); err != nil {
		return err
	}
	e.shipments = map[fleet.ShipmentID]string{}
	shipments, err := e.session.Shipments(e.ctx)
	for _, s := range shipments {
		e.shipments[s.ID] = s.Number
	}
	return err
}

func (e *exporter) write(cells []value) error {
	if err := e.out.row(cells); err != nil {
		return err
	}
	e.rows++
	if e.rows%exportPage == 0 && e.options.Progress != nil {
		e.options.Progress(e.rows)
	}
	return nil
}

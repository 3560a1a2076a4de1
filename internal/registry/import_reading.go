package registry

import (
	"cmp"
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Reading is how a workbook is to be read where its sender chose otherwise than its
// reader would, and what they decided about its problems. It belongs to the import:
// whenever the file is read again, the same is read.
type Reading struct {
	Sheets    []SheetReading `cbor:"1,keyasint,omitempty"`
	Decisions []Decision     `cbor:"2,keyasint,omitempty"`
}

// SheetReading is what was chosen for one sheet.
type SheetReading struct {
	Name    string          `cbor:"1,keyasint"`           // empty: of all sheets of which nothing else is said
	Skip    bool            `cbor:"2,keyasint,omitempty"` // the sheet is not read
	Header  int             `cbor:"3,keyasint,omitempty"` // the last row that names the columns; zero: where it is found; [NoHeader]
	Columns []ColumnReading `cbor:"4,keyasint,omitempty"` // those whose meaning was chosen
}

// NoHeader stands for the header of a sheet whose first row is one of the list.
const NoHeader = -1

// ColumnReading is what a column was said to hold.
type ColumnReading struct {
	Column int    `cbor:"1,keyasint"`           // from one
	Means  string `cbor:"2,keyasint,omitempty"` // such as serial_number; empty: it is not imported
}

// Decision settles all problems of one cause.
type Decision struct {
	Cause string `cbor:"1,keyasint"`
	Do    string `cbor:"2,keyasint"`
	Value string `cbor:"3,keyasint,omitempty"` // what to read instead
}

// The most that a reading may hold: more than any workbook has asked for.
const (
	maxSheetReadings  = 100
	maxColumnReadings = 256
	maxDecisions      = 2_000
	maxReadingText    = 1_000 // bytes
)

func (r *Reading) check() error {
	many := len(r.Sheets) > maxSheetReadings || len(r.Decisions) > maxDecisions
	long := false
	for _, s := range r.Sheets {
		many = many || len(s.Columns) > maxColumnReadings
		long = long || len(s.Name) > maxReadingText
		for _, c := range s.Columns {
			long = long || len(c.Means) > maxReadingText
		}
	}
	for _, d := range r.Decisions {
		long = long || max(len(d.Cause), len(d.Do), len(d.Value)) > maxReadingText
	}
	if many || long {
		return fleet.Invalidf("import.reading_large", "these are more choices than an import keeps: correct the file instead")
	}
	return nil
}

// ReadImport says how the workbook of an import that was not carried out is to be read.
type ReadImport struct {
	ID      uint64
	Reading Reading
	Unsaid  *Unsaid // nil: as it was
}

// Unsaid is what whoever imports a workbook says of it, where its rows do not.
type Unsaid struct {
	Shipment string // its number
	Supplier string
	To       fleet.PlaceCode // where the shipment goes, the schools lie, or the devices were found
	Date     fleet.Date      // on which they were found
}

func (u *Unsaid) check() error {
	list := fleet.Shipment{Supplier: u.Supplier}
	return cmp.Or(list.Check(), fleet.CheckText("shipment", "the shipment's number", u.Shipment), fleet.CheckText("to", "the place's code", string(u.To)))
}

// Name is the change's name in the journal.
func (ReadImport) Name() string { return "read_import" }

func (c ReadImport) apply(t *tx) error {
	i, err := visibleImport(t.w, t.actor, c.ID)
	if err != nil {
		return err
	}
	if i.State != ImportPlanned {
		return i.over()
	}
	if err := c.Reading.check(); err != nil {
		return err
	}
	i.Reading = c.Reading
	if u := c.Unsaid; u != nil {
		if err := u.check(); err != nil {
			return err
		}
		i.Shipment, i.Supplier, i.To, i.Date = u.Shipment, u.Supplier, u.To, u.Date
	}
	return save(t, imports, &i)
}

// Layout is what was chosen for the sheets that name their columns in one way, so
// that the sender's next file needs no choice. It holds for the place at which the
// chooser works, and for all below it.
type Layout struct {
	ID        uint64          `cbor:"1,keyasint"`
	Version   uint32          `cbor:"2,keyasint"`
	Scope     fleet.Path      `cbor:"3,keyasint"`
	Kind      string          `cbor:"4,keyasint"` // of the import
	Names     string          `cbor:"5,keyasint"` // stands for the names of all columns
	Columns   []ColumnReading `cbor:"6,keyasint,omitempty"`
	Decisions []Decision      `cbor:"7,keyasint,omitempty"`  // those that are the layout's own: the order of its dates
	Time      int64           `cbor:"8,keyasint"`            // Unix seconds
	By        string          `cbor:"9,keyasint"`            // the user's name
	Skip      bool            `cbor:"10,keyasint,omitempty"` // such sheets are not read
}

// RememberLayout keeps what was chosen, instead of what was chosen before.
type RememberLayout struct{ Layout Layout }

// Name is the change's name in the journal.
func (RememberLayout) Name() string { return "remember_layout" }

func (c RememberLayout) apply(t *tx) error {
	l := c.Layout
	if !t.actor.May(fleet.RunImports, l.Scope) {
		return fleet.Forbiddenf("forbidden", "your role does not allow imports")
	}
	r := Reading{Sheets: []SheetReading{{Columns: l.Columns}}, Decisions: l.Decisions}
	if err := r.check(); err != nil {
		return err
	}
	id, ok, err := layouts.Lookup(t.w, layouts.Index("by_names").Str(string(l.Scope)).Str(l.Kind).Str(l.Names))
	if err != nil {
		return err
	}
	var old Layout
	if ok {
		if old, _, err = layouts.Get(t.w, id); err != nil {
			return err
		}
	} else if id, err = layouts.NextID(t.w); err != nil {
		return err
	}
	l.ID, l.Version, l.By, l.Time = id, old.Version, t.actor.Name, t.now.Unix()
	return save(t, layouts, &l)
}

// Layouts reads what was remembered for a kind of list at the place or above it,
// what holds for the smallest place last.
func (s Session) Layouts(ctx context.Context, kind string, at fleet.Path) (all []Layout, err error) {
	if !s.actor.May(fleet.RunImports, at) {
		return nil, nil
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for depth := range at.Depth() + 1 {
			key := layouts.Index("by_names").Str(string(at.At(depth))).Str(kind)
			for id, err := range layouts.IDs(r, key, key.End()) {
				if err != nil {
					return err
				}
				l, _, err := layouts.Get(r, id)
				if err != nil {
					return err
				}
				all = append(all, l)
			}
		}
		return nil
	})
	return all, err
}

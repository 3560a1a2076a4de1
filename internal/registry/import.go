package registry

import (
	"cmp"
	"context"
	"encoding/hex"
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// ImportState is how far an import has come.
type ImportState uint8

// The states of an import.
const (
	ImportPlanned ImportState = iota + 1
	ImportApplied
)

// String is the state's name.
func (s ImportState) String() string {
	if s == ImportApplied {
		return "applied"
	}
	return "planned"
}

// Import is a workbook that was sent in: what it is, who sent it, and what came
// of it. The file itself is kept beside the register, named by its SHA-256.
type Import struct {
	ID       uint64       `cbor:"1,keyasint"`
	Version  uint32       `cbor:"2,keyasint"`
	Kind     string       `cbor:"3,keyasint"` // places or shipment
	FileName string       `cbor:"4,keyasint"` // as its sender called it
	SHA256   string       `cbor:"5,keyasint"` // in hex
	Size     int64        `cbor:"6,keyasint"` // bytes
	Scope    fleet.Path   `cbor:"7,keyasint"` // the sender's home
	User     fleet.UserID `cbor:"8,keyasint"`
	By       string       `cbor:"9,keyasint"`  // the user's name
	Time     int64        `cbor:"10,keyasint"` // Unix seconds
	State    ImportState  `cbor:"11,keyasint"`
	Digest   []byte       `cbor:"12,keyasint,omitempty"` // of the plan that was applied

	// How the file was to be read.
	Shipment string          `cbor:"13,keyasint,omitempty"`
	Supplier string          `cbor:"14,keyasint,omitempty"`
	To       fleet.PlaceCode `cbor:"15,keyasint,omitempty"`
	SkipBad  bool            `cbor:"16,keyasint,omitempty"`
	Reading  Reading         `cbor:"22,keyasint,omitzero"`

	Rows      uint32 `cbor:"17,keyasint,omitempty"`
	New       uint32 `cbor:"18,keyasint,omitempty"`
	Changed   uint32 `cbor:"19,keyasint,omitempty"`
	Unchanged uint32 `cbor:"20,keyasint,omitempty"`
	LeftOut   uint32 `cbor:"21,keyasint,omitempty"`

	Marks []ImportMark `cbor:"24,keyasint,omitempty"` // the parts that are done
}

// ImportRef is an import's number as people are given it: I-17.
func ImportRef(id uint64) string { return "I-" + strconv.FormatUint(id, 10) }

// StartImport records that a workbook was sent in. The receipt's reference is
// the import's number.
type StartImport struct{ Import Import }

// Name is the change's name in the journal.
func (StartImport) Name() string { return "start_import" }

func (c StartImport) apply(t *tx) error {
	if !t.actor.MayAnywhere(fleet.RunImports) {
		return fleet.Forbiddenf("forbidden", "your role does not allow imports")
	}
	i := c.Import
	if hash, err := hex.DecodeString(i.SHA256); err != nil || len(hash) != 32 {
		return fleet.Invalidf("import.file", "the file's SHA-256 is missing")
	}
	list := fleet.Shipment{Supplier: i.Supplier, FileName: i.FileName}
	if err := cmp.Or(list.Check(), fleet.CheckText("shipment", "the shipment's number", i.Shipment), fleet.CheckText("to", "the place's code", string(i.To))); err != nil {
		return err
	}
	if err := i.Reading.check(); err != nil {
		return err
	}
	id, err := imports.NextID(t.w)
	if err != nil {
		return err
	}
	i.ID, i.Version, i.State, i.Time = id, 0, ImportPlanned, t.now.Unix()
	i.User, i.By = t.actor.User, t.actor.Name
	t.result(ImportRef(id))
	return save(t, imports, &i)
}

func absentImport(id uint64) error {
	return fleet.NotFoundf("import.not_found", "there is no import %s", ImportRef(id))
}

func visibleImport(r kv.Reader, a Actor, id uint64) (Import, error) {
	i, ok, err := imports.Get(r, id)
	if err == nil && (!ok || !a.seesImport(&i)) {
		err = absentImport(id)
	}
	return i, err
}

// seesImport: one's own, and those of senders within one's scope.
func (a Actor) seesImport(i *Import) bool {
	return i.User == a.User || a.sees(i.Scope)
}

// Import reads one import.
func (s Session) Import(ctx context.Context, id uint64) (i Import, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		i, err = visibleImport(r, s.actor, id)
		return err
	})
	return i, err
}

// Imports reads the newest imports that the actor sees.
func (s Session) Imports(ctx context.Context, limit int) (list []Import, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		key := imports.Index("newest")
		for id, err := range imports.IDs(r, key, key.End()) {
			if err != nil || len(list) == limit {
				return err
			}
			i, _, err := imports.Get(r, id)
			if err != nil {
				return err
			}
			if s.actor.seesImport(&i) {
				list = append(list, i)
			}
		}
		return nil
	})
	return list, err
}

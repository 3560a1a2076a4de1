package registry

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// ImportState is how far an import has come.
type ImportState uint8

// The states of an import.
const (
	ImportPlanned  ImportState = iota + 1 // it can be looked at, and nothing is done
	ImportApplied                         // all of it is in the register
	ImportApplying                        // it is on its way there
	ImportStopped                         // some parts of it are, and the others are not
	ImportUndoing
	ImportUndone
)

var importStates = [...]string{"", "planned", "applied", "applying", "stopped", "undoing", "undone"}

// ImportStates are all states.
func ImportStates() []ImportState {
	return []ImportState{ImportPlanned, ImportApplied, ImportApplying, ImportStopped, ImportUndoing, ImportUndone}
}

// String is the state's name.
func (s ImportState) String() string { return importStates[s] }

// UnderWay says whether a job works on the import, or will at the next start.
func (s ImportState) UnderWay() bool { return s == ImportApplying || s == ImportUndoing }

// Carried says whether rows of the import are in the register.
func (s ImportState) Carried() bool { return s != ImportPlanned && s != ImportApplying }

// Import is a workbook that was sent in: what it is, who sent it, and what came
// of it. The file itself is kept beside the register, named by its SHA-256.
type Import struct {
	ID       uint64       `cbor:"1,keyasint"`
	Version  uint32       `cbor:"2,keyasint"`
	Kind     string       `cbor:"3,keyasint"` // such as places: what the workbook lists
	FileName string       `cbor:"4,keyasint"` // as its sender called it
	SHA256   string       `cbor:"5,keyasint"` // in hex
	Size     int64        `cbor:"6,keyasint"` // bytes
	Scope    fleet.Path   `cbor:"7,keyasint"` // where the sender runs imports
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
	Date     fleet.Date      `cbor:"29,keyasint,omitempty"` // on which the devices of a count were found
	Reading  Reading         `cbor:"22,keyasint,omitzero"`

	Rows      uint32 `cbor:"17,keyasint,omitempty"`
	New       uint32 `cbor:"18,keyasint,omitempty"`
	Changed   uint32 `cbor:"19,keyasint,omitempty"`
	Unchanged uint32 `cbor:"20,keyasint,omitempty"`
	LeftOut   uint32 `cbor:"21,keyasint,omitempty"`

	Marks    []ImportMark `cbor:"24,keyasint,omitempty"` // the parts that are done
	Order    ImportOrder  `cbor:"25,keyasint,omitzero"`  // to carry it out or, later, to undo it
	Halt     ImportHalt   `cbor:"26,keyasint,omitzero"`  // why that stopped
	ShownOut uint32       `cbor:"27,keyasint,omitempty"` // the rows left out of the plan that was shown
	Undo     ImportUndo   `cbor:"28,keyasint,omitzero"`
	Also     []fleet.Path `cbor:"30,keyasint,omitempty"` // where else the sender runs imports
}

// ImportRef is an import's number as people are given it: I-17.
func ImportRef(id uint64) string { return "I-" + strconv.FormatUint(id, 10) }

// Lapsed are the rows that were good when the import was shown, and could not be
// carried out when their part came.
func (i *Import) Lapsed() uint32 {
	if len(i.Marks) < 2 || i.LeftOut < i.ShownOut {
		return 0
	}
	return i.LeftOut - i.ShownOut
}

// StartImport records that a workbook was sent in. The receipt's reference is
// the import's number. With the digest of its plan it is to be carried out at once.
type StartImport struct{ Import Import }

// Name is the change's name in the journal.
func (StartImport) Name() string { return "start_import" }

func (c StartImport) apply(t *tx) error {
	scopes := t.actor.ImportsFrom()
	if len(scopes) == 0 {
		return fleet.Forbiddenf("forbidden", "your role does not allow imports")
	}
	i := c.Import
	if hash, err := hex.DecodeString(i.SHA256); err != nil || len(hash) != 32 {
		return fleet.Invalidf("import.file", "the file's SHA-256 is missing")
	}
	list, unsaid := fleet.Shipment{FileName: i.FileName}, Unsaid{i.Shipment, i.Supplier, i.To, i.Date}
	if err := cmp.Or(list.Check(), unsaid.check()); err != nil {
		return err
	}
	if err := i.Reading.check(); err != nil {
		return err
	}
	if err := t.mayTakeFile(i.Size); err != nil {
		return err
	}
	id, err := imports.NextID(t.w)
	if err != nil {
		return err
	}
	i.ID, i.Version, i.State, i.Time = id, 0, ImportPlanned, t.now.Unix()
	i.User, i.By, i.Scope, i.Also = t.actor.User, t.actor.Name, scopes[0], scopes[1:]
	if i.Digest != nil {
		i.order(t, CommitImport{Digest: i.Digest, SkipBad: i.SkipBad})
	}
	t.result(ImportRef(id))
	return save(t, imports, &i)
}

func absentImport(id uint64) error {
	return fleet.NotFoundf("import.not_found", "there is no import %s", ImportRef(id))
}

func visibleImport(r kv.Reader, a *Actor, id uint64) (Import, error) {
	i, ok, err := imports.Get(r, id)
	if err == nil && (!ok || !a.seesImport(&i)) {
		err = absentImport(id)
	}
	return i, err
}

// ImportsFrom are the places for which the actor runs imports, without those that lie
// in another of them.
func (a *Actor) ImportsFrom() []fleet.Path {
	from := a.outermost(fleet.RunImports)
	if len(from) == 1 && from[0] == "" {
		from[0] = theCountry
	}
	return from
}

// seesImport: those of senders within whose places the actor may run imports in all,
// for a file may be about each of them. One's own are so for as long as one's places
// are the same.
func (a *Actor) seesImport(i *Import) bool { return a.mayForAll(fleet.RunImports, i) }

// mayForAll says whether the actor may do it wherever the sender of the import runs
// imports.
func (a *Actor) mayForAll(action fleet.Action, i *Import) bool {
	for _, p := range i.Also {
		if !a.May(action, p) {
			return false
		}
	}
	return a.May(action, i.Scope)
}

// Import reads one import.
func (s Session) Import(ctx context.Context, id uint64) (i Import, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		i, err = visibleImport(r, s.actor, id)
		return err
	})
	return i, err
}

// ImportsOf reads the imports of one file that the actor sees, the oldest first.
func (s Session) ImportsOf(ctx context.Context, sha256 string) (list []Import, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		list, err = recordsAt(r, imports, imports.Index("by_file").Str(sha256))
		return err
	})
	return slices.DeleteFunc(list, func(i Import) bool { return !s.actor.seesImport(&i) }), err
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

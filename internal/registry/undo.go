package registry

import (
	"bytes"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// ImportUndo is how far the undoing of an import has come.
type ImportUndo struct {
	Digest  []byte      `cbor:"1,keyasint,omitempty"` // of the plan that was shown
	Was     ImportState `cbor:"2,keyasint,omitempty"` // before it was to be undone
	Parts   uint32      `cbor:"3,keyasint,omitempty"` // that are done
	Records uint32      `cbor:"4,keyasint,omitempty"` // looked at in them
	Before  uint32      `cbor:"8,keyasint,omitempty"` // the parts that were done when the plan was shown
	UndoTally
}

// UndoTally counts what the undoing of an import makes, or made, of its records.
type UndoTally struct {
	Deleted  uint32 `cbor:"5,keyasint,omitempty"` // which the import had made
	Restored uint32 `cbor:"6,keyasint,omitempty"` // to what they were before it
	Kept     uint32 `cbor:"7,keyasint,omitempty"` // for something later stands on them
}

// UndoImport orders that an import be taken back, as the plan with the digest shows.
type UndoImport struct {
	ID     uint64
	Digest []byte
}

// Name is the change's name in the journal.
func (UndoImport) Name() string { return "undo_import" }

func (c UndoImport) apply(t *tx) error {
	i, err := t.importToUndo(c.ID)
	if err != nil {
		return err
	}
	switch {
	case i.State == ImportUndoing && bytes.Equal(c.Digest, i.Undo.Digest):
		return nil
	case i.State == ImportUndoing:
		return fleet.Conflictf("import.undoing", "import %s is being undone already, as it was shown then", ImportRef(c.ID))
	case i.Undo.Parts == 0:
		i.Undo.Was = i.State
	}
	i.Undo.Digest, i.Undo.Before = c.Digest, i.Undo.Parts
	i.State, i.Order, i.Halt = ImportUndoing, t.order(), ImportHalt{}
	return save(t, imports, &i)
}

// undoing is the action that undoing the import takes of the actor.
func (a *Actor) undoing(i *Import) fleet.Action {
	if a.User == i.User {
		return fleet.RunImports
	}
	return fleet.UndoImports
}

// MayUndo says whether the actor may undo the import: its own, or that of somebody
// within the places where the actor undoes imports.
func (a *Actor) MayUndo(i *Import) bool {
	return a.mayForAll(a.undoing(i), i)
}

// importToUndo finds an import that the actor may undo: one that was carried out,
// and was sent from within the places where the actor runs imports.
func (t *tx) importToUndo(id uint64) (Import, error) {
	i, err := t.importToRun(id)
	switch {
	case err != nil:
	case !t.actor.MayUndo(&i):
		err = fleet.Forbiddenf("import.undo_scope", "import %s is for more places than yours: whoever runs imports for all of them can undo it", ImportRef(id))
	case i.State == ImportUndone:
		err = i.over()
	case i.State == ImportApplying:
		err = fleet.Conflictf("import.under_way", "import %s is on its way into the register: undo it when it has ended", ImportRef(id))
	case i.State == ImportPlanned || len(i.Marks) == 0:
		err = fleet.Conflictf("import.nothing_done", "import %s was not carried out, so there is nothing to undo", ImportRef(id))
	}
	return i, err
}

// UndoPart takes back some of what an import did. What something later stands on
// stays as it is, and is kept on record with the reason.
type UndoPart struct {
	ID      uint64
	Part    uint32 // from one
	Last    bool
	Records []UndoRecord

	Progress func(record int) `cbor:"-"` // called now and then with the one in hand; may be nil
}

// Name is the change's name in the journal.
func (UndoPart) Name() string { return "undo_part" }

func (c UndoPart) apply(t *tx) error {
	i, err := t.importToUndo(c.ID)
	if err != nil {
		return err
	}
	if i.State != ImportUndoing || c.Part != i.Undo.Parts+1 {
		return i.over()
	}
	u, err := t.undoing(&i)
	if err != nil {
		return err
	}
	for n, r := range c.Records {
		if c.Progress != nil && n%512 == 0 {
			c.Progress(n)
		}
		if err := u.undo(r); err != nil {
			return err
		}
	}
	if err := t.saveShipments(); err != nil {
		return err
	}
	if err := t.keepRows(importRows{Import: i.ID, Undone: true}, u.kept); err != nil {
		return err
	}
	i.Undo.Parts++
	i.Undo.Records += uint32(len(c.Records))
	i.Undo.Deleted += u.tally.Deleted
	i.Undo.Restored += u.tally.Restored
	i.Undo.Kept += u.tally.Kept
	if c.Last {
		i.State = ImportUndone
	}
	return save(t, imports, &i)
}

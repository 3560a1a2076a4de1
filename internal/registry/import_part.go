package registry

import (
	"github.com/takhti-edu/takhti/internal/fleet"
)

// ImportPart carries out rows of an import that follow one another, and records
// what came of each. Large imports have several parts, each a request of its own.
//
// The first part is made as it was shown or not at all. In later ones a row whose
// change is refused, since the register has changed meanwhile, is left out.
type ImportPart struct {
	ID       uint64
	Part     uint32 // from one
	Last     bool
	Digest   []byte // of the plan
	SkipBad  bool
	OutLater uint32 // rows of later parts that the plan leaves out
	Rows     []ImportRow
	Steps    []ImportStep

	Progress func(row int) `cbor:"-"` // called now and then with the row in hand; may be nil
}

// ImportStep is one of the changes of an import.
type ImportStep struct {
	Change Change
	Row    int // whose fate it is, an index of the part's rows; negative: of none alone
}

// Name is the change's name in the journal.
func (ImportPart) Name() string { return "import_part" }

// Changes are those of the part's steps.
func (c ImportPart) Changes() []Change {
	all := make([]Change, len(c.Steps))
	for i, s := range c.Steps {
		all[i] = s.Change
	}
	return all
}

// ImportMark is a part of an import that is done.
type ImportMark struct {
	Rows  uint32 `cbor:"1,keyasint"`
	First uint64 `cbor:"2,keyasint,omitempty"` // its first and last journal entry; both zero when nothing changed
	Last  uint64 `cbor:"3,keyasint,omitempty"`
}

func (c ImportPart) apply(t *tx) error {
	i, err := visibleImport(t.w, t.actor, c.ID)
	if err != nil {
		return err
	}
	if err := i.awaits(c.Part); err != nil {
		return err
	}
	if err := t.asOrdered(&i); err != nil {
		return err
	}
	before := t.journal.seq
	rows, err := c.carryOut(t)
	if err != nil {
		return err
	}
	if err := t.saveShipments(); err != nil {
		return err
	}
	mark := ImportMark{Rows: uint32(len(rows))}
	if t.journal.seq > before {
		mark.First, mark.Last = before+1, t.journal.seq
	}
	t.change = c.Name()
	if err := t.keepRows(importRows{Import: i.ID}, rows); err != nil {
		return err
	}
	if c.Part == 1 {
		i.ShownOut = tallyOf(c.Rows).LeftOut + c.OutLater
	}
	i.mark(mark, tallyOf(rows))
	i.Digest, i.SkipBad = c.Digest, c.SkipBad
	if c.Last {
		i.State = ImportApplied
	}
	return save(t, imports, &i)
}

// asOrdered goes on as whoever ordered the import, with no more than they may by now:
// the part may have waited since that was last looked at.
func (t *tx) asOrdered(i *Import) error {
	if i.State != ImportApplying {
		return nil
	}
	a, err := i.Order.actor(t.w)
	if err == nil {
		t.actor, err = &a, a.mayStillImport()
	}
	return err
}

// carryOut makes the changes, and returns the rows with what came of them.
func (c ImportPart) carryOut(t *tx) ([]ImportRow, error) {
	if c.Part == 1 {
		for n, s := range c.Steps {
			if err := t.apply(s.Change); err != nil {
				return nil, err
			}
			c.tell(n)
		}
		return c.Rows, nil
	}
	rows := append([]ImportRow(nil), c.Rows...) // the transaction may be run again
	for n := 0; n < len(c.Steps); {
		c.tell(n)
		row := c.Steps[n].Row
		var all []Change // of the row, which is made whole or left out
		for n < len(c.Steps) && (len(all) == 0 || row >= 0 && c.Steps[n].Row == row) {
			all = append(all, c.Steps[n].Change)
			n++
		}
		err := t.try(all...)
		if err != nil && fleet.KindOf(err) == 0 {
			return nil, err // not a rule's answer
		}
		if err != nil && row >= 0 {
			rows[row].Outcome, rows[row].Reason = RowLeftOut, reasonOf(err)
		}
	}
	return rows, nil
}

// tell reports progress.
func (c ImportPart) tell(step int) {
	const often = 512
	if c.Progress != nil && step%often == 0 && c.Steps[step].Row >= 0 {
		c.Progress(c.Steps[step].Row)
	}
}

// awaits refuses a part that is not the next one.
func (i *Import) awaits(part uint32) error {
	if i.State != ImportPlanned && i.State != ImportApplying || int(part) != len(i.Marks)+1 {
		return i.over()
	}
	return nil
}

// mark adds a part that is done.
func (i *Import) mark(m ImportMark, n ImportTally) {
	i.Marks = append(i.Marks, m)
	i.Rows += n.Rows()
	i.New += n.New
	i.Changed += n.Changed
	i.Unchanged += n.Unchanged
	i.LeftOut += n.LeftOut
}

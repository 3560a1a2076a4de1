package workbook

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Desk is where files come in: it keeps each as it was sent, named by its
// SHA-256, and plans and commits imports from what it kept.
type Desk struct {
	dir      string
	limits   Limits
	planning chan struct{} // holds a place for each plan in the making
	filing   sync.Mutex    // held while a file and its record come to be, or go
}

// maxPlanning is how many plans a desk makes at once: each takes a processor and
// the memory for the rows of its workbook. Further ones wait for their turn.
const maxPlanning = 2

// NewDesk keeps files in dir, which it makes when the first one comes.
func NewDesk(dir string, l Limits) *Desk {
	return &Desk{dir: dir, limits: l.withDefaults(), planning: make(chan struct{}, maxPlanning)}
}

// turn waits until a plan may be made. What it returns lets the next one begin.
func (d *Desk) turn(ctx context.Context) (free func(), err error) {
	select {
	case d.planning <- struct{}{}:
		return func() { <-d.planning }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Incoming says what a file is and how it is to be read.
type Incoming struct {
	Name     string // what its sender calls it
	Kind     Kind
	Shipment string
	Supplier string
	To       fleet.PlaceCode
	SkipBad  bool
	Reading  registry.Reading
	Request  string // makes it safe to send the file again; see [registry.Request]
}

// ParseImportRef reads an import's number, such as I-17.
func ParseImportRef(ref string) (uint64, error) {
	id, err := strconv.ParseUint(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(ref)), "I-"), 10, 64)
	if err != nil {
		return 0, fleet.Invalidf("import.ref", "%q is not the number of an import, which looks like I-17", ref)
	}
	return id, nil
}

// Plan plans an import anew from its file.
func (d *Desk) Plan(ctx context.Context, s registry.Session, id uint64, progress func(rows int)) (*Plan, registry.Import, error) {
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, i, err
	}
	free, err := d.turn(ctx)
	if err != nil {
		return nil, i, err
	}
	defer free()
	plan, err := d.plan(ctx, s, i, progress)
	return plan, i, err
}

func (d *Desk) plan(ctx context.Context, s registry.Session, i registry.Import, progress func(rows int)) (plan *Plan, err error) {
	kind, err := ParseKind(i.Kind)
	if err != nil {
		return nil, err
	}
	err = d.withFile(i, func(f File) error {
		plan, err = NewPlan(ctx, s, f, Options{
			Kind: kind, SkipBad: i.SkipBad, Shipment: i.Shipment, Supplier: i.Supplier, To: i.To, Reading: i.Reading,
			Limits: d.limits, Progress: progress,
		})
		return err
	})
	if err == nil && plan.SHA256 != i.SHA256 {
		err = &fleet.Error{Kind: fleet.Damaged, Code: "import.file_changed", Message: "the kept file is not the one that was sent: send it again"}
	}
	return plan, err
}

// withFile opens the kept file of an import.
func (d *Desk) withFile(i registry.Import, use func(File) error) error {
	file, err := os.Open(d.path(i.SHA256))
	if errors.Is(err, os.ErrNotExist) {
		return fleet.NotFoundf("import.file_gone", "the file of import %s is no longer kept: send it again", registry.ImportRef(i.ID))
	}
	if err != nil {
		return err
	}
	defer file.Close()
	return use(File{Name: i.FileName, Data: file, Size: i.Size})
}

// Commit makes the changes of the plan with the digest, which is the one that
// was shown. When the register has changed since, it makes none and returns the
// new plan with the error import.changed. Committing the same plan again returns
// what came of it the first time, and no plan.
func (d *Desk) Commit(ctx context.Context, s registry.Session, id uint64, digest []byte, skipBad bool, progress func(rows int)) (registry.Import, *Plan, error) {
	free, err := d.turn(ctx)
	if err != nil {
		return registry.Import{}, nil, err
	}
	defer free()
	i, err := s.Import(ctx, id)
	if err != nil {
		return i, nil, err
	}
	if i.State == registry.ImportApplied {
		if bytes.Equal(digest, i.Digest) {
			return i, nil, nil
		}
		return i, nil, fleet.Conflictf("import.applied", "import %s was applied already", registry.ImportRef(id))
	}
	i.SkipBad = skipBad
	plan, err := d.plan(ctx, s, i, progress)
	if err != nil {
		return i, nil, err
	}
	if err := plan.Shown(digest); err != nil {
		return i, plan, err
	}
	if _, err := Apply(ctx, s, plan, id); err != nil {
		return i, plan, err
	}
	i, err = s.Import(ctx, id)
	return i, plan, err
}

// Outline says how the file of an import is understood.
func (d *Desk) Outline(ctx context.Context, s registry.Session, id uint64) (*Outline, error) {
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	free, err := d.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	var o *Outline
	err = d.withFile(i, func(f File) error {
		kind, err := ParseKind(i.Kind)
		if err != nil {
			return err
		}
		o, err = Look(ctx, s, f, Options{Kind: kind, Limits: d.limits, Reading: i.Reading})
		return err
	})
	return o, err
}

// Read says how the file of an import is to be read from now on.
func (d *Desk) Read(ctx context.Context, s registry.Session, q registry.Request, id uint64, r registry.Reading) (registry.Receipt, error) {
	i, err := s.Import(ctx, id)
	if err != nil {
		return registry.Receipt{}, err
	}
	kind, err := ParseKind(i.Kind)
	if err != nil {
		return registry.Receipt{}, err
	}
	if err := CheckReading(kind, r); err != nil {
		return registry.Receipt{}, err
	}
	return s.Apply(ctx, q, registry.ReadImport{ID: id, Reading: r})
}

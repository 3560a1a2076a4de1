package workbook

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Desk is where files come in: it keeps each as it was sent, named by its
// SHA-256, and plans and carries out imports from what it kept.
type Desk struct {
	dir      string
	limits   Limits
	planning chan struct{} // holds a place for each plan and each copy in the making
	filing   sync.Mutex    // held while a file and its record come to be, or go
	now      func() time.Time
	jobs     jobs
	uploads  uploads
	rows     map[uint64]int // how many rows imports had when they were planned; jobs.mu holds it
}

// maxPlanning is how many plans and copies a desk makes at once: each takes a
// processor and the memory for the rows of its workbook. Further ones wait for their
// turn.
const maxPlanning = 2

// NewDesk keeps files in dir, which it makes when the first one comes.
func NewDesk(dir string, l Limits) *Desk {
	d := &Desk{dir: dir, limits: l.withDefaults(), planning: make(chan struct{}, maxPlanning), now: time.Now, rows: map[uint64]int{}}
	d.jobs.running = map[uint64]*Job{}
	d.uploads.held = map[string]*claim{}
	d.jobs.ctx, d.jobs.stop = context.WithCancel(context.Background())
	return d
}

// turn waits until a plan or a copy may be made. What it returns lets the next one begin.
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
	Date     fleet.Date
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
	if err == nil {
		d.note(id, plan.Rows)
	}
	return plan, i, err
}

// note remembers how many rows an import has, for its progress.
func (d *Desk) note(id uint64, rows int) {
	const most = 1000
	d.jobs.mu.Lock()
	defer d.jobs.mu.Unlock()
	if len(d.rows) >= most {
		clear(d.rows)
	}
	d.rows[id] = rows
}

func (d *Desk) plan(ctx context.Context, s registry.Session, i registry.Import, progress func(rows int)) (*Plan, error) {
	return d.planned(ctx, s, i, Options{Progress: progress})
}

// planned plans an import; the options are those that are not the import's own.
func (d *Desk) planned(ctx context.Context, s registry.Session, i registry.Import, o Options) (plan *Plan, err error) {
	if o.Kind, err = ParseKind(i.Kind); err != nil {
		return nil, err
	}
	o.SkipBad, o.Shipment, o.Supplier, o.To, o.Date, o.Reading, o.Limits = i.SkipBad, i.Shipment, i.Supplier, i.To, i.Date, i.Reading, d.limits
	err = d.withFile(i, func(f File) error {
		plan, err = NewPlan(ctx, s, f, o)
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

// Start has an import carried out: the plan with the digest, which is the one that
// was shown. The order is durable before the work begins. To order the same again
// joins the job; the job is nil when the import was carried out before.
func (d *Desk) Start(ctx context.Context, s registry.Session, id uint64, digest []byte, skipBad bool) (*Job, error) {
	done := func(i registry.Import) bool {
		return i.State == registry.ImportApplied && bytes.Equal(digest, i.Digest)
	}
	return d.order(ctx, s, id, registry.CommitImport{ID: id, Digest: digest, SkipBad: skipBad}, done)
}

// order gives an import a job, unless what it is ordered to do is done.
func (d *Desk) order(ctx context.Context, s registry.Session, id uint64, order registry.Change, done func(registry.Import) bool) (*Job, error) {
	i, err := s.Import(ctx, id)
	if err != nil || done(i) {
		return nil, err
	}
	if _, err := s.Apply(ctx, registry.Request{}, order); err != nil {
		if i, failed := s.Import(ctx, id); failed == nil && done(i) {
			return nil, nil // its job ended meanwhile
		}
		return nil, err
	}
	work, err := s.ImportJob(ctx, id)
	if err != nil || done(work.Import) {
		return nil, err
	}
	return d.run(work, nil), nil
}

// Commit is [Desk.Start], and waits until the import is carried out. When the
// register has changed since the plan was shown, nothing is done, and it returns the
// new plan with the error import.changed.
func (d *Desk) Commit(ctx context.Context, s registry.Session, id uint64, digest []byte, skipBad bool) (registry.Import, *Plan, error) {
	j, err := d.Start(ctx, s, id, digest, skipBad)
	if err == nil && j != nil {
		select {
		case <-j.done:
		case <-ctx.Done():
			return registry.Import{}, nil, ctx.Err()
		}
		if plan, err := j.Err(); err != nil {
			i, _ := s.Import(ctx, id) // the other error counts
			return i, plan, err
		}
	}
	if err != nil {
		return registry.Import{}, nil, err
	}
	i, err := s.Import(ctx, id)
	return i, nil, err
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

// Read makes the change, which says how the file of an import is to be read from
// now on, unless no file can be read so.
func (d *Desk) Read(ctx context.Context, s registry.Session, q registry.Request, c registry.ReadImport) (registry.Receipt, error) {
	i, err := s.Import(ctx, c.ID)
	if err != nil {
		return registry.Receipt{}, err
	}
	kind, err := ParseKind(i.Kind)
	if err != nil {
		return registry.Receipt{}, err
	}
	if err := CheckReading(kind, c.Reading); err != nil {
		return registry.Receipt{}, err
	}
	return s.Apply(ctx, q, c)
}

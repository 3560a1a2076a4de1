package workbook

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Job is an import on its way into the register. It goes on whether or not
// somebody waits for it.
type Job struct {
	id    uint64
	now   func() time.Time
	done  chan struct{}
	err   error // once done: why it came to no end
	plan  *Plan // once done: as it is now, when it is not the one that was shown
	known *Plan // made already by who began the job; nil: to be made

	mu       sync.Mutex
	progress Progress
	began    time.Time // the phase
	from     int       // the rows that were done when it began
}

// Phase is what a job is at.
type Phase uint8

// The phases of a job.
const (
	Waiting  Phase = iota + 1 // until others have ended
	Reading                   // the file, and what the register has of it
	Checking                  // that the changes can be made
	Applying
	Undoing
)

var phases = [...]string{"", "waiting", "reading", "checking", "applying", "undoing"}

// Phases are all phases.
func Phases() []Phase { return []Phase{Waiting, Reading, Checking, Applying, Undoing} }

// String is the phase's name.
func (p Phase) String() string { return phases[p] }

// Progress is how far a job has come.
type Progress struct {
	Phase     Phase
	Done      int           // rows, in this phase
	Known     int           // rows in all; zero while that is not known
	PerSecond int           // rows, in this phase; zero while that is not known
	Left      time.Duration // until the job is done, at this pace; zero while that is not known
}

func newJob(id uint64, now func() time.Time, known int) *Job {
	return &Job{id: id, now: now, done: make(chan struct{}), progress: Progress{Phase: Waiting, Known: known}, began: now()}
}

// Done is closed when the job has ended.
func (j *Job) Done() <-chan struct{} { return j.done }

// Wait waits until the job has ended, but no longer than for the time given.
func (j *Job) Wait(ctx context.Context, most time.Duration) (ended bool) {
	enough := time.NewTimer(most)
	defer enough.Stop()
	select {
	case <-j.done:
		return true
	case <-enough.C:
	case <-ctx.Done():
	}
	return false
}

// Err is why the job, which has ended, came to no end, and the plan as it is now
// when the register has changed since the plan was shown.
func (j *Job) Err() (*Plan, error) { return j.plan, j.err }

// begin begins a phase at a row.
func (j *Job) begin(p Phase, from, known int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.began, j.from = j.now(), from
	j.progress = Progress{Phase: p, Done: from, Known: max(known, j.progress.Known)}
}

// reach tells that so many rows are done.
func (j *Job) reach(rows int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.progress.Done = max(rows, j.progress.Done) // of a part that is made again they are told again
}

// Progress is how far the job has come.
func (j *Job) Progress() Progress {
	j.mu.Lock()
	defer j.mu.Unlock()
	p := j.progress
	p.Known = max(p.Known, p.Done)
	if p.Known == p.Done && p.Phase == Reading {
		p.Known = 0 // there may be more
	}
	took := j.now().Sub(j.began)
	if did := p.Done - j.from; did > 0 && took > 0 {
		p.PerSecond = max(1, int(float64(did)/took.Seconds()))
		left := max(0, p.Known-p.Done)
		if p.Phase == Reading {
			left += p.Known // they are applied then, at about the same pace
		}
		p.Left = time.Duration(left) * time.Second / time.Duration(p.PerSecond)
	}
	return p
}

// jobs are those of a desk that have not ended.
type jobs struct {
	mu      sync.Mutex
	running map[uint64]*Job
	ctx     context.Context // of all their work
	stop    context.CancelFunc
	working sync.WaitGroup
}

// errStopped is what a job ends with that goes on at the next start.
var errStopped = &fleet.Error{Kind: fleet.Unavailable, Code: "import.interrupted", Message: "the register is stopping; the import goes on at its next start"}

// run gives an import a job, unless it has one.
func (d *Desk) run(work registry.ImportJob, known *Plan) *Job {
	d.jobs.mu.Lock()
	defer d.jobs.mu.Unlock()
	id := work.Import.ID
	if j := d.jobs.running[id]; j != nil {
		return j
	}
	j := newJob(id, d.now, d.rows[id])
	j.known = known
	if d.jobs.ctx.Err() != nil {
		j.err = errStopped
		close(j.done)
		return j
	}
	d.jobs.running[id] = j
	d.jobs.working.Go(func() {
		halted, err := d.work(d.jobs.ctx, j, work)
		d.jobs.mu.Lock()
		delete(d.jobs.running, id)
		d.jobs.mu.Unlock()
		j.err = err
		close(j.done)
		if halted {
			d.runAgain(work)
		}
	})
	return j
}

// runAgain gives an import a job that was ordered again after its job had halted it and
// before that was gone.
func (d *Desk) runAgain(work registry.ImportJob) {
	if now, err := work.Again(d.jobs.ctx); err == nil && now.Import.State.UnderWay() {
		d.run(now, nil)
	}
}

const reopenings = 4 // that a job waits for

// work does a job and records, when it came to no end, why.
func (d *Desk) work(ctx context.Context, j *Job, work registry.ImportJob) (halted bool, err error) {
	free, err := d.turn(ctx)
	if err != nil {
		return false, errStopped
	}
	defer free()
	err = d.carryOut(ctx, j, work)
	for try := 1; try <= reopenings && ctx.Err() == nil && isClosed(err); try++ {
		pause(ctx, try) // the register may be opened again just now
		err = d.carryOut(ctx, j, work)
	}
	if err == nil {
		return false, nil
	}
	if ctx.Err() != nil || isClosed(err) {
		return false, errStopped
	}
	why := registry.ImportHalt{Code: "import.failed", Message: "the import could not be carried out: tell the operator of the register"}
	var known *fleet.Error
	if errors.As(registry.Explain(err), &known) {
		why.Code, why.Message = known.Code, known.Message
	}
	if failed := work.Halt(ctx, why); failed != nil {
		return false, errors.Join(err, failed)
	}
	return true, err
}

// Job is the import's job; nil when none is at work on it.
func (d *Desk) Job(id uint64) *Job {
	d.jobs.mu.Lock()
	defer d.jobs.mu.Unlock()
	return d.jobs.running[id]
}

// Resume goes on with all imports that were under way when the register last
// stopped, however it did, drops uploads whose time is over, and removes the copies
// that were not finished. It is for who keeps the register.
func (d *Desk) Resume(ctx context.Context, s registry.Session) error {
	d.sweepCopies()
	if err := d.sweepUploads(); err != nil {
		return err
	}
	all, err := s.ImportJobs(ctx)
	for _, work := range all {
		d.run(work, nil)
	}
	return err
}

// Stop has the jobs end where they can go on at the next start, and waits until
// they have.
func (d *Desk) Stop() {
	d.jobs.stop()
	d.jobs.working.Wait()
}

// isClosed says whether something failed because the register is stopping.
func isClosed(err error) bool {
	return errors.Is(registry.Explain(err), &fleet.Error{Code: "register.closed"})
}

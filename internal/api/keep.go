package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// keep is what an administrator does to keep the register safe.
func (a *api) keep() {
	spec := add(a, operation{
		Route: Route{http.MethodGet, "/backup", fleet.KeepRegister},
		id:    "backup", summary: "The whole register, as of one moment, as a file",
		about: "From it `takhti restore` brings the register back. It carries its own checksums and holds everything, password hashes among it. " +
			"The workbooks that were imported are not in it. It is written to the server's disk before it is sent, so it takes a while to begin.",
		sdk: `_, err := c.Backup(ctx, file)`,
	}, a.backup)
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	spec.Responses["200"].Content = map[string]*huma.MediaType{backupType: {Schema: binary}}
	spec = add(a, operation{
		Route: Route{http.MethodGet, "/verify", fleet.KeepRegister},
		id:    "verify", summary: "Prove the register from its records",
		about: "Works out every index entry, counter and daily ledger anew, follows the journal from its first entry, and compares every record with " +
			"what the journal last said of it. The answer is one JSON value a line, as the work goes on; the last one has the number of findings. " +
			"The first 5,000 findings are told, the others only counted. An answer without that number is not whole.",
		sdk: `n, err := c.Verify(ctx, nil, func(f takhti.Finding) { fmt.Println(f.Key, f.What) })`,
	}, a.verify)
	line := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[takhti.VerifyStep](), true, "VerifyStep")
	spec.Responses["200"].Content = map[string]*huma.MediaType{linesType: {Schema: line}}
}

const (
	backupType = "application/octet-stream"
	linesType  = "application/x-ndjson"
)

// Bounds on what keeping the register may take up.
const (
	// keepWait is how long a caller waits for the one before.
	keepWait = 5 * time.Second
	// mostSpooled is how many backups may be on the disk at once: those being
	// sent, and the one being written.
	mostSpooled = 3
	// mostFindings is how many findings of a verification are told. The ones
	// after them are only counted.
	mostFindings = 5000
)

// turn waits until the register may be dumped or verified. What it returns lets
// the next one begin.
func (a *api) turn(ctx context.Context) (free func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, keepWait)
	defer cancel()
	select {
	case a.keeping <- struct{}{}:
		return func() { <-a.keeping }, nil
	case <-waiting.Done():
		return nil, fleet.Conflictf("keep.busy", "a backup or a verification is under way: try again when it has ended")
	}
}

func (a *api) backup(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	s := a.session(ctx)
	name := "takhti-" + a.Now().UTC().Format("2006-01-02") + ".backup"
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		d := &download{ctx: ctx, name: name, kind: backupType}
		a.finish(d, a.sendBackup(ctx.Context(), s, d))
	}}, nil
}

// sendBackup has the register written to the disk before any of it is sent: the
// snapshot that this takes must not last as long as a client likes.
func (a *api) sendBackup(ctx context.Context, s registry.Session, w io.Writer) error {
	select {
	case a.spooled <- struct{}{}:
		defer func() { <-a.spooled }()
	default:
		return fleet.Conflictf("keep.busy", "%d backups are still being sent: try again when one of them has ended", mostSpooled)
	}
	file, err := newSpool(a.Spool)
	if err != nil {
		return err
	}
	defer file.discard()
	if err := a.dump(ctx, s, file); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(w, file)
	return err
}

func (a *api) dump(ctx context.Context, s registry.Session, w io.Writer) error {
	free, err := a.turn(ctx)
	if err != nil {
		return err
	}
	defer free()
	_, err = s.Dump(ctx, w)
	return err
}

func (a *api) verify(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	s := a.session(ctx)
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		d := &download{ctx: ctx, kind: linesType}
		a.finish(d, a.sendVerification(ctx.Context(), s, d))
	}}, nil
}

// sendVerification sends what a verification says as it goes on, in a goroutine
// of its own, since the register is not to wait for the client.
func (a *api) sendVerification(ctx context.Context, s registry.Session, d *download) error {
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	lines := json.NewEncoder(d)
	p := proof{steps: make(chan takhti.VerifyStep, mostFindings+64)}
	var sending sync.WaitGroup
	sending.Go(func() {
		for step := range p.steps {
			if d.lost == nil {
				_ = lines.Encode(step) // d remembers
				d.flush()
			} else {
				giveUp()
			}
		}
	})
	err := func() error {
		defer sending.Wait()
		defer close(p.steps)
		return a.prove(ctx, s, &p)
	}()
	if err != nil {
		return err
	}
	return lines.Encode(takhti.VerifyStep{Findings: &p.found})
}

func (a *api) prove(ctx context.Context, s registry.Session, p *proof) error {
	free, err := a.turn(ctx)
	if err != nil {
		return err
	}
	defer free()
	return s.Verify(ctx, p.stage, p.finding)
}

// proof is a verification under way. Its steps have room for all that is told.
type proof struct {
	steps chan takhti.VerifyStep
	found int64
}

func (p *proof) stage(name string) { p.say(takhti.VerifyStep{Stage: name}) }

func (p *proof) finding(f registry.Finding) {
	if p.found++; p.found <= mostFindings {
		finding := takhti.Finding(f)
		p.say(takhti.VerifyStep{Finding: &finding})
	}
}

func (p *proof) say(step takhti.VerifyStep) {
	select {
	case p.steps <- step:
	default: // a stage too many is not missed
	}
}

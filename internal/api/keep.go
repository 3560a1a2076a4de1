package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
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
			"The workbooks that were imported are not in it.",
		sdk: `_, err := c.Backup(ctx, file)`,
	}, a.backup)
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	spec.Responses["200"].Content = map[string]*huma.MediaType{backupType: {Schema: binary}}
	spec = add(a, operation{
		Route: Route{http.MethodGet, "/verify", fleet.KeepRegister},
		id:    "verify", summary: "Prove the register from its records",
		about: "Works out every index entry, counter and daily ledger anew, follows the journal from its first entry, and compares every record with " +
			"what the journal last said of it. The answer is one JSON value a line, as the work goes on; the last one has the number of findings. " +
			"An answer without it is not whole.",
		sdk: `n, err := c.Verify(ctx, nil, func(f takhti.Finding) { fmt.Println(f.Key, f.What) })`,
	}, a.verify)
	line := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[takhti.VerifyStep](), true, "VerifyStep")
	spec.Responses["200"].Content = map[string]*huma.MediaType{linesType: {Schema: line}}
}

const (
	backupType = "application/octet-stream"
	linesType  = "application/x-ndjson"
)

// keepWait is how long a caller waits for the one before: long enough for one
// whose answer is whole already to be done with.
const keepWait = 5 * time.Second

// stream answers with what fill writes to the download. It is for work that one
// caller at a time may have done.
func (a *api) stream(ctx context.Context, d download, fill func(context.Context, *download) error) (*huma.StreamResponse, error) {
	waiting, cancel := context.WithTimeout(ctx, keepWait)
	defer cancel()
	select {
	case a.keeping <- struct{}{}:
	case <-waiting.Done():
		return nil, fleet.Conflictf("keep.busy", "a backup or a verification is under way: try again when it has ended")
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer func() { <-a.keeping }()
		d.ctx = ctx
		a.finish(&d, fill(ctx.Context(), &d))
	}}, nil
}

func (a *api) backup(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	s := a.session(ctx)
	name := "takhti-" + a.Now().UTC().Format("2006-01-02") + ".backup"
	return a.stream(ctx, download{name: name, kind: backupType}, func(ctx context.Context, d *download) error {
		_, err := s.Dump(ctx, d)
		return err
	})
}

func (a *api) verify(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	s := a.session(ctx)
	return a.stream(ctx, download{kind: linesType}, func(ctx context.Context, d *download) error {
		lines := json.NewEncoder(d)
		var broken error // what kept a line from being sent
		say := func(step takhti.VerifyStep) {
			if broken == nil {
				broken = lines.Encode(step)
				d.flush()
			}
		}
		var n int64
		err := s.Verify(ctx,
			func(stage string) { say(takhti.VerifyStep{Stage: stage}) },
			func(f registry.Finding) {
				n++
				finding := takhti.Finding(f)
				say(takhti.VerifyStep{Finding: &finding})
			})
		if err == nil {
			say(takhti.VerifyStep{Findings: &n})
		}
		if err == nil {
			err = broken
		}
		return err
	})
}

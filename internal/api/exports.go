package api

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) exports() {
	spec := add(a, operation{
		Route: Route{http.MethodGet, "/exports/{kind}", fleet.Read},
		id:    "export", summary: "A workbook of devices, places, faults, hand-outs, models or targets",
		about: "Imported again, unaltered, it changes nothing. The rows are those within your scope, each as it was at some moment while the workbook was made. Takhti-Journal-Begin is the number of the journal's newest entry as that began, and the trailer Takhti-Journal-End as it ended: where they are the same, the file is the register at one moment.",
		sdk:   `_, err := c.Export(ctx, takhti.ExportQuery{Kind: takhti.ExportDevices, Place: "PK601"}, file)`,
	}, a.export)
	binary := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	spec.Responses["200"].Content = map[string]*huma.MediaType{
		workbook.XLSX.ContentType(): binary, workbook.CSV.ContentType(): binary,
	}
}

type exportIn struct {
	Kind   takhti.ExportKind   `path:"kind" example:"devices"`
	Format takhti.ExportFormat `query:"format" default:"xlsx"`
	Place  string              `query:"place" doc:"At the place with this code and below it; otherwise within your home" example:"PK601"`

	Status    takhti.Status    `query:"status" doc:"Devices only"`
	Condition takhti.Condition `query:"condition" doc:"Devices only"`
	Model     string           `query:"model" maxLength:"100" doc:"Devices only: a model's name"`
	Shipment  string           `query:"shipment" maxLength:"60" doc:"Devices only: a shipment's number"`
	Search    string           `query:"q" maxLength:"40" doc:"Devices only: part of a serial or of an asset tag"`

	Open     bool                 `query:"open" doc:"Faults only: those that still wait for something"`
	State    takhti.FaultState    `query:"state" doc:"Faults only"`
	Category takhti.FaultCategory `query:"category" doc:"Faults only"`
}

func (a *api) export(ctx context.Context, in *exportIn) (*huma.StreamResponse, error) {
	s := a.session(ctx)
	o, err := exportOptions(ctx, s, in)
	if err != nil {
		return nil, err
	}
	begin, err := s.Position(ctx)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		w := &download{ctx: ctx, name: "takhti-" + o.Kind.String() + "." + o.Format.String(), kind: o.Format.ContentType(), begin: begin}
		_, err := workbook.Export(ctx.Context(), s, w, o)
		if err == nil {
			err = w.end(s)
		}
		a.finish(w, err)
	}}, nil
}

// finish ends a download.
func (a *api) finish(w *download, err error) {
	switch {
	case err != nil && !w.begun:
		a.write(w.ctx, a.problem(w.ctx.Context(), err))
	case err != nil && w.lost != nil:
		a.Log.InfoContext(w.ctx.Context(), "the client left before its answer ended", "error", w.lost)
		panic(http.ErrAbortHandler)
	case err != nil:
		a.problem(w.ctx.Context(), err) // for the log
		panic(http.ErrAbortHandler)     // a part must not look like the whole
	}
}

func exportOptions(ctx context.Context, s registry.Session, in *exportIn) (o workbook.ExportOptions, err error) {
	if o.Kind, err = workbook.ParseKind(string(in.Kind)); err != nil {
		return o, err
	}
	if o.Format, err = workbook.ParseFormat(string(in.Format)); err != nil {
		return o, err
	}
	q, err := deviceQuery(ctx, s, &listDevicesIn{
		Place: in.Place, Status: in.Status, Condition: in.Condition, Model: in.Model, Shipment: in.Shipment, Search: in.Search,
	})
	if err != nil {
		return o, err
	}
	o.Filter = workbook.Filter{
		Place: q.Place, Status: q.Status, Condition: q.Condition, Model: q.Model, Shipment: q.Shipment, Text: q.Text, Open: in.Open,
	}
	if o.Filter.State, err = read(in.State, fleet.ParseFaultState); err != nil {
		return o, err
	}
	o.Filter.Category, err = read(in.Category, fleet.ParseFaultCategory)
	return o, err
}

// flush sends what was written so far.
func (d *download) flush() { humagin.Unwrap(d.ctx).Writer.Flush() }

// download begins the answer with the first bytes of the file, so that what
// fails before them can still be answered as a problem.
type download struct {
	ctx        huma.Context
	name, kind string // of the file, if it is one, and its media type
	status     int    // zero: 200
	begin      uint64 // of an export: the journal's newest entry before the first row was read
	begun      bool
	lost       error // why the client gets no more of it
}

// The header and the trailer that say between which entries of the journal a
// workbook was made.
const (
	journalBegin = "Takhti-Journal-Begin"
	journalEnd   = "Takhti-Journal-End"
)

func (d *download) Write(p []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.ctx.SetHeader("Content-Type", d.kind)
		if d.name != "" {
			d.ctx.SetHeader("Content-Disposition", `attachment; filename="`+d.name+`"`)
		}
		if d.begin != 0 {
			d.ctx.SetHeader(journalBegin, strconv.FormatUint(d.begin, 10))
			d.ctx.SetHeader("Trailer", journalEnd)
		}
		d.ctx.SetStatus(cmp.Or(d.status, http.StatusOK))
	}
	n, err := d.ctx.BodyWriter().Write(p)
	if d.lost == nil {
		d.lost = err
	}
	return n, err
}

// end tells the journal's newest entry once all rows were read.
func (d *download) end(s registry.Session) error {
	seq, err := s.Position(d.ctx.Context())
	if err == nil {
		d.ctx.SetHeader(journalEnd, strconv.FormatUint(seq, 10))
	}
	return err
}

package api

import (
	"context"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"strconv"
	"syscall"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// maxUpload is the most that an upload may have, its form included.
const maxUpload = 65 << 20

// BodyLimits are the routes that take more than other requests, for the server.
func BodyLimits() map[string]int64 {
	return map[string]int64{
		http.MethodPost + " " + prefix + "/imports":  maxUpload,
		http.MethodPatch + " " + prefix + uploadPath: maxUpload,
		http.MethodPost + " " + prefix + uploadPath:  maxUpload, // in place of PATCH
	}
}

// uploadIn takes the form itself: huma would answer every failure to read it as
// if the client had sent nonsense.
type uploadIn struct {
	Keyed
	request *http.Request
}

// Resolve implements [huma.Resolver].
func (in *uploadIn) Resolve(ctx huma.Context) []error {
	in.request = humagin.Unwrap(ctx).Request
	return nil
}

// formMemory is how much of a form is held in memory; the rest goes to temporary
// files, which go with the form.
const formMemory = 256 << 10

func (a *api) uploadImport(ctx context.Context, in *uploadIn) (*answer[takhti.Import], error) {
	if err := in.request.ParseMultipartForm(formMemory); err != nil {
		return nil, formError(err)
	}
	form := in.request.MultipartForm
	defer func() { _ = form.RemoveAll() }() // the server does it again
	incoming, upload, err := incomingOf(form)
	if err != nil {
		return nil, err
	}
	incoming.Request = in.Key
	switch files := form.File["file"]; {
	case len(files) == 0 && upload != "":
		return a.takeIn(ctx, func(s registry.Session) (registry.Import, error) { return a.Desk.TakeUpload(ctx, s, incoming, upload) })
	case len(files) != 1 || upload != "":
		return nil, fleet.Invalidf("import.file_missing", "send one workbook, as the file of the form, or the ID of one upload").In("file")
	}
	header := form.File["file"][0]
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	incoming.Name = header.Filename
	return a.takeIn(ctx, func(s registry.Session) (registry.Import, error) { return a.Desk.Take(ctx, s, incoming, file) })
}

// takeIn has a file kept, and plans its import.
func (a *api) takeIn(ctx context.Context, take func(registry.Session) (registry.Import, error)) (*answer[takhti.Import], error) {
	s := a.session(ctx)
	i, err := take(s)
	if err != nil {
		return nil, err
	}
	plan, err := a.plan(ctx, s, i.ID)
	if err != nil {
		return nil, err
	}
	return &answer[takhti.Import]{importOf(&i, plan)}, nil
}

// formError words why a form could not be read.
func formError(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.Is(err, syscall.ENOSPC): // forms are spooled
		return err
	case errors.As(err, &large):
		p := clientProblem(http.StatusRequestEntityTooLarge, "body.too_large", "the workbook is too large: at most 64 MB can be sent")
		p.Field, p.Help = "file", "Split it into several files."
		return p
	case errors.Is(err, http.ErrNotMultipart), errors.Is(err, http.ErrMissingBoundary):
		return clientProblem(http.StatusUnsupportedMediaType, "request.content_type", "send the workbook as the file of a form: multipart/form-data")
	}
	p := clientProblem(http.StatusBadRequest, "upload.truncated", "the form did not arrive whole")
	p.Field = "file"
	return p
}

// incomingOf reads the form's fields, and knows no others than these.
func incomingOf(form *multipart.Form) (in workbook.Incoming, upload string, err error) {
	var kind, to, date, skip, reading string
	fields := map[string]*string{
		"kind": &kind, "shipment": &in.Shipment, "supplier": &in.Supplier, "to": &to, "date": &date, "skip_bad": &skip, "reading": &reading, "upload": &upload,
	}
	for name, values := range form.Value {
		into, known := fields[name]
		if !known || len(values) != 1 {
			return in, "", fleet.Invalidf("request.invalid", "the form has kind, shipment, supplier, to, date, skip_bad, reading, and file or upload, each once").In(name)
		}
		*into = values[0]
	}
	in.To = fleet.PlaceCode(to)
	if in.Date, err = dateOr(takhti.Date(date), 0); err != nil {
		return in, "", err
	}
	if skip != "" {
		if in.SkipBad, err = strconv.ParseBool(skip); err != nil {
			return in, "", fleet.Invalidf("request.invalid", "skip_bad is true or false").In("skip_bad")
		}
	}
	if reading != "" {
		var w takhti.Reading
		if err := json.Unmarshal([]byte(reading), &w); err != nil {
			return in, "", fleet.Invalidf("request.invalid", "reading is how the workbook is to be read, as JSON").In("reading")
		}
		in.Reading = ReadingOf(w)
	}
	in.Kind, err = workbook.ParseImportKind(kind)
	return in, upload, err
}

// uploadBody documents the form.
func uploadBody(r huma.Registry) *huma.RequestBody {
	text := func(about string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: about} }
	kind := word[takhti.ImportKind]{}.Schema(r)
	kind.Description = "What the workbook lists"
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type:     huma.TypeObject,
		Required: []string{"kind"},
		Properties: map[string]*huma.Schema{
			"kind":     kind,
			"file":     {Type: huma.TypeString, Format: "binary", Description: "The workbook, at most 64 MB"},
			"upload":   text("In place of the file: the ID of an upload that is whole, see /uploads"),
			"shipment": text("The shipment's number, where the file does not say it"),
			"supplier": text("Who sent the shipment"),
			"to":       text("The code of the place that the shipment, or the list, is for"),
			"date":     text("Of a stock-take: the day of the count, where the file does not say it; otherwise today"),
			"reading":  text("How the workbook is to be read, as JSON: what /imports/{id}/reading takes"),
			"skip_bad": {Type: huma.TypeBoolean, Description: "Leave rows with problems out, instead of refusing the whole file"},
		},
	}}}}
}

package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// copies are the workbooks that go to those who send workbooks in.
func (a *api) copies() {
	isWorkbook(add(a, operation{
		Route: Route{http.MethodGet, "/imports/{id}/{copy}", fleet.RunImports},
		id:    "copy-import", summary: "The workbook that was sent in, with its problems marked",
		about: "annotated.xlsx is the whole workbook as it was, with each cell that has a problem coloured and commented, a column beside the data that says what is wrong with each row, and a first sheet that counts the causes. " +
			"left-out.xlsx has only the rows that are not imported, below the names of their columns. Both can be corrected and sent in again.",
		sdk: `_, err := c.ImportCopy(ctx, "I-17", takhti.AnnotatedCopy, file)`,
	}, a.copyImport))
	isWorkbook(add(a, operation{
		Route: Route{http.MethodGet, "/templates/{kind}", fleet.RunImports},
		id:    "template", summary: "A workbook to fill in and send in, such as shipment.xlsx",
		about: "It has the names of the columns, lists to choose from (your own districts, the models, the words that are known), and instructions.",
		sdk:   `_, err := c.Template(ctx, takhti.ImportShipment, "ur", file)`,
	}, a.template))
}

// isWorkbook documents that the answer is one.
func isWorkbook(spec *huma.Operation) {
	spec.Responses["200"].Content = map[string]*huma.MediaType{
		workbook.XLSX.ContentType(): {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}
}

type copyIn struct {
	ID   string            `path:"id" maxLength:"30" example:"I-17"`
	Copy takhti.ImportCopy `path:"copy" example:"annotated.xlsx"`
}

func (a *api) copyImport(ctx context.Context, in *copyIn) (*huma.StreamResponse, error) {
	id, err := workbook.ParseImportRef(in.ID)
	if err != nil {
		return nil, err
	}
	c, known := workbook.ParseCopy(string(in.Copy))
	if !known {
		return nil, fleet.NotFoundf("import.copy", "there is no copy %q: ask for annotated.xlsx or left-out.xlsx", in.Copy)
	}
	file, err := a.Desk.Copy(ctx, a.session(ctx), id, c)
	if err != nil {
		return nil, err
	}
	return a.workbookOf(ctx, file.Name, file), nil
}

// workbookOf is the answer with a workbook that is whole.
func (a *api) workbookOf(ctx context.Context, name string, file io.ReadCloser) *huma.StreamResponse {
	a.session(ctx).Witness(registry.Act{Kind: registry.Downloaded, Subject: name})
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer func() { _ = file.Close() }()
		d := &download{ctx: ctx, name: name, kind: workbook.XLSX.ContentType()}
		_, err := io.Copy(d, file)
		a.finish(d, err)
	}}
}

type templateIn struct {
	Kind string `path:"kind" maxLength:"30" doc:"What the workbook is to list, with .xlsx: shipment.xlsx, places.xlsx" example:"shipment.xlsx"`
	Lang string `query:"lang" maxLength:"10" doc:"The language of the names and the instructions: en or ur" example:"ur"`
}

func (a *api) template(ctx context.Context, in *templateIn) (*huma.StreamResponse, error) {
	name := strings.TrimSuffix(in.Kind, ".xlsx")
	kind, err := workbook.ParseKind(name)
	if err != nil {
		return nil, err
	}
	lang, err := workbook.ParseLanguage(in.Lang)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := workbook.WriteTemplate(ctx, &file, a.session(ctx), kind, lang); err != nil {
		return nil, err
	}
	return a.workbookOf(ctx, "takhti-"+name+".xlsx", io.NopCloser(&file)), nil
}

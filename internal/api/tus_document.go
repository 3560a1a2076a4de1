package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// documentUploads describes the routes of the protocol, whose handlers are not huma's.
func (a *api) documentUploads() {
	const send = `id, err := c.SendFile(ctx, "lot3.xlsx", file, nil)`
	for _, d := range []struct {
		operation
		header string   // what a request needs besides Tus-Resumable, for curl
		inputs []string // pairs of a header and what it is
	}{
		{
			operation: operation{
				Route: Route{http.MethodPost, "/uploads", fleet.RunImports},
				id:    "begin-upload", summary: "Begin to send a workbook in pieces", status: http.StatusCreated, sdk: send,
				about: "The header Location of the answer is where to send them. What is not imported is dropped a week after its last piece, which Upload-Expires tells. A user has eight uploads at a time at most; a ninth drops the one that has rested longest. OPTIONS tells, to everybody, what of the protocol there is.",
			},
			header: `-X POST -H "Upload-Length: 1000000" -H "Upload-Metadata: filename bG90My54bHN4"`,
			inputs: []string{"Upload-Length", "How many bytes the file has, at most 64 MB", "Upload-Metadata", "filename and the file's name in base64"},
		},
		{
			operation: operation{
				Route: Route{http.MethodGet, "/uploads/{id}", fleet.RunImports},
				id:    "get-upload", summary: "How much of an upload has arrived", sdk: send,
				about: "With HEAD, as the protocol has it, or GET: the headers Upload-Offset and Upload-Length say it. One that was imported is not there any more.",
			},
			header: `--head`,
		},
		{
			operation: operation{
				Route: Route{http.MethodPatch, "/uploads/{id}", fleet.RunImports},
				id:    "append-upload", summary: "Send the next piece of an upload", status: http.StatusNoContent, sdk: send,
				about: "What arrives counts, also when the connection breaks off in the middle. Where one still hangs, the next takes over from it. When everything has arrived, POST /api/v1/imports takes the ID in place of a file. POST with X-HTTP-Method-Override: PATCH is the same.",
			},
			header: `-X PATCH -H "Upload-Offset: 0" -H "Content-Type: application/offset+octet-stream" --data-binary @lot3.xlsx`,
			inputs: []string{"Upload-Offset", "How much has arrived: where the piece begins"},
		},
		{
			operation: operation{
				Route: Route{http.MethodDelete, "/uploads/{id}", fleet.RunImports},
				id:    "drop-upload", summary: "End an upload that is not wanted any more", status: http.StatusNoContent,
				sdk: `err := c.DropFile(ctx, id)`,
			},
			header: `-X DELETE`,
		},
	} {
		a.documentUpload(d.operation, d.header, d.inputs)
	}
}

func (a *api) documentUpload(op operation, header string, inputs []string) {
	text := &huma.Schema{Type: huma.TypeString}
	spec := &huma.Operation{
		OperationID: op.id, Method: op.Method, Path: prefix + op.Path, Summary: op.summary, Description: op.about, Tags: []string{tagOf(op.Path)},
		Responses: map[string]*huma.Response{"default": a.problemResponse()},
		Extensions: map[string]any{
			"x-takhti-roles": rolesFor(op.Needs), "x-takhti-go": op.sdk, "x-takhti-curl": `-H "Tus-Resumable: ` + tusVersion + `" ` + header,
		},
	}
	status := "200"
	switch op.status {
	case http.StatusCreated:
		status = "201"
	case http.StatusNoContent:
		status = "204"
	}
	spec.Responses[status] = &huma.Response{Description: "Its headers say how much has arrived"}
	if op.Path != "/uploads" {
		spec.Parameters = append(spec.Parameters, &huma.Param{Name: "id", In: "path", Required: true, Schema: text})
	}
	inputs = append([]string{"Tus-Resumable", tusVersion}, inputs...)
	for i := 0; i < len(inputs); i += 2 {
		schema := &huma.Schema{Type: huma.TypeString, Description: inputs[i+1]}
		spec.Parameters = append(spec.Parameters, &huma.Param{Name: inputs[i], In: "header", Required: inputs[i] != "Upload-Metadata", Schema: schema})
	}
	if op.Method == http.MethodPatch {
		spec.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			tusContent: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}}
	}
	a.huma.OpenAPI().AddOperation(spec)
	a.routes = append(a.routes, op.Route)
}

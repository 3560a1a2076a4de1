package api

import (
	_ "embed"
	"fmt"
	"html"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.css
var style []byte

// page renders the document for people: one page, to be read, searched and
// printed, without a script.
func page(doc *huma.OpenAPI) []byte {
	w := &pageWriter{doc: doc}
	w.add(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`)
	w.add(`<title>Takhti API</title><link rel="stylesheet" href="/docs/style.css"></head><body><main><h1>Takhti API</h1>`)
	for paragraph := range strings.SplitSeq(doc.Info.Description, "\n\n") {
		w.add("<p>")
		w.prose(paragraph)
		w.add("</p>")
	}
	w.add(`<p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). In Go: <code>import "github.com/takhti-edu/takhti/pkg/takhti"</code>, then</p>`)
	w.add(`<pre>c, err := takhti.New("https://takhti.example.pk", os.Getenv("TAKHTI_TOKEN"))</pre>`)
	w.contents()
	for _, tag := range doc.Tags {
		w.add(`<section><h2 id="%s">%s</h2><p>%s.</p>`, tag.Name, tag.Name, tag.Description)
		for _, op := range w.operations(tag.Name) {
			w.operation(op)
		}
		w.add("</section>")
	}
	w.types()
	w.add("</main></body></html>\n")
	return []byte(w.out.String())
}

// pageWriter writes HTML. The arguments of add are escaped, its formats are not.
type pageWriter struct {
	doc *huma.OpenAPI
	out strings.Builder
}

func (w *pageWriter) add(format string, args ...any) {
	for i, a := range args {
		args[i] = html.EscapeString(fmt.Sprint(a))
	}
	fmt.Fprintf(&w.out, format, args...)
}

// prose writes a text in which `this` is code.
func (w *pageWriter) prose(text string) {
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			w.add("<code>%s</code>", part)
		} else {
			w.add("%s", part)
		}
	}
}

func (w *pageWriter) contents() {
	w.add("<nav><ul>")
	for _, tag := range w.doc.Tags {
		w.add(`<li><a href="#%s">%s</a> `, tag.Name, tag.Name)
		for _, op := range w.operations(tag.Name) {
			w.add(`<a href="#%s">%s</a> `, op.OperationID, op.OperationID)
		}
		w.add("</li>")
	}
	w.add(`<li><a href="#types">types</a></li></ul></nav>`)
}

func (w *pageWriter) operation(op *huma.Operation) {
	w.add(`<article id="%s"><h3><code>%s %s</code></h3><p><strong>%s.</strong> %s</p>`, op.OperationID, op.Method, op.Path, op.Summary, op.Description)
	w.add("<p>Roles: %s.", strings.Join(op.Extensions["x-takhti-roles"].([]string), ", "))
	if body := requestSchema(op); body != nil && body.Ref != "" {
		w.add(` Content: `)
		w.link(body)
		w.add(".")
	}
	if answer := answerSchema(op); answer != nil {
		w.add(" Answer: ")
		w.link(answer)
		w.add(".")
	}
	w.add("</p>")
	w.parameters(op)
	w.add("<pre>%s</pre>", curl(w.doc, op))
	if sdk, ok := op.Extensions["x-takhti-go"]; ok {
		w.add("<pre>%s</pre>", sdk)
	}
	w.add("</article>")
}

func (w *pageWriter) parameters(op *huma.Operation) {
	body := requestSchema(op)
	form := body != nil && body.Ref == ""
	if len(op.Parameters) == 0 && !form {
		return
	}
	w.add("<table><thead><tr><th>Input</th><th>In</th><th>What it is</th></tr></thead><tbody>")
	for _, p := range op.Parameters {
		w.input(p.Name, p.In, p.Schema)
	}
	if form {
		for _, name := range sortedNames(body.Properties) {
			w.input(name, "form", body.Properties[name])
		}
	}
	w.add("</tbody></table>")
}

func (w *pageWriter) input(name, in string, s *huma.Schema) {
	w.add("<tr><td><code>%s</code></td><td>%s</td><td>%s %s</td></tr>", name, in, s.Description, constraint(s))
}

// types describes every type that an operation takes or gives.
func (w *pageWriter) types() {
	w.add(`<section><h2 id="types">types</h2>`)
	all := w.doc.Components.Schemas.Map()
	for _, name := range sortedNames(all) {
		if name == "ErrorModel" || name == "ErrorDetail" { // the library's own, not used
			continue
		}
		w.add(`<article id="type-%s"><h3>%s</h3><table><thead><tr><th>Field</th><th>Type</th><th>What it is</th></tr></thead><tbody>`, name, name)
		for _, field := range sortedNames(all[name].Properties) {
			s := all[name].Properties[field]
			w.add("<tr><td><code>%s</code></td><td>", field)
			w.link(s)
			w.add("</td><td>%s %s</td></tr>", s.Description, constraint(s))
		}
		w.add("</tbody></table></article>")
	}
	w.add("</section>")
}

// link names a schema, and leads to it when it has a place of its own.
func (w *pageWriter) link(s *huma.Schema) {
	switch name := schemaName(s); {
	case name != "":
		w.add(`<a href="#type-%s">%s</a>`, name, name)
	case s.Items != nil:
		w.add("list of ")
		w.link(s.Items)
	case s.Format != "":
		w.add("%s", s.Format)
	default:
		w.add("%s", s.Type)
	}
}

package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// about is the introduction of the document and of the page.
const about = "The register of a school Chromebook rollout: places, devices, shipments, faults and counts.\n\n" +
	"Every call needs a token, as `Authorization: Bearer takhti_…`, or the session of a browser. A token has a role at a place; all below that place is in its scope, and what is outside does not exist: it is answered with 404.\n\n" +
	"Lists come in pages of at most 1,000 `items`. While there is a `next`, give it as `cursor` with the same filter to get the next page.\n\n" +
	"Writes take an `Idempotency-Key` of your own making. A write that is repeated under its key, because its answer got lost, happens once and is answered as the first time, with the header `Idempotent-Replayed: true`. The same key with another content is refused with code `request.reused`.\n\n" +
	"What is not a success is a problem (RFC 9457): `detail` says what was wrong and what to do next, `code` says it for programs and never changes, and `errors` lists every input at fault when the request itself is malformed. After 429 and 503, wait as many seconds as `Retry-After` says.\n\n" +
	"Times are in UTC, as `2026-06-30T08:15:00Z`; days are those of Pakistan, as `2026-06-30`. Fields that are empty are left out. Within version 1 fields and values are added, but none is renamed or removed."

// tags are the nouns in the order in which the page has them.
var tags = []*huma.Tag{
	{Name: "me", Description: "Who you are"},
	{Name: "places", Description: "The tree of country, provinces, districts, tehsils, schools and stores"},
	{Name: "models", Description: "Makes of device"},
	{Name: "devices", Description: "Chromebooks"},
	{Name: "shipments", Description: "Deliveries from the assemblers"},
	{Name: "faults", Description: "What does not work, and what came of it"},
	{Name: "counts", Description: "Numbers, now and as of any day"},
	{Name: "trends", Description: "Numbers over time"},
	{Name: "imports", Description: "Workbooks in"},
	{Name: "uploads", Description: "Workbooks in pieces, over lines that break: tus 1.0.0 (https://tus.io), whose headers every request needs"},
	{Name: "templates", Description: "Workbooks to fill in"},
	{Name: "exports", Description: "Workbooks out"},
	{Name: "users", Description: "Accounts"},
	{Name: "tokens", Description: "Keys to this API"},
	{Name: "journal", Description: "Who did what, where and when"},
	{Name: "backup", Description: "A copy of everything"},
	{Name: "verify", Description: "A proof that everything agrees"},
}

// document serves the OpenAPI document and the page about it. Both are open to
// everybody: they say nothing about what is in the register.
func (a *api) document(engine *gin.Engine) {
	doc := a.huma.OpenAPI()
	allowMore(doc)
	data, err := json.Marshal(doc)
	if err != nil {
		panic(err) // it is made of our own types only
	}
	page := page(doc)
	for _, file := range []struct {
		path, kind string
		data       []byte
	}{
		{"/openapi.json", "application/json", data},
		{"/docs", "text/html; charset=utf-8", page},
		{"/docs/style.css", "text/css; charset=utf-8", style},
	} {
		a.handle(engine, auth.Route{Method: http.MethodGet, Path: file.path, Needs: auth.Nothing()}, func(c *gin.Context) {
			c.Data(http.StatusOK, file.kind, file.data)
		})
	}
}

// allowMore lets answers have fields that the document does not name, so that
// fields can be added within a version. Requests stay as they are: a field that
// is not known is a mistake.
func allowMore(doc *huma.OpenAPI) {
	asked := map[string]bool{}
	for _, item := range doc.Paths {
		if item.Post != nil && item.Post.RequestBody != nil {
			for _, media := range item.Post.RequestBody.Content {
				mark(doc, media.Schema, asked)
			}
		}
	}
	for name, schema := range doc.Components.Schemas.Map() {
		if !asked[name] {
			schema.AdditionalProperties = nil
		}
	}
}

// mark notes the names of all schemas that s refers to.
func mark(doc *huma.OpenAPI, s *huma.Schema, asked map[string]bool) {
	if s == nil {
		return
	}
	if name := schemaName(s); name != "" {
		if asked[name] {
			return
		}
		asked[name] = true
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	mark(doc, s.Items, asked)
	for _, p := range s.Properties {
		mark(doc, p, asked)
	}
}

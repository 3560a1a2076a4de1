package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// filler fills a register with hostile texts, over its API.
type filler struct {
	t     *testing.T
	site  *site
	token string
	made  int             // things so far, for names of their own
	kept  map[string]bool // fields that took a hostile text
	tried map[string]bool
}

// call sends a request and sees that its answer is one that a program can stand.
func (f *filler) call(method, path, kind, body string) (status int, data []byte) {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.site.url+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+f.token)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		f.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	if data, err = io.ReadAll(res.Body); err != nil {
		f.t.Fatal(err)
	}
	f.sane(method+" "+path+" with "+body, res, string(data))
	return res.StatusCode, data
}

func (f *filler) sane(what string, res *http.Response, text string) {
	f.t.Helper()
	what = what[:min(len(what), 300)]
	if r, ok := turns(text); ok && !strings.HasPrefix(text, "PK") {
		f.t.Errorf("%s: the answer holds the character %U", what, r)
	}
	var problem struct{ Code, Detail string }
	switch {
	case res.StatusCode >= 500:
		f.t.Errorf("%s: %d %s", what, res.StatusCode, text)
	case res.StatusCode >= 400 && (json.Unmarshal([]byte(text), &problem) != nil || problem.Code == "" || problem.Detail == ""):
		f.t.Errorf("%s: refused without a reason: %d %s", what, res.StatusCode, text)
	}
	for name, values := range res.Header {
		if name == "Set-Cookie" || strings.Contains(strings.Join(values, ""), "\n") {
			f.t.Errorf("%s: a header %s of somebody's own: %q", what, name, values)
		}
	}
}

func (f *filler) get(path string) (v map[string]any) {
	f.t.Helper()
	status, data := f.call("GET", path, "", "")
	if status != http.StatusOK || json.Unmarshal(data, &v) != nil {
		f.t.Fatalf("%s: %d %s", path, status, data)
	}
	return v
}

// place is the code of a place of a kind.
func (f *filler) place(kind string) string {
	f.t.Helper()
	for _, p := range f.get("/api/v1/places?limit=1000")["items"].([]any) {
		if p := p.(map[string]any); p["kind"] == kind {
			return p["code"].(string)
		}
	}
	f.t.Fatalf("there is no %s", kind)
	return ""
}

// operation is a write of the API with a JSON body.
type operation struct {
	path   string
	fields []string // that are text
	base   map[string]any
}

// operations are all there are, by the server's own description.
func (f *filler) operations() (all []operation) {
	f.t.Helper()
	doc := f.get("/openapi.json")
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for path, methods := range doc["paths"].(map[string]any) {
		post, _ := methods.(map[string]any)["post"].(map[string]any)
		body, _ := post["requestBody"].(map[string]any)
		kinds, _ := body["content"].(map[string]any)
		content, _ := kinds["application/json"].(map[string]any)
		schema, _ := content["schema"].(map[string]any)
		if name, ok := schema["$ref"].(string); ok {
			schema = schemas[name[strings.LastIndex(name, "/")+1:]].(map[string]any)
		}
		op := operation{path: path, base: map[string]any{}}
		properties, _ := schema["properties"].(map[string]any)
		for name, p := range properties {
			op.add(name, p.(map[string]any), schema["required"])
		}
		slices.Sort(op.fields)
		if len(op.fields) > 0 {
			all = append(all, op)
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path, b.path) })
	return all
}

func (op *operation) add(name string, p map[string]any, required any) {
	enum, _ := p["enum"].([]any)
	kind, _ := p["type"].(string)
	examples, _ := p["examples"].([]any)
	list, _ := required.([]any)
	switch {
	case len(enum) > 0:
		op.base[name] = enum[0]
	case len(examples) > 0:
		op.base[name] = examples[0]
	case !slices.Contains(list, any(name)):
	case kind == "integer":
		op.base[name] = 1
	}
	if kind == "string" && len(enum) == 0 && p["format"] != "date" && p["format"] != "date-time" {
		op.fields = append(op.fields, name)
	}
}

// body is the operation's body with one field as it is given, which is JSON, and the
// others such that they are taken, where that is known.
func (f *filler) body(op operation, field, value string) string {
	f.made++
	all := map[string]any{}
	for name, v := range op.base {
		all[name] = v
	}
	for name, v := range f.fitting(op.path) {
		all[name] = v
	}
	all[field] = "@"
	text, err := json.Marshal(all)
	if err != nil {
		f.t.Fatal(err)
	}
	return strings.Replace(string(text), `"@"`, value, 1)
}

// fitting are values with which an operation of the path works each time.
func (f *filler) fitting(path string) map[string]any {
	n := f.made
	switch path {
	case "/api/v1/places":
		return map[string]any{"code": fmt.Sprintf("PK6-9%07d", n), "emis": fmt.Sprintf("9%07d", n), "kind": "school", "state": "active", "name": fmt.Sprintf("Made up %d", n), "parent": f.known("district")}
	case "/api/v1/shipments":
		return map[string]any{"number": fmt.Sprintf("H-%d", n), "destination": f.known("store")}
	case "/api/v1/users":
		return map[string]any{"name": fmt.Sprintf("made.up.%d", n), "grants": []any{map[string]any{"role": "viewer", "place": "PK"}}}
	case "/api/v1/faults":
		return map[string]any{"serial": f.known("serial"), "category": "other", "severity": "minor"}
	case "/api/v1/tokens":
		return map[string]any{"role": "viewer", "place": "PK", "days": 1, "user": nil}
	}
	return nil
}

// known is something of the register, looked up once.
func (f *filler) known(what string) string {
	f.t.Helper()
	if v := f.site.known[what]; v != "" {
		return v
	}
	switch what {
	case "serial":
		f.site.known[what] = f.get("/api/v1/devices?status=at_school&limit=1")["items"].([]any)[0].(map[string]any)["serial"].(string)
	case "ref":
		f.site.known[what] = f.get("/api/v1/faults?open=true&limit=1")["items"].([]any)[0].(map[string]any)["ref"].(string)
	case "shipment":
		f.site.known[what] = f.get("/api/v1/shipments?limit=1")["items"].([]any)[0].(map[string]any)["number"].(string)
	default:
		f.site.known[what] = f.place(what)
	}
	return f.site.known[what]
}

// path fills the parameters of an operation's path.
func (f *filler) path(of string) string {
	return strings.NewReplacer("{serial}", f.known("serial"), "{ref}", f.known("ref"), "{name}", "viewer", "{code}", f.known("district"),
		"{number}", "H-1", "{id}", "1").Replace(of)
}

// fillOperations sends each hostile text in each field of each write of the API.
func (f *filler) fillOperations() {
	f.t.Helper()
	for _, op := range f.operations() {
		for _, field := range op.fields {
			at := op.path + " " + field
			f.tried[at] = true
			secret := strings.Contains(op.path+field, "password")
			for _, text := range hostile {
				value, _ := json.Marshal(text)
				if status, _ := f.call("POST", f.path(op.path), "application/json", f.body(op, field, string(value))); status < 300 {
					f.kept[at] = true
				}
			}
			for _, value := range forbidden {
				status, data := f.call("POST", f.path(op.path), "application/json", f.body(op, field, value))
				if status < 300 && !secret && !cleaned[at] {
					f.t.Errorf("%s took %s: %s", at, value, data)
				}
			}
			for _, value := range odd {
				f.call("POST", f.path(op.path), "application/json", f.body(op, field, value))
			}
		}
	}
}

// cleaned are fields that drop what cannot be seen: a number is copied from papers.
var cleaned = map[string]bool{"/api/v1/shipments number": true}

// fillFault takes faults from their report to their end, each with hostile notes.
func (f *filler) fillFault() {
	f.t.Helper()
	for _, text := range hostile {
		note := strconv.Quote(text)
		if value, err := json.Marshal(text); err == nil {
			note = string(value)
		}
		post := func(path, body string) map[string]any {
			status, data := f.call("POST", path, "application/json", strings.Replace(body, "@", note, 1))
			if status >= 300 {
				f.t.Fatalf("%s: %d %s", path, status, data)
			}
			var v map[string]any
			_ = json.Unmarshal(data, &v)
			return v
		}
		fault := "/api/v1/faults/" + post("/api/v1/faults", fmt.Sprintf(`{"serial":%q,"category":"keyboard","note":@}`, f.known("serial")))["ref"].(string)
		post(fault+"/triage", `{"severity":"minor","note":@}`)
		post(fault+"/repair", `{"route":"workshop","note":@}`)
		post(fault+"/return", `{"outcome":"repaired","note":@}`)
		post(fault+"/close", `{"outcome":"repaired","note":@}`)
	}
}

// fillImports sends in a workbook of each kind, with a hostile name, in which every
// column has every hostile text, and imports the rows of it that can be.
func (f *filler) fillImports() {
	f.t.Helper()
	for kind, headers := range importKinds {
		id := f.upload(kind, "outline.csv", headers+"\n1,2,3\n")
		if id == "" {
			continue
		}
		var facts []string
		for _, fact := range f.get("/api/v1/imports/" + id + "/outline")["facts"].([]any) {
			facts = append(facts, fact.(map[string]any)["header"].(string))
		}
		for n, texts := range [][]string{hostile, unquoted(forbidden[1:])} {
			name := []string{`"><img src=x onerror=alert(1)>h0st`, "<h0st>گورنمنٹ"}[n] + kind + ".csv"
			at := "import of " + kind
			f.tried[at] = true
			if id := f.upload(kind, name, f.sheet(kind, facts, texts)); id != "" && f.commit(id) > 0 && n == 0 {
				f.kept[at] = true
			}
		}
	}
}

// importKinds are what a list can be of, with the columns that it cannot be without.
var importKinds = map[string]string{
	"places": "EMIS Code,Place Name,District", "shipment": "Serial Number,Model,Carton", "delivery": "Serial Number,Condition,Remarks", "updates": "Serial Number,Model,Condition",
	"handouts": "Serial Number,Holder,Roll", "stocktake": "Serial Number,Place Code,Date", "models": "Model,Manufacturer,Screen", "targets": "Place Code,Target Devices,Date",
	"accounts": "User Name,Full Name,Role,Place Code",
}

func unquoted(texts []string) (plain []string) {
	for _, t := range texts {
		var s string
		_ = json.Unmarshal([]byte(t), &s)
		plain = append(plain, s)
	}
	return plain
}

// sheet is a list with a row for each column and text, in which the other columns
// have something that is commonly right.
func (f *filler) sheet(kind string, headers, texts []string) string {
	var b strings.Builder
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	for i, h := range headers {
		b.WriteString(map[bool]string{true: "", false: ","}[i == 0] + quoted(h))
	}
	b.WriteString("\n")
	for at := range headers {
		for _, text := range texts {
			f.made++
			for i, h := range headers {
				cell := f.cell(kind, h)
				if i == at {
					cell = text
				}
				b.WriteString(map[bool]string{true: "", false: ","}[i == 0] + quoted(cell))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// cell is something that commonly fits under a header.
func (f *filler) cell(kind, header string) string {
	switch h := strings.ToLower(header); {
	case kind == "shipment" && !strings.Contains(h, "serial") && h != "model": // bound for the store
		return ""
	case strings.Contains(h, "emis"):
		return fmt.Sprintf("9%07d", f.made)
	case strings.Contains(h, "serial"):
		return fmt.Sprintf("H0ST%06d", f.made)
	case strings.Contains(h, "model"):
		return "Takhti 11"
	case strings.Contains(h, "district"):
		return "Lahore"
	case strings.Contains(h, "name"):
		return fmt.Sprintf("Made up %d", f.made)
	}
	return ""
}

// upload sends a list in and returns the import's ID; empty where it was refused.
func (f *filler) upload(kind, name, list string) string {
	f.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f.made++
	shipment := fmt.Sprintf(`"><h0st>%d`, f.made)
	if kind != "shipment" {
		shipment = f.known("shipment")
	}
	for field, value := range map[string]string{"kind": kind, "shipment": shipment, "supplier": hostile[0], "to": f.known("store"), "date": "2026-06-01"} {
		_ = w.WriteField(field, value)
	}
	file, err := w.CreateFormFile("file", name)
	if err != nil {
		f.t.Fatal(err)
	}
	_, _ = io.WriteString(file, list)
	_ = w.Close()
	status, data := f.call("POST", "/api/v1/imports", w.FormDataContentType(), b.String())
	var i struct{ ID string }
	if status >= 300 || json.Unmarshal(data, &i) != nil {
		f.t.Logf("%s: %d %.300s", kind, status, data)
	}
	return i.ID
}

// commit imports what can be of an import, and says how many rows that were.
func (f *filler) commit(id string) (rows int) {
	f.t.Helper()
	at := "/api/v1/imports/" + id
	digest, _ := f.get(at)["digest"].(string)
	status, data := f.call("POST", at+"/commit", "application/json", fmt.Sprintf(`{"digest":%q,"skip_bad":true}`, digest))
	var done struct{ New, Changed int }
	if err := json.Unmarshal(data, &done); err != nil || status >= 300 {
		f.t.Errorf("import %s: %d %.300s", id, status, data)
	}
	for _, list := range []string{"problems", "rows"} {
		f.call("GET", at+"/"+list+"?limit=1000", "", "")
	}
	if done.New+done.Changed == 0 {
		_, data = f.call("GET", at+"/problems?limit=3", "", "")
		f.t.Logf("import %s takes no row: %s", id, data)
	}
	return done.New + done.Changed
}

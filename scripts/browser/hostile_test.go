package browser

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Hostile texts are written into every text field that there is: of the API, of lists
// that are sent in, of the forms on the pages. Then every page that shows one, and one
// of each other sort, is opened as every role, on a desk and on a phone: text stays
// text, and what is not text is refused.
func TestWhatPeopleWriteIsNothingButText(t *testing.T) {
	var log bytes.Buffer
	s, stop, err := serve(folder, "120", "12", &log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	f := &filler{t: t, site: s, token: s.signIn["admin"].Token, kept: map[string]bool{}, tried: map[string]bool{}}
	f.fillOperations()
	f.fillFault()
	f.fillImports()
	f.ask()
	f.exports()
	f.checkKept()
	for _, role := range rolesOf(s) {
		t.Run(role, func(t *testing.T) {
			v := newVisitor(t, s, role)
			v.openAll()
			v.fillForms()
		})
	}
	if r, ok := turns(log.String()); ok {
		t.Errorf("the log holds the character %U", r)
	}
}

// rolesOf are the roles of the site's people, those last who can shut others out: they
// send every form that they find.
func rolesOf(s *site) []string {
	roles := slices.Sorted(maps.Keys(s.signIn))
	last := func(role string) int { return slices.Index([]string{"manager", "admin"}, role) }
	slices.SortStableFunc(roles, func(a, b string) int { return last(a) - last(b) })
	return roles
}

// mustKeep are fields that have to take what looks like markup. That they do shows
// that the register was filled with it, and not only asked to be.
var mustKeep = []string{
	"/api/v1/faults note", "/api/v1/places name", "/api/v1/places division", "/api/v1/places phone", "/api/v1/shipments supplier",
	"/api/v1/users full_name", "/api/v1/tokens name", "import of places", "import of shipment", "import of models",
}

func (f *filler) checkKept() {
	f.t.Helper()
	f.t.Logf("%d text fields, of which these took markup: %s", len(f.tried), strings.Join(slices.Sorted(maps.Keys(f.kept)), ", "))
	for _, field := range mustKeep {
		if !f.kept[field] {
			f.t.Errorf("%s took nothing hostile: give it what it needs besides", field)
		}
	}
}

// ask asks for hostile texts in every parameter of every read of the API.
func (f *filler) ask() {
	f.t.Helper()
	doc := f.get("/openapi.json")
	for path, methods := range doc["paths"].(map[string]any) {
		read, ok := methods.(map[string]any)["get"].(map[string]any)
		if !ok || strings.HasSuffix(path, "/verify") || strings.HasSuffix(path, "/backup") {
			continue
		}
		parameters, _ := read["parameters"].([]any)
		for _, p := range parameters {
			p := p.(map[string]any)
			name := p["name"].(string)
			for _, text := range append(unquoted(forbidden), hostile[:5]...) {
				switch p["in"] {
				case "query":
					f.call("GET", f.path(path)+"?"+url.Values{name: {text}}.Encode(), "", "")
				case "path":
					f.call("GET", f.path(strings.Replace(path, "{"+name+"}", url.PathEscape(text), 1)), "", "")
				}
			}
		}
	}
}

var (
	number  = regexp.MustCompile(`^[-+]?[0-9][0-9.,]*$`)
	formula = regexp.MustCompile(`<f[ >/]`)
)

// exports takes all lists out, in which no spreadsheet may find a formula.
func (f *filler) exports() {
	f.t.Helper()
	seen := false
	for _, kind := range []string{"devices", "places", "faults", "handouts", "models", "targets"} {
		status, data := f.call("GET", "/api/v1/exports/"+kind+"?format=csv", "", "")
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF")))).ReadAll()
		if status != http.StatusOK || err != nil {
			f.t.Errorf("%s: %d %v", kind, status, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") && !number.MatchString(cell) {
					f.t.Errorf("%s holds the formula %q", kind, cell)
				}
				seen = seen || strings.HasPrefix(cell, "'=HYPERLINK")
			}
		}
		_, data = f.call("GET", "/api/v1/exports/"+kind+"?format=xlsx", "", "")
		f.noFormula(kind, data)
	}
	if !seen {
		f.t.Error("no list holds what was sent as a formula")
	}
	for _, i := range f.get("/api/v1/imports?limit=100")["items"].([]any) {
		id := i.(map[string]any)["id"].(string)
		if status, data := f.call("GET", "/api/v1/imports/"+id+"/annotated.xlsx", "", ""); status == http.StatusOK {
			f.noFormula("the marked copy of "+id, data)
		}
	}
}

func (f *filler) noFormula(what string, workbook []byte) {
	f.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		f.t.Errorf("%s: %v %.200q", what, err, workbook)
		return
	}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			f.t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			f.t.Fatal(err)
		}
		if m := formula.Find(data); m != nil && strings.HasPrefix(part.Name, "xl/worksheets/") {
			f.t.Errorf("%s: %s holds a formula: %s", what, part.Name, strconv.Quote(string(m)))
		}
	}
}

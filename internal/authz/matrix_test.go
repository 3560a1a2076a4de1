package authz

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/authz_matrix.csv anew")

var only = flag.String("only", "", "ask only the routes that hold the text, and compare no golden file")

var first = flag.Bool("first", false, "stop at the first surprise")

const golden = "testdata/authz_matrix.csv"

// TestMatrix asks every route as everybody about everything. See the package.
func TestMatrix(t *testing.T) {
	w := newWorld(t)
	recipes := slices.Concat(apiRecipes(), webRecipes())
	w.everyRouteHasARecipe(recipes)
	m := matrix{world: w, worked: map[*recipe]bool{}}
	slices.SortStableFunc(recipes, func(a, b *recipe) int { return a.when - b.when })
	for _, r := range recipes {
		if *first && t.Failed() {
			t.FailNow()
		}
		if !strings.Contains(r.route, *only) {
			continue
		}
		for _, a := range w.askers {
			m.row(a, r)
		}
		if !m.worked[r] && !r.mine && !r.special {
			t.Errorf("%s %s: nobody can do it, so that it proves nothing", r.route, r.position)
		}
	}
	if *only == "" {
		m.compare()
	}
	t.Logf("%d requests", m.requests)
}

// everyRouteHasARecipe finds routes that were added without one.
func (w *world) everyRouteHasARecipe(recipes []*recipe) {
	known := map[string]bool{}
	for _, r := range recipes {
		known[r.route] = true
	}
	for _, r := range w.routes {
		route := r.Method + " " + r.Path
		if !known[route] && !strings.HasPrefix(route, "GET /static/") {
			w.Errorf("%s has no recipe: add a line to recipes_api_test.go or recipes_web_test.go", route)
		}
		delete(known, route)
	}
	for route := range known {
		w.Errorf("there is a recipe for %s, but no such route", route)
	}
}

type matrix struct {
	*world
	requests int
	lines    [][]string
	worked   map[*recipe]bool
}

// row asks as one asker, about each relation of the place.
func (m *matrix) row(a *asker, r *recipe) {
	line := []string{r.route, r.position, a.name}
	if r.needs == toKey && a.can(toKey) {
		known := *a
		known.out = false
		a = &known
	}
	var nowhere *response
	answers := map[relation]string{}
	// What is carried out comes last, so that the answers before it are of one world.
	for _, rel := range []relation{none, unknown, above, sibling, cousin, malformed, self, below} {
		if (rel == none) != (r.refers == nil) || rel == below && a.at[below] == "" || rel == unknown && r.makes {
			continue
		}
		at := m.spots[a.at[rel]]
		want := expected(a, r, rel, at)
		ref := m.reference(a, r, rel, at, want)
		a.spends = want == done || want == ruled
		got := m.send(a, r, ref)
		if rel == unknown {
			nowhere = got
		}
		m.judge(a, r, rel, want, got, nowhere)
		m.leaks(a, r, rel, ref, got)
		answers[rel] = fmt.Sprint(got.status)
	}
	for _, rel := range relations {
		line = append(line, answers[rel])
	}
	m.lines = append(m.lines, line)
}

// reference is what the request refers to. Only what is to change is made anew each time.
func (m *matrix) reference(_ *asker, r *recipe, rel relation, at *spot, want class) string {
	switch {
	case rel == none:
		return ""
	case rel == unknown:
		return r.refers.unknown
	case rel == malformed:
		return r.refers.malformed
	case r.fresh && (want == done || want == ruled):
		return r.refers.make(m.world, at)
	}
	return m.static(*r.refers, at)
}

func (m *matrix) send(a *asker, r *recipe, ref string) *response {
	m.requests++
	rec := httptest.NewRecorder()
	req := m.request(a, r, ref)
	m.handler.ServeHTTP(rec, req)
	return &response{status: rec.Code, header: rec.Header(), body: rec.Body.Bytes(), ref: ref, path: req.URL.EscapedPath()}
}

// judge compares an answer with what was expected.
func (m *matrix) judge(a *asker, r *recipe, rel relation, want class, got, nowhere *response) {
	m.Helper()
	fail := func(why string) {
		m.Helper()
		m.Errorf("%s (%s) as %s about %s: %s: %d, want it %s\n%.600s", r.route, r.position, a.name, rel, why, got.status, want, got.body)
	}
	succeeded := got.status >= 200 && got.status < 400 && !got.toSignIn()
	switch {
	case got.status >= 500:
		fail("it failed")
	case want == done && !succeeded:
		fail("it was refused")
	case want == turned && got.status != 401 && !got.toSignIn():
		fail("somebody unknown was let in")
	case want == keyless && (got.status != 404 || rel != none && !strings.Contains(string(got.body), "not the address of a feed")):
		fail("no key, or another kind of one, opened a feed")
	case want == forbidden && got.status != 403:
		fail("the role does not do this")
	case want == absent && rel != unknown && !got.same(nowhere):
		there, not := differ(got.said(), nowhere.said())
		fail(fmt.Sprintf("it is told from what is nowhere, %d:\n…%s…\n…%s…\n", nowhere.status, there, not))
	case want == absent && !r.lists && succeeded:
		fail("it is there")
	case want == ruled && (succeeded || got.status == 403 || got.status == 404):
		fail("a rule refuses it")
	case want == taken && got.status != 404 && got.status != 409:
		fail("a name is not refused as taken")
	case want == faulty && !r.lists && (got.status < 400 || got.status == 401 && !a.out):
		fail("it was understood")
	}
	if want == done && succeeded || want == bare {
		m.worked[r] = true
	}
}

// differ is where two texts begin to differ.
func differ(a, b string) (string, string) {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	from := max(0, n-100)
	return a[from:min(len(a), n+200)], b[from:min(len(b), n+200)]
}

// compare compares the outcome with the golden file, or writes that.
func (m *matrix) compare() {
	var buf bytes.Buffer
	out := csv.NewWriter(&buf)
	header := []string{"route", "reference in", "asker"}
	for _, rel := range relations {
		header = append(header, strings.Replace(string(rel), "-", "no place", 1))
	}
	if err := out.WriteAll(append([][]string{header}, m.lines...)); err != nil {
		m.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, buf.Bytes(), 0o644); err != nil {
			m.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		m.Fatal(err)
	}
	if bytes.Equal(kept, buf.Bytes()) {
		return
	}
	was, is := strings.Split(string(kept), "\n"), strings.Split(buf.String(), "\n")
	for _, l := range was {
		if !slices.Contains(is, l) {
			m.Errorf("- %s", l)
		}
	}
	for _, l := range is {
		if !slices.Contains(was, l) {
			m.Errorf("+ %s", l)
		}
	}
	m.Errorf("%s is another one now: read the difference and, if it is right, run go test ./internal/authz -update", golden)
}

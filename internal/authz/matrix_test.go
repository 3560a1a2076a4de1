package authz

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

var only = flag.String("only", "", "ask only the routes that the regular expression matches")

var first = flag.Bool("first", false, "stop at the first surprise")

var (
	trace  = flag.Bool("trace", false, "say what each route is declared to need, and which recipe is in hand")
	chosen = flag.String("recipes", "", "ask only by the recipes of these numbers, separated by commas")
)

// TestMatrix asks every route as everybody about everything. See the package.
func TestMatrix(t *testing.T) {
	w := newWorld(t)
	if *trace {
		w.sayNeeds()
	}
	recipes := slices.Concat(apiRecipes(), webRecipes())
	w.everyRouteHasARecipe(recipes)
	m := matrix{world: w, worked: map[*recipe]bool{}, golden: readGolden(t)}
	slices.SortStableFunc(recipes, func(a, b *recipe) int { return a.when - b.when })
	asked, numbers := regexp.MustCompile(*only), strings.Split(*chosen, ",")
	for n, r := range recipes {
		if !asked.MatchString(r.route) || *chosen != "" && !slices.Contains(numbers, strconv.Itoa(n)) {
			continue
		}
		if *trace {
			fmt.Println("\nrecipe", n, r.route)
		}
		m.ask(r)
	}
	if *only+*chosen == "" {
		m.compare()
	}
	t.Logf("%d requests", m.requests)
}

// ask asks as everybody.
func (m *matrix) ask(r *recipe) {
	for _, a := range m.askers {
		m.row(a, r)
		if *first && m.Failed() {
			m.FailNow()
		}
	}
	m.settle()
	if !m.worked[r] && !r.mine && !r.special {
		m.Errorf("%s %s: nobody can do it, so that it proves nothing", r.route, r.position)
	}
}

// sayNeeds prints what kind of need each route is declared with, for scripts/mutants,
// which takes them away.
func (w *world) sayNeeds() {
	for _, r := range w.served {
		kind := "action"
		switch {
		case r.Needs.Open():
			kind = "open"
		case r.Needs.Actions() == 0:
			kind = "signed-in"
		}
		fmt.Println("need", kind, r.Method, r.Path)
	}
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
	lines    []string
	golden   map[string]bool // the lines of the golden file
	worked   map[*recipe]bool
}

// row asks as one asker, about each relation of the place.
func (m *matrix) row(a *asker, r *recipe) {
	line := []string{r.route, r.position, a.name}
	if r.needs == toKey && a.can(toKey, none) {
		known := *a
		known.out = false
		a = &known
	}
	var nowhere *response
	answers := map[relation]string{}
	// What is carried out comes last, so that the answers before it are of one world.
	for _, rel := range []relation{none, unknown, above, sibling, cousin, malformed, self, below} {
		if (rel == none) != (r.refers == nil) || rel == below && a.at[below] == "" || rel == unknown && (r.makes || r.blind) {
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
	m.outcome(line)
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
	var reads atomic.Int64
	ctx, stop := context.WithCancel(counting(req.Context(), &reads))
	defer stop()
	m.handler.ServeHTTP(leaver{rec, stop}, req.WithContext(ctx))
	return &response{reads: reads.Load(), status: rec.Code, header: rec.Header(), body: rec.Body.Bytes(), ref: ref, path: req.URL.EscapedPath()}
}

// mostReads is how many more reads of the store it may take to find that something is not
// the asker's than that it is not there: those of its own record and of its place, in each
// way in which it is looked for. Whoever looked at what belongs to it would take more.
const mostReads = 8

// leaver leaves live updates, which would go on, as soon as the first has come.
type leaver struct {
	*httptest.ResponseRecorder
	leave func()
}

// Flush implements [http.Flusher].
func (l leaver) Flush() {
	l.ResponseRecorder.Flush()
	if l.Header().Get("Content-Type") == "text/event-stream" {
		l.leave()
	}
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
	case want == done && !strings.Contains(string(got.body), r.shows):
		fail("it does not show " + r.shows)
	case want == turned && got.status != 401 && !got.toSignIn():
		fail("somebody unknown was let in")
	case want == keyless && (got.status != 404 || rel != none && !strings.Contains(string(got.body), "not the address of a feed")):
		fail("no key, or another kind of one, opened a feed")
	case want == outright && (got.status != 403 || len(got.body) > 0 && !strings.Contains(strings.ToLower(string(got.body)), "your role does not allow this anywhere")):
		fail("the route does not refuse it by itself")
	case want == forbidden && got.status != 403:
		fail("the role does not do this")
	case want == absent && rel != unknown && !got.same(nowhere):
		there, not := differ(got.said(), nowhere.said())
		fail(fmt.Sprintf("it is told from what is nowhere, %d:\n…%s…\n…%s…\n", nowhere.status, there, not))
	case want == absent && rel != unknown && !r.history && got.reads > nowhere.reads+mostReads:
		fail(fmt.Sprintf("it takes %d reads, and %d to find what is nowhere", got.reads, nowhere.reads))
	case want == absent && !r.lists && succeeded:
		fail("it is there")
	case want == flagged && !(succeeded && problem.Match(got.body)):
		fail("nothing is wrong with it")
	case want == anew && got.status == 304:
		fail("somebody else's answer is taken for one's own")
	case want == done && r.offers[0] != "" && a.can(r.offers[0], rel) != strings.Contains(string(got.body), r.offers[1]):
		fail("it offers what is not theirs, or not what is: " + r.offers[1])
	case want == ruled && (succeeded || got.status == 403 || got.status == 404):
		fail("a rule refuses it")
	case want == taken && got.status != 404 && got.status != 409:
		fail("a name is not refused as taken")
	case want == faulty && !r.lists && (got.status < 400 || got.status == 401 && !a.out):
		fail("it was understood")
	}
	if want == done && succeeded || want == bare || want == anew {
		m.worked[r] = true
	}
}

// problem is what a plan says of a line that is refused.
var problem = regexp.MustCompile(`"problem_count":[1-9]`)

// differ is where two texts begin to differ.
func differ(a, b string) (string, string) {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	from := max(0, n-100)
	return a[from:min(len(a), n+200)], b[from:min(len(b), n+200)]
}

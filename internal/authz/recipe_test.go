package authz

import (
	"bytes"
	"cmp"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// recipe is how a route is asked about a place, or about something that is at one. In
// its texts % stands for the reference, and words in braces for what the asker has of
// its own, see [world.own].
type recipe struct {
	route    string // as the engine has it: GET /devices/*serial
	position string // of the reference: path, query, body, cell, bulk or cursor; - for none
	needs    string // what the route takes, in the words of the contract
	refers   *maker

	end, query, body, kind string // the path's end, and the rest of the request
	csv                    string // a file, in a form
	headers                []string

	whole   bool                     // it is about all of the register
	mine    bool                     // it is one user's own, whoever else has rights
	fresh   bool                     // it changes what it is about
	object  func(*spot) string       // what it takes at the place, where that is more
	rule    func(*asker, *spot) bool // whether a rule of the register refuses it there
	first   bool                     // the rule comes before what the role allows there
	bars    func(*asker, *spot) bool // whether it is about another place as well, which the asker has not
	hides   bool                     // and is not there then
	blind   bool                     // what is elsewhere does not hinder it, as if it were not there
	byRow   bool                     // what one may not do is a problem of its line
	shows   string                   // what an answer that is one has in it
	offers  [2]string                // what a page has in it for those who do something there, and for nobody else: thing, text
	history bool                     // all that ever happened to it is read, for some may have been here
	more    bool                     // it needs more than its route
	handed  bool                     // it was made for somebody, and gives nobody else anything
	lists   bool                     // what is not there gives an empty list
	reads   bool                     // the reference is read before it is asked who asks
	special bool                     // it is for accounts of another kind than the askers have
	makes   bool                     // what is not there is made by it: what is there is taken, wherever it is
	when    int                      // later than the others, which it would sign out
	params  map[string]string        // the address's parameters that are not the reference
}

func plain(route, needs string) *recipe { return &recipe{route: route, position: "-", needs: needs} }

func about(position, route, needs string, m maker) *recipe {
	r := &recipe{route: route, position: position, needs: needs, refers: &m}
	r.fresh = !strings.HasPrefix(route, "GET") && !strings.HasPrefix(route, "HEAD")
	return r
}

// The ways in which a request can refer to something.
func path(route, needs string, m maker) *recipe { return about("path", route, needs, m) }

func query(route, needs string, m maker, q string) *recipe {
	r := about("query", route, needs, m)
	r.query = q
	return r
}

// as is about in another position.
func (r *recipe) as(position string) *recipe { r.position = position; return r }

func (r *recipe) asks(q string) *recipe    { r.query = q; return r }
func (r *recipe) ends(path string) *recipe { r.end = path; return r }
func (r *recipe) json(body string) *recipe { r.body, r.kind = body, "application/json"; return r }

func (r *recipe) form(body string) *recipe {
	r.body, r.kind = body, "application/x-www-form-urlencoded"
	return r
}
func (r *recipe) with(headers ...string) *recipe { r.headers = headers; return r }

// file sends a form with a list.
func (r *recipe) file(fields, list string) *recipe { r.body, r.csv = fields, list; return r }

func (r *recipe) ofWhole() *recipe                             { r.whole = true; return r }
func (r *recipe) ofOneself() *recipe                           { r.mine = true; return r }
func (r *recipe) takes(what func(*spot) string) *recipe        { r.object = what; return r }
func (r *recipe) unless(rule func(*asker, *spot) bool) *recipe { r.rule = rule; return r }
func (r *recipe) atFirst() *recipe                             { r.first = true; return r }
func (r *recipe) barred(by func(*asker, *spot) bool) *recipe   { r.bars = by; return r }
func (r *recipe) hidden(by func(*asker, *spot) bool) *recipe   { r.bars, r.hides = by, true; return r }

func (r *recipe) showing(text string) *recipe         { r.shows = text; return r }
func (r *recipe) offering(thing, text string) *recipe { r.offers = [2]string{thing, text}; return r }
func (r *recipe) ofHistory() *recipe                  { r.history = true; return r }
func (r *recipe) needsMore() *recipe                  { r.more = true; return r }
func (r *recipe) blindly() *recipe                    { r.blind = true; return r }
func (r *recipe) rows() *recipe                       { r.lists, r.byRow = true, true; return r }
func (r *recipe) handedOn() *recipe                   { r.handed = true; return r }
func (r *recipe) listing() *recipe                    { r.lists = true; return r }
func (r *recipe) late(when int) *recipe               { r.when = when; return r }
func (r *recipe) making() *recipe                     { r.makes = true; return r }
func (r *recipe) readsFirst() *recipe                 { r.reads = true; return r }
func (r *recipe) elsewhere() *recipe                  { r.special = true; return r }
func (r *recipe) keeps() *recipe                      { r.fresh = false; return r }

// param gives a parameter of the address that is not the reference.
func (r *recipe) param(name, value string) *recipe {
	if r.params == nil {
		r.params = map[string]string{}
	}
	r.params[name] = value
	return r
}

// Rules of the register that the requests run into.
func notASchool(_ *asker, s *spot) bool    { return s.kind != fleet.School }
func isASchool(_ *asker, s *spot) bool     { return s.kind == fleet.School }
func always(*asker, *spot) bool            { return true }
func noSchool(_ *asker, _ *spot) bool      { return false }
func fromElsewhere(a *asker, s *spot) bool { return !a.everywhere && s.word == "QXKILO" } // what it lies in is not theirs
func notIndia(_ *asker, s *spot) bool      { return s.word != "QXINDIA" }
func isIndia(_ *asker, s *spot) bool       { return s.word == "QXINDIA" }
func byMinistry(a *asker, _ *spot) bool    { return a.role == "ministry" }

// kept is what undoing takes, which is more than to run imports.
func undoing(*spot) string { return "undoing" }

// own are the asker's own things, for requests that need some besides what they are about.
func (w *world) own(a *asker, text string) string {
	home := w.spots["QXINDIA"]
	for strings.Contains(text, "{n}") {
		text = strings.Replace(text, "{n}", w.next(), 1)
	}
	for name, m := range map[string]maker{"{device}": aDevice, "{plain}": aStranger, "{issued}": anIssued, "{awaited}": aWaiting, "{schooled}": aSchooled} {
		for strings.Contains(text, name) {
			text = strings.Replace(text, name, w.ownOf(a, m, home), 1)
		}
	}
	return strings.NewReplacer("{shipment}", w.static(aShipment, home), "{school}", home.code, "{other}", "QXHOTEL", "{home}", homeCode(w, a), "{user}", a.user, "{key}", cmp.Or(a.token, "none")).Replace(text)
}

// about are what goes with the thing that a request is about: the digest of an
// import, the place of an account.
func (w *world) about(ref, body string) string {
	word, _, _ := strings.Cut(strings.ToUpper(ref), ".")
	place := "QXALFA"
	if s := w.spots[word]; s != nil {
		place = s.code
	}
	return strings.NewReplacer("{digest}", w.digest(ref), "{its place}", place).Replace(body)
}

// ownOf is made anew for a request that is to be carried out, and which may use it up.
func (w *world) ownOf(a *asker, m maker, home *spot) string {
	if a.spends {
		return m.make(w, home)
	}
	return w.static(m, home)
}

func homeCode(w *world, a *asker) string {
	if a.home == "" {
		return "QXALFA"
	}
	return w.spots[a.home].code
}

var parameter = regexp.MustCompile(`[:*][a-z]+`)

// request builds the request about the reference.
func (w *world) request(a *asker, r *recipe, ref string) *http.Request {
	method, address, _ := strings.Cut(r.route, " ")
	inPath := url.PathEscape(ref)
	address = parameter.ReplaceAllStringFunc(address, func(name string) string {
		if value, fixed := r.params[name[1:]]; fixed {
			return url.PathEscape(w.own(a, value))
		}
		return inPath
	}) + r.end
	if r.query != "" {
		address += "?" + fill(w.own(a, r.query), url.QueryEscape(ref))
	}
	var body io.Reader
	kind := r.kind
	switch {
	case r.csv != "": // a form
		body, kind = w.multipart(a, r, ref)
	case r.kind == "application/json":
		body = strings.NewReader(fill(w.own(a, w.about(ref, r.body)), ref))
	case r.body != "":
		body = strings.NewReader(fill(w.own(a, w.about(ref, r.body)), url.QueryEscape(ref)))
	}
	req := httptest.NewRequest(method, "http://takhti.example"+address, body)
	req.RemoteAddr = "192.0.2.1:4711"
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for _, h := range r.headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, fill(value, ref))
	}
	switch {
	case a.token != "" && (a.cookie == "" || strings.Contains(r.route, " /api/")):
		req.Header.Set("Authorization", "Bearer "+a.token)
	case a.cookie != "":
		req.AddCookie(&http.Cookie{Name: "takhti_session", Value: a.cookie})
	}
	return req
}

func fill(text, ref string) string { return strings.ReplaceAll(text, "%", ref) }

func (w *world) multipart(a *asker, r *recipe, ref string) (io.Reader, string) {
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	for field := range strings.SplitSeq(w.own(a, r.body), "&") {
		name, value, _ := strings.Cut(field, "=")
		_ = form.WriteField(name, fill(value, ref)) // to memory
	}
	if r.csv == noFile {
		_ = form.Close()
		return &buf, form.FormDataContentType()
	}
	part, err := form.CreateFormFile("file", "list.csv")
	if err != nil {
		w.Fatal(err)
	}
	_, _ = io.WriteString(part, fill(w.own(a, r.csv), ref)) // to memory
	_ = form.Close()
	return &buf, form.FormDataContentType()
}

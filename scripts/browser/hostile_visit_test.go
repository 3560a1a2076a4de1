package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

const (
	deskWidth  = 1280
	phoneWidth = 320
)

// watched is a tab that writes down what a page does that none of ours may do.
type watched struct {
	*page
	mu  sync.Mutex
	did []string
}

func newWatched(t *testing.T, base string) *watched {
	t.Helper()
	w := &watched{page: newTab(t, base, deskWidth, true, "status of 4")}
	if _, err := chromedp.Call(w.ctx, log.Enable, struct{}{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(w.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(w.ctx, w.hear); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *watched) hear(ev any) {
	switch ev := ev.(type) {
	case *cdppage.EventJavascriptDialogOpening:
		w.note("a dialog says %q", ev.Message)
		go func() {
			_, _ = chromedp.Call(w.ctx, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
		}()
	case *log.EventEntryAdded:
		if ev.Entry.Source == log.EntrySourceSecurity {
			w.note("the browser refused something: %s", ev.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if to := ev.Request.URL; !strings.HasPrefix(to, w.base+"/") && !strings.HasPrefix(to, "data:image/") {
			w.note("%.100s was asked for", to)
		}
	}
}

func (w *watched) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = append(w.did, fmt.Sprintf(format, args...))
}

// took are what was written down since the last call.
func (w *watched) took() (did []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	did, w.did = w.did, nil
	return did
}

// offences finds what a text became that is not text.
const offences = `(() => {
	const found = [];
	for (const e of document.querySelectorAll("*")) {
		const name = e.localName;
		if (name.includes("h0st") || ["iframe", "object", "embed", "base", "math"].includes(name) || name == "script" && !e.src) found.push("<" + name + ">");
		if (name == "meta" && e.httpEquiv && !e.closest("noscript")) found.push("<meta " + e.httpEquiv + ">");
		for (const a of e.attributes) {
			if (a.name.startsWith("on") || a.name.includes("h0st") || a.name == "srcdoc" || a.name == "ping" || a.name == "style") found.push("<" + name + " " + a.name + ">");
			if (["href", "src", "action", "formaction"].includes(a.name) && !/^([/#?]|data:image|otpauth:\/\/totp\/Takhti:[\w.@-]+\?|$)/.test(a.value)) found.push("<" + name + " " + a.name + "=" + a.value + ">");
			if (["href", "src", "action", "formaction"].includes(a.name) && a.value.startsWith("//")) found.push("<" + name + " " + a.name + "=" + a.value + ">");
		}
	}
	if (window.h0st !== undefined && !(window.h0st instanceof Element)) found.push("window.h0st");
	return found.join(" ");
})()`

// look looks at the page as it is now.
func (w *watched) look(where string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](offences))
	if err != nil {
		w.t.Errorf("%s: %v", where, err)
	}
	if found != "" {
		w.note("the page has %s", found)
	}
	for _, what := range w.took() {
		w.t.Errorf("%s: %s", where, what)
	}
}

// open opens an address on a desk, and looks at it there and as wide as a phone.
func (w *watched) open(path string) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(deskWidth, 900))
	w.get(path)
	w.look(path)
	w.do(chromedp.EmulateViewport(phoneWidth, 900))
	w.look(path + " on a phone")
	if wide, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`)); err != nil || wide {
		w.t.Errorf("%s: wider than a phone: %t, %v", path, wide, err)
	}
}

// What this test relies on: a page on which texts do something is found out.
func TestAPageOnWhichTextsDoSomethingIsFoundOut(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/dialog":
			fmt.Fprint(w, `<script src="/alert"></script>`)
		case "/alert":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, `alert("h0st")`)
		case "/policy":
			w.Header().Set("Content-Security-Policy", "script-src 'self'")
			fmt.Fprint(w, `<h1>x</h1><p title=""><h0st><img src=x onerror=alert(1)>`)
		case "/elsewhere":
			fmt.Fprintf(w, `<html><link rel=icon href=data:image/svg+xml,><img src=%s/h0st>`, other.URL)
		}
	}))
	t.Cleanup(bad.Close)
	w := newWatched(t, bad.URL)
	w.lets = append(w.lets, "")
	for path, want := range map[string]string{"/dialog": "a dialog", "/policy": "refused something", "/elsewhere": "was asked for"} {
		w.get(path)
		found, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](offences))
		if err != nil {
			t.Fatal(err)
		}
		did := strings.Join(w.took(), " ")
		if !strings.Contains(did, want) {
			t.Errorf("%s: only %q was noted", path, did)
		}
		if path == "/policy" && (!strings.Contains(found, "<h0st>") || !strings.Contains(found, "<img onerror>")) {
			t.Errorf("%s: only %q was found", path, found)
		}
	}
}

// visitor is somebody with a role who opens pages.
type visitor struct {
	*watched
	site   *site
	client *http.Client
	pages  []string // to be opened
	forms  []string // pages with a form of which none was filled in
}

func newVisitor(t *testing.T, s *site, role string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{watched: newWatched(t, s.url), site: s, client: &http.Client{Jar: jar}}
	v.signIn(s.signIn[role])
	form := url.Values{"name": {s.signIn[role].User}, "password": {s.signIn[role].Password}}
	res, err := v.client.PostForm(s.url+"/sign-in", form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	v.crawl(role == "admin")
	return v
}

var (
	link    = regexp.MustCompile(`<a[^>]* href="(/[^"#]*)`)
	posting = regexp.MustCompile(`(?s)<form[^>]* action="([^"]*)"[^>]*>.*?</form>`)
	typed   = regexp.MustCompile(`<textarea|<input[^>]* type="(?:text|search|tel|email|url)"|<input(?:[^>t]|t[^y])*>`)
)

// crawl follows all links, and picks the pages that show a hostile text and one of
// each sort; more of them for who sees everything.
func (v *visitor) crawl(all bool) {
	v.t.Helper()
	most, each := 30, 1
	if all {
		most, each = 90, 3
	}
	queue, seen, sorts := []string{"/"}, map[string]bool{"/": true}, map[string]int{}
	for i, text := range hostile {
		if all || i < 2 {
			v.pages = append(v.pages, "/search?"+url.Values{"q": {text}}.Encode())
		}
	}
	for ; len(queue) > 0 && len(seen) < 500; queue = queue[1:] {
		path := queue[0]
		res, err := v.client.Get(v.site.url + path)
		if err != nil {
			v.t.Fatal(err)
		}
		data, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			v.t.Fatal(err)
		}
		text := string(data)
		if r, ok := turns(text); ok && !strings.HasPrefix(text, "PK\x03") {
			v.t.Errorf("%s holds the character %U", path, r)
		}
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			continue
		}
		sort := sortOf(path)
		if sorts[sort]++; sorts[sort] == 1 || strings.Contains(text, mark) && sorts[sort+mark] < each {
			sorts[sort+mark]++
			v.pages = append(v.pages, path)
		}
		v.noteForms(path, text)
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			to := html.UnescapeString(m[1])
			if sort := "to " + sortOf(to); !seen[to] && !strings.HasPrefix(to, "/api/") && sorts[sort] < 25 {
				seen[to] = true
				sorts[sort]++
				queue = append(queue, to)
			}
		}
	}
	v.t.Logf("%d pages of %d sorts, %d to open", len(seen), len(sorts), len(v.pages))
	v.pages = v.pages[:min(len(v.pages), most)]
}

func (v *visitor) noteForms(path, text string) {
	for _, m := range posting.FindAllStringSubmatch(text, -1) {
		action := sortOf(html.UnescapeString(m[1]))
		if typed.MatchString(m[0]) && action != "/search" && v.site.known["form "+action] == "" && !slices.Contains(v.forms, path) {
			v.site.known["form "+action] = path // once, by the first who may
			v.forms = append(v.forms, path)
		}
	}
}

// sortOf is an address without what differs from page to page of its sort.
func sortOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	parts := strings.Split(u.Path, "/")
	for i := 2; i < len(parts); i++ {
		if strings.ContainsAny(parts[i], "0123456789%<") || len(parts[i]) > 12 {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/") + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
}

func (v *visitor) openAll() {
	v.t.Helper()
	for _, path := range v.pages {
		v.open(path)
	}
}

// fillIn types hostile texts into all fields of a form for text and sends it, without
// what the browser would say to that.
const fillIn = `((at, texts) => {
	const form = document.querySelectorAll("main form")[at];
	if (!form) return -1;
	let typed = 0;
	for (const e of form.elements) {
		if (e.localName == "textarea" || e.localName == "input" && ["text", "search", "tel", "email", "url"].includes(e.type)) {
			e.value = texts[typed++ % texts.length];
		}
	}
	if (!typed) return 0;
	window.leaving = true;
	form.noValidate = true;
	const button = form.querySelector("button");
	form.requestSubmit(button ? button : undefined);
	return typed;
})`

// fillForms fills in every form in the browser itself, twice, with other texts.
func (v *visitor) fillForms() {
	v.t.Helper()
	filled := 0
	for _, path := range v.forms {
		for _, first := range []int{0, 4} {
			sent := true
			for at := 0; ; at++ {
				if sent {
					v.get(path)
				}
				there := false
				if there, sent = v.fillForm(path, at, hostile[first:]); !there {
					break
				}
				if sent {
					filled++
				}
			}
		}
	}
	v.t.Logf("%d forms sent", filled)
}

// fillForm fills in one of the forms of the page, unless it has no field for text.
func (v *visitor) fillForm(path string, at int, texts []string) (there, sent bool) {
	v.t.Helper()
	call := fmt.Sprintf("%s(%d, %s)", fillIn, at, quotedForScript(texts))
	typed, err := chromedp.Run(v.ctx, chromedp.Evaluate[int](call))
	if err != nil {
		v.t.Fatalf("%s: form %d: %v", path, at, err)
	}
	if typed <= 0 {
		return typed == 0, false
	}
	for began := time.Now(); time.Since(began) < patience; time.Sleep(20 * time.Millisecond) {
		arrived, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](`!window.leaving && document.readyState == "complete"`))
		if err == nil && arrived {
			break
		}
	}
	v.look(fmt.Sprintf("form %d of %s", at, path))
	return true, true
}

func quotedForScript(texts []string) string {
	list, err := json.Marshal(texts)
	if err != nil {
		panic(err) // strings
	}
	return string(list)
}

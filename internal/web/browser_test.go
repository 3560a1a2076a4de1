package web_test

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser is what somebody holds in front of them: it keeps cookies, follows
// redirects, and sends a form with all that the page put into it. Every page it
// gets has to keep the rules of lawful.
type browser struct {
	t       testing.TB
	base    string
	cookies map[string]string
	status  int
	at      string // path and query of the page
	header  http.Header
	page    string
	before  *browser // as it was on the page before
	extra   http.Header
}

// back shows the page before once more, as it was.
func (b *browser) back() {
	cookies := b.cookies
	*b = *b.before
	b.cookies = cookies
}

func (w *world) browser(t testing.TB) *browser {
	return &browser{t: t, base: w.url, cookies: map[string]string{}}
}

// signedIn is a browser in which the user has signed in.
func (w *world) signedIn(t testing.TB, user string) *browser {
	t.Helper()
	b := w.browser(t)
	b.get("/sign-in")
	b.press("Sign in", url.Values{"name": {user}, "password": {password}}, nil)
	if b.at != "/" || b.status != http.StatusOK {
		t.Fatalf("%s cannot sign in: %d at %s\n%s", user, b.status, b.at, b.text())
	}
	return b
}

func (b *browser) get(address string) {
	b.t.Helper()
	b.send(http.MethodGet, address, "", nil)
}

// send follows redirects, of which each has to be to a page.
func (b *browser) send(method, address, kind string, body io.Reader) {
	b.t.Helper()
	before := *b
	b.before = &before
	for hop := 0; ; hop++ {
		address = strings.TrimPrefix(address, b.base)
		if !strings.HasPrefix(address, "/") {
			address = b.abroad(address)
		}
		req, err := http.NewRequestWithContext(b.t.Context(), method, b.base+address, body)
		if err != nil {
			b.t.Fatal(err)
		}
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		for name, values := range b.extra {
			req.Header[name] = values
		}
		for name, value := range b.cookies {
			req.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			b.t.Fatal(err)
		}
		b.take(resp, address)
		to := resp.Header.Get("Location")
		if to == "" {
			b.lawful()
			return
		}
		if hop == 5 {
			b.t.Fatalf("%s leads round in circles", address)
		}
		method, address, kind, body = http.MethodGet, to, "", nil
	}
}

// abroad goes to another site, which has to send the browser back here.
func (b *browser) abroad(address string) (back string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	back, ok := strings.CutPrefix(resp.Header.Get("Location"), b.base)
	if !ok {
		b.t.Fatalf("%s leads to %q", address, resp.Header.Get("Location"))
	}
	return back
}

func (b *browser) take(resp *http.Response, address string) {
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range resp.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	b.status, b.at, b.header, b.page = resp.StatusCode, address, resp.Header, string(data)
}

var (
	tags     = regexp.MustCompile(`(?s)<(?:style|title)[^>]*>.*?</(?:style|title)>|<[^>]*>`)
	blanks   = regexp.MustCompile(`\s+`)
	formTag  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	button   = regexp.MustCompile(`(?s)<button[^>]*>(.*?)</button>`)
	control  = regexp.MustCompile(`(?s)<input([^>]*)>|<textarea([^>]*)>(.*?)</textarea>|<select([^>]*)>(.*?)</select>`)
	selected = regexp.MustCompile(`<option value="([^"]*)" selected`)
	options  = regexp.MustCompile(`<option value="([^"]*)"`)
)

// text is what can be read on the page.
func (b *browser) text() string {
	return strings.TrimSpace(blanks.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(b.page, " ")), " "))
}

// attribute reads an attribute of a tag.
func attribute(tag, name string) string {
	m := regexp.MustCompile(`\s` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// press sends the form with the button, with what the page filled in and the
// values and files given.
func (b *browser) press(label string, values url.Values, files map[string][]byte) {
	b.t.Helper()
	for _, f := range formTag.FindAllStringSubmatch(b.page, -1) {
		for _, m := range button.FindAllStringSubmatch(f[2], -1) {
			if html.UnescapeString(strings.TrimSpace(m[1])) == label {
				b.submit(f[1], filledIn(f[2], values), files)
				return
			}
		}
	}
	b.t.Fatalf("there is no button %q at %s:\n%s", label, b.at, b.text())
}

// filledIn are the form's values as the page gives them, with some typed over.
func filledIn(form string, typed url.Values) url.Values {
	values := url.Values{}
	for _, c := range control.FindAllStringSubmatch(form, -1) {
		tag := c[1] + c[2] + c[4]
		name, kind := attribute(tag, "name"), attribute(tag, "type")
		switch {
		case name == "" || kind == "file":
		case c[4] != "":
			if m := selected.FindStringSubmatch(c[5]); m != nil {
				values.Set(name, html.UnescapeString(m[1]))
			} else if m := options.FindStringSubmatch(c[5]); m != nil {
				values.Set(name, html.UnescapeString(m[1]))
			}
		case c[2] != "":
			values.Set(name, html.UnescapeString(c[3]))
		case kind == "radio" || kind == "checkbox":
			if strings.Contains(tag, " checked") {
				values.Set(name, attribute(tag, "value"))
			}
		default:
			values.Set(name, attribute(tag, "value"))
		}
	}
	for name, v := range typed {
		values[name] = v
	}
	return values
}

func (b *browser) submit(form string, values url.Values, files map[string][]byte) {
	b.t.Helper()
	action := attribute(form, "action")
	switch {
	case attribute(form, "method") != "post":
		b.get(action + "?" + values.Encode())
	case attribute(form, "enctype") == "multipart/form-data":
		kind, body := multipartOf(b.t, values, files)
		b.send(http.MethodPost, action, kind, body)
	default:
		b.send(http.MethodPost, action, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	}
}

func multipartOf(t testing.TB, values url.Values, files map[string][]byte) (string, io.Reader) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name := range values {
		if err := w.WriteField(name, values.Get(name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), &body
}

// follow goes where the link with the text leads.
func (b *browser) follow(text string) {
	b.t.Helper()
	links := regexp.MustCompile(`(?s)<a[^>]* href="([^"]*)"[^>]*>(.*?)</a>`)
	for _, m := range links.FindAllStringSubmatch(b.page, -1) {
		shown := strings.TrimSpace(blanks.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(m[2], "")), " "))
		if shown == text {
			b.get(html.UnescapeString(m[1]))
			return
		}
	}
	b.t.Fatalf("there is no link %q at %s:\n%s", text, b.at, b.text())
}

var (
	inline     = regexp.MustCompile(`(?i)<[^>]*\s(?:style|on[a-z]+)\s*=|<script|<style|(?:href|src|action)="\s*javascript:`)
	ours       = regexp.MustCompile(`<script src="/static/[a-z]+-[0-9a-f]+\.js" defer></script>`)
	ids        = regexp.MustCompile(`\sid="([^"]*)"`)
	labelsFor  = regexp.MustCompile(`<label for="([^"]*)"`)
	stylesheet = regexp.MustCompile(`/static/takhti-[0-9a-f]+\.css`)
	headings   = regexp.MustCompile(`<h1[\s>]`)
	table      = regexp.MustCompile(`(?s)(<div class="scroll">)?<table([^>]*)>(.*?)</table>`)
	unlabelled = regexp.MustCompile(`<td(?: class="(?:n|when|text)")?>[^<]*`)
)

// lawful holds every page to what all pages promise: nothing inline, a language
// and a direction, one heading, ids of their own, labels that label something, and
// tables that cannot make the page wider than a phone.
func (b *browser) lawful() {
	b.t.Helper()
	if !strings.HasPrefix(b.header.Get("Content-Type"), "text/html") {
		return
	}
	wrong := func(format string, args ...any) {
		b.t.Helper()
		b.t.Errorf("at %s: %s", b.at, fmt.Sprintf(format, args...))
	}
	if m := inline.FindString(ours.ReplaceAllString(b.page, "")); m != "" {
		wrong("something inline: %q", m)
	}
	if !strings.Contains(b.page, `<html lang="en" dir="ltr">`) {
		wrong("no language and direction")
	}
	if n := len(headings.FindAllString(b.page, -1)); n != 1 {
		wrong("%d main headings", n)
	}
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(b.page, -1) {
		if seen[m[1]] {
			wrong("two elements have the id %s", m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range labelsFor.FindAllStringSubmatch(b.page, -1) {
		if !seen[m[1]] {
			wrong("a label for %s, which is not there", m[1])
		}
	}
	for _, m := range table.FindAllStringSubmatch(b.page, -1) {
		if m[1] == "" {
			wrong("a table that does not scroll by itself")
		}
		if cell := unlabelled.FindString(m[3]); strings.Contains(m[2], "cards") && cell != "" {
			wrong("a card without its column's name: %q", cell)
		}
	}
	if strings.Contains(b.header.Get("Content-Security-Policy"), "unsafe") || b.header.Get("Content-Security-Policy") == "" {
		wrong("the content policy is %q", b.header.Get("Content-Security-Policy"))
	}
}

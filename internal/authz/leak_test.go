package authz

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// response is an answer to a request about a reference.
type response struct {
	status int
	header http.Header
	body   []byte
	ref    string
	path   string // that was asked for
	reads  int64  // of the store
}

func (r *response) toSignIn() bool {
	return r.status == http.StatusSeeOther && strings.HasPrefix(r.header.Get("Location"), "/sign-in")
}

// varies is what differs between two answers that say the same.
var varies = regexp.MustCompile(`[0-9a-f]{32,64}|"requestid":"[^"]*"|\bi-\d+|"size":\d+|\d{5,}`)

// said is the answer without its reference and without what always differs.
func (r *response) said() string {
	location := "\n" + r.header.Get("Location")
	return varies.ReplaceAllString(strings.ToLower(without(string(r.body)+location, r.ref)), "#")
}

// same says whether two answers cannot be told apart.
func (r *response) same(other *response) bool {
	return r.status == other.status && r.said() == other.said() &&
		r.header.Get("Content-Type") == other.header.Get("Content-Type")
}

// without takes the reference, in every form in which it may be repeated, out of a text.
func without(text, ref string) string {
	if ref == "" {
		return text
	}
	if _, err := strconv.Atoi(ref); err == nil {
		return regexp.MustCompile(`(^|[^\w-])`+ref+`\b`).ReplaceAllString(text, "${1}…") // not that of utf-8
	}
	if number, ok := strings.CutPrefix(strings.ToUpper(ref), "I-"); ok {
		return regexp.MustCompile(`(?i)\bI-`+regexp.QuoteMeta(number)+`\b`).ReplaceAllString(text, "…") // not that of takhti-6a….css
	}
	for _, form := range []string{url.QueryEscape(ref), url.PathEscape(ref), html.EscapeString(ref), ref} {
		for _, cased := range []string{form, strings.ToUpper(form), strings.ToLower(form)} {
			text = strings.ReplaceAll(text, cased, "…")
		}
	}
	return text
}

// leaks finds words of places that the asker has no business with, in any byte of an
// answer: its header, what its workbooks hold, and what its cursors stand for.
func (m *matrix) leaks(a *asker, r *recipe, rel relation, ref string, got *response) {
	m.Helper()
	if a.everywhere {
		return
	}
	var all strings.Builder
	_ = got.header.Write(&all) // to memory
	all.Write(unpacked(got.body))
	text := all.String()
	for _, token := range regexp.MustCompile(`[A-Za-z0-9_-]{12,}`).FindAllString(text, -1) {
		if plain, err := base64.RawURLEncoding.DecodeString(token); err == nil {
			text += "\n" + string(plain)
		}
	}
	text = strings.ToUpper(without(without(text, got.path), ref))
	for _, word := range m.foreign(a) {
		if i := strings.Index(text, word); i >= 0 {
			m.Errorf("%s (%s) as %s about %s: the answer, %d, tells of %s: …%s…", r.route, r.position, a.name, rel, got.status, word,
				text[max(0, i-80):min(len(text), i+80)])
		}
	}
}

// foreign are the words of the places outside the asker's.
func (m *matrix) foreign(a *asker) (words []string) {
	var own []string
	if !a.out && a.role != "none" {
		own = append(own, a.home)
	}
	for where := range a.beside {
		own = append(own, a.at[where])
	}
	for _, word := range order {
		if !slices.ContainsFunc(own, func(home string) bool { return m.spots[home].path.Contains(m.spots[word].path) }) {
			words = append(words, word)
		}
	}
	return words
}

// unpacked is a body, or what it holds if it is a workbook.
func unpacked(body []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return body
	}
	all := slices.Clone(body)
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			continue
		}
		data, _ := io.ReadAll(part) // what cannot be unpacked cannot be read by anybody
		_ = part.Close()
		all = append(append(all, f.Name...), data...)
	}
	return all
}

package web_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// A script in testdata tells what somebody does and sees. Each line is one of:
//
//	as NAME                     signs in, in a browser of its own; nobody: signs out
//	pin SCHOOL PIN              gives a school the PIN
//	keep card                   keeps the last card that is printed on the page
//	card get [STATUS]           opens the address that its QR code holds
//	card pin                    signs in by its EMIS code and PIN
//	card change PIN [STATUS]    changes its PIN to that, on the page of the account
//	on 2026-06-20               moves the clock to the morning of the day
//	get ADDRESS [STATUS]        opens a page; the status is 200 unless given
//	press "BUTTON" [STATUS] [FIELD=VALUE…] [file=NAME]
//	                            sends the form with the button, with a file from below
//	follow "LINK"               goes where the link leads
//	back                        shows the page before as it was
//	at ADDRESS                  that is where one has come to
//	see TEXT, miss TEXT         what can, and cannot, be read on the page
//	raw TEXT                    what the page's source holds
//	strict                      officers and above have to sign in by two steps
//	later 30s                   moves the clock on
//	note NAME                   remembers the invitation, the feed, or the first of the
//	                            recovery codes, that the page shows
//
// CODE in a value is what an authenticator shows now that scanned the last key on a
// page; $NAME in a value or an address is what was noted.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts: %v", len(scripts), err)
	}
	for _, file := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := script{t: t, world: newWorld(t), files: map[string][]byte{}, notes: map[string]string{}, browsers: map[string]*browser{}}
			for _, f := range archive.Files {
				s.files[f.Name] = f.Data
			}
			s.b = s.browser(t)
			for n, line := range strings.Split(string(archive.Comment), "\n") {
				if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
					s.run(n+1, line)
				}
			}
		})
	}
}

type script struct {
	*world
	t        *testing.T
	b        *browser
	browsers map[string]*browser
	files    map[string][]byte
	kept     card
	notes    map[string]string // what was noted
	key      string            // of the authenticator
}

var (
	noted  = regexp.MustCompile(`/invite/[\w-]{43}|/feeds/\w{54}/|\b[a-z2-9]{4}(?:-[a-z2-9]{4}){2,3}\b`)
	keyBox = regexp.MustCompile(`name="factor" value="([A-Z2-7 ]+)"`)
)

// filled puts in what was noted, and the code of the authenticator.
func (s *script) filled(text string) string {
	for name, value := range s.notes {
		text = strings.ReplaceAll(text, "$"+name, value)
	}
	if m := keyBox.FindStringSubmatch(s.b.page); m != nil {
		s.key = m[1]
	}
	if strings.Contains(text, "CODE") {
		text = strings.ReplaceAll(text, "CODE", codeOf(s.t, s.key, s.clock))
	}
	return text
}

func (s *script) run(n int, line string) {
	s.t.Helper()
	command, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	fail := func(format string, args ...any) {
		s.t.Helper()
		s.t.Fatalf("line %d: %s: "+format+"\nstatus %d at %s:\n%s", append(append([]any{n, line}, args...), s.b.status, s.b.at, s.b.text())...)
	}
	switch command {
	case "as":
		s.as(rest)
	case "keep":
		s.kept = printedCard(s.t, s.b.page)
	case "card":
		s.useCard(rest, fail)
	case "pin":
		code, pin, _ := strings.Cut(rest, " ")
		s.pin(fleet.PlaceCode(code), pin)
	case "on":
		day, err := time.Parse(time.DateOnly, rest)
		if err != nil {
			fail("%v", err)
		}
		s.on(day.Year(), day.Month(), day.Day())
	case "strict":
		s.world, s.browsers = strictWorld(s.t), map[string]*browser{}
		s.b = s.browser(s.t)
	case "later":
		d, err := time.ParseDuration(rest)
		if err != nil {
			fail("%v", err)
		}
		s.setClock(s.clock.Add(d))
	case "note":
		m := noted.FindString(s.b.text())
		if m == "" {
			fail("there is nothing to note")
		}
		s.notes[rest] = m
	case "get":
		address, status, _ := strings.Cut(s.filled(rest), " ")
		s.b.get(address)
		s.want(status, fail)
	case "press":
		s.press(rest, fail)
	case "follow":
		s.b.follow(unquote(rest))
		s.want("", fail)
	case "back":
		s.b.back()
	case "at":
		if s.b.at != rest {
			fail("is at another place")
		}
	case "see":
		if !strings.Contains(s.b.text(), rest) {
			fail("cannot be read")
		}
	case "miss":
		if strings.Contains(s.b.text(), rest) {
			fail("can be read")
		}
	case "raw":
		if !strings.Contains(s.b.page, rest) {
			fail("is not in the source")
		}
	default:
		fail("is no command")
	}
}

func (s *script) as(name string) {
	if name == "nobody" {
		s.b = s.browser(s.t)
		return
	}
	if s.browsers[name] == nil {
		s.browsers[name] = s.signedIn(s.t, name)
	}
	s.b = s.browsers[name]
}

// press reads the button, the status and the fields.
func (s *script) press(rest string, fail func(string, ...any)) {
	s.t.Helper()
	words := fields(rest)
	values, files, status := url.Values{}, map[string][]byte{}, ""
	for _, w := range words[1:] {
		name, value, isField := strings.Cut(w, "=")
		switch {
		case !isField:
			status = w
		case name == "file":
			data, ok := s.files[value]
			if !ok {
				fail("there is no file %s", value)
			}
			files[value] = data
		default:
			values.Set(name, s.filled(value))
		}
	}
	s.b.press(words[0], values, files)
	s.want(status, fail)
}

func (s *script) want(status string, fail func(string, ...any)) {
	s.t.Helper()
	want := http.StatusOK
	if status != "" {
		var err error
		if want, err = strconv.Atoi(strings.TrimSpace(status)); err != nil {
			fail("%v", err)
		}
	}
	if s.b.status != want {
		fail("status %d, want %d", s.b.status, want)
	}
}

// fields cuts at blanks, except between quotation marks.
func fields(text string) (words []string) {
	var word strings.Builder
	quoted, some := false, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted, some = !quoted, true
		case r == ' ' && !quoted:
			if some {
				words = append(words, word.String())
				word.Reset()
			}
			some = false
		default:
			word.WriteRune(r)
			some = true
		}
	}
	if some {
		words = append(words, word.String())
	}
	return words
}

func unquote(text string) string { return strings.Trim(text, `"`) }

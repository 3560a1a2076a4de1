package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/auth/openidtest"
)

// Secrets of all kinds are sent everywhere, rightly and wrongly, and looked for in
// all that the program writes. Whoever adds a kind of secret adds it to plant, or
// to misplaced where it is one that somebody sends.
func TestSecretsAreNowhere(t *testing.T) {
	y := newYard(t)
	y.plant()
	y.misplace()
	y.panic()
	y.garble()
	y.readAll()
	y.command("user", "add", "by.command", "--role", "viewer", "--password-stdin")
	y.command("user", "password", "by.command", "--password-stdin")
	y.stop()
	y.command("verify")
	y.command("audit", "key")
	y.plantKeys()
	y.command("audit", "verify")
	y.command("user", "list", "--json")
	y.command("token", "list", "--json")
	y.sweep("the log", y.log.text())
	y.sweepDatabase(filepath.Join(y.data, "takhti.db"))
	if n := y.sweepFolder(y.data); n < 1 {
		t.Errorf("%d files in the data folder", n)
	}
	if n := y.sweepFolder(y.temporary); n != 0 {
		t.Errorf("%d temporary files are left", n)
	}
	if log := string(y.log.text()); strings.Count(log, `"msg":"panic"`) == 0 || strings.Count(log, `"msg":"request"`) < 500 {
		t.Error("the log is not that of what happened")
	}
}

// yard is a server with pages, whose log is at its most talkative, and somebody who
// writes all secrets down.
type yard struct {
	canaries
	house           *house
	url             string
	data, temporary string
	log             *notes
	session         string // the cookie of the administrator
	token           string
	stop            func()
}

func newYard(t *testing.T) *yard {
	dir := t.TempDir()
	y := &yard{
		canaries: canaries{t: t, secrets: map[string][]string{}, pins: map[string]*regexp.Regexp{}}, log: &notes{},
		data: filepath.Join(dir, "data"), temporary: filepath.Join(dir, "temporary"),
	}
	if err := os.Mkdir(y.temporary, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", y.temporary)
	defer func(name string) { os.Args[0] = name }(os.Args[0])
	os.Args[0] = "takhti" // so that a process that reads a workbook is that
	c := &cli{stdout: io.Discard, stderr: io.Discard, data: y.data}
	reg, err := c.beginRegister(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	urls, ended := make(chan string, 1), make(chan error, 1)
	y.house = c.furnish(reg, serving{
		addr: "127.0.0.1:0", pages: true, metricsPublic: true, listening: func(url string) { urls <- url }, openID: elsewhere(openidtest.Start(t)),
		log: slog.New(slog.NewJSONHandler(y.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	fall := func(*gin.Context) { panic("on purpose") }
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		y.house.server.Engine().Handle(method, "/panic/:secret", fall)
		y.house.server.Serves([]auth.Route{{Method: method, Path: "/panic/:secret", Needs: auth.Nothing()}})
	}
	ctx, stop := context.WithCancel(t.Context())
	go func() { ended <- y.house.run(ctx) }()
	y.stop = func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := reg.Close(); err != nil {
			t.Error(err)
		}
	}
	select {
	case y.url = <-urls:
	case err := <-ended:
		t.Fatal(err)
	}
	return y
}

// request is what is sent; the answer to it is swept, unless a secret is told in it.
type request struct {
	method, path string
	header       http.Header
	body         string
	tells        bool
}

func (y *yard) send(q request) (*http.Response, []byte) {
	y.t.Helper()
	req, err := http.NewRequestWithContext(y.t.Context(), q.method, y.url+q.path, strings.NewReader(q.body))
	if err != nil {
		y.t.Fatal(err)
	}
	for name, values := range q.header {
		req.Header[name] = values
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		y.t.Fatalf("%s %s: %v", q.method, q.path, err)
	}
	defer res.Body.Close()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return res, nil
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		y.t.Errorf("%s %s: %v", q.method, q.path, err)
	}
	if back := res.StatusCode/100 == 3; !q.tells && !back { // which names the address that was asked, to who asked it
		y.sweep(fmt.Sprintf("the answer %d to %s %s", res.StatusCode, q.method, q.path), data)
	}
	return res, data
}

func (y *yard) asAdmin(kind string) http.Header {
	return http.Header{"Cookie": {"takhti_session=" + y.session}, "Content-Type": {kind}}
}

const (
	formKind = "application/x-www-form-urlencoded"
	jsonKind = "application/json"
)

// must is send for what is to succeed.
func (y *yard) must(q request) []byte {
	y.t.Helper()
	res, data := y.send(q)
	if res.StatusCode >= 400 {
		y.t.Fatalf("%s %s: %d %s", q.method, q.path, res.StatusCode, data)
	}
	return data
}

// secretFields are the names by which forms and bodies hold what is secret.
var secretFields = []string{"password", "current", "again", "repeat", "pin", "pin_again", "secret", "token", "invitation", "recovery"}

// secretParts are the parts of addresses that are secret.
var secretParts = map[string]bool{"secret": true, "key": true, "invitation": true}

// misplace sends secrets to every route there is, in every place where some client
// might put one: as nobody and as the administrator, and as no client should.
func (y *yard) misplace() {
	y.t.Helper()
	values := url.Values{}
	for _, field := range secretFields {
		values.Set(field, y.lay("field "+field))
	}
	text := "{"
	for field := range values {
		text += fmt.Sprintf("%q:%q,", field, values.Get(field))
	}
	basic := base64.StdEncoding.EncodeToString([]byte("somebody:" + y.lay("basic password")))
	bodies := map[string]string{formKind: values.Encode(), jsonKind: text, "text/plain": text}
	kind, large := y.largeForm(values)
	bodies[kind] = large
	part, query := y.lay("part of an address"), url.Values{"token": {y.lay("query")}, "key": {y.lay("key")}, "code": {y.lay("code")}}
	stranger := http.Header{
		"Authorization": {"Bearer takhti_" + y.lay("token that is none")}, "Cookie": {"takhti_session=" + y.lay("cookie")},
		"X-Api-Key": {y.lay("header")}, "Referer": {y.url + "/?token=" + y.lay("referrer")},
	}
	for _, r := range y.house.server.Engine().Routes() {
		path := filled(r.Path, part) + "?" + query.Encode()
		for kind, body := range bodies {
			if kind == "text/plain" || !strings.HasSuffix(r.Path, "/imports") && len(body) > 1<<16 {
				continue
			}
			admin := y.asAdmin(kind)
			admin.Set("X-Api-Key", stranger.Get("X-Api-Key"))
			if !strings.Contains(r.Path, "sign-out") && !strings.HasSuffix(r.Path, "/disable") {
				y.send(request{method: r.Method, path: path, header: admin, body: body})
			}
			other := stranger.Clone()
			other.Set("Content-Type", kind)
			y.send(request{method: r.Method, path: path, header: other, body: body})
			other.Del("Authorization")
			y.send(request{method: r.Method, path: path, header: other, body: body})
			other.Set("Authorization", "Basic "+basic)
			y.send(request{method: r.Method, path: path, header: other, body: body})
		}
	}
	y.told("basic header", basic)
}

var (
	parameter = regexp.MustCompile(`[:*]([a-z]+)`)
	backup    = "/api/v1/backup"
)

// filled is a route with something for its parameters: a secret where one belongs.
func filled(route, secret string) string {
	return parameter.ReplaceAllStringFunc(route, func(name string) string {
		if secretParts[name[1:]] {
			return secret
		}
		return "x"
	})
}

// largeForm is one that is spooled to a file.
func (y *yard) largeForm(values url.Values) (kind, body string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for field := range values {
		_ = w.WriteField(field, values.Get(field))
	}
	_ = w.WriteField("kind", "places")
	file, _ := w.CreateFormFile("file", "list.csv")
	_, _ = io.WriteString(file, strings.Repeat("a,b,c\n", 100_000))
	_ = w.Close()
	return w.FormDataContentType(), b.String()
}

// panic has handlers fall over secrets.
func (y *yard) panic() {
	y.t.Helper()
	for _, method := range []string{"GET", "POST"} {
		res, _ := y.send(request{
			method: method, path: "/panic/" + y.lay("address of a panic"), header: y.asAdmin(formKind),
			body: "password=" + y.lay("form of a panic"),
		})
		if res.StatusCode != http.StatusInternalServerError {
			y.t.Errorf("a panic is answered %d", res.StatusCode)
		}
	}
}

// garble sends secrets in what is hardly HTTP.
func (y *yard) garble() {
	y.t.Helper()
	secret := y.lay("broken request")
	for _, text := range []string{
		"GET /" + secret + " HTTP/1.1\r\nHost: x\r\nBroken " + secret + "\r\n\r\n",
		secret + "\r\n\r\n",
		"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\nAuthorization: Bearer " + secret + "\r\n\r\npassword=" + secret,
		"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: " + strings.Repeat(secret, 2000) + "\r\n\r\n",
		"\x16\x03\x01" + secret + secret,
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(y.url, "http://"))
		if err != nil {
			y.t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(2 * time.Second)) // of the one that never ends
		_, _ = io.WriteString(conn, text)
		_ = conn.(*net.TCPConn).CloseWrite()
		said, _ := io.ReadAll(conn)
		y.sweep("the answer to what is hardly HTTP", said)
		_ = conn.Close()
	}
}

// readAll reads what the administrator can: every page, list, export and number.
func (y *yard) readAll() {
	y.t.Helper()
	header := http.Header{"Cookie": {"takhti_session=" + y.session}}
	seen, follow := map[string]bool{}, regexp.MustCompile(`href="(/[^"#]*)"`)
	queue := []string{"/", "/livez", "/readyz", "/metrics", "/openapi.json", "/docs"}
	for _, kind := range []string{"devices", "places", "faults", "handouts", "models", "targets"} {
		queue = append(queue, "/api/v1/exports/"+kind+"?format=csv", "/api/v1/exports/"+kind+"?format=xlsx")
	}
	for _, r := range y.house.server.Engine().Routes() {
		if r.Method == http.MethodGet && !strings.ContainsAny(r.Path, ":*") {
			queue = append(queue, r.Path)
		}
	}
	queue = append(queue, "/users/somebody", "/users/admin")
	for ; len(queue) > 0 && len(seen) < 400; queue = queue[1:] {
		path := queue[0]
		if seen[path] {
			continue
		}
		seen[path] = true
		_, data := y.send(request{method: "GET", path: path, header: header})
		if path == backup {
			y.sweepBackup(data)
		}
		for _, m := range follow.FindAllSubmatch(data, -1) {
			queue = append(queue, strings.ReplaceAll(string(m[1]), "&amp;", "&"))
		}
	}
	if !seen[backup] {
		y.t.Error("there is no backup to look into")
	}
}

// command runs a command, through the server while it runs, and gives it a secret
// to read.
func (y *yard) command(args ...string) {
	y.t.Helper()
	input := strings.NewReader(y.lay("input of "+strings.Join(args, " ")) + "\n")
	if y.serving() {
		args = append(args, "--server", y.url, "--token", y.token)
	} else {
		args = append(args, "--data", y.data)
	}
	cmd := exec.CommandContext(y.t.Context(), program(), args...)
	cmd.Stdin = input
	out, err := cmd.CombinedOutput()
	if err != nil {
		y.t.Errorf("takhti %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	y.sweep("what takhti "+args[0]+" prints", out)
}

func (y *yard) serving() bool {
	conn, err := net.Dial("tcp", strings.TrimPrefix(y.url, "http://"))
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

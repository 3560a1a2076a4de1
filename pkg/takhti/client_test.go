package takhti

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// fake answers requests one after the other, and remembers them.
type fake struct {
	t       *testing.T
	answers []func(http.ResponseWriter, *http.Request) // nil: the connection is cut
	seen    []string                                   // method and address
	keys    []string                                   // Idempotency-Key
	bodies  []string
	waited  []time.Duration
}

// RoundTrip implements [http.RoundTripper], without a network.
func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	f.seen = append(f.seen, r.Method+" "+r.URL.RequestURI())
	f.keys = append(f.keys, r.Header.Get("Idempotency-Key"))
	f.bodies = append(f.bodies, string(body))
	if got := r.Header.Get("Authorization"); got != "Bearer takhti_secret" {
		f.t.Errorf("Authorization: %q", got)
	}
	if len(f.answers) == 0 {
		return nil, fmt.Errorf("one request too many: %s", f.seen[len(f.seen)-1])
	}
	answer := f.answers[0]
	f.answers = f.answers[1:]
	if answer == nil {
		return nil, errors.New("the connection was cut")
	}
	rec := httptest.NewRecorder()
	answer(rec, r)
	return rec.Result(), nil
}

// serve is a client of a server that gives these answers, and notes how long the
// client would have waited.
func serve(t *testing.T, answers ...func(http.ResponseWriter, *http.Request)) (*fake, *Client) {
	t.Helper()
	f := &fake{t: t, answers: answers}
	c, err := New("https://takhti.example.pk/", "takhti_secret", WithHTTPClient(&http.Client{Transport: f}))
	if err != nil {
		t.Fatal(err)
	}
	c.sleep = func(ctx context.Context, d time.Duration) error {
		f.waited = append(f.waited, d)
		return ctx.Err()
	}
	return f, c
}

func ok(body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

func problem(status int, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"title":"x","status":%d,"detail":"device X is lost","code":"device.lost","field":"serial","requestId":"r1"}`, status)
	}
}

const oneFault = `{"ref":"F-00013","state":"reported","open":true,"reported":"2026-06-01T08:00:00Z"}`

func TestWriteIsRepeatedUnderOneKey(t *testing.T) {
	f, c := serve(t, nil, problem(503), problem(429, "Retry-After: 7"), ok(oneFault))
	fault, err := c.ReportFault(t.Context(), NewFault{Serial: "X", Category: FaultScreen})
	if err != nil || fault.Ref != "F-00013" {
		t.Fatalf("%+v, %v", fault, err)
	}
	if len(f.keys) != 4 || len(f.keys[0]) != 32 || len(slices.Compact(slices.Clone(f.keys))) != 1 {
		t.Errorf("keys %v", f.keys)
	}
	if len(slices.Compact(slices.Clone(f.bodies))) != 1 || f.bodies[0] != `{"serial":"X","category":"screen"}` {
		t.Errorf("bodies %v", f.bodies)
	}
	if len(f.waited) != 3 || f.waited[0] < firstWait || f.waited[2] < 7*time.Second {
		t.Errorf("waited %v", f.waited)
	}
}

func TestTwoWritesHaveTwoKeys(t *testing.T) {
	f, c := serve(t, ok(oneFault), ok(oneFault), ok(oneFault))
	for _, ctx := range []context.Context{t.Context(), t.Context(), WithKey(t.Context(), "mine")} {
		if _, err := c.ReportFault(ctx, NewFault{Serial: "X", Category: FaultScreen}); err != nil {
			t.Fatal(err)
		}
	}
	if f.keys[0] == f.keys[1] || f.keys[2] != "mine" {
		t.Errorf("keys %v", f.keys)
	}
}

func TestWhatIsNotWorthRepeatingIsNot(t *testing.T) {
	for name, tc := range map[string]struct {
		answers []func(http.ResponseWriter, *http.Request)
		call    func(*Client) error
		sent    int
	}{
		"a refusal": {
			[]func(http.ResponseWriter, *http.Request){problem(409)},
			func(c *Client) error { _, err := c.RetireDevice(t.Context(), "X"); return err }, 1,
		},
		"a server's failure": {
			[]func(http.ResponseWriter, *http.Request){problem(500)},
			func(c *Client) error { _, err := c.Me(t.Context()); return err }, 1,
		},
		"a server that asks for too long": {
			[]func(http.ResponseWriter, *http.Request){problem(429, "Retry-After: 3600")},
			func(c *Client) error { _, err := c.Me(t.Context()); return err }, 1,
		},
		"a token that was made, its answer lost": {
			[]func(http.ResponseWriter, *http.Request){nil, problem(409)},
			func(c *Client) error { _, err := c.AddToken(t.Context(), NewToken{}); return err }, 2,
		},
		"a file that can be read once": {
			[]func(http.ResponseWriter, *http.Request){problem(503)},
			func(c *Client) error {
				_, err := c.UploadImport(t.Context(), Upload{Kind: ImportPlaces, FileName: "a.csv", File: io.MultiReader(strings.NewReader("a"))})
				return err
			}, 1,
		},
		"the last try": {
			[]func(http.ResponseWriter, *http.Request){problem(503), problem(503), problem(503), problem(503)},
			func(c *Client) error { _, err := c.Me(t.Context()); return err }, 4,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, c := serve(t, tc.answers...)
			if err := tc.call(c); err == nil {
				t.Error("no error")
			}
			if len(f.seen) != tc.sent {
				t.Errorf("sent %d times: %v", len(f.seen), f.seen)
			}
		})
	}
}

func TestNobodyWaitsAfterTheEndOfTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		problem(503)(w, r)
	})
	if _, err := c.Me(ctx); err == nil {
		t.Error("no error")
	}
	if len(f.seen) != 1 {
		t.Errorf("sent %v", f.seen)
	}
}

func TestErrorsAreProblems(t *testing.T) {
	_, c := serve(t, problem(404), func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<h1>nginx</h1>", http.StatusRequestEntityTooLarge)
	})
	_, err := c.Device(t.Context(), "X")
	var e *Error
	if !errors.As(err, &e) || e.Code != "device.lost" || e.Status != 404 || e.Field != "serial" || e.RequestID != "r1" {
		t.Fatalf("%#v", err)
	}
	if !IsNotFound(err) || !errors.Is(err, &Error{Code: "device.lost"}) || errors.Is(err, &Error{Code: "device.found"}) || err.Error() != "device X is lost" {
		t.Errorf("%v", err)
	}
	_, err = c.Device(t.Context(), "X")
	if !errors.As(err, &e) || e.Code != "http.413" || !strings.Contains(err.Error(), "413") || strings.Contains(err.Error(), "nginx") {
		t.Errorf("an answer that is not the API's: %v", err)
	}
	many := &Error{Detail: "the request is wrong", Errors: []FieldError{{"query.limit", "too large"}, {"query.status", "unknown"}}}
	if got := many.Error(); got != "the request is wrong: query.limit: too large; query.status: unknown" {
		t.Error(got)
	}
}

func TestIteratorsReadAllPages(t *testing.T) {
	f, c := serve(t,
		ok(`{"items":[{"serial":"A"},{"serial":"B"}],"next":"c1"}`), ok(`{"items":[],"next":"c2"}`), ok(`{"items":[{"serial":"C"}]}`),
		ok(`{"items":[{"serial":"A"},{"serial":"B"}],"next":"c1"}`), problem(404))
	var found []string
	for d, err := range c.Devices(t.Context(), DeviceQuery{Place: "PK 6", Status: StatusLost}) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, d.Serial)
	}
	if got := strings.Join(found, ""); got != "ABC" {
		t.Error(got)
	}
	want := []string{
		"GET /api/v1/devices?limit=500&place=PK+6&status=lost",
		"GET /api/v1/devices?cursor=c1&limit=500&place=PK+6&status=lost",
		"GET /api/v1/devices?cursor=c2&limit=500&place=PK+6&status=lost",
	}
	if !slices.Equal(f.seen, want) {
		t.Errorf("%q", f.seen)
	}
	for d, err := range c.Devices(t.Context(), DeviceQuery{}) {
		if err != nil || d.Serial != "A" {
			t.Fatal(d, err)
		}
		break // no further page is read
	}
	for _, err := range c.Faults(t.Context(), FaultQuery{}) {
		if !IsNotFound(err) {
			t.Error(err)
		}
	}
}

func TestPathsAreEscaped(t *testing.T) {
	f, c := serve(t, ok("{}"), ok("{}"))
	if _, err := c.Shipment(t.Context(), "HP 7/ب?x"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CloseFault(t.Context(), "F-1#2", Closing{}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.seen, ", "); got != "GET /api/v1/shipments/HP%207%2F%D8%A8%3Fx, POST /api/v1/faults/F-1%232/close" {
		t.Error(got)
	}
}

func TestUploadIsAFormThatCanBeSentAgain(t *testing.T) {
	var forms []string
	f, c := serve(t, problem(503), ok(`{"id":"I-1","rows":2}`))
	file := strings.NewReader("skipped;kept")
	file.Seek(8, io.SeekStart)
	i, err := c.UploadImport(t.Context(), Upload{Kind: ImportShipment, FileName: "lot \"3\".csv", File: file, To: "PK601", SkipBad: true})
	if err != nil || i.ID != "I-1" {
		t.Fatalf("%+v, %v", i, err)
	}
	for _, body := range f.bodies {
		boundary, _, _ := strings.Cut(body, "\r\n")
		forms = append(forms, strings.ReplaceAll(body, boundary, "--x"))
	}
	if forms[0] != forms[1] {
		t.Error("the second form is another one")
	}
	for _, part := range []string{"name=\"kind\"\r\n\r\nshipment\r\n", "name=\"to\"\r\n\r\nPK601\r\n", "name=\"skip_bad\"\r\n\r\ntrue\r\n", "filename=\"lot \\\"3\\\".csv\"", "\r\n\r\nkept\r\n--x--"} {
		if !strings.Contains(forms[0], part) {
			t.Errorf("no %q in %q", part, forms[0])
		}
	}
	if strings.Contains(forms[0], "supplier") || strings.Contains(forms[0], "skipped") {
		t.Errorf("%q", forms[0])
	}
}

func TestExportCutShortIsAnError(t *testing.T) {
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer ts.Close()
	c, err := New(ts.URL, "takhti_secret")
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	n, err := c.Export(t.Context(), ExportQuery{Kind: ExportDevices}, &file)
	if err == nil || n != 4 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, address := range []string{"", "takhti.pk", "ftp://takhti.pk", "http://", "://"} {
		if _, err := New(address, "x"); err == nil {
			t.Errorf("%q was taken for an address", address)
		}
	}
}

func TestEmptyFieldsAreNotSent(t *testing.T) {
	for _, v := range []any{NewFault{}, SavePlace{}, NewShipment{}, Received{}, Closing{}, NewToken{}} {
		data, err := json.Marshal(v)
		if err != nil || strings.Contains(string(data), "null") || strings.Contains(string(data), `"note"`) {
			t.Errorf("%s, %v", data, err)
		}
	}
}

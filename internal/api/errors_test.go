package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestWhatIsNotARequestIsRefused(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	for name, tc := range map[string]struct {
		request, body string
		status        int
		code, says    string
	}{
		"no JSON":                   {"POST /api/v1/faults", `{"serial":`, 400, "request.malformed", "unexpected end"},
		"nothing":                   {"POST /api/v1/faults", "", 400, "request.malformed", ""},
		"a wrong type":              {"POST /api/v1/faults", `{"serial":7,"category":"hinge"}`, 422, "request.invalid", "body.serial"},
		"a list for an object":      {"POST /api/v1/faults", `[]`, 422, "request.invalid", "body"},
		"a field too many":          {"POST /api/v1/faults", `{"serial":"LAH0000003","category":"hinge","state":"closed"}`, 422, "request.invalid", "body.state"},
		"a field too few":           {"POST /api/v1/faults", `{"serial":"LAH0000003"}`, 422, "request.invalid", "category"},
		"a word that is none":       {"POST /api/v1/faults", `{"serial":"LAH0000003","category":"colour"}`, 422, "request.invalid", "body.category"},
		"an empty word":             {"POST /api/v1/devices/LAH0000003/assign", `{"kind":"","label":"x"}`, 422, "request.invalid", "body.kind"},
		"two mistakes at once":      {"GET /api/v1/devices?limit=5000&status=broken", "", 422, "request.invalid", "query.status"},
		"too large a page":          {"GET /api/v1/devices?limit=5000", "", 422, "request.invalid", "query.limit"},
		"no page":                   {"GET /api/v1/faults?limit=0", "", 422, "request.invalid", "query.limit"},
		"a parameter that is none":  {"GET /api/v1/devices?limt=5", "", 422, "request.invalid", "query.limt"},
		"a cursor that is none":     {"GET /api/v1/devices?cursor=xyz", "", 422, "cursor.invalid", "cursor"},
		"a date that is none":       {"GET /api/v1/counts?as_of=30.06.2026", "", 422, "request.invalid", "query.as_of"},
		"a day that is none":        {"GET /api/v1/counts?as_of=2026-02-30", "", 422, "request.invalid", "query.as_of"},
		"a serial that Excel ate":   {"GET /api/v1/devices/1.23E+11", "", 422, "serial.scientific", "Excel"},
		"a reference with a slip":   {"GET /api/v1/faults/F-00014", "", 422, "fault.ref", "F-00014"},
		"two ways to ask at once":   {"GET /api/v1/places?q=a&under=PK601", "", 422, "places.one_filter", "one of"},
		"another kind of content":   {"POST /api/v1/faults", `serial=x`, 415, "request.content_type", ""},
		"a method that is none":     {"DELETE /api/v1/devices/LAH0000003", "", 405, "route.method", ""},
		"an address that is none":   {"GET /api/v1/colours", "", 404, "route.not_found", ""},
		"a body that is too large":  {"POST /api/v1/faults", `{"note":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "body.too_large", "MB"},
		"a note that is too long":   {"POST /api/v1/faults", `{"serial":"LAH0000003","category":"hinge","note":"` + strings.Repeat("x", 501) + `"}`, 422, "fault.note_long", "500"},
		"a token that is no number": {"POST /api/v1/tokens/abc/revoke", "", 422, "request.invalid", "path.id"},
	} {
		t.Run(name, func(t *testing.T) {
			logged := len(w.log.String())
			headers := []string{"X-Request-Id: test-1"}
			if tc.status == 415 {
				headers = append(headers, "Content-Type: application/x-www-form-urlencoded")
			}
			status, header, answer := w.raw(token, tc.request, tc.body, headers...)
			var p takhti.Error
			if err := json.Unmarshal([]byte(answer), &p); err != nil || header.Get("Content-Type") != "application/problem+json" {
				t.Fatalf("%d %v %s", status, header, answer)
			}
			if status != tc.status || p.Status != status || p.Code != tc.code || !strings.Contains(answer, tc.says) || p.RequestID != "test-1" || p.Detail == "" || p.Title == "" || p.Help == "" {
				t.Errorf("%d %.600s", status, answer)
			}
			if log := w.log.String()[logged:]; !strings.Contains(log, fmt.Sprintf(`"code":%q}`, tc.code)) {
				t.Errorf("the log does not say which rule was broken: %s", log)
			}
			if len(answer) > 4096 {
				t.Errorf("the answer repeats what was sent: %d bytes", len(answer))
			}
		})
	}
}

// A body that breaks off is not the server's fault.
func TestABodyThatBreaksOffIsTheClientsFault(t *testing.T) {
	w := newWorld(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/v1/faults HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{\"serial\":", w.token("chak77"))
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var p takhti.Error
	if err := json.NewDecoder(resp.Body).Decode(&p); err != nil || resp.StatusCode != 400 || p.Code != "request.truncated" || p.Help == "" {
		t.Errorf("%d %+v, %v", resp.StatusCode, p, err)
	}
	if strings.Contains(w.log.String(), `"ERROR"`) {
		t.Errorf("the log takes it for a failure of the server: %s", w.log)
	}
}

func TestWhoIsNotKnownIsAskedForAToken(t *testing.T) {
	w := newWorld(t)
	token := w.token("analyst")
	for name, bearer := range map[string]string{
		"no token": "", "no token of ours": "abc", "a mistyped one": token[:len(token)-1] + "#", "one that was never made": "takhti_" + strings.Repeat("a", 49),
	} {
		for _, r := range w.routes {
			status, header, answer := w.raw(bearer, r.Method+" /api/v1"+strings.NewReplacer("{", "", "}", "").Replace(r.Path)+"?limit=5000", "")
			if status != http.StatusUnauthorized || header.Get("WWW-Authenticate") != `Bearer realm="takhti", Basic realm="takhti", charset="UTF-8"` || !strings.Contains(answer, `"auth.`) {
				t.Errorf("%s: %s %s: %d %s", name, r.Method, r.Path, status, answer)
			}
		}
	}
	for _, open := range []string{"/openapi.json", "/docs", "/docs/style.css"} {
		if status, _, _ := w.raw("", "GET "+open, ""); status != http.StatusOK {
			t.Errorf("%s: %d", open, status)
		}
	}
}

func TestCursorIsOfOneList(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.as("analyst"), t.Context()
	page := must(c.DevicePage(ctx, takhti.DeviceQuery{Limit: 1}))(t)
	for name, q := range map[string]takhti.DeviceQuery{
		"another filter": {Limit: 1, Status: takhti.StatusInStore, Cursor: page.Next},
		"another place":  {Limit: 1, Place: "PK601", Cursor: page.Next},
		"a cut one":      {Limit: 1, Cursor: page.Next[:len(page.Next)-2]},
		"an altered one": {Limit: 1, Cursor: "A" + page.Next[1:]},
	} {
		_, err := c.DevicePage(ctx, q)
		if e := wantCode(t, err, "cursor.invalid"); e.Status != 422 || e.Field != "cursor" {
			t.Errorf("%s: %+v", name, e)
		}
	}
	_, err := c.FaultPage(ctx, takhti.FaultQuery{Cursor: page.Next})
	wantCode(t, err, "cursor.invalid")
}

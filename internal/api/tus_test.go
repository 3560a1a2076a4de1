package api_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

const tus = "Tus-Resumable: 1.0.0"

// beginUpload makes an upload by hand and returns its path.
func (w *world) beginUpload(token string, length int) string {
	w.t.Helper()
	status, header, body := w.raw(token, "POST /api/v1/uploads", "", tus, "Upload-Length: "+strconv.Itoa(length), "Upload-Metadata: filename bG90NS5jc3Y=,note")
	if status != http.StatusCreated {
		w.t.Fatalf("%d %s", status, body)
	}
	return header.Get("Location")
}

// What tus 1.0.0 says that a server MUST do, one sentence on each line.
func TestUploadsKeepToTheProtocol(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	const octets = "Content-Type: application/offset+octet-stream"
	for name, tc := range map[string]struct {
		request string // % is the upload, of 10 bytes of which 4 have arrived
		headers []string
		body    string
		status  int
		wants   []string // headers of the answer; one that ends in ": " is to be absent
		code    string
		offset  int // afterwards
	}{
		"Tus-Resumable MUST be in every response":                     {"HEAD %", []string{tus}, "", 200, []string{"Tus-Resumable: 1.0.0"}, "", 4},
		"and in that of a failure":                                    {"HEAD %0", []string{tus}, "", 404, []string{"Tus-Resumable: 1.0.0"}, "", 4},
		"Tus-Resumable MUST be in every request":                      {"HEAD %", nil, "", 412, []string{"Tus-Version: 1.0.0"}, "", 4},
		"an unsupported version MUST be answered with 412":            {"PATCH %", []string{"Tus-Resumable: 0.2.2", octets, "Upload-Offset: 4"}, "efgh", 412, []string{"Tus-Version: 1.0.0"}, "upload.version", 4},
		"and MUST NOT be processed":                                   {"DELETE %", []string{"Tus-Resumable: 2.0.0"}, "", 412, []string{"Tus-Version: 1.0.0"}, "upload.version", 4},
		"HEAD MUST always include Upload-Offset":                      {"HEAD %", []string{tus}, "", 200, []string{"Upload-Offset: 4"}, "", 4},
		"HEAD MUST include Upload-Length if it is known":              {"HEAD %", []string{tus}, "", 200, []string{"Upload-Length: 10"}, "", 4},
		"HEAD MUST include Upload-Metadata as it was sent":            {"HEAD %", []string{tus}, "", 200, []string{"Upload-Metadata: filename bG90NS5jc3Y=,note"}, "", 4},
		"HEAD MUST prevent caching":                                   {"HEAD %", []string{tus}, "", 200, []string{"Cache-Control: no-store"}, "", 4},
		"HEAD of what is not there has no Upload-Offset":              {"HEAD %0", []string{tus}, "", 404, []string{"Upload-Offset: "}, "", 4},
		"PATCH MUST have the Content-Type of the protocol":            {"PATCH %", []string{tus, "Content-Type: text/csv", "Upload-Offset: 4"}, "efgh", 415, nil, "request.content_type", 4},
		"PATCH MUST include the offset":                               {"PATCH %", []string{tus, octets}, "efgh", 400, nil, "upload.header", 4},
		"that is not negative":                                        {"PATCH %", []string{tus, octets, "Upload-Offset: -4"}, "efgh", 400, nil, "upload.header", 4},
		"PATCH at another offset MUST be answered with 409":           {"PATCH %", []string{tus, octets, "Upload-Offset: 3"}, "efgh", 409, nil, "upload.offset", 4},
		"PATCH of what is not there: 404":                             {"PATCH %0", []string{tus, octets, "Upload-Offset: 4"}, "efgh", 404, nil, "upload.not_found", 4},
		"a PATCH that succeeds MUST be answered with 204":             {"PATCH %", []string{tus, octets, "Upload-Offset: 4"}, "efgh", 204, []string{"Upload-Offset: 8"}, "", 8},
		"and MUST include Upload-Expires":                             {"PATCH %", []string{tus, octets, "Upload-Offset: 4"}, "e", 204, []string{"Upload-Expires: *GMT"}, "", 5},
		"beyond the length nothing is taken":                          {"PATCH %", []string{tus, octets, "Upload-Offset: 4"}, "efghijkl", 413, nil, "upload.too_long", 10},
		"X-HTTP-Method-Override MUST be read as the method":           {"POST %", []string{tus, "X-HTTP-Method-Override: PATCH", octets, "Upload-Offset: 4"}, "efgh", 204, []string{"Upload-Offset: 8"}, "", 8},
		"whatever the method is":                                      {"POST %", []string{tus, "X-HTTP-Method-Override: DELETE"}, "", 204, nil, "", -1},
		"OPTIONS MUST contain Tus-Version":                            {"OPTIONS %", nil, "", 204, []string{"Tus-Version: 1.0.0"}, "", 4},
		"and Tus-Extension":                                           {"OPTIONS /api/v1/uploads", nil, "", 204, []string{"Tus-Extension: creation,expiration,termination"}, "", 4},
		"and Tus-Max-Size where there is one":                         {"OPTIONS /api/v1/uploads", nil, "", 204, []string{"Tus-Max-Size: 67108864"}, "", 4},
		"creation MUST be answered with 201 and Location":             {"POST /api/v1/uploads", []string{tus, "Upload-Length: 0"}, "", 201, []string{"Location: /api/v1/uploads/*"}, "", 4},
		"Upload-Length MUST be there":                                 {"POST /api/v1/uploads", []string{tus}, "", 400, nil, "upload.header", 4},
		"and be a number that is not negative":                        {"POST /api/v1/uploads", []string{tus, "Upload-Length: -1"}, "", 400, nil, "upload.header", 4},
		"a length beyond Tus-Max-Size MUST be answered with 413":      {"POST /api/v1/uploads", []string{tus, "Upload-Length: 67108865"}, "", 413, nil, "file.too_large", 4},
		"keys of Upload-Metadata MUST NOT be empty":                   {"POST /api/v1/uploads", []string{tus, "Upload-Length: 1", "Upload-Metadata: ,note"}, "", 400, nil, "upload.header", 4},
		"and MUST be unique":                                          {"POST /api/v1/uploads", []string{tus, "Upload-Length: 1", "Upload-Metadata: note,note"}, "", 400, nil, "upload.header", 4},
		"and values MUST be base64":                                   {"POST /api/v1/uploads", []string{tus, "Upload-Length: 1", "Upload-Metadata: filename lot5.csv"}, "", 400, nil, "upload.header", 4},
		"termination MUST be answered with 204":                       {"DELETE %", []string{tus}, "", 204, nil, "", -1},
		"what is not of the protocol is answered in the API's manner": {"POST %", []string{tus}, "", 405, nil, "route.method", 4},
	} {
		t.Run(name, func(t *testing.T) {
			at := w.beginUpload(token, 10)
			if status, _, body := w.raw(token, "PATCH "+at, "abcd", tus, octets, "Upload-Offset: 0"); status != http.StatusNoContent {
				t.Fatalf("%d %s", status, body)
			}
			status, header, body := w.raw(token, strings.ReplaceAll(tc.request, "%", at), tc.body, tc.headers...)
			if status != tc.status || tc.code != "" && !strings.Contains(body, `"code":"`+tc.code+`"`) {
				t.Errorf("%d %s", status, body)
			}
			for _, want := range tc.wants {
				name, value, _ := strings.Cut(want, ": ")
				begins, ends, some := strings.Cut(value, "*")
				if got := header.Get(name); !some && got != value || !strings.HasPrefix(got, begins) || !strings.HasSuffix(got, ends) {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
			status, header, _ = w.raw(token, "HEAD "+at, "", tus)
			switch offset := header.Get("Upload-Offset"); {
			case tc.offset < 0 && status != http.StatusNotFound:
				t.Errorf("it is still there: %d", status)
			case tc.offset >= 0 && offset != strconv.Itoa(tc.offset):
				t.Errorf("%q bytes have arrived, want %d", offset, tc.offset)
			}
			w.raw(token, "DELETE "+at, "", tus)
			if made := header.Get("Location"); made != "" {
				w.raw(token, "DELETE "+made, "", tus)
			}
		})
	}
}

// shaky is a line to a server that breaks every so often.
type shaky struct {
	net.Listener
	to   string
	cuts atomic.Int64
	next func() int64 // how many bytes the next connection lives for; negative: it does not break
}

func newShaky(t testing.TB, url string, next func() int64) *shaky {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &shaky{Listener: l, to: strings.TrimPrefix(url, "http://"), next: next}
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go s.carry(from, s.next())
		}
	}()
	return s
}

// carry carries so many bytes to the server, and what it answers back.
func (s *shaky) carry(from net.Conn, most int64) {
	defer from.Close()
	to, err := net.Dial("tcp", s.to)
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		_, _ = io.Copy(from, to)
		_ = from.Close()
	}()
	if most < 0 {
		_, _ = io.Copy(to, from)
		return
	}
	if n, _ := io.CopyN(to, from, most); n == most {
		s.cuts.Add(1)
	}
}

// blank are lines without anything on them, of so many bytes.
func blank(size int) string {
	return strings.Repeat(strings.Repeat(" ", 1000)+"\n", size/1001+1)[:size]
}

func atOnce(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// Wherever a line breaks, the file arrives whole and is one import.
func TestFilesArriveOverLinesThatBreak(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	imports := 0
	rapid.Check(t, func(rt *rapid.T) {
		imports++
		lives := rapid.SliceOfN(rapid.Int64Range(0, 1500<<10), 0, 7).Draw(rt, "lives")
		n := atomic.Int64{}
		line := newShaky(t, w.url, func() int64 {
			if i := int(n.Add(1)) - 1; i < len(lives) {
				return lives[i]
			}
			return -1
		})
		defer line.Close()
		client, err := takhti.New("http://"+line.Addr().String(), token, takhti.WithTries(8), takhti.WithSleep(atOnce))
		if err != nil {
			rt.Fatal(err)
		}
		file := fmt.Appendf(nil, "Serial Number,Model\nLAH7%06d,Slate 11\n", imports)
		file = append(file, blank(rapid.IntRange(1<<20, 3<<20).Draw(rt, "padding"))...)
		i, err := client.UploadImport(t.Context(), takhti.Upload{
			Kind: takhti.ImportShipment, FileName: "lot5.csv", File: bytes.NewReader(file), Shipment: fmt.Sprint("L-", imports), To: "PK601-STORE",
		})
		if sum := sha256.Sum256(file); err != nil || i.SHA256 != hex.EncodeToString(sum[:]) || i.Size != int64(len(file)) || i.Rows != 1 || i.FileName != "lot5.csv" {
			rt.Fatalf("%+v, %v", i, err)
		}
		if i.ID != fmt.Sprint("I-", imports) {
			rt.Fatalf("%s is not the only import of file %d", i.ID, imports)
		}
	})
}

// A connection that hangs does not keep its client from going on over another one.
func TestAHangingConnectionIsTakenOver(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	at := w.beginUpload(token, 10)
	hangs, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer hangs.Close()
	fmt.Fprintf(hangs, "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n", at, token, tus)
	answers := bufio.NewReader(hangs)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // the server reads
		t.Fatalf("%q, %v", line, err)
	}
	status, _, body := w.raw(token, "PATCH "+at, "0123456789", tus, "Content-Type: application/offset+octet-stream", "Upload-Offset: 0")
	if status != http.StatusNoContent {
		t.Errorf("%d %s", status, body)
	}
	rest, _ := io.ReadAll(answers)
	if !strings.Contains(string(rest), "HTTP/1.1 400") || !strings.Contains(string(rest), `"upload.cut"`) {
		t.Errorf("the one that hung is told %s", rest)
	}
}

func TestUploadsAreTheirUsersOwn(t *testing.T) {
	w := newWorld(t)
	token, other := w.token("lahore.officer"), w.token("kasur.officer")
	at := w.beginUpload(token, 4)
	absent := "/api/v1/uploads/" + strings.Repeat("0", 32)
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		answer := func(token, at string) string {
			status, _, body := w.raw(token, method+" "+at, "", tus, "Content-Type: application/offset+octet-stream", "Upload-Offset: 0")
			return fmt.Sprint(status, requestID.ReplaceAllString(strings.ReplaceAll(body, at[len(at)-32:], "…"), ""))
		}
		if there, nowhere := answer(other, at), answer(other, absent); there != nowhere || !strings.HasPrefix(there, "404") {
			t.Errorf("%s\nelsewhere: %s\n  nowhere: %s", method, there, nowhere)
		}
		if status, _, _ := w.raw("", method+" "+at, "", tus); status != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d", method, status)
		}
	}
	w.raw(token, "PATCH "+at, "a,b\n", tus, "Content-Type: application/offset+octet-stream", "Upload-Offset: 0")
	take := func(token string) (int, string) {
		body, kind := form(map[string]string{"kind": "shipment", "shipment": "L-7", "to": "PK601-STORE", "upload": at[len(at)-32:]}, 0)
		status, _, answer := w.raw(token, "POST /api/v1/imports", body, "Content-Type: "+kind)
		return status, answer
	}
	if status, answer := take(other); status != http.StatusNotFound || !strings.Contains(answer, "upload.not_found") {
		t.Errorf("somebody else imports it: %d %s", status, answer)
	}
}

func TestUploadsAsImports(t *testing.T) {
	w := newWorld(t)
	token, officer := w.token("lahore.officer"), w.as("lahore.officer")
	half := w.beginUpload(token, 10)
	id := must(officer.SendFile(t.Context(), "lot5.csv", strings.NewReader(packingList), nil))(t)
	for name, tc := range map[string]struct {
		upload string
		file   int
		status int
		says   string
	}{
		"half an upload":       {half[len(half)-32:], 0, 409, `10 bytes of the file are still missing`},
		"an upload and a file": {id, 10, 422, `"import.file_missing"`},
		"none":                 {"x", 0, 404, `"upload.not_found"`},
		"a whole one":          {id, 0, 201, `"id":"I-1"`},
		"the same":             {id, 0, 201, `"id":"I-1"`},
	} {
		t.Run(name, func(t *testing.T) {
			body, kind := form(map[string]string{"kind": "shipment", "shipment": "L-7", "to": "PK601-STORE", "upload": tc.upload}, tc.file)
			status, _, answer := w.raw(token, "POST /api/v1/imports", body, "Content-Type: "+kind)
			if status != tc.status || !strings.Contains(answer, tc.says) {
				t.Errorf("%d %s", status, answer)
			}
		})
	}
	if err := officer.DropFile(t.Context(), half[len(half)-32:]); err != nil {
		t.Error(err)
	}
	wantCode(t, officer.DropFile(t.Context(), half[len(half)-32:]), "upload.not_found")
}

// A large file is one import however often it is sent under one key.
func TestALargeUploadUnderOneKeyIsOneImport(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), takhti.WithKey(t.Context(), "upload-1")
	large := packingList + blank(2<<20)
	told := []int64{}
	up := packing(large)
	up.Progress = func(sent, size int64) { told = append(told, sent, size) }
	first := must(officer.UploadImport(ctx, up))(t)
	second := must(officer.UploadImport(ctx, packing(large)))(t)
	if first.ID != second.ID || first.Rows != 2 {
		t.Errorf("%+v and %+v", first, second)
	}
	size := int64(len(large))
	if want := []int64{1 << 20, size, 2 << 20, size, size, size}; fmt.Sprint(told) != fmt.Sprint(want) {
		t.Errorf("told %v, want %v", told, want)
	}
	_, err := officer.UploadImport(ctx, packing(large+"LAH5000009,Slate 11,L5\n"))
	wantCode(t, err, "request.reused")
}

// A client gives up when nothing arrives, or when it is told to.
func TestSendingAFileIsGivenUp(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	asked := 0
	line := newShaky(t, w.url, func() int64 {
		if asked++; asked == 1 {
			return 300 << 10
		}
		return 0
	})
	client, err := takhti.New("http://"+line.Addr().String(), token, takhti.WithTries(3), takhti.WithSleep(atOnce))
	if err != nil {
		t.Fatal(err)
	}
	large := strings.Repeat("x", 2<<20)
	if _, err := client.SendFile(t.Context(), "a.csv", strings.NewReader(large), nil); err == nil || !strings.Contains(err.Error(), "of 2097152 bytes of a.csv arrived") {
		t.Errorf("%v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	_, err = w.as("lahore.officer").SendFile(gone, "a.csv", strings.NewReader(large), func(int64, int64) { leave() })
	if err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("%v", err)
	}
}

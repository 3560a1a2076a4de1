package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"pgregory.net/rapid"
)

// mountTexts adds answers of a given type and length.
func mountTexts(e *gin.Engine) {
	e.GET("/text", func(c *gin.Context) {
		n, _ := strconv.Atoi(c.Query("n"))
		c.Data(http.StatusOK, c.Query("type"), bytes.Repeat([]byte("x"), n))
	})
	e.GET("/coded", func(c *gin.Context) {
		c.Header("Content-Encoding", "br")
		c.Data(http.StatusOK, "text/css", bytes.Repeat([]byte("x"), 5000))
	})
	e.GET("/early", func(c *gin.Context) {
		c.Header("Content-Type", "text/plain")
		c.Writer.WriteHeaderNow()
		c.Writer.Write(bytes.Repeat([]byte("x"), 5000))
	})
	e.GET("/same", func(c *gin.Context) {
		c.Header("ETag", `"v3"`)
		c.Data(http.StatusNotModified, "application/json", nil)
	})
	e.GET("/stream", func(c *gin.Context) {
		c.Header("Content-Type", c.Query("type"))
		for range 3 {
			c.Writer.WriteString("data: x\n\n")
			c.Writer.Flush()
		}
	})
}

func TestWhatIsCompressed(t *testing.T) {
	const gz = "\nContent-Encoding: gzip\n"
	cases := []struct {
		what, request string
		wants         []string
	}{
		{"a long page", "GET /text?n=1024&type=text/html%3bcharset=utf-8\nAccept-Encoding: br, gzip", []string{"200\n", gz, "Vary: Accept-Encoding"}},
		{"a long document", "GET /text?n=5000&type=application/json\nAccept-Encoding: gzip;q=0.5", []string{"200\n", gz}},
		{"a long problem", "GET /text?n=5000&type=application/problem%2bjson\nAccept-Encoding: GZIP", []string{"200\n", gz}},
		{"a drawing", "GET /text?n=5000&type=image/svg%2bxml\nAccept-Encoding: gzip", []string{"200\n", gz}},
		{"a short page", "GET /text?n=1023&type=text/html\nAccept-Encoding: gzip", []string{"200\n", "!" + gz, "Content-Length: 1023\n", "Vary: Accept-Encoding"}},
		{"an empty page", "GET /text?n=0&type=text/html\nAccept-Encoding: gzip", []string{"200\n", "!" + gz}},
		{"who does not ask for it", "GET /text?n=5000&type=text/html", []string{"200\n", "!" + gz, "Vary: Accept-Encoding"}},
		{"who refuses it", "GET /text?n=5000&type=text/html\nAccept-Encoding: gzip;q=0, br", []string{"200\n", "!" + gz}},
		{"a picture", "GET /text?n=5000&type=image/png\nAccept-Encoding: gzip", []string{"200\n", "!" + gz, "Content-Length: 5000\n"}},
		{"a workbook", "GET /text?n=5000&type=application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\nAccept-Encoding: gzip", []string{"200\n", "!" + gz}},
		{"what is compressed already", "GET /coded\nAccept-Encoding: gzip", []string{"200\n", "Content-Encoding: br", "!" + gz}},
		{"what has begun already", "GET /early\nAccept-Encoding: gzip", []string{"200\n", "!" + gz, "xxxxx"}},
		{"what the client has", "GET /same\nAccept-Encoding: gzip", []string{"304\n", "!" + gz, "Etag: \"v3\"\n", "Vary: Accept-Encoding"}},
		{"a live stream", "GET /stream?type=text/event-stream\nAccept-Encoding: gzip", []string{"200\n", "!" + gz, "data: x\n\ndata: x\n\n"}},
		{"a stream of text", "GET /stream?type=text/csv\nAccept-Encoding: gzip", []string{"200\n", gz}},
		{"a refusal", "GET /nothing\nAccept-Encoding: gzip", []string{"404\n", "!" + gz, `"code":"route.not_found"`}},
		{"HEAD", "HEAD /text?n=5000&type=text/html\nAccept-Encoding: gzip", []string{"200\n", "!xxx"}},
	}
	inHouse(t, Options{}, func(h *house) {
		mountTexts(h.Engine())
		for _, c := range cases {
			expect(t, c.what, h.ask(c.request), append(c.wants, "!cut off")...)
		}
	})
}

// Whatever a handler writes, and in what pieces, arrives.
func TestCompressionLosesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		pieces := rapid.SliceOf(rapid.StringN(0, 900, 900)).Draw(r, "pieces")
		flushAfter := rapid.IntRange(-1, 5).Draw(r, "flush after")
		s := &Server{}
		s.gzips.New = newGzip
		e := newEngine()
		e.Use(s.compress)
		e.GET("/", func(c *gin.Context) {
			c.Header("Content-Type", "text/plain")
			for n, piece := range pieces {
				if written, err := c.Writer.WriteString(piece); written != len(piece) || err != nil {
					r.Fatalf("wrote %d of %d: %v", written, len(piece), err)
				}
				if n == flushAfter {
					c.Writer.Flush()
				}
			}
		})
		for range 2 { // the second with a writer that was used before
			if got, want := fetch(r, e), strings.Join(pieces, ""); got != want {
				r.Fatalf("got %q, want %q", got, want)
			}
		}
	})
}

// fetch asks for a page with compression and takes that away.
func fetch(r *rapid.T, e http.Handler) string {
	w := &memory{header: http.Header{}}
	req, err := http.NewRequest(http.MethodGet, "/", nil)
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	e.ServeHTTP(w, req)
	if w.header.Get("Content-Encoding") == "" {
		return w.body.String()
	}
	z, err := gzip.NewReader(&w.body)
	if err != nil {
		r.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		r.Fatal(err)
	}
	return string(text)
}

// memory is a client that keeps what it is given.
type memory struct {
	header http.Header
	body   bytes.Buffer
}

func (m *memory) Header() http.Header         { return m.header }
func (m *memory) WriteHeader(int)             {}
func (m *memory) Write(p []byte) (int, error) { return m.body.Write(p) }

package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// leastCompressed is the size from which compression is worth its while.
const leastCompressed = 1 << 10

func newGzip() any {
	w, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is one that is known
	}
	return w
}

// compress answers with gzip where the client takes it and the text is long
// enough. An ETag stays as it is: it names the record's version, by which clients
// also write, and answers are never sent in parts.
func (s *Server) compress(c *gin.Context) {
	w := c.Writer
	w.Header().Add("Vary", "Accept-Encoding")
	if !takesGzip(c.Request.Header.Get("Accept-Encoding")) {
		return
	}
	z := &gzipWriter{ResponseWriter: w, server: s}
	c.Writer = z
	c.Next()
	c.Writer = w // not after a panic: what was held back is dropped then
	z.close()
}

// takesGzip reads an Accept-Encoding header.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			_, q, _ := strings.Cut(weight, "=")
			return strings.Trim(q, " 0.") != "" || strings.TrimSpace(q) == ""
		}
	}
	return false
}

// gzipWriter holds an answer back until it is known whether it is long enough.
type gzipWriter struct {
	gin.ResponseWriter
	server *Server
	held   []byte
	gz     *gzip.Writer // once compressing
	plain  bool         // once decided against it
}

// Unwrap is for [http.ResponseController].
func (w *gzipWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Written implements [gin.ResponseWriter].
func (w *gzipWriter) Written() bool { return len(w.held) > 0 || w.ResponseWriter.Written() }

// WriteString implements [gin.ResponseWriter].
func (w *gzipWriter) WriteString(text string) (int, error) { return w.Write([]byte(text)) }

func (w *gzipWriter) Write(data []byte) (int, error) {
	switch {
	case w.gz != nil:
		return w.gz.Write(data)
	case w.plain || !w.suits():
		w.plain = true
		return w.ResponseWriter.Write(data)
	case len(w.held)+len(data) < leastCompressed:
		w.held = append(w.held, data...)
		return len(data), nil
	}
	if err := w.begin(); err != nil {
		return 0, err
	}
	return w.gz.Write(data)
}

// suits says whether the answer, as far as its header tells, is to be compressed.
func (w *gzipWriter) suits() bool {
	h := w.Header()
	switch {
	case w.ResponseWriter.Written(), h.Get("Content-Encoding") != "", h.Get("Content-Range") != "":
		return false
	case w.Status() == http.StatusNoContent, w.Status() == http.StatusNotModified:
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch {
	case kind == "text/event-stream": // each event has to leave at once
		return false
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "json"), strings.HasSuffix(kind, "xml"), kind == "application/javascript":
		return true
	}
	return false
}

// begin starts to compress, with what was held back.
func (w *gzipWriter) begin() error {
	w.Header().Del("Content-Length")
	w.Header().Set("Content-Encoding", "gzip")
	w.gz = w.server.gzips.Get().(*gzip.Writer)
	w.gz.Reset(w.ResponseWriter)
	held := w.held
	w.held = nil
	_, err := w.gz.Write(held)
	return err
}

// Flush sends what there is: a stream that was flushed is compressed however
// short it is so far.
func (w *gzipWriter) Flush() {
	if len(w.held) > 0 {
		_ = w.begin() // a failure shows at the next write
	}
	if w.gz != nil {
		_ = w.gz.Flush()
	}
	w.ResponseWriter.Flush()
}

func (w *gzipWriter) close() {
	if w.gz == nil {
		if len(w.held) > 0 {
			_, _ = w.ResponseWriter.Write(w.held) // the client has gone: nobody to tell
		}
		return
	}
	_ = w.gz.Close()
	w.gz.Reset(io.Discard)
	w.server.gzips.Put(w.gz)
}

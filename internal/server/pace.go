package server

import (
	"io"
	"net/http"
	"time"
)

// patience is how slow a client may be. It is meant for phones on bad lines, and
// bounds what a client can hold up without sending or taking anything.
type patience struct {
	stall time.Duration // with nothing arriving, or a piece of the answer not taken
	grace time.Duration // in all, beyond what the least rate allows
	rate  int64         // the least rate at which a body may arrive, in bytes a second
}

var usualPatience = patience{stall: 30 * time.Second, grace: 60 * time.Second, rate: 100}

// piece is how much of an answer a client must take within a stall.
const piece = 16 << 10

// keep puts the patience around a handler.
func (p patience) keep(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			_ = conn.SetReadDeadline(time.Now().Add(p.stall)) // for a body that no handler reads
			paced := *r
			paced.Body = &pacedBody{ReadCloser: r.Body, conn: conn, patience: p}
			r = &paced
		}
		paced := &pacedWriter{ResponseWriter: w, conn: conn, patience: p}
		next.ServeHTTP(paced, r)
		paced.extend() // for what net/http still holds
	})
}

// pacedBody moves the read deadline on as bytes arrive. Only the time spent
// waiting for them counts, not what the handler does in between.
type pacedBody struct {
	io.ReadCloser
	conn     *http.ResponseController
	patience patience
	arrived  int64
	waited   time.Duration
}

func (b *pacedBody) Read(p []byte) (int, error) {
	began := time.Now()
	earned := time.Duration(b.arrived/b.patience.rate) * time.Second
	wait := min(b.patience.stall, b.patience.grace+earned-b.waited)
	_ = b.conn.SetReadDeadline(began.Add(wait)) // a connection without deadlines is a test's
	n, err := b.ReadCloser.Read(p)
	b.arrived += int64(n)
	b.waited += time.Since(began)
	if err == io.EOF {
		_ = b.conn.SetReadDeadline(time.Time{}) // from here on net/http watches for the client's leaving
	}
	return n, err
}

// pacedWriter moves the write deadline on as the client takes the answer.
type pacedWriter struct {
	http.ResponseWriter
	conn     *http.ResponseController
	patience patience
}

// Unwrap is for [http.ResponseController].
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *pacedWriter) extend() {
	_ = w.conn.SetWriteDeadline(time.Now().Add(w.patience.stall))
}

func (w *pacedWriter) Write(data []byte) (int, error) {
	written := 0
	for {
		w.extend()
		n, err := w.ResponseWriter.Write(data[:min(piece, len(data))])
		written += n
		if data = data[n:]; err != nil || len(data) == 0 {
			return written, err
		}
	}
}

// Flush implements [http.Flusher].
func (w *pacedWriter) Flush() {
	w.extend()
	_ = w.conn.Flush() // a failure shows at the next write
}

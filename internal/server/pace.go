package server

import (
	"io"
	"net/http"
	"time"
)

// patience is how slow a client may be. It is meant for phones on bad lines, and
// bounds what a client can hold up without sending or taking anything.
type patience struct {
	stall time.Duration // with nothing going either way
	grace time.Duration // that a body may take beyond what the rate allows
	rate  int           // the least, in bytes a second, either way
}

var usualPatience = patience{stall: 30 * time.Second, grace: 60 * time.Second, rate: 100}

// earned is how long n bytes may take.
func (p patience) earned(n int) time.Duration { return time.Duration(n/p.rate) * time.Second }

// piece is how much of an answer is written at once, under one deadline.
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
		paced.extend(piece) // for what net/http still holds
	})
}

// pacedBody moves the read deadline on as bytes arrive. Only the time spent
// waiting for them counts, not what the handler does in between.
type pacedBody struct {
	io.ReadCloser
	conn     *http.ResponseController
	patience patience
	arrived  int
	waited   time.Duration
}

func (b *pacedBody) Read(p []byte) (int, error) {
	began := time.Now()
	wait := min(b.patience.stall, b.patience.grace+b.patience.earned(b.arrived)-b.waited)
	_ = b.conn.SetReadDeadline(began.Add(wait)) // a connection without deadlines is a test's
	n, err := b.ReadCloser.Read(p)
	b.arrived += n
	b.waited += time.Since(began)
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

// extend gives the client time to take n more bytes.
func (w *pacedWriter) extend(n int) {
	_ = w.conn.SetWriteDeadline(time.Now().Add(w.patience.stall + w.patience.earned(n)))
}

func (w *pacedWriter) Write(data []byte) (int, error) {
	written := 0
	for {
		next := data[:min(piece, len(data))]
		w.extend(len(next))
		n, err := w.ResponseWriter.Write(next)
		written += n
		if data = data[n:]; err != nil || len(data) == 0 {
			return written, err
		}
	}
}

// Flush implements [http.Flusher].
func (w *pacedWriter) Flush() {
	w.extend(piece)
	_ = w.conn.Flush() // a failure shows at the next write
}

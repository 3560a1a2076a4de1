package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"go.uber.org/goleak"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a running server that tests talk to over connections in memory, within
// a bubble of synctest: its seconds pass at once, its minutes too.
type house struct {
	t *testing.T
	*Server
	auth  *auth.Service
	reg   *registry.Register
	log   *record
	wire  *wire
	start func() // once, by the first who dials: routes are mounted before
	stop  func()
	ended chan struct{}
	err   error // of Run, once it ended
}

// inHouse runs the test in a bubble with a running server.
func inHouse(t *testing.T, o Options, test func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, o)
		test(h)
		h.start()
		h.stop()
		<-h.ended
	})
}

func newHouse(t *testing.T, o Options) *house {
	t.Helper()
	reg, err := registry.Open(t.Context(), memkv.New(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reg.Close() })
	h := &house{t: t, reg: reg, log: &record{}, wire: newWire(), ended: make(chan struct{})}
	h.auth = auth.New(reg, auth.Options{BehindTLS: strings.HasPrefix(o.PublicURL, "https:")})
	o.Log, o.Auth = slog.New(slog.NewJSONHandler(h.log, nil)), h.auth
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	h.Server = New(o)
	h.mount()
	ctx, stop := context.WithCancel(t.Context())
	h.stop = stop
	h.start = sync.OnceFunc(func() {
		go func() {
			defer close(h.ended)
			h.openAll()
			h.err = h.serve(ctx, h.wire)
		}()
	})
	return h
}

// mount adds what the tests ask for.
func (h *house) mount() {
	e := h.Engine()
	hello := func(c *gin.Context) {
		a, _ := auth.ActorOf(c.Request.Context())
		c.String(http.StatusOK, "hello %s by %s", a.Name, a.Via)
	}
	e.GET("/hello", hello)
	e.GET(auth.FeedRoute, hello)
	h.Answer("/feeds/", Plain)
	e.GET("/ip", func(c *gin.Context) { c.String(http.StatusOK, c.ClientIP()) })
	e.GET("/devices/:serial", func(c *gin.Context) { c.String(http.StatusOK, c.Param("serial")) })
	echo := func(c *gin.Context) {
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			c.String(http.StatusBadRequest, "cannot read: %v", err)
			return
		}
		c.String(http.StatusOK, "got %d bytes", len(body))
	}
	e.POST("/echo", echo)
	e.POST("/big", echo)
}

// openAll says of all routes that they are open.
func (h *house) openAll() {
	for _, r := range h.Engine().Routes() {
		h.Serves([]auth.Route{{Method: r.Method, Path: r.Path, Needs: auth.Nothing()}})
	}
}

// user makes an account and an API token for it.
func (h *house) user(name string) (token string) {
	h.t.Helper()
	ctx, operator := h.t.Context(), h.reg.As(registry.Operator())
	hash, err := h.auth.HashPassword(ctx, "mango tree by the canal")
	if err != nil {
		h.t.Fatal(err)
	}
	everywhere := []registry.UserGrant{{Role: fleet.Viewer}}
	_, err = operator.Apply(ctx, registry.Request{}, registry.AddUser{User: name, Password: hash, Grants: everywhere})
	if err != nil {
		h.t.Fatal(err)
	}
	return h.token(name, auth.TokenSpec{}).Secret
}

// token makes a token that may read everything.
func (h *house) token(user string, spec auth.TokenSpec) auth.MadeToken {
	h.t.Helper()
	spec.Name, spec.User, spec.Grants, spec.Expires = "test", user, []registry.UserGrant{{Role: fleet.Viewer}}, time.Now().Add(time.Hour)
	made, err := h.auth.NewToken(h.t.Context(), h.reg.As(registry.Operator()), spec)
	if err != nil {
		h.t.Fatal(err)
	}
	return made
}

// revokedToken is a token that is good no more.
func (h *house) revokedToken() string {
	h.t.Helper()
	token := h.user("gone")
	if _, err := h.reg.As(registry.Operator()).Apply(h.t.Context(), registry.Request{}, registry.EnableUser{User: "gone"}); err != nil {
		h.t.Fatal(err)
	}
	return token
}

// ask sends a request as a test writes it, and returns the whole answer.
func (h *house) ask(request string) string {
	h.t.Helper()
	return h.askFrom("192.0.2.7:4711", request)
}

func (h *house) askFrom(address, request string) string {
	h.t.Helper()
	conn := h.dial(address)
	defer conn.Close()
	go conn.Write([]byte(message(request)))
	return h.answer(conn, request)
}

// answer reads one answer, header and body, as text.
func (h *house) answer(conn net.Conn, request string) string {
	h.t.Helper()
	method, _, _ := strings.Cut(strings.TrimSpace(request), " ")
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return fmt.Sprintf("no answer: %v", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	var text strings.Builder
	fmt.Fprintf(&text, "%d\n", res.StatusCode)
	if res.Header.Write(&text) != nil || err != nil {
		fmt.Fprintf(&text, "(cut off: %v)\n", err)
	}
	text.WriteString("\n")
	text.Write(body)
	return strings.ReplaceAll(text.String(), "\r\n", "\n")
}

// message is a request on the wire: with line ends, version, host and length.
func message(request string) string {
	head, body, _ := strings.Cut(request, "\n\n")
	lines := strings.Split(head, "\n")
	lines[0] += " HTTP/1.1"
	if !strings.Contains(head, "\nHost:") {
		lines = append(lines, "Host: takhti.lan")
	}
	if body != "" && !strings.Contains(head, "\nTransfer-Encoding:") {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// expect demands that the answer begins with the first text, holds the others,
// and does not hold those that begin with an exclamation mark.
func expect(t *testing.T, what, answer string, wants ...string) {
	t.Helper()
	for n, want := range wants {
		unwanted, not := strings.CutPrefix(want, "!")
		switch {
		case not && strings.Contains(answer, unwanted):
			t.Errorf("%s: the answer holds %q:\n%s", what, unwanted, answer)
		case !not && n == 0 && !strings.HasPrefix(answer, want), !not && !strings.Contains(answer, want):
			t.Errorf("%s: no %q in the answer:\n%s", what, want, answer)
		}
	}
}

// record is a log that can be read while it is written.
type record struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.String()
}

// wire is a listener whose connections stay in memory.
type wire struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newWire() *wire { return &wire{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

func (w *wire) Addr() net.Addr { return place("127.0.0.1:8080") }

// dial connects from an address.
func (h *house) dial(from string) net.Conn {
	h.start()
	client, server := net.Pipe()
	h.wire.conns <- wireConn{server, place(from)}
	return client
}

type wireConn struct {
	net.Conn
	from net.Addr
}

func (c wireConn) RemoteAddr() net.Addr { return c.from }

type place string

func (place) Network() string  { return "tcp" }
func (p place) String() string { return string(p) }

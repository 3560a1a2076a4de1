package server

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// Options say how a server runs.
type Options struct {
	// Addr is where to listen, such as 127.0.0.1:8080; port 0 takes a free one.
	Addr string
	// PublicURL is the address at which browsers reach the server, where a proxy
	// stands before it; empty: there is none.
	PublicURL string
	// CertFile and KeyFile turn TLS on.
	CertFile, KeyFile string
	// Log gets one record for every request, and what goes wrong; nil: none.
	Log *slog.Logger
	// Auth finds out who is asking. Required.
	Auth *auth.Service
	// Ready says whether the register can be read. Required.
	Ready func(context.Context) error
	// BodyLimits raises the limit of a request's body for single routes: bytes by
	// method and route, such as "POST /imports". All others may send 1 MB.
	BodyLimits map[string]int64
	// Quota bounds what may be asked; the zero value bounds nothing.
	Quota Quota
	// Now is the clock that quotas go by; nil: the computer's.
	Now func() time.Time
	// MetricsPublic answers /livez, /readyz and /metrics to everybody, not only to
	// programs on this machine.
	MetricsPublic bool
	// Gauges are further metrics: what each is now, by name.
	Gauges map[string]func() float64
	// Listening is called with the server's address once it listens.
	Listening func(url string)
}

// The limits on what a client may send and how long it may take to.
const (
	headerTimeout  = 20 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeader      = 16 << 10
	maxBody        = 1 * megabyte
	maxFormMemory  = 256 << 10 // of an upload's form; what is beyond goes to a temporary file
	graceOfStop    = 10 * time.Second
	readyTimeout   = 5 * time.Second
	defaultAddress = "127.0.0.1:8080"

	megabyte = 1 << 20
)

// Server is the engine and all around it.
type Server struct {
	options Options
	engine  *gin.Engine
	log     *slog.Logger
	answers []answer
	served  []auth.Route
	metrics *meter
	quotas  *quotas
	origin  *http.CrossOriginProtection
	gzips   sync.Pool
}

// New makes the engine with all that requests pass. Mount the edges on it, then
// call [Server.Run].
func New(o Options) *Server {
	o.Addr = cmp.Or(o.Addr, defaultAddress)
	s := &Server{
		options: o, log: cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
		metrics: newMeter(o.Gauges), origin: http.NewCrossOriginProtection(),
		gzips: sync.Pool{New: newGzip},
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s.quotas = newQuotas(o.Quota, o.Now)
	if o.PublicURL != "" {
		if err := s.origin.AddTrustedOrigin(o.PublicURL); err != nil {
			panic(err) // it refuses only what is no scheme and host
		}
	}
	s.engine = newEngine()
	s.engine.Use(removeUploads, nameRequest, s.watch, s.recover, s.protect, s.compress, s.noteDenials, s.refuseForged, s.identify, s.limitRequests, s.limitBody)
	s.engine.NoRoute(func(c *gin.Context) {
		s.refuse(c, http.StatusNotFound, "route.not_found", "there is nothing at this address")
	})
	s.engine.NoMethod(func(c *gin.Context) {
		s.refuse(c, http.StatusMethodNotAllowed, "route.method", "this method is not possible at this address")
	})
	return s
}

func newEngine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	// Redirects are written before any of our handlers run.
	e.RedirectTrailingSlash = false
	e.UseRawPath = true // a shipment's number may hold a slash
	e.MaxMultipartMemory = maxFormMemory
	e.ForwardedByClientIP = false
	if err := e.SetTrustedProxies(nil); err != nil {
		panic(err) // it refuses only addresses that are none
	}
	return e
}

// Engine is where the edges mount their routes.
func (s *Server) Engine() *gin.Engine { return s.engine }

// Handler is all of the server but the listening.
func (s *Server) Handler() http.Handler {
	h := s.withProbes(headAsGet(s.engine))
	if s.options.PublicURL != "" {
		h = withProxied(h)
	}
	return usualPatience.keep(h)
}

// headAsGet answers HEAD as GET; net/http leaves the body out.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			get := *r
			get.Method = http.MethodGet
			r = &get
		}
		next.ServeHTTP(w, r)
	})
}

package server

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"github.com/takhti-edu/takhti/internal/auth"
)

// Quota is how much may be asked of the server. No one account, program or network
// can take it all, and when all together ask for more than it can do, those that come
// too many are told so at once and not left waiting.
type Quota struct {
	// Rate is how many requests an account may send each second in the long run, its
	// tokens and sessions together; zero: as many as it likes. A network of those who
	// have not signed in, which may be a whole town's, has ten times as many.
	Rate float64
	// Burst is how many may come at once after a rest.
	Burst int
	// AtOnce is how many requests are worked on at the same time; zero: any number.
	AtOnce int64
}

// networkShare is how many accounts' quota a network has.
const networkShare = 10

// visitor is an account, or a network of those who have not signed in.
type visitor struct {
	user    uint32
	network netip.Prefix
}

// quotas knows what the visitors of late have left.
type quotas struct {
	Quota
	now func() time.Time

	mu   sync.Mutex
	left map[visitor]*rate.Limiter
}

// mostVisitors is beyond how many those that have all of their quota are forgotten.
const mostVisitors = 10_000

func newQuotas(q Quota, now func() time.Time) *quotas {
	return &quotas{Quota: q, now: now, left: map[visitor]*rate.Limiter{}}
}

// take takes one request of the visitor's quota, or says how long to wait for it.
func (q *quotas) take(v visitor) (wait time.Duration) {
	if q.Rate == 0 {
		return 0
	}
	now := q.now()
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.left[v]
	if l == nil {
		if len(q.left) >= mostVisitors {
			q.forget(now)
		}
		l = q.fresh(v)
		q.left[v] = l
	}
	if l.AllowN(now, 1) {
		return 0
	}
	missing := 1 - l.TokensAt(now)
	return time.Duration(missing / float64(l.Limit()) * float64(time.Second))
}

func (q *quotas) fresh(v visitor) *rate.Limiter {
	if v.user == 0 {
		return rate.NewLimiter(rate.Limit(q.Rate*networkShare), q.Burst*networkShare)
	}
	return rate.NewLimiter(rate.Limit(q.Rate), q.Burst)
}

// forget drops visitors who are as good as new; when that is none, all of them, so
// that those who come from ever more networks fill no memory.
func (q *quotas) forget(now time.Time) {
	for v, l := range q.left {
		if l.TokensAt(now) >= float64(l.Burst()) {
			delete(q.left, v)
		}
	}
	if len(q.left) >= mostVisitors {
		clear(q.left)
	}
}

// limitRequests refuses whoever asks for more than their quota, and anybody while too
// many are served.
func (s *Server) limitRequests(c *gin.Context) {
	if most := s.quotas.AtOnce; most > 0 && s.metrics.inFlight.Load() > most {
		c.Writer.Header().Set("Retry-After", "2")
		s.refuse(c, http.StatusServiceUnavailable, "busy", "the register is very busy: try again in a moment")
		return
	}
	v := visitor{}
	if actor, ok := auth.ActorOf(c.Request.Context()); ok {
		v.user = uint32(actor.User)
	} else {
		v.network = auth.Network(c.Request)
	}
	if wait := s.quotas.take(v); wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		c.Writer.Header().Set("Retry-After", strconv.Itoa(seconds))
		s.refuse(c, http.StatusTooManyRequests, "quota.requests",
			fmt.Sprintf("too many requests came from here in a short time: wait %d s and go on more slowly", seconds))
	}
}

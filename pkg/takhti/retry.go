package takhti

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	usualTries   = 4
	firstWait    = 250 * time.Millisecond
	longestWait  = 8 * time.Second
	longestAsked = time.Minute // a server that asks for longer is not waited for
)

// send sends the call until it is answered: again, after a while, when the
// network fails or the server cannot answer now, and the call does no harm when
// it arrives twice. An answer that is not a success comes back as an [*Error].
func (c *Client) send(ctx context.Context, q call) (*http.Response, error) {
	key := ""
	if q.method != http.MethodGet {
		key = keyFor(ctx)
	}
	for try := 1; ; try++ {
		resp, err := c.sendOnce(ctx, q, key)
		if err == nil {
			return resp, nil
		}
		wait, worthIt := c.again(q, err, try)
		if !worthIt || ctx.Err() != nil {
			return nil, err
		}
		if c.sleep(ctx, wait) != nil {
			return nil, err
		}
	}
}

func (c *Client) sendOnce(ctx context.Context, q call, key string) (*http.Response, error) {
	req, err := c.request(ctx, q, key)
	if err != nil {
		return nil, &unsendable{err}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 300 {
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, errorOf(resp)
}

// unsendable is an error that was there before anything was sent.
type unsendable struct{ error }

func (u *unsendable) Unwrap() error { return u.error }

// again says whether a call that failed with err is worth another try, and how
// long to wait before it.
func (c *Client) again(q call, err error, try int) (wait time.Duration, worthIt bool) {
	if try >= c.tries || q.body != nil && !q.body.repeatable() {
		return 0, false
	}
	switch e := err.(type) { // both come as sendOnce made them
	case *unsendable:
		return 0, false
	case *Error:
		worthIt = e.RetryAfter <= longestAsked && passing(e.Status)
	default:
		worthIt = true
	}
	return pause(err, try), worthIt
}

// pause is how long to wait after a try that failed.
func pause(err error, try int) time.Duration {
	const doublings = 5 // to the longest
	wait := min(firstWait<<min(try-1, doublings), longestWait)
	wait += time.Duration(rand.Int64N(int64(wait)/2 + 1))
	if e, ok := err.(*Error); ok {
		wait = max(wait, e.RetryAfter)
	}
	return wait
}

// passing says whether an answer of this status can be another one soon.
func passing(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

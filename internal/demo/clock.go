package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the clock of a register that a demo fills: while it does, the time is
// that of the event in hand, and from then on the present.
type Clock struct {
	present func() time.Time
	turned  atomic.Pointer[time.Time]
}

// NewClock returns a clock that shows the present.
func NewClock(present func() time.Time) *Clock { return &Clock{present: present} }

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	if t := c.turned.Load(); t != nil {
		return *t
	}
	return c.present()
}

// turn sets the clock, which then stands still. Once set, it is never turned back.
func (c *Clock) turn(t time.Time) {
	if at := c.turned.Load(); at == nil || t.After(*at) {
		c.turned.Store(&t)
	}
}

// release lets the clock show the present again.
func (c *Clock) release() { c.turned.Store(nil) }

package demo

import (
	"testing"
	"time"
)

func TestAClockIsNotTurnedBack(t *testing.T) {
	present := time.Date(2026, 9, 15, 12, 0, 0, 0, time.UTC)
	shows := func(c *Clock, want time.Time) {
		t.Helper()
		if got := c.Now(); !got.Equal(want) {
			t.Errorf("the clock shows %v, want %v", got, want)
		}
	}
	c := NewClock(func() time.Time { return present })
	shows(c, present)
	before := present.AddDate(-1, 0, 0)
	c.turn(before)
	shows(c, before)
	c.turn(before.AddDate(0, 0, -1))
	shows(c, before)
	c.turn(before.AddDate(0, 0, 1))
	shows(c, before.AddDate(0, 0, 1))
	present = present.Add(time.Hour)
	c.release()
	shows(c, present)
}

package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgressSaysNothingOfWhatIsQuick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := startProgress(&out, "reading")
		time.Sleep(900 * time.Millisecond)
		p.end()
		if out.Len() > 0 {
			t.Errorf("wrote %q", out.String())
		}
	})
}

func TestProgressInALogIsALineEveryFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := startProgress(&out, "reading")
		time.Sleep(1500 * time.Millisecond)
		p.set("writing", 12_000, 0)
		time.Sleep(5 * time.Second)
		p.set("checking", 1, 4)
		time.Sleep(5 * time.Second)
		p.end()
		const want = "reading: 1 s\nwriting, 12,000: 6 s\nchecking, 25 %: 11 s\n"
		if got := out.String(); got != want {
			t.Errorf("wrote %q, want %q", got, want)
		}
	})
}

func TestProgressOnATerminalRewritesItsLineAndTakesItAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := showProgress(&out, "reading", true)
		time.Sleep(1300 * time.Millisecond)
		p.end()
		const want = clearToLeft + "reading: 1 s" + clearToLeft + "reading: 1 s" + clearToLeft
		if got := out.String(); got != want {
			t.Errorf("wrote %q, want %q", got, want)
		}
	})
}

package server

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/auth"
)

func TestWhoAsksForTooMuchWaits(t *testing.T) {
	inHouse(t, Options{Quota: Quota{Rate: 1, Burst: 3}}, func(h *house) {
		token := h.user("analyst")
		asked := func(headers string) string { return h.ask("GET /hello" + headers) }
		mine := "\nAuthorization: Bearer " + token
		for range 3 {
			expect(t, "within the quota", asked(mine), "200\n")
		}
		expect(t, "beyond it", asked(mine), "429\n", "Retry-After: 1\n", `"code":"quota.requests"`, "wait 1 s")
		expect(t, "somebody else", asked("\nAuthorization: Bearer "+h.user("other")), "200\n")
		for i := range networkShare * 3 {
			expect(t, fmt.Sprint("nobody in particular, ", i), asked(""), "200\n")
		}
		expect(t, "too many of the network", asked(""), "429\n")
		time.Sleep(time.Second) // of the bubble
		expect(t, "after the wait", asked(mine), "200\n")
	})
}

// A feed has the quota of whose key it is, and is refused in a sentence.
func TestFeedsCountForTheirOwner(t *testing.T) {
	inHouse(t, Options{Quota: Quota{Rate: 1, Burst: 3}}, func(h *house) {
		token := h.user("analyst")
		feed := h.token("analyst", auth.TokenSpec{Feed: true}).Path()
		for range 2 {
			expect(t, "a feed", h.ask("GET "+feed), "200\n", "hello analyst by api")
		}
		expect(t, "their program", h.ask("GET /hello\nAuthorization: Bearer "+token), "200\n")
		expect(t, "a feed too many", h.ask("GET "+feed), "429\n", "Retry-After: 1\n", "Content-Type: text/plain", "\ntoo many requests came from here in a short time: wait 1 s and go on more slowly.\n")
		expect(t, "one that is none", h.ask("GET "+feed[:20]+"/counts.csv"), "200\n", "hello  by ")
		expect(t, "elsewhere below", h.ask("GET "+feed+"/more"), "404\n", "Content-Type: text/plain")
	})
}

// In the long run nobody gets more than their rate, whatever the others do.
func TestQuotasHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(0, 0)
		q := newQuotas(Quota{Rate: 2, Burst: 5}, func() time.Time { return now })
		granted := map[visitor]int{}
		for range rapid.IntRange(1, 300).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "ms")) * time.Millisecond)
			v := visitor{user: uint32(rapid.IntRange(1, 3).Draw(t, "user"))}
			if q.take(v) == 0 {
				granted[v]++
			}
		}
		for v, n := range granted {
			if most := 5 + 2*now.Sub(time.Unix(0, 0)).Seconds(); float64(n) > most {
				t.Errorf("user %d had %d of %.1f", v.user, n, most)
			}
		}
	})
}

func TestVisitorsFillNoMemory(t *testing.T) {
	now := time.Unix(0, 0)
	q := newQuotas(Quota{Rate: 1, Burst: 1}, func() time.Time { return now })
	for i := range 3 * mostVisitors {
		q.take(visitor{network: netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(i >> 16), byte(i >> 8), byte(i)}), 24)})
		if len(q.left) > mostVisitors {
			t.Fatalf("%d visitors are remembered", len(q.left))
		}
	}
}

func TestABusyServerSaysSo(t *testing.T) {
	inHouse(t, Options{Quota: Quota{AtOnce: 1}}, func(h *house) {
		h.metrics.inFlight.Add(1) // one that takes long
		got := h.ask("GET /hello")
		expect(t, "while one is served", got, "503\n", "Retry-After: 2\n", `"code":"busy"`)
		h.metrics.inFlight.Add(-1)
		if got := h.ask("GET /hello"); !strings.HasPrefix(got, "200") {
			t.Error("afterwards:", got)
		}
	})
}

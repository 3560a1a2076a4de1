package auth

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// restarted is a guard that has what another one remembers.
func restarted(g *guard, now time.Time) *guard {
	again := newGuard(g.pace)
	for _, m := range g.drain('p', now) {
		if m.Value != nil {
			again.restore(m.Key[1:], m.Value)
		}
	}
	return again
}

// To have the program restarted gives nobody a try that they would not have had, and
// holds nobody up for longer than it would have taken to earn one try.
func TestARestartGivesNoFurtherTries(t *testing.T) {
	accounts := rapid.SampledFrom([]string{"lahore.officer", "kasur.officer", "admin"})
	networks := rapid.SampledFrom([]string{"203.0.113.7", "198.51.100.9"})
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)
		g := newGuard(rapid.SampledFrom([]pace{passwordPace, pinPace, codePace}).Draw(t, "pace"))
		visits := rapid.Custom(func(t *rapid.T) visit {
			return visitOf(Credentials{Name: accounts.Draw(t, "account"), From: networks.Draw(t, "network")})
		})
		for range rapid.IntRange(1, 150).Draw(t, "attempts") {
			v := visits.Draw(t, "visit")
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
			if g.admit(v, now) == nil && rapid.IntRange(0, 9).Draw(t, "right") == 0 {
				g.welcome(v, now)
			}
		}
		again := restarted(g, now)
		now = now.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "later")) * time.Second)
		for range 40 {
			v := visits.Draw(t, "visit")
			before, after := g.admit(v, now), again.admit(v, now)
			if before != nil && after == nil {
				t.Fatalf("%v is heard, and was to wait: %v", v, before)
			}
			if before == nil && after != nil {
				if wait := RetryAfter(after); wait > g.pace.strangerEvery || g.known.has(v.imprint()) {
					t.Fatalf("%v waits %s more", v, wait)
				}
				return // one of them has a try more now
			}
		}
	})
}

// What the guards remember is in the register, and none of it is what people typed.
func TestLimitsOutliveTheProgram(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	for range freeTries {
		_, err := w.signIn("asma", "a wrong password")
		wantCode(t, err, "auth.wrong")
	}
	if err := w.KeepLimits(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Service = New(w.reg, Options{Now: w.clock.Now})
	if err := w.RestoreLimits(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := w.signIn("asma", goodPassword)
	wantCode(t, err, "auth.too_many")
	w.clock.pass(RetryAfter(err))
	_, err = w.signIn("asma", goodPassword)
	wantCode(t, err, "")
	marks, err := w.gate.Marks(t.Context())
	for _, m := range marks {
		if strings.Contains(string(m.Key)+string(m.Value), "asma") {
			t.Errorf("a name is kept in %q", m)
		}
	}
	if len(marks) == 0 || err != nil {
		t.Error("nothing was kept", err)
	}
}

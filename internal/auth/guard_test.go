package auth

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// guess is an attempt at an account from an address.
func guess(name, from string) visit { return visitOf(Credentials{Name: name, From: from}) }

func TestGuessingGetsSlower(t *testing.T) {
	g, now := newGuard(passwordPace), time.Unix(1_800_000_000, 0)
	wants := []time.Duration{0, 0, 0, 0, 0, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute}
	for n, want := range wants {
		err := g.admit(guess("asma", "203.0.113.7"), now)
		if got := RetryAfter(err); got != want {
			t.Fatalf("try %d has to wait %s, want %s", n+1, got, want)
		}
		if want == 0 {
			continue
		}
		if fleet.KindOf(err) != fleet.TooMany {
			t.Errorf("try %d: %v", n+1, err)
		}
		now = now.Add(want)
		if err := g.admit(guess("asma", "203.0.113.7"), now); err != nil {
			t.Fatalf("try %d, after waiting: %v", n+1, err)
		}
	}
}

func TestAThousandGuessesInAQuarterOfAnHour(t *testing.T) {
	g, now := newGuard(passwordPace), time.Unix(1_800_000_000, 0)
	heard := 0
	for range 1000 {
		if g.admit(guess("asma", "203.0.113.7"), now) == nil {
			heard++
		}
		now = now.Add(900 * time.Millisecond)
	}
	if heard > 10 {
		t.Errorf("%d guesses were heard, want at most 10", heard)
	}
}

func TestStrangersDoNotKeepOneOut(t *testing.T) {
	g, now := newGuard(passwordPace), time.Unix(1_800_000_000, 0)
	office := guess("asma", "198.51.100.4")
	if err := g.admit(office, now); err != nil {
		t.Fatal(err)
	}
	g.welcome(office, now)
	heard := 0
	for n := range 500 { // each from a network of its own
		if g.admit(guess("asma", fmt.Sprintf("10.%d.%d.9", n/250, n%250)), now) == nil {
			heard++
		}
	}
	if heard != g.pace.strangerTries {
		t.Errorf("%d guesses from all over were heard, want %d", heard, g.pace.strangerTries)
	}
	if err := g.admit(office, now); err != nil {
		t.Errorf("the office where she signed in before: %v", err)
	}
	if err := g.admit(guess("bilal", "198.51.100.4"), now); err != nil {
		t.Errorf("another account: %v", err)
	}
	now = now.Add(g.pace.strangerEvery)
	if err := g.admit(guess("asma", "192.0.2.1"), now); err != nil {
		t.Errorf("a new place a minute later: %v", err)
	}
}

func TestOneNetworkTriesManyAccounts(t *testing.T) {
	g, now := newGuard(passwordPace), time.Unix(1_800_000_000, 0)
	heard := 0
	var refused error
	for n := range 200 {
		if err := g.admit(guess(fmt.Sprintf("user%d", n), fmt.Sprintf("203.0.113.%d:99", n)), now); err == nil {
			heard++
		} else {
			refused = err
		}
	}
	if heard != g.pace.networkTries {
		t.Errorf("%d guesses were heard, want %d", heard, g.pace.networkTries)
	}
	if got := RetryAfter(refused); got != g.pace.networkEvery {
		t.Errorf("told to wait %s, want %s", got, g.pace.networkEvery)
	}
	if err := g.admit(guess("user1", "203.0.114.1"), now); err != nil {
		t.Errorf("the network next door: %v", err)
	}
}

// A ministry's floor behind one address begins its day: nobody waits for the rest.
func TestRightPasswordsHoldNobodyUp(t *testing.T) {
	g, now := newGuard(passwordPace), time.Unix(1_800_000_000, 0)
	for n := range 3 * g.pace.networkTries {
		v := guess(fmt.Sprintf("clerk%d", n%100), "203.0.113.7")
		if err := g.admit(v, now); err != nil {
			t.Fatalf("sign-in %d: %v", n+1, err)
		}
		now = now.Add(10 * time.Millisecond) // as long as a hash may take
		g.welcome(v, now)
	}
	if err := g.admit(guess("newcomer", "203.0.113.7"), now); err != nil {
		t.Errorf("one who never signed in from there: %v", err)
	}
}

// A stranger on a mobile network, of which thousands share the address, uses up
// its tries and pushes at the guard's memory.
func TestAGuesserDoesNotShutOutTheNetwork(t *testing.T) {
	g, now := newGuard(passwordPace), time.Unix(1_800_000_000, 0)
	school := guess("head.chak77", "203.0.113.7")
	if err := g.admit(school, now); err != nil {
		t.Fatal(err)
	}
	g.welcome(school, now)
	for n := range 2 * remembered {
		_ = g.admit(guess(fmt.Sprintf("user%d", n), "203.0.113.66"), now)
	}
	if err := g.admit(guess("another", "203.0.113.7"), now); fleet.KindOf(err) != fleet.TooMany {
		t.Errorf("an account that never signed in from there: %v", err)
	}
	for n := range freeTries {
		if err := g.admit(school, now); err != nil {
			t.Errorf("try %d of the school that signed in from there: %v", n+1, err)
		}
	}
	if err := g.admit(school, now); fleet.KindOf(err) != fleet.TooMany {
		t.Errorf("guesses at the school's account are heard without end: %v", err)
	}
}

func TestSuccessForgives(t *testing.T) {
	g, now := newGuard(passwordPace), time.Unix(1_800_000_000, 0)
	v := guess("asma", "203.0.113.7")
	for range 3 {
		for range freeTries {
			if err := g.admit(v, now); err != nil {
				t.Fatal(err)
			}
		}
		g.welcome(v, now)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	made := 0
	r := newRecent[int](3, func() *int { made++; return &made })
	for _, key := range []int{1, 2, 3, 1, 4, 1, 2} { // 4 pushes 2 out, not 1
		r.of(key)
	}
	if made != 5 || r.order.Len() != 3 || len(r.entries) != 3 {
		t.Errorf("made %d, kept %d and %d", made, r.order.Len(), len(r.entries))
	}
}

func TestTheWaitIsSaidInWords(t *testing.T) {
	for wait, want := range map[time.Duration]string{
		time.Millisecond:  "too many tries to sign in: wait a second and try again",
		30 * time.Second:  "too many tries to sign in: wait 30 seconds and try again",
		121 * time.Second: "too many tries to sign in: wait 3 minutes and try again",
	} {
		if got := tooMany(wait).Error(); got != want {
			t.Errorf("%s: %q, want %q", wait, got, want)
		}
	}
	if got := RetryAfter(errors.New("another error")); got != 0 {
		t.Errorf("another error says to wait %s", got)
	}
}

func TestSigningInIsGuarded(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	for range freeTries {
		_, err := w.signIn("asma", "a wrong password")
		wantCode(t, err, "auth.wrong")
	}
	_, err := w.signIn("asma", goodPassword)
	wantCode(t, err, "auth.too_many")
	w.clock.pass(RetryAfter(err))
	_, err = w.signIn("asma", goodPassword)
	wantCode(t, err, "")
	_, err = w.signIn("asma", "a slip after that")
	wantCode(t, err, "auth.wrong")
}

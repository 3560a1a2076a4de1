package auth

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// How guessing is slowed down. Nobody is locked out: whoever waits gets another
// try, and one who signed in from a network before is not held up by others: not
// by those who guess at the account from elsewhere, nor by those behind the same
// address, who may be a whole town on one mobile network. Only wrong passwords
// count: whoever signs in gives back what the attempt took.
const (
	freeTries  = 5                // of one account from one network, before the delay begins
	firstDelay = 30 * time.Second // it doubles with every further try

	remembered = 10_000 // accounts and networks, the latest
)

// pace is how slow guessing at one kind of secret gets.
type pace struct {
	longestDelay  time.Duration // of one account from one network
	strangerTries int           // of one account from all networks that it never signed in from,
	strangerEvery time.Duration // and when there is one more
	networkTries  int           // of all accounts from one network that never signed in from it,
	networkEvery  time.Duration // and when there is one more
}

// Of a million PINs one is right. Whoever guesses at a school's for a year, from
// the whole world, finds it with a chance of less than four in a hundred; whoever
// tries all schools from one network has one of them every other year. What
// stands open to a school meanwhile is its card.
var (
	passwordPace = pace{
		longestDelay:  5 * time.Minute,
		strangerTries: 20, strangerEvery: time.Minute,
		networkTries: 60, networkEvery: 3 * time.Second,
	}
	pinPace = pace{
		longestDelay:  15 * time.Minute,
		strangerTries: 10, strangerEvery: 15 * time.Minute,
		networkTries: 30, networkEvery: time.Minute,
	}
	// Of the codes of six digits three are right at any time. Whoever has the
	// password and guesses for a year finds one with a chance of less than three in
	// a hundred.
	codePace = pace{
		longestDelay:  time.Hour,
		strangerTries: 20, strangerEvery: 4 * time.Hour,
		networkTries: 60, networkEvery: 3 * time.Second,
	}
)

// visit is an attempt as the guard sees it.
type visit struct {
	account string
	network netip.Prefix
}

func visitOf(c Credentials) visit {
	name, _ := accountOf(c.Name)
	return visit{account: name, network: fleet.NetworkOf(c.From)}
}

// schoolCode is what schools sign in with, an EMIS code or the code of a place,
// which is the EMIS code after the province's.
var schoolCode = regexp.MustCompile(`^(?:[a-z]{2}[0-9]{1,2}-)?([a-z0-9/-]*[0-9]{3}[a-z0-9/-]*)$`)

// accountOf is what tries at the account that somebody names are counted under,
// and whether it is a school's. It goes by how the name looks, not by whether
// there is such an account, so that limits tell nobody which ones there are; and
// however a school's code is written, it is the same one.
func accountOf(name string) (account string, code bool) {
	name = strings.ToLower(strings.Map(fleet.LatinDigit, strings.TrimSpace(name)))
	if parts := schoolCode.FindStringSubmatch(name); parts != nil {
		name, code = parts[1], true
	}
	return name[:min(len(name), 60)], code
}

// IsSchoolCode says whether a name looks like what schools sign in with.
func IsSchoolCode(name string) bool {
	_, code := accountOf(name)
	return code
}

// guardOf is the one that slows down guessing at the account.
func (s *Service) guardOf(name string) *guard {
	if _, code := accountOf(name); code {
		return s.pins
	}
	return s.guard
}

// tries are those of one account from one network.
type tries struct {
	count int       // since the last success
	next  time.Time // when the next one is heard
}

func (t *tries) add(now time.Time, longestDelay time.Duration) {
	t.count++
	if over := t.count - freeTries; over >= 0 {
		delay := longestDelay
		if over < 10 { // beyond, the shift would overflow
			delay = min(firstDelay<<over, longestDelay)
		}
		t.next = now.Add(delay)
	}
}

// guard slows guessing down.
type guard struct {
	pace     pace
	mu       sync.Mutex
	visits   recent[imprint, tries]
	known    recent[imprint, struct{}] // those that signed in; guessing pushes none of them out
	accounts recent[imprint, rate.Limiter]
	networks recent[imprint, rate.Limiter]
	changed  map[trace]struct{} // since it was kept, see keep
}

func newGuard(p pace) *guard {
	every := func(interval time.Duration, burst int) func() *rate.Limiter {
		return func() *rate.Limiter { return rate.NewLimiter(rate.Every(interval), burst) }
	}
	g := &guard{
		pace:     p,
		visits:   newRecent[imprint](remembered, func() *tries { return &tries{} }),
		known:    newRecent[imprint](remembered, func() *struct{} { return &struct{}{} }),
		accounts: newRecent[imprint](remembered, every(p.strangerEvery, p.strangerTries)),
		networks: newRecent[imprint](remembered, every(p.networkEvery, p.networkTries)),
		changed:  map[trace]struct{}{},
	}
	g.visits.dropped, g.known.dropped = g.note(ofVisit), g.note(ofKnown)
	g.accounts.dropped, g.networks.dropped = g.note(ofAccount), g.note(ofNetwork)
	return g
}

// admit counts the attempt, or says how long to wait before it is heard.
func (g *guard) admit(v visit, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.visits.of(v.imprint())
	if wait := t.next.Sub(now); wait > 0 {
		return tooMany(wait)
	}
	if !g.known.has(v.imprint()) {
		if err := g.takeStranger(v, now); err != nil {
			return err
		}
	}
	t.add(now, g.pace.longestDelay)
	g.note(ofVisit)(v.imprint())
	return nil
}

// takeStranger takes a try of the network and one of the account, or neither.
func (g *guard) takeStranger(v visit, now time.Time) error {
	network := g.networks.of(v.networkImprint())
	if err := take(network, now); err != nil {
		return err
	}
	if err := take(g.accounts.of(v.accountImprint()), now); err != nil {
		giveBack(network, now)
		return err
	}
	g.noteBoth(v)
	return nil
}

// welcome forgives the tries that led to a success.
func (g *guard) welcome(v visit, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	*g.visits.of(v.imprint()) = tries{}
	g.note(ofVisit)(v.imprint())
	if g.known.has(v.imprint()) {
		return
	}
	g.known.of(v.imprint())
	g.note(ofKnown)(v.imprint())
	giveBack(g.networks.of(v.networkImprint()), now)
	giveBack(g.accounts.of(v.accountImprint()), now)
	g.noteBoth(v)
}

// take takes one try, or says when there will be one.
func take(l *rate.Limiter, now time.Time) error {
	if l.AllowN(now, 1) {
		return nil
	}
	missing := 1 - l.TokensAt(now)
	return tooMany(time.Duration(missing / float64(l.Limit()) * float64(time.Second)))
}

// giveBack undoes take. A limiter never holds more than its burst for long: the
// next look at it cuts what is beyond.
func giveBack(l *rate.Limiter, now time.Time) { l.AllowN(now, -1) }

// tooMany is refusal for a while.
func tooMany(wait time.Duration) error {
	wait = max(wait.Round(time.Second), time.Second)
	return &fleet.Error{
		Kind: fleet.TooMany, Code: "auth.too_many", Wait: wait,
		Message: fmt.Sprintf("too many tries to sign in: wait %s and try again", inWords(wait)),
	}
}

func inWords(d time.Duration) string {
	switch s := int(d / time.Second); {
	case s == 1:
		return "a second"
	case s < 120:
		return fmt.Sprintf("%d seconds", s)
	default:
		return fmt.Sprintf("%d minutes", (s+59)/60)
	}
}

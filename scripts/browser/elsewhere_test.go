package browser

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The people of the provider. Amna and Bilal have accounts in the register, Zahid has
// not, though he was given the address that was Amna's.
var (
	amna  = person{subject: "1001", email: "amna@school.edu.pk", domain: "school.edu.pk"}
	bilal = person{subject: "1002", email: "bilal@school.edu.pk", domain: "school.edu.pk", methods: []string{"pwd", "mfa"}}
	zahid = person{subject: "1003", email: "Amna@school.edu.pk", domain: "school.edu.pk"}
)

// abroad is a register whose people may sign in at a provider.
type abroad struct {
	*fresh
	*provider
	invited string // where Bilal, an officer, accepts his invitation
}

func newAbroad(t *testing.T, tokenSaysWho bool) *abroad {
	t.Helper()
	w := &abroad{fresh: newFresh(t)}
	c := client{id: "takhti", secret: "hush: a client's secret", callback: w.url + "/sign-in/google/callback", life: time.Hour, tokenSaysWho: tokenSaysWho}
	w.provider = newProvider(t, c, amna, bilal, zahid)
	w.command("user", "add", "amna", "--role", "viewer", "--password-stdin")
	said := w.command("user", "invite", "bilal", "--role", "officer", "--public-url", w.url)
	w.invited = strings.TrimPrefix(regexp.MustCompile(`http://\S+`).FindString(said), w.url)
	w.serve("TAKHTI_OPENID_SECRET="+c.secret, "--openid-issuer", w.issuer, "--openid-name", "School ID", "--openid-client-id", c.id, "--openid-domains", "school.edu.pk")
	return w
}

// browser is one in which nobody has signed in.
func (w *abroad) browser(width int64, scripts bool) *page {
	w.t.Helper()
	return newTab(w.t, w.url, width, scripts, "status of 401", "status of 403")
}

// comes has somebody sign in at the provider, on the way to a page here.
func (w *abroad) comes(p *page, who person) {
	p.t.Helper()
	p.get("/devices")
	p.press("Sign in with School ID")
	p.see("Choose an account")
	p.press(who.email)
}

// in demands that the browser came to where it was on the way to.
func (w *abroad) in(p *page, name string) {
	p.t.Helper()
	p.see(name)
	if p.see("Sign out"); p.at() != "/devices" {
		p.t.Errorf("came to %s", p.at())
	}
}

// out demands that the browser shows why nobody is signed in, and that nobody is.
func (w *abroad) out(p *page, why string) {
	p.t.Helper()
	p.see("You are not signed in with School ID")
	p.see(why)
	p.fits()
	p.get("/devices")
	p.see("User name or EMIS code")
}

// link has Amna link her account, from her own page.
func (w *abroad) link(p *page) {
	p.t.Helper()
	p.signIn(account{User: "amna", Password: goodPassword})
	p.get("/account")
	p.press("Link a School ID account")
	p.press(amna.email)
	p.see("Link this School ID account?")
	p.fill("current", goodPassword)
	p.press("Link it")
	p.see("Saved: the accounts are linked.")
	p.see(amna.email + " (at " + w.issuer + ") opens this account.")
	p.press("Sign out")
}

// A teacher links the account that she has elsewhere and signs in with it; an officer
// who was invited needs no password. Whose account is not linked stays out.
func TestPeopleSignInAtAProviderThatOthersWrote(t *testing.T) {
	for _, c := range []struct {
		name         string
		width        int64
		scripts      bool
		tokenSaysWho bool
	}{
		{"desk, the token has the address", 1280, true, true},
		{"phone without JavaScript, the address has to be asked for", 320, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newAbroad(t, c.tokenSaysWho)
			p := w.browser(c.width, c.scripts)
			w.comes(p, amna)
			p.picture("elsewhere-unlinked.png")
			w.out(p, "has not been linked")
			w.link(p)
			w.comes(p, amna)
			w.in(p, "amna")
			p.press("Sign out")
			w.comes(p, zahid)
			w.out(p, "has not been linked")
			p.get("/devices")
			p.press("Sign in with School ID")
			p.press("Cancel")
			w.out(p, "You did not sign in there")

			p.get(w.invited)
			p.press("Use a School ID account instead of a password")
			p.press(bilal.email)
			p.see("Link this School ID account?")
			p.picture("elsewhere-invited.png")
			p.press("Link it")
			p.see("Saved: the accounts are linked.")
			p.press("Sign out")
			w.comes(p, bilal)
			w.in(p, "bilal")
			p.press("Sign out")
			w.do(func(s *storage) { s.people[1].methods = []string{"pwd"} })
			w.comes(p, bilal)
			w.out(p, "Your account here needs a second step")
		})
	}
}

// Whatever the provider says that is not so lets nobody in, and the log says what it was.
func TestWhatAProviderSaysThatIsNotSo(t *testing.T) {
	w := newAbroad(t, true)
	p := w.browser(1280, true)
	w.link(p)
	defer func() { p.t = t }()
	first, err := url.Parse(w.asked())
	if err != nil || first.Query().Get("nonce") == "" {
		t.Fatalf("asked with %q: %v", w.asked(), err)
	}
	const untrusted = "What came back cannot be trusted"
	stranger := newSigner(jose.RS256)
	for _, c := range []struct {
		name   string
		change func(*storage)
		says   string // on the page
		logs   string
	}{
		{"an account of another organisation", func(s *storage) { s.people[0].domain = "evil.example" }, "choose the one that you have", `"code":"openid.domain"`},
		{"a private account", func(s *storage) { s.people[0].domain = "" }, "choose the one that you have", `"code":"openid.domain"`},
		{"an address that nobody confirmed", func(s *storage) { s.people[0].unverified = true }, "was never confirmed", `"code":"openid.email"`},
		{"a token for another client", func(s *storage) { s.wrong.client = "another" }, untrusted, `expected audience`},
		{"the nonce of an earlier sign-in", func(s *storage) { s.wrong.nonce = first.Query().Get("nonce") }, untrusted, "made for another sign-in"},
		{"a token that has ended", func(s *storage) { s.client.life = -time.Hour }, untrusted, "token is expired"},
		{"a key that is not the provider's", func(s *storage) { s.wrong.key = stranger }, untrusted, "failed to verify signature"},
		{"such a key under the name of a good one", func(s *storage) {
			named := *stranger
			named.id = s.keys[len(s.keys)-1].id
			s.wrong.key = &named
		}, untrusted, "failed to verify signature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p.t = t
			before := w.kept()
			w.do(c.change)
			_, n := w.log.since(0)
			w.comes(p, amna)
			w.out(p, c.says)
			if log, _ := w.log.since(n); !strings.Contains(log, c.logs) {
				t.Errorf("the log does not say %q:\n%s", c.logs, log)
			}
			w.do(func(s *storage) { s.client, s.people, s.wrong = before.client, before.people, wrong{} })
			w.comes(p, amna)
			w.in(p, "amna")
			p.press("Sign out")
		})
	}
}

// The provider changes its keys while people come and go.
func TestAProviderChangesItsKeys(t *testing.T) {
	w := newAbroad(t, true)
	p := w.browser(1280, true)
	w.link(p)
	var old *signer
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.ES256} {
		w.do(func(s *storage) { old, s.keys = s.keys[len(s.keys)-1], append(s.keys, newSigner(alg)) })
		w.comes(p, amna)
		w.in(p, "amna")
		p.press("Sign out")
	}
	w.do(func(s *storage) { s.keys = []*signer{newSigner(jose.RS256)} }) // those of before are withdrawn
	w.comes(p, amna)
	w.in(p, "amna")
	p.press("Sign out")
	w.do(func(s *storage) { s.wrong.key = old })
	w.comes(p, amna)
	w.out(p, "What came back cannot be trusted")
}

// The way there and back belongs to one browser, once, for a while.
func TestTheWayBackIsTakenOnce(t *testing.T) {
	w := newAbroad(t, true)
	p, other := w.browser(1280, true), w.browser(1280, true)
	w.link(p)
	const again = "This was begun in another browser or too long ago, or was done already"

	w.comes(p, amna)
	w.in(p, "amna")
	used := strings.TrimPrefix(w.back(), w.url)
	p.press("Sign out")
	p.get(used)
	w.out(p, again)
	other.get(used)
	w.out(other, again)

	w.hold(true)
	w.comes(p, amna)
	p.see("You are signed in.")
	other.get(strings.TrimPrefix(w.back(), w.url)) // somebody has another open the address that is theirs
	w.out(other, again)
	w.comes(other, zahid) // or one who is on the way themselves
	other.get(strings.TrimPrefix(p.link("Go on"), w.url))
	w.out(other, again)
	p.press("Go on") // it was nobody's but this browser's, and still is
	w.in(p, "amna")
	p.press("Sign out")

	w.comes(p, amna)
	w.age(codeLife)
	p.press("Go on")
	w.out(p, again)
	w.comes(p, amna)
	p.press("Go on")
	w.in(p, "amna")
}

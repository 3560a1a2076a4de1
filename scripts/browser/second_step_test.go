package browser

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// authenticator makes codes as people's phones do (RFC 6238). It remembers the step
// of the last one, as no code is taken twice.
type authenticator struct {
	secret []byte
	last   int64
}

// code is one that has not been used: that of the present, or of the next 30 seconds.
func (a *authenticator) code() string {
	a.last = max(a.last+1, time.Now().Unix()/30)
	mac := hmac.New(sha1.New, a.secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(a.last)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&0x7fffffff%1_000_000)
}

var groupsOfFour = regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`)

// setUp sets an authenticator up by the QR code on the page, which says what can be
// typed in its place, and keeps the recovery codes.
func (p *page) setUp(user string) (a *authenticator, recovery []string) {
	p.t.Helper()
	p.see("Set up your second step")
	p.picture("second-step.png")
	u, err := url.Parse(p.scan(".qr"))
	if err != nil || u.Scheme != "otpauth" || u.Path != "/Takhti:"+user {
		p.t.Fatalf("the code is for %v: %v", u, err)
	}
	if on := p.link("On this phone itself: open it in the authenticator"); on != u.String() {
		p.t.Errorf("the link leads to %s, and the QR code to %s", on, u)
	}
	text := u.Query().Get("secret")
	if typed := strings.ReplaceAll(groupsOfFour.FindString(p.text()), " ", ""); typed != text {
		p.t.Errorf("to be typed is %q, and the QR code says %q", typed, text)
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if err != nil {
		p.t.Fatal(err)
	}
	a = &authenticator{secret: secret}
	p.fill("code", "000000")
	p.press("Set up the second step")
	p.see("This code is not right")
	p.fill("code", a.code())
	p.press("Set up the second step")
	p.see("Keep these codes now: they are not shown again.")
	p.picture("recovery-codes.png")
	codes, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll(".codes li")].map(e => e.textContent.trim())`))
	if err != nil || len(codes) != 10 {
		p.t.Fatalf("the recovery codes %q: %v", codes, err)
	}
	p.press("I have kept them: go on")
	return a, codes
}

// passwordOf gives the password, which for these accounts is not enough.
func (p *page) passwordOf(user string) {
	p.t.Helper()
	p.get("/sign-in")
	p.fill("name", user)
	p.fill("password", goodPassword)
	p.press("Sign in")
}

// step gives what the second step takes.
func (p *page) step(code string) {
	p.t.Helper()
	p.see("Second step")
	p.get("/devices") // without it nothing is open
	p.see("User name or EMIS code")
	p.get("/sign-in/code")
	p.fill("code", code)
	p.press("Sign in")
}

// An administrator invites an officer, who chooses a password and sets up the second
// step; signs in by a code, and on another phone by a recovery code; and signs that one
// out again.
func TestAnInvitedOfficerSignsInByTwoSteps(t *testing.T) {
	for _, c := range []struct {
		name    string
		width   int64
		scripts bool
	}{
		{"desk", 1280, true},
		{"phone without JavaScript", 320, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newFresh(t)
			w.command("user", "add", "boss", "--role", "admin", "--password-stdin")
			w.serve("")
			p := newTab(t, w.url, c.width, c.scripts)
			p.passwordOf("boss")
			p.setUp("boss")
			p.get("/invitations")
			p.fill("name", "lahore.officer")
			p.choose("role", "officer")
			p.fill("place", "PK601")
			p.press("Make the link")
			p.see("Pass this link on to lahore.officer")
			p.picture("invited.png")
			link := strings.TrimPrefix(regexp.MustCompile(`http://\S+`).FindString(p.text()), w.url)

			officer := newTab(t, w.url, c.width, c.scripts, "status of 404")
			officer.get(link)
			officer.see("Choose your password")
			officer.picture("invitation.png")
			officer.fill("password", goodPassword)
			officer.fill("again", goodPassword)
			officer.press("Choose this password")
			phone, codes := officer.setUp("lahore.officer")
			officer.see("Sign out")
			officer.get(link)
			officer.see("used, taken back or has expired")
			officer.get("/")
			officer.press("Sign out")

			officer.passwordOf("lahore.officer")
			officer.step(phone.code())
			officer.see("Sign out")
			another := newTab(t, w.url, c.width, c.scripts)
			another.passwordOf("lahore.officer")
			another.picture("step.png")
			another.step(strings.ToUpper(codes[3]))
			another.see("Sign out")

			officer.get("/account")
			officer.see("9 recovery codes are left")
			officer.see("This one")
			officer.picture("account.png")
			officer.press("Sign it out")
			another.get("/devices") // at once
			another.see("User name or EMIS code")
			officer.see("Saved: signed out there.")
			another.passwordOf("lahore.officer")
			another.step(codes[3])
			another.see("This code is not right")
			officer.get("/devices")
			officer.see("Sign out")
			log, _ := w.log.since(0)
			for _, route := range []string{"/sign-in/set-up", "/sign-in/code"} {
				if !regexp.MustCompile(`"route":"` + route + `","status":422,.*"code":"auth.code"`).MatchString(log) {
					t.Errorf("the log does not say that a code was refused at %s:\n%s", route, log)
				}
			}
		})
	}
}

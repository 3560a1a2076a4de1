package auth

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/auth/openidtest"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const callback = "https://takhti.example.pk/sign-in/google/callback"

// abroad is a world with a provider.
type abroad struct {
	*world
	provider *openidtest.Provider
	log      strings.Builder
}

func newAbroad(t *testing.T, change ...func(*OpenID)) *abroad {
	t.Helper()
	w := &abroad{world: newWorld(t), provider: openidtest.Start(t)}
	w.provider.Now = w.clock.Now
	o := OpenID{
		Issuer: w.provider.URL, ClientID: openidtest.ClientID, Secret: openidtest.Secret,
		Domains: []string{"School.edu.pk", "moe.gov.pk"}, Callback: callback,
	}
	for _, f := range change {
		f(&o)
	}
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	w.Service = New(w.reg, Options{Now: w.clock.Now, BehindTLS: true, OpenID: &o, Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	return w
}

// browser keeps cookies as browsers do.
type browser map[string]string

func (b browser) request(address string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for name, value := range b {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return r
}

func (b browser) take(w *httptest.ResponseRecorder) {
	for _, c := range w.Result().Cookies() {
		b[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b, c.Name)
		}
	}
}

// go begins an errand, and returns the address to which the provider sends back.
func (w *abroad) setOut(b browser, e Errand) (back string, err error) {
	w.t.Helper()
	rec := httptest.NewRecorder()
	address, err := w.GoElsewhere(rec, b.request("/sign-in/google"), e)
	if err != nil {
		return "", err
	}
	b.take(rec)
	return w.visit(address), nil
}

// visit opens an address at the provider, and returns where that leads.
func (w *abroad) visit(address string) string {
	w.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound || !strings.HasPrefix(resp.Header.Get("Location"), callback) {
		body, _ := io.ReadAll(resp.Body)
		w.t.Fatalf("%s: %d %s %s", address, resp.StatusCode, resp.Header.Get("Location"), body)
	}
	return resp.Header.Get("Location")
}

func (w *abroad) comeBack(b browser, address string) (Back, error) {
	rec := httptest.NewRecorder()
	back, err := w.ComeBack(rec, b.request(address))
	b.take(rec)
	return back, err
}

// roundTrip signs in by the provider.
func (w *abroad) roundTrip() (Back, error) {
	w.t.Helper()
	b := browser{}
	address, err := w.setOut(b, Errand{Next: "/devices"})
	if err != nil {
		return Back{}, err
	}
	return w.comeBack(b, address)
}

// linked adds an account that the provider's person opens.
func (w *abroad) linked(name string) {
	w.t.Helper()
	w.user(name, fleet.Viewer, "PK6")
	u, _, err := w.gate.User(context.Background(), name)
	if err != nil {
		w.t.Fatal(err)
	}
	self := w.reg.As(registry.Actor{User: u.ID, Name: name, Grants: u.Grants})
	_, err = self.Apply(context.Background(), registry.Request{}, registry.LinkIdentity{
		User: name, Verified: u.Password, Identity: fleet.Identity{Issuer: w.provider.URL, Subject: w.provider.Person.Subject},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// wantIn demands that somebody signs in by the provider.
func (w *abroad) wantIn(name string) {
	w.t.Helper()
	b, err := w.roundTrip()
	if err != nil || b.To != "/devices" || b.Confirm {
		w.t.Errorf("came back with %+v: %v\n%s", b, err, &w.log)
		return
	}
	if a, err := w.Session(w.t.Context(), b.Secret); err != nil || a.Name != name {
		w.t.Errorf("signed in as %q: %v", a.Name, err)
	}
}

// wantOut demands that nobody does, for the reason of that code.
func (w *abroad) wantOut(what, code string) {
	w.t.Helper()
	b, err := w.roundTrip()
	if b.Secret != "" {
		w.t.Errorf("%s: there is a session", what)
	}
	wantCode(w.t, err, code)
	if w.t.Failed() {
		w.t.Fatalf("%s\n%s", what, &w.log)
	}
}

func TestSignInElsewhere(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	w.wantIn("amna")
	w.provider.Person.Email = "amna.bibi@moe.gov.pk" // people change their names and offices
	w.provider.Person.Domain = "moe.gov.pk"
	w.wantIn("amna")
	if log := w.log.String(); log != "" {
		t.Errorf("logged %s", log)
	}
}

func TestClientsProveThemselvesAsTheProviderSays(t *testing.T) {
	for _, method := range []string{"client_secret_basic", "client_secret_post"} {
		w := newAbroad(t)
		w.provider.Methods = []string{method}
		w.linked("amna")
		w.wantIn("amna")
	}
}

// An account elsewhere opens what it was linked to, and nothing by its e-mail address.
func TestOnlyLinkedAccountsOpenAnything(t *testing.T) {
	w := newAbroad(t)
	w.user("amna@school.edu.pk", fleet.Viewer, "PK6")
	w.wantOut("no account was linked", "identity.not_linked")
	w.linked("amna")
	w.provider.Person.Subject = "somebody else with amna's old address"
	w.wantOut("the same e-mail with another subject", "identity.not_linked")
}

func TestDisabledAccountsStayShut(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	w.do(registry.EnableUser{User: "amna"})
	w.wantOut("a disabled user", "openid.disabled")
}

// Who has to pass a second step is let in without one here only if there was one there.
func TestTheSecondStepOfAnAccountIsNotLeftOut(t *testing.T) {
	for name, tc := range map[string]struct {
		required bool
		twoSteps bool // the provider's organisation asks for them
		methods  any  // what the token says
		code     string
	}{
		"not required":             {false, false, nil, ""},
		"required":                 {true, false, nil, "openid.steps"},
		"by a password there":      {true, false, []string{"pwd"}, "openid.steps"},
		"by two steps there":       {true, false, []string{"pwd", "mfa"}, ""},
		"of a strict organisation": {true, true, nil, ""},
	} {
		w := newAbroad(t, func(o *OpenID) { o.TwoSteps = tc.twoSteps })
		w.linked("amna")
		if w.secondStep = fleet.Officer; tc.required {
			w.secondStep = fleet.Viewer // which amna is
		}
		if tc.methods != nil {
			w.provider.Tamper = func(c map[string]any) { c["amr"] = tc.methods }
		}
		if tc.code == "" {
			w.wantIn("amna")
		} else {
			w.wantOut(name, tc.code)
		}
	}
}

func TestSignInsElsewhereAreJournalled(t *testing.T) {
	w := newAbroad(t)
	w.wantOut("nobody's", "identity.not_linked")
	w.linked("amna")
	w.wantIn("amna")
	w.do(registry.EnableUser{User: "amna"})
	w.wantOut("a disabled user", "openid.disabled")
	w.provider.Person.Domain = ""
	w.wantOut("a private account", "openid.domain")
	want := []string{
		`sign_in_failed by "" from "192.0.2.1": google, identity.not_linked`,
		`sign_in by "amna" from "192.0.2.1": google`,
		`sign_in_failed by "amna" from "192.0.2.1": google, openid.disabled`,
		`sign_in_failed by "" from "192.0.2.1": google, openid.domain`,
	}
	if got := w.acts("sign_in", "sign_in_failed"); !slices.Equal(got, want) {
		t.Errorf("the journal has\n%q\nwant\n%q", got, want)
	}
}

func TestWhoMayComeFromTheProvider(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	good := w.provider.Person
	for name, tc := range map[string]struct {
		person Person
		code   string
	}{
		"another organisation":    {Person{Domain: "evil.example"}, "openid.domain"},
		"a part of its name":      {Person{Domain: "edu.pk"}, "openid.domain"},
		"a private account":       {Person{}, "openid.domain"},
		"an unconfirmed address":  {Person{Domain: "school.edu.pk", Unverified: true}, "openid.email"},
		"no address at all":       {Person{Domain: "school.edu.pk", Email: "-"}, "openid.email"},
		"in the right one's case": {Person{Domain: "SCHOOL.EDU.PK"}, ""},
	} {
		p := good
		p.Domain, p.Unverified = tc.person.Domain, tc.person.Unverified
		if tc.person.Email != "" {
			p.Email = ""
		}
		w.provider.Person = p
		if tc.code == "" {
			w.wantIn("amna")
			continue
		}
		w.wantOut(name, tc.code)
	}
}

// Person is short for what tables of persons say often.
type Person = openidtest.Person

func TestTokensThatCannotBeTrusted(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	set := func(claim string, value any) func(map[string]any) {
		return func(claims map[string]any) { claims[claim] = value }
	}
	for name, tamper := range map[string]func(map[string]any){
		"another audience":       set("aud", "another.client"),
		"no audience":            set("aud", nil),
		"two, made for another":  func(c map[string]any) { c["aud"], c["azp"] = []string{openidtest.ClientID, "other"}, "other" },
		"two, made for nobody":   func(c map[string]any) { c["aud"] = []string{openidtest.ClientID, "other"}; delete(c, "azp") },
		"made for another":       set("azp", "another.client"),
		"another issuer":         set("iss", "https://accounts.google.com"),
		"no issuer":              set("iss", nil),
		"an old nonce":           set("nonce", "of a sign-in before"),
		"no nonce":               set("nonce", nil),
		"expired":                set("exp", w.clock.Now().Add(-time.Second).Unix()),
		"not yet valid":          set("nbf", w.clock.Now().Add(time.Hour).Unix()),
		"no subject":             set("sub", ""),
		"too long a subject":     set("sub", strings.Repeat("1", 256)),
		"a subject of two lines": set("sub", "110169484474386276334\n"),
		"verified in words":      set("email_verified", "yes"),
	} {
		w.provider.Tamper = tamper
		w.wantOut(name, "openid.refused")
	}
	w.provider.Tamper = nil
	for name, sign := range map[string]func(any) string{
		"unsigned":                  openidtest.Unsigned,
		"signed with the secret":    openidtest.BySecret,
		"signed with another's key": w.provider.Stranger,
		"no token":                  func(any) string { return "" },
		"half a token":              func(any) string { return "eyJhbGciOiJSUzI1NiJ9." },
	} {
		w.provider.Sign = sign
		w.wantOut(name, "openid.refused")
	}
	w.provider.Sign = nil
	w.wantIn("amna")
	if !strings.Contains(w.log.String(), "another client") {
		t.Errorf("the log does not say why: %s", &w.log)
	}
}

func TestKeysThatChange(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	w.wantIn("amna")
	w.provider.Rotate(openidtest.EC)
	w.wantIn("amna")
	asked := w.provider.Asked("/keys")
	w.wantIn("amna")
	if n := w.provider.Asked("/keys"); n != asked {
		t.Errorf("known keys were asked for %d times more", n-asked)
	}
	w.provider.Sign = w.provider.Withdraw()
	w.clock.pass(factsLife) // so long they are believed
	w.wantOut("a key that was withdrawn", "openid.refused")
}

// The way there and back belongs to one browser, once, for a while.
func TestOneWayThereAndBack(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	again := func(what string, b browser, address string) {
		t.Helper()
		back, err := w.comeBack(b, address)
		if back.Secret != "" {
			t.Errorf("%s: there is a session", what)
		}
		if wantCode(t, err, "openid.again"); t.Failed() {
			t.Fatal(what)
		}
	}
	setOut := func() (browser, string) {
		t.Helper()
		b := browser{}
		address, err := w.setOut(b, Errand{})
		if err != nil {
			t.Fatal(err)
		}
		return b, address
	}
	b, address := setOut()
	again("another browser", browser{}, address)
	other, _ := setOut()
	again("another browser on its own way", other, address)
	copied := browser{}
	for name, value := range b {
		copied[name] = value
	}
	if _, err := w.comeBack(b, address); err != nil {
		t.Fatal(err)
	}
	again("a second time", b, address)
	again("a second time with the cookie of the first", copied, address)

	b, address = setOut()
	w.clock.pass(awayLife)
	again("too late", b, address)

	b, address = setOut()
	w.clock.pass(2 * time.Minute)
	again("a code that has expired", b, address)

	b, address = setOut()
	u, _ := url.Parse(address)
	q := u.Query()
	if _, _, err := w.Service.provider.redeem(t.Context(), q.Get("code"), away{Verifier: strings.Repeat("v", 43)}); err == nil {
		t.Error("a code was redeemed without the proof that belongs to it")
	}
	again("a code that was used", b, address)

	b, address = setOut()
	for name := range b {
		b[name] = "A" + b[name][1:]
	}
	again("a cookie that was changed", b, address)
	again("no state", browser{}, callback)
}

func TestAnswersOfTheProvider(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	w.provider.Declines = true
	w.wantOut("who changes their mind", "openid.cancelled")
	w.provider.Declines = false
	b := browser{}
	address, err := w.setOut(b, Errand{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.comeBack(b, strings.Replace(address, url.QueryEscape(w.provider.URL), "https%3A%2F%2Fevil.example", 1))
	wantCode(t, err, "openid.refused") // the answer of another provider

	b = browser{}
	if address, err = w.setOut(b, Errand{}); err != nil {
		t.Fatal(err)
	}
	_, err = w.comeBack(b, strings.Replace(address, "code=", "error=server_error&code=", 1))
	wantCode(t, err, "openid.down")
	if log := w.log.String(); !strings.Contains(log, `it sent back`) || !strings.Contains(log, "server_error") {
		t.Errorf("the log: %s", log)
	}
}

func TestAProviderThatIsDown(t *testing.T) {
	w := newAbroad(t)
	w.linked("amna")
	for name, broken := range map[string]func(http.ResponseWriter){
		"an error":      func(w http.ResponseWriter) { http.Error(w, "no", http.StatusBadGateway) },
		"no JSON":       func(w http.ResponseWriter) { io.WriteString(w, "<html>") },
		"without end":   func(w http.ResponseWriter) { io.Copy(w, endless{}) },
		"a redirection": func(w http.ResponseWriter) { w.Header().Set("Location", "/x"); w.WriteHeader(http.StatusFound) },
		"hangs up":      func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		w.clock.pass(factsLife)
		w.provider.Break(broken)
		w.wantOut(name, "openid.down")
		asked := w.provider.Asked("/.well-known/openid-configuration")
		w.wantOut(name, "openid.down")
		if n := w.provider.Asked("/.well-known/openid-configuration"); n != asked {
			t.Errorf("%s: it was asked again at once", name)
		}
		if _, err := w.signIn("amna", goodPassword); err != nil {
			t.Errorf("%s: the password does not open the account: %v", name, err)
		}
		w.provider.Break(nil)
		w.clock.pass(failedLife)
		w.wantIn("amna")
		// It goes down while somebody is there.
		b := browser{}
		address, err := w.setOut(b, Errand{})
		if err != nil {
			t.Fatal(err)
		}
		w.provider.Break(broken)
		_, err = w.comeBack(b, address)
		wantCode(t, err, "openid.down")
		w.provider.Break(nil)
	}
	if log := w.log.String(); !strings.Contains(log, "the sign-in provider failed") || strings.Contains(log, openidtest.Secret) || len(log) > 20_000 {
		t.Errorf("the log: %s", log)
	}
}

// endless are bytes without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, " "), nil }

func TestAClientThatTheProviderDoesNotKnow(t *testing.T) {
	w := newAbroad(t, func(o *OpenID) { o.Secret = "another one" })
	w.linked("amna")
	w.wantOut("another secret", "openid.down")
	if log := w.log.String(); !strings.Contains(log, "invalid_client") || strings.Contains(log, "another one") {
		t.Errorf("the log: %s", log)
	}
}

func TestNoProvider(t *testing.T) {
	w := newWorld(t)
	if w.Elsewhere() != "" {
		t.Error("there is one")
	}
	_, err := w.GoElsewhere(httptest.NewRecorder(), browser{}.request("/sign-in/google"), Errand{})
	wantCode(t, err, "openid.none")
	_, err = w.ComeBack(httptest.NewRecorder(), browser{}.request(callback+"?code=x"))
	wantCode(t, err, "openid.none")
}

package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/auth/openidtest"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/web"
)

// plant has the program make and keep every kind of secret that it knows.
func (y *yard) plant() {
	y.t.Helper()
	password, _, err := y.house.auth.EnsureAdmin(y.t.Context())
	if err != nil {
		y.t.Fatal(err)
	}
	y.session = y.signIn("administrator's session", "admin", y.told("administrator's password", password))
	y.api("/api/v1/users", `{"name":"somebody","password":%q,"grants":[{"role":"officer","place":"PK6"}]}`, y.lay("password"))
	second := y.lay("second password")
	y.api("/api/v1/users/somebody/password", `{"password":%q}`, second)
	var token struct{ Secret string }
	y.tell(&token, "/api/v1/tokens", `{"name":"dashboard","role":"admin","days":3}`)
	y.token = y.told("token", token.Secret)
	y.must(request{method: "GET", path: "/api/v1/me", header: http.Header{"Authorization": {"Bearer " + y.token}}})
	y.plantFeed()
	y.plantSchool()
	y.plantInvitation()
	y.plantSecondStep("somebody", second)
	y.plantElsewhere()
	y.plantKeys()
}

// plantFeed makes feeds and a token in each way, and reads a feed, rightly and wrongly.
func (y *yard) plantFeed() {
	y.t.Helper()
	var made struct{ Secret, Feed string }
	y.tell(&made, "/api/v1/tokens", `{"feed":true,"name":"sheet","role":"viewer","place":"PK6","days":3}`)
	y.told("feed key", made.Secret)
	for kind, pattern := range map[string]string{"add_feed": `feed_\w{49}`, "add_token": `takhti_\w{49}`} {
		form := url.Values{"do": {kind}, "name": {"by page"}, "role": {"viewer"}, "place": {"PK6"}, "days": {"30"}}
		page := y.must(request{method: "POST", path: "/tokens", header: y.asAdmin(formKind), tells: true, body: form.Encode()})
		y.told(kind+" on the page", string(regexp.MustCompile(pattern).Find(page)))
	}
	y.must(request{method: "GET", path: made.Feed + "?by=place"})
	y.send(request{method: "GET", path: made.Feed + "?place=NOWHERE"})
	y.send(request{method: "POST", path: made.Feed})
	y.send(request{method: "GET", path: strings.TrimSuffix(made.Feed, ".csv")})
}

// elsewhere is how the server under test knows the provider.
func elsewhere(p *openidtest.Provider) *auth.OpenID {
	return &auth.OpenID{
		Issuer: p.URL, ClientID: openidtest.ClientID, Secret: openidtest.Secret, Domains: []string{p.Person.Domain},
		Callback: "http://register.example" + web.CallbackPath,
	}
}

// plantElsewhere goes to a provider of sign-ins and back, as somebody who is not known.
func (y *yard) plantElsewhere() {
	y.t.Helper()
	y.told("client's secret", openidtest.Secret)
	out, _ := y.send(request{method: "GET", path: strings.TrimSuffix(web.CallbackPath, "/callback")})
	cookies := out.Cookies()
	if len(cookies) == 0 {
		y.t.Fatalf("nobody is sent to the provider: %d", out.StatusCode)
	}
	way := y.told("way to the provider", cookies[0].Value)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	back, err := client.Get(out.Header.Get("Location"))
	if err != nil {
		y.t.Fatal(err)
	}
	_ = back.Body.Close()
	to, err := back.Location()
	if err != nil {
		y.t.Fatal(err)
	}
	for _, name := range []string{"code", "state"} {
		y.told("provider's "+name, to.Query().Get(name))
	}
	_, page := y.send(request{method: "GET", path: to.RequestURI(), header: http.Header{"Cookie": {cookies[0].Name + "=" + way}}})
	if !strings.Contains(string(page), "Google") {
		y.t.Errorf("who is not known sees %s", page)
	}
}

// api sends JSON as the administrator.
func (y *yard) api(path, format string, args ...any) {
	y.t.Helper()
	y.must(request{method: "POST", path: path, header: y.asAdmin(jsonKind), body: fmt.Sprintf(format, args...)})
}

// tell is api for what is told in the answer.
func (y *yard) tell(v any, path, body string) {
	y.t.Helper()
	data := y.must(request{method: "POST", path: path, header: y.asAdmin(jsonKind), tells: true, body: body})
	if err := json.Unmarshal(data, v); err != nil {
		y.t.Fatal(err)
	}
}

// signIn signs in on the page and returns the session's cookie.
func (y *yard) signIn(what, name, password string) string {
	y.t.Helper()
	return y.cookie(what, "/sign-in", url.Values{"name": {name}, "password": {password}})
}

func (y *yard) cookie(what, path string, form url.Values) string {
	y.t.Helper()
	res, data := y.send(request{method: "POST", path: path, header: http.Header{"Content-Type": {formKind}}, body: form.Encode()})
	for _, c := range res.Cookies() {
		return y.told(what, c.Value)
	}
	y.t.Fatalf("no %s came: %d %s", what, res.StatusCode, data)
	return ""
}

// plantSchool gives a school a PIN and a card, and signs in with both.
func (y *yard) plantSchool() {
	y.t.Helper()
	y.api("/api/v1/places", `{"code":"PK6-35299999","emis":"35299999","kind":"school","state":"active","name":"Yard","parent":"PK6"}`)
	var given struct{ PIN, Card string }
	y.tell(&given, "/api/v1/places/PK6-35299999/sign-in", `{"pin":true,"card":true,"phones":2}`)
	y.pin("PIN", given.PIN)
	card := y.told("card", strings.TrimPrefix(given.Card, auth.CardPath))
	y.must(request{method: "GET", path: given.Card, tells: true})
	y.cookie("phone's session", "/card", url.Values{"card": {card}})
	y.signIn("school's session", "35299999", given.PIN)
}

func (y *yard) plantInvitation() {
	y.t.Helper()
	i, err := y.house.auth.Invite(y.t.Context(), y.house.reg.As(registry.Operator()), registry.Request{}, registry.InviteUser{
		User: "invited", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}},
	})
	if err != nil {
		y.t.Fatal(err)
	}
	y.told("invitation", i.Secret)
}

// plantSecondStep gives an account an authenticator.
func (y *yard) plantSecondStep(name, password string) {
	y.t.Helper()
	actor, err := y.house.auth.Session(y.t.Context(), y.signIn("session", name, password))
	if err != nil {
		y.t.Fatal(err)
	}
	key := auth.NewFactorKey(name)
	_, recovery, err := y.house.auth.SetUpSecondStep(y.t.Context(), y.house.reg.As(actor),
		auth.Own{User: name, Current: password}, key.Text, code(y.told("authenticator's key", strings.ReplaceAll(key.Text, " ", ""))))
	if err != nil {
		y.t.Fatal(err)
	}
	for n, c := range recovery {
		y.told(fmt.Sprintf("recovery code %d", n), c)
	}
}

// code is what an authenticator shows now.
func code(key string) string {
	secret, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key)
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(time.Now().Unix()/30)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// plantKeys notes the keys that are files of the data folder, which are where they
// belong and nowhere else.
func (y *yard) plantKeys() {
	y.t.Helper()
	files, err := filepath.Glob(filepath.Join(y.data, "*.key"))
	if err != nil {
		y.t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			y.t.Fatal(err)
		}
		for n, word := range strings.Fields(string(text)) {
			if len(word) >= 40 {
				y.told(fmt.Sprintf("%s, word %d", filepath.Base(file), n), word)
			}
		}
	}
}

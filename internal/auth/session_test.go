package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestWhoCanSignIn(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	w.user("bilal", fleet.Viewer, "PK6")
	w.do(registry.EnableUser{User: "bilal", Enabled: false})
	w.do(registry.AddUser{User: "feed", Grants: []registry.UserGrant{{Role: fleet.Viewer}}})

	cases := []struct{ what, name, password, code string }{
		{"the right password", "asma", goodPassword, ""},
		{"the name as a phone writes it", " Asma ", goodPassword, ""},
		{"a wrong password", "asma", "mango tree by the river", "auth.wrong"},
		{"the password in capitals", "asma", strings.ToUpper(goodPassword), "auth.wrong"},
		{"no password", "asma", "", "auth.wrong"},
		{"an unknown name", "nobody", goodPassword, "auth.wrong"},
		{"a name that cannot be", "<script>", goodPassword, "auth.wrong"},
		{"no name", "", "", "auth.wrong"},
		{"a disabled account", "bilal", goodPassword, "auth.wrong"},
		{"an account without password", "feed", "", "auth.wrong"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			w.clock.pass(time.Hour) // so that the guard forgets
			_, err := w.signIn(c.name, c.password)
			wantCode(t, err, c.code)
			if c.code != "" && err != ErrWrong {
				t.Errorf("the answer %v differs from that to others who do not fit", err)
			}
		})
	}
}

// All who do not fit must wait for a password to be hashed, or the time that
// the answer takes would tell who has an account.
func TestEveryAttemptHashesAPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.user("asma", fleet.Officer, "PK6")
		w.user("bilal", fleet.Viewer, "PK6")
		w.do(registry.EnableUser{User: "bilal", Enabled: false})
		w.do(registry.AddUser{User: "feed", Grants: []registry.UserGrant{{Role: fleet.Viewer}}})
		for range hashings {
			w.hasher.slots <- struct{}{}
		}
		for _, name := range []string{"asma", "bilal", "feed", "nobody", "<script>", ""} {
			ctx, cancel := context.WithCancel(t.Context())
			answered := make(chan error, 1)
			go func() {
				_, err := w.SignIn(ctx, Credentials{Name: name, Password: goodPassword, From: "203.0.113.7"})
				answered <- err
			}()
			synctest.Wait()
			if len(answered) > 0 {
				t.Errorf("%q was answered with %v while no password could be hashed", name, <-answered)
			}
			cancel()
			synctest.Wait()
		}
	})
}

func TestSessionKnowsItsActor(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	secret := w.session("asma")
	if raw, err := base64.RawURLEncoding.DecodeString(secret); err != nil || len(raw) != secretSize {
		t.Errorf("secret %q: %d bytes, %v", secret, len(raw), err)
	}
	a, err := w.Session(t.Context(), secret)
	if err != nil || a.Name != "asma" || a.Via != "web" || !a.MayAnywhere(fleet.RunImports) || a.MayAnywhere(fleet.EditUsers) {
		t.Errorf("actor %+v, %v", a, err)
	}
	if again := w.session("asma"); again == secret {
		t.Error("two sessions have the same secret")
	}
}

func TestSessionsEnd(t *testing.T) {
	cases := []struct {
		what string
		how  func(w *world, secret string)
		code string
	}{
		{"not within the hour", func(w *world, _ string) { w.clock.pass(time.Hour - time.Second) }, ""},
		{"left alone for an hour", func(w *world, _ string) { w.clock.pass(time.Hour) }, "auth.session"},
		{"not in a working day of use", func(w *world, secret string) { w.use(secret, 12*time.Hour-time.Second) }, ""},
		{"after twelve hours of use", func(w *world, secret string) { w.use(secret, 12*time.Hour) }, "auth.session"},
		{"by signing out", func(w *world, secret string) {
			for range 2 { // the second time there is nothing to do
				if err := w.SignOut(context.Background(), secret); err != nil {
					w.t.Error(err)
				}
			}
		}, "auth.session"},
		{"when the account is disabled", func(w *world, _ string) { w.do(registry.EnableUser{User: "asma"}) }, "auth.session"},
		{"and do not come back with the account", func(w *world, _ string) {
			w.do(registry.EnableUser{User: "asma"}, registry.EnableUser{User: "asma", Enabled: true})
		}, "auth.session"},
		{"when the password changes", func(w *world, _ string) {
			w.do(registry.SetPassword{User: "asma", Password: w.cheapHash("another good password")})
		}, "auth.session"},
		{"not when another's ends", func(w *world, _ string) {
			if err := w.SignOut(context.Background(), w.session("asma")); err != nil {
				w.t.Fatal(err)
			}
		}, ""},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			w.user("asma", fleet.Officer, "PK6")
			secret := w.session("asma")
			c.how(w, secret)
			_, err := w.Session(t.Context(), secret)
			wantCode(t, err, c.code)
		})
	}
}

func TestMadeUpSecretsOpenNothing(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	w.session("asma")
	for _, secret := range []string{"", "x", sessionSecret(), strings.Repeat("a", 4000), apiToken()} {
		_, err := w.Session(t.Context(), secret)
		wantCode(t, err, "auth.session")
	}
}

func TestNoSecretIsKept(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	session := w.session("asma")
	token, feed := w.token("asma", fleet.Viewer, "PK6"), w.feed("asma", "PK6")
	pairs, hashes := 0, 0
	err := w.store.View(t.Context(), func(r kv.Reader) error {
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			pairs++
			hashes += bytes.Count(p.Val, []byte("$argon2id$"))
			for _, secret := range []string{goodPassword, session, token, token[len(tokenName):], feed[len(feedName):]} {
				if bytes.Contains(p.Key, []byte(secret)) || bytes.Contains(p.Val, []byte(secret)) {
					t.Errorf("a secret is kept at %q", p.Key)
				}
			}
		}
		return nil
	})
	if err != nil || pairs == 0 {
		t.Fatalf("read %d pairs: %v", pairs, err)
	}
	if hashes != 1 {
		t.Errorf("the password's hash is kept in %d places, want only in the account", hashes)
	}
}

func TestFirstStartMakesAnAdmin(t *testing.T) {
	w := newWorld(t)
	password, created, err := w.EnsureAdmin(t.Context())
	if err != nil || !created {
		t.Fatalf("created %v, %v", created, err)
	}
	secret, err := w.signIn("admin", password)
	if err != nil {
		t.Fatalf("password %q: %v", password, err)
	}
	a, err := w.Session(t.Context(), secret)
	if err != nil || !a.May(fleet.EditUsers, "") {
		t.Errorf("the admin is %+v, %v", a, err)
	}
	again, created, err := w.EnsureAdmin(t.Context())
	if err != nil || created || again != "" {
		t.Errorf("the second start gave %q, %v, %v", again, created, err)
	}
}

// Whoever has other roles cannot bring accounts in: an admin is needed all the same.
func TestAnAdminIsMadeWhileNobodyHasTheRole(t *testing.T) {
	w := newWorld(t)
	w.user("officer", fleet.Officer, "PK6")
	w.user("gone", fleet.Admin, "")
	if _, created, err := w.EnsureAdmin(t.Context()); err != nil || created {
		t.Fatalf("beside another admin, created %v, %v", created, err)
	}
	w.do(registry.EnableUser{User: "gone", Enabled: false})
	if _, created, err := w.EnsureAdmin(t.Context()); err != nil || !created {
		t.Fatalf("beside an officer and a disabled admin, created %v, %v", created, err)
	}
	w.do(registry.EnableUser{User: "admin", Enabled: false})
	if _, created, err := w.EnsureAdmin(t.Context()); err != nil || created {
		t.Errorf("the account admin was disabled on purpose; created %v, %v", created, err)
	}
}

func TestCookie(t *testing.T) {
	plain := httptest.NewRequest("GET", "http://takhti.lan/", nil)
	secure := httptest.NewRequest("GET", "https://takhti.lan/", nil)
	expires := time.Date(2026, 6, 30, 21, 0, 0, 0, time.UTC)
	direct, proxied := New(nil, Options{}), New(nil, Options{BehindTLS: true})
	set := func(s *Service, r *http.Request) string {
		w := httptest.NewRecorder()
		s.SetCookie(w, r, "s3cret", expires)
		return w.Header().Get("Set-Cookie")
	}
	clearing := func(s *Service, r *http.Request) string {
		w := httptest.NewRecorder()
		s.ClearCookie(w, r)
		return w.Header().Get("Set-Cookie")
	}
	for _, c := range []struct{ what, got, want string }{
		{"set", set(direct, plain), "takhti_session=s3cret; Path=/; Expires=Tue, 30 Jun 2026 21:00:00 GMT; HttpOnly; SameSite=Lax"},
		{"set over TLS", set(direct, secure), "__Host-takhti_session=s3cret; Path=/; Expires=Tue, 30 Jun 2026 21:00:00 GMT; HttpOnly; Secure; SameSite=Lax"},
		{"cleared", clearing(direct, plain), "takhti_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"},
		{"cleared over TLS", clearing(direct, secure), "__Host-takhti_session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"},
		{"set behind a proxy that does TLS", set(proxied, plain), "__Host-takhti_session=s3cret; Path=/; Expires=Tue, 30 Jun 2026 21:00:00 GMT; HttpOnly; Secure; SameSite=Lax"},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, c.got, c.want)
		}
	}
	for _, r := range []*http.Request{plain, secure} {
		if got := direct.CookieSecret(r); got != "" {
			t.Errorf("a secret %q without a cookie", got)
		}
		r.Header.Set("Cookie", "takhti_session=weak; __Host-takhti_session=strong")
	}
	if got := direct.CookieSecret(plain); got != "weak" {
		t.Errorf("without TLS: %q", got)
	}
	if got := direct.CookieSecret(secure); got != "strong" {
		t.Errorf("a cookie that anybody on the network could have set counts over TLS: %q", got)
	}
	if got := proxied.CookieSecret(plain); got != "strong" {
		t.Errorf("behind a proxy that does TLS: %q", got)
	}
}

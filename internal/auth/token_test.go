package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestTokenIsCheckedBeforeItIsLookedUp(t *testing.T) {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		token := apiToken()
		if len(token) != len(tokenName)+tokenBody+tokenSum || !LooksLikeToken(token) {
			t.Fatalf("made %q, which is not a token", token)
		}
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		other := rapid.SampledFrom([]byte(alphabet)).Draw(t, "other")
		mistyped := token[:at] + string(other) + token[at+1:]
		if mistyped != token && LooksLikeToken(mistyped) {
			t.Fatalf("%q with %c at %d still looks like a token", token, other, at)
		}
		if cut := token[:at]; LooksLikeToken(cut) {
			t.Fatalf("%q looks like a token", cut)
		}
	})
}

// A checksum of its own, so that tokens made today are known tomorrow.
func TestTokenFormIsForever(t *testing.T) {
	body := "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	if token := "takhti_" + body + "32l9jW"; !LooksLikeToken(token) {
		t.Errorf("%s is not a token: its checksum is %s", token, checksum(body))
	}
}

func (w *world) token(name string, role fleet.Role, place fleet.PlaceCode) string {
	w.t.Helper()
	return w.makeToken(TokenSpec{User: name, Grants: []registry.UserGrant{{Role: role, Place: place}}}).Secret
}

func (w *world) feed(name string, place fleet.PlaceCode) string {
	w.t.Helper()
	return w.makeToken(TokenSpec{Feed: true, User: name, Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: place}}}).Secret
}

// makeToken makes a token for a day.
func (w *world) makeToken(spec TokenSpec) MadeToken {
	w.t.Helper()
	spec.Name, spec.Expires = "dashboard", w.clock.Now().Add(24*time.Hour)
	made, err := w.NewToken(context.Background(), w.operator(), spec)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

func TestTokenStandsForPartOfItsUser(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	a, err := w.Bearer(t.Context(), w.token("asma", fleet.Viewer, "PK6"))
	if err != nil {
		t.Fatal(err)
	}
	punjab := a.Grants[0].Place
	if a.Name != "asma" || a.Via != "api" || !a.May(fleet.Read, punjab) || a.MayAnywhere(fleet.RunImports) {
		t.Errorf("the token stands for %+v", a)
	}
}

func TestTokensEnd(t *testing.T) {
	cases := []struct {
		what string
		how  func(w *world)
	}{
		{"when they expire", func(w *world) { w.clock.pass(24 * time.Hour) }},
		{"when they are revoked", func(w *world) {
			tokens, err := w.operator().Tokens(context.Background())
			if err != nil || len(tokens) != 2 {
				w.t.Fatalf("tokens %v, %v", tokens, err)
			}
			w.do(registry.RevokeToken{ID: tokens[0].ID}, registry.RevokeToken{ID: tokens[1].ID})
		}},
		{"when the account is disabled", func(w *world) { w.do(registry.EnableUser{User: "asma"}) }},
		{"when the account is disabled, even if it is let in again", func(w *world) {
			w.do(registry.EnableUser{User: "asma"}, registry.EnableUser{User: "asma", Enabled: true})
		}},
		{"when the account loses the role", func(w *world) {
			w.do(registry.SetRoles{User: "asma", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK8"}}})
		}},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			w.user("asma", fleet.Officer, "PK6")
			token, feed := w.token("asma", fleet.Viewer, "PK6"), w.feed("asma", "PK6")
			if _, err := w.Feed(t.Context(), feed); err != nil {
				t.Fatal(err)
			}
			c.how(w)
			_, err := w.Bearer(t.Context(), token)
			wantCode(t, err, "auth.token")
			_, err = w.Feed(t.Context(), feed)
			wantCode(t, err, "feed.not_found")
		})
	}
}

func TestOnlyAnAPITokenIsABearer(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	token := w.token("asma", fleet.Viewer, "PK6")
	for _, bad := range []string{"", "takhti_", apiToken(), w.session("asma"), token + "x", strings.ToUpper(token), " " + token} {
		_, err := w.Bearer(t.Context(), bad)
		wantCode(t, err, "auth.token")
	}
	if _, err := w.Session(t.Context(), token); err != ErrSession {
		t.Errorf("a token in the cookie: %v", err)
	}
}

func TestMistypedTokenIsRefusedWithoutTheRegister(t *testing.T) {
	w := newWorld(t)
	token := apiToken()
	if err := w.reg.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Bearer(t.Context(), token); err == nil || err == ErrToken {
		t.Errorf("a token that could be one: %v", err)
	}
	_, err := w.Bearer(t.Context(), token[:len(token)-1]+"!")
	wantCode(t, err, "auth.token")
}

func TestNewTokenRules(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	asma, err := w.Session(t.Context(), w.session("asma"))
	if err != nil {
		t.Fatal(err)
	}
	viewer := func(place fleet.PlaceCode) []registry.UserGrant {
		return []registry.UserGrant{{Role: fleet.Viewer, Place: place}}
	}
	soon := w.clock.Now().Add(time.Hour)
	cases := []struct {
		what string
		spec TokenSpec
		code string
	}{
		{"for oneself", TokenSpec{Name: "excel", Grants: viewer("PK6"), Expires: soon}, ""},
		{"that has expired", TokenSpec{Name: "excel", Grants: viewer("PK6"), Expires: w.clock.Now()}, "token.expires"},
		{"that hardly expires", TokenSpec{Name: "excel", Grants: viewer("PK6"), Expires: soon.AddDate(2, 0, 0)}, "token.expires"},
		{"for the usual time", TokenSpec{Name: "excel", Grants: viewer("PK6")}, ""},
		{"for feeds", TokenSpec{Feed: true, Name: "excel", Grants: viewer("PK6"), Expires: soon}, ""},
		{"for feeds, without a name", TokenSpec{Feed: true, Grants: viewer("PK6"), Expires: soon}, "token.incomplete"},
		{"for feeds, that may do more", TokenSpec{Feed: true, Name: "excel", Grants: []registry.UserGrant{{Role: fleet.Officer, Place: "PK6"}}, Expires: soon}, "token.feed_role"},
		{"without a name", TokenSpec{Grants: viewer("PK6"), Expires: soon}, "token.incomplete"},
		{"without a role", TokenSpec{Name: "excel", Expires: soon}, "token.incomplete"},
		{"for another's place", TokenSpec{Name: "excel", Grants: viewer("PK8"), Expires: soon}, "place.not_found"},
		{"for everywhere", TokenSpec{Name: "excel", Grants: viewer(""), Expires: soon}, "grant.place"},
		{"that may more than oneself", TokenSpec{Name: "excel", Grants: []registry.UserGrant{{Role: fleet.Admin, Place: "PK6"}}, Expires: soon}, "user.role_above"},
		{"for somebody else", TokenSpec{Name: "excel", User: "admin", Grants: viewer("PK6"), Expires: soon}, "user.not_found"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			made, err := w.NewToken(t.Context(), w.reg.As(asma), c.spec)
			wantCode(t, err, c.code)
			if (made.Secret != "") != (c.code == "") {
				t.Errorf("got the token %q", made.Secret)
			}
		})
	}
	list, err := w.Tokens(t.Context(), w.reg.As(asma))
	if err != nil || len(list) != 3 {
		t.Fatalf("%d tokens, %v", len(list), err)
	}
	if usual := time.Unix(list[1].Expires, 0).Sub(w.clock.Now()); usual <= 364*24*time.Hour || usual > 365*24*time.Hour {
		t.Errorf("a token lives for %s when nobody says for how long", usual)
	}
	for i, name := range []string{"takhti_", "takhti_", "feed_"} {
		if got := list[i]; got.Owner != "asma" || got.Name != "excel" || len(got.Prefix) != len(name)+5 || !strings.HasPrefix(got.Prefix, name) {
			t.Errorf("the list shows %+v", got)
		}
	}
}

func TestATokenDoesNotOutliveTheOneItIsMadeWith(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	program, err := w.Bearer(t.Context(), w.token("asma", fleet.Officer, "PK6")) // for a day
	if err != nil {
		t.Fatal(err)
	}
	tomorrow := w.clock.Now().Add(24 * time.Hour).Truncate(time.Second)
	for _, feed := range []bool{false, true} {
		spec := TokenSpec{Feed: feed, Name: "excel", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}}, Expires: tomorrow.Add(time.Second)}
		_, err = w.NewToken(t.Context(), w.reg.As(program), spec)
		wantCode(t, err, "token.outlives")
		for _, spec.Expires = range []time.Time{tomorrow, {}} {
			made, err := w.NewToken(t.Context(), w.reg.As(program), spec)
			if err != nil || !made.Expires.Equal(tomorrow) {
				t.Errorf("made one until %s, want %s: %v", made.Expires, tomorrow, err)
			}
		}
	}
}

func TestWhenATokenWasLastUsedOutlivesTheProgram(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	token, feed := w.token("asma", fleet.Viewer, "PK6"), w.feed("asma", "PK6")
	w.token("asma", fleet.Viewer, "PK6") // is never used
	w.clock.pass(time.Hour)
	used := w.clock.Now()
	_, err := w.Bearer(t.Context(), token)
	_, err2 := w.Feed(t.Context(), feed)
	if err := errors.Join(err, err2, w.KeepSeen(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Hour)
	list, err := New(w.reg, Options{Now: w.clock.Now}).Tokens(t.Context(), w.operator())
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	for i, want := range []time.Time{used, used, {}} {
		if got := list[i].Seen; got.Unix() != want.Unix() {
			t.Errorf("token %d was last used %s, want %s", i, got, want)
		}
	}
}

func TestAFeedKeyIsOfUseForFeedsOnly(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	token, feed := w.token("asma", fleet.Viewer, "PK6"), w.feed("asma", "PK6")
	a, err := w.Feed(t.Context(), feed)
	if err != nil || a.Name != "asma" || a.MayAnywhere(fleet.RunImports) || !a.MayAnywhere(fleet.Read) {
		t.Errorf("the key stands for %+v, %v", a, err)
	}
	for _, bad := range []string{"", "feed_", newToken(feedName), token, w.session("asma"), feed + "x", strings.ToUpper(feed)} {
		_, err := w.Feed(t.Context(), bad)
		wantCode(t, err, "feed.not_found")
	}
	_, err = w.Bearer(t.Context(), feed)
	wantCode(t, err, "auth.token")
	if _, err := w.Session(t.Context(), feed); err != ErrSession {
		t.Errorf("a feed key in the cookie: %v", err)
	}
	sessions, err := w.OwnSessions(t.Context(), w.reg.As(a))
	if err != nil || len(sessions) != 1 {
		t.Errorf("%d sessions, %v: the key's use is one", len(sessions), err)
	}
}

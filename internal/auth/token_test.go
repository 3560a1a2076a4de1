package auth

import (
	"context"
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
	token, err := w.NewToken(context.Background(), w.operator(), TokenSpec{
		Name: "dashboard", User: name, Expires: w.clock.Now().Add(24 * time.Hour),
		Grants: []registry.UserGrant{{Role: role, Place: place}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
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
			if err != nil || len(tokens) != 1 {
				w.t.Fatalf("tokens %v, %v", tokens, err)
			}
			w.do(registry.RevokeToken{ID: tokens[0].ID})
		}},
		{"when the account is disabled", func(w *world) { w.do(registry.EnableUser{User: "asma"}) }},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			w.user("asma", fleet.Officer, "PK6")
			token := w.token("asma", fleet.Viewer, "PK6")
			c.how(w)
			_, err := w.Bearer(t.Context(), token)
			wantCode(t, err, "auth.token")
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
		{"that never expires", TokenSpec{Name: "excel", Grants: viewer("PK6")}, "token.expires"},
		{"without a name", TokenSpec{Grants: viewer("PK6"), Expires: soon}, "token.incomplete"},
		{"without a role", TokenSpec{Name: "excel", Expires: soon}, "token.incomplete"},
		{"for another's place", TokenSpec{Name: "excel", Grants: viewer("PK8"), Expires: soon}, "place.not_found"},
		{"for everywhere", TokenSpec{Name: "excel", Grants: viewer(""), Expires: soon}, "grant.place"},
		{"that may more than oneself", TokenSpec{Name: "excel", Grants: []registry.UserGrant{{Role: fleet.Admin, Place: "PK6"}}, Expires: soon}, "user.role_above"},
		{"for somebody else", TokenSpec{Name: "excel", User: "admin", Grants: viewer("PK6"), Expires: soon}, "user.not_found"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			token, err := w.NewToken(t.Context(), w.reg.As(asma), c.spec)
			wantCode(t, err, c.code)
			if (token != "") != (c.code == "") {
				t.Errorf("got the token %q", token)
			}
		})
	}
	list, err := w.reg.As(asma).Tokens(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "excel" || len(list[0].Prefix) != tokenPrefix || !strings.HasPrefix(list[0].Prefix, "takhti_") {
		t.Errorf("the list shows %+v, %v", list, err)
	}
}

package auth

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// acts are what the journal has of the names, the oldest first.
func (w *world) acts(names ...string) (lines []string) {
	w.t.Helper()
	all, err := w.reg.As(registry.Operator()).Journal(w.t.Context(), registry.JournalQuery{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range slices.Backward(all) {
		if slices.Contains(names, e.Change) {
			lines = append(lines, fmt.Sprintf("%s by %q from %q: %s%s", e.Change, e.Actor, e.Address, e.Subject, e.Note))
		}
	}
	return lines
}

func TestEverySignInIsJournalled(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	w.schools("PK6", "35200001")
	w.cheapPIN("PK6-35200001", "482915")
	try := func(name, password string) {
		_, _ = w.SignIn(t.Context(), Credentials{Name: name, Password: password, From: "[::ffff:203.0.113.7]:5123"})
	}
	try("asma", "a wrong password")
	try("nobody", "a wrong password")
	try(goodPassword, "a name") // in the wrong field
	try("482915", "35200001")   // a PIN in the wrong field
	try("35200001", "482916")
	try("35200001", "482915")
	try("asma", goodPassword)
	want := []string{
		`sign_in_failed by "asma" from "203.0.113.7": password`,
		`sign_in_failed by "nobody" from "203.0.113.7": password`,
		`sign_in_failed by "" from "203.0.113.7": password`,
		`sign_in_failed by "" from "203.0.113.7": pin`,
		`sign_in_failed by "35200001" from "203.0.113.7": pin`,
		`sign_in by "pk6-35200001" from "203.0.113.7": pin`,
		`sign_in by "asma" from "203.0.113.7": password`,
	}
	if got := w.acts("sign_in", "sign_in_failed"); !slices.Equal(got, want) {
		t.Errorf("the journal has\n%q\nwant\n%q", got, want)
	}
}

func TestTheUseOfATokenIsJournalledOnceAnHour(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	made, err := w.NewToken(context.Background(), w.reg.As(registry.Operator()), TokenSpec{Name: "excel", User: "asma", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}}, Expires: w.clock.Now().Add(time.Hour * 24)})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		a, err := w.Bearer(t.Context(), made.Secret)
		if err != nil {
			t.Fatal(err)
		}
		w.TokenUsed(a)
	}
	want := []string{fmt.Sprintf(`token_used by "asma" from "": %s`, made.Secret[:len(tokenName)+shownBody])}
	if got := w.acts("token_used"); !slices.Equal(got, want) {
		t.Errorf("the journal has %q, want %q", got, want)
	}
}

func TestAddresses(t *testing.T) {
	for from, want := range map[string]string{
		"203.0.113.7:443":          "203.0.113.7",
		"[::ffff:203.0.113.7]:443": "203.0.113.7",
		"[2001:db8::1]:443":        "2001:db8::1",
		"[fe80::1%eth0]:443":       "fe80::1",
		"203.0.113.7":              "203.0.113.7",
		"@":                        "",
		"":                         "",
	} {
		if got := Address(&http.Request{RemoteAddr: from}); got != want {
			t.Errorf("%q is %q, want %q", from, got, want)
		}
	}
}

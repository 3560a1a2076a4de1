package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const nextPassword = "seven kites over the roof"

// as is the register as the user sees it in a browser.
func (w *world) as(name string) registry.Session {
	w.t.Helper()
	a, err := w.Session(w.t.Context(), w.session(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.reg.As(a)
}

func (w *world) changePassword(by registry.Session, user, current, next string) error {
	_, err := w.ChangePassword(w.t.Context(), by, Own{User: user, Current: current}, next)
	return err
}

func TestAManagerResetsAPassword(t *testing.T) {
	for _, c := range []struct{ what, by, user, password, code string }{
		{"of an officer below", "mina", "asma", nextPassword, ""},
		{"under the rules for new accounts", "mina", "asma", "short", "auth.password_short"},
		{"not of one in another province", "mina", "sana", nextPassword, "user.not_found"},
		{"not of one who may do more", "mina", "chief", nextPassword, "user.not_found"},
		{"not without the role for it", "asma", "viewer", nextPassword, "user.not_found"},
		{"not of nobody", "mina", "nobody", nextPassword, "user.not_found"},
		{"not of themselves", "mina", "mina", nextPassword, "user.own_password"},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			w.user("mina", fleet.Manager, "PK6")
			w.user("asma", fleet.Officer, "PK6")
			w.user("viewer", fleet.Viewer, "PK6")
			w.user("sana", fleet.Officer, "PK8")
			w.user("chief", fleet.Admin, "PK6")
			before := ""
			if c.user != "nobody" {
				before = w.session(c.user)
			}
			wantCode(t, w.SetPassword(t.Context(), w.as(c.by), c.user, c.password), c.code)
			if c.user == "nobody" {
				return
			}
			_, err := w.Session(t.Context(), before)
			_, signedIn := w.signIn(c.user, nextPassword)
			if c.code != "" {
				wantCode(t, err, "")
				wantCode(t, signedIn, "auth.wrong")
				return
			}
			wantCode(t, err, "auth.session")
			wantCode(t, signedIn, "")
		})
	}
}

func TestOneChangesOnesPassword(t *testing.T) {
	for _, c := range []struct{ what, user, current, next, code string }{
		{"with the present one", "asma", goodPassword, nextPassword, ""},
		{"the name as a phone writes it", " Asma ", goodPassword, nextPassword, ""},
		{"not without the present one", "asma", "", nextPassword, "auth.current"},
		{"not with a wrong one", "asma", strings.ToUpper(goodPassword), nextPassword, "auth.current"},
		{"not another's, though it is known", "mina", goodPassword, nextPassword, "auth.current"},
		{"under the rules for new accounts", "asma", goodPassword, "short", "auth.password_short"},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			w.user("asma", fleet.Viewer, "PK6")
			w.user("mina", fleet.Manager, "PK6")
			elsewhere, by := w.session("asma"), w.as("asma")
			wantCode(t, w.changePassword(by, c.user, c.current, c.next), c.code)
			_, err := w.Session(t.Context(), elsewhere)
			_, old := w.signIn("asma", goodPassword)
			if c.code != "" {
				wantCode(t, err, "")
				wantCode(t, old, "")
				return
			}
			wantCode(t, err, "auth.session")
			wantCode(t, old, "auth.wrong")
			_, err = w.signIn("asma", nextPassword)
			wantCode(t, err, "")
		})
	}
}

// A browser left open must not let a passer-by guess the password.
func TestGuessingThePresentPasswordIsSlowedDown(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Viewer, "PK6")
	by := w.as("asma")
	for range freeTries {
		wantCode(t, w.changePassword(by, "asma", "a guess", nextPassword), "auth.current")
	}
	wantCode(t, w.changePassword(by, "asma", goodPassword, nextPassword), "auth.too_many")
	w.clock.pass(time.Minute)
	wantCode(t, w.changePassword(by, "asma", goodPassword, nextPassword), "")
}

package auth

import (
	"testing"
	"testing/synctest"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Hashing takes long, and waits for its turn. Who gave the right password before
// it changed must find it wrong when its turn comes after that.
func TestThePasswordChangesWhileAnotherIsVerified(t *testing.T) {
	for _, c := range []struct {
		what, code string
		ask        func(w *world, by registry.Session) error
	}{
		{"by who signs in", "auth.wrong", func(w *world, _ registry.Session) error {
			_, err := w.signIn("asma", goodPassword)
			return err
		}},
		{"by who changes it too", "user.password_changed", func(w *world, by registry.Session) error {
			return w.changePassword(by, "asma", goodPassword, "nine wells beyond the hill")
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.user("asma", fleet.Officer, "PK6")
				by, reset := w.as("asma"), registry.SetPassword{User: "asma", Password: w.cheapHash(nextPassword)}
				for range hashings {
					w.hasher.slots <- struct{}{}
				}
				answer := make(chan error, 1)
				go func() { answer <- c.ask(w, by) }()
				synctest.Wait() // it has read the account, and waits for its turn
				w.do(reset)
				for range hashings {
					<-w.hasher.slots
				}
				wantCode(t, <-answer, c.code)
				_, old := w.signIn("asma", goodPassword)
				wantCode(t, old, "auth.wrong")
				_, next := w.signIn("asma", nextPassword)
				wantCode(t, next, "")
			})
		})
	}
}

package registry_test

import (
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// What was verified before a password changed must not count after it.
func TestAnOutdatedPasswordOpensAndChangesNothing(t *testing.T) {
	w := newWorld(t)
	amna := w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	signIn := func(verified string) registry.AddToken {
		return registry.AddToken{
			Kind: fleet.SessionToken, User: "amna", Hash: []byte("secret after " + verified),
			Expires: w.clock.Add(time.Hour), Verified: verified,
		}
	}
	change := func(verified, next string) registry.ChangePassword {
		return registry.ChangePassword{User: "amna", Password: next, Verified: verified}
	}
	const old, present, next = "hash of the old one", "hash of the present one", "hash of the next one"
	w.do(w.boss, registry.SetPassword{User: "amna", Password: old})
	w.do(amna, signIn(old))
	w.do(w.boss, registry.SetPassword{User: "amna", Password: present})

	for _, outdated := range []string{old, ""} {
		w.refused(amna, "user.password_changed", signIn(outdated))
		w.refused(amna, "user.password_changed", change(outdated, next))
	}
	w.do(amna, signIn(present), change(present, next))
	w.refused(amna, "user.password_changed", signIn(present))
	w.do(amna, signIn(next))
}

// An API token is for a program, which signs in with no password.
func TestAnAPITokenStandsOnNoPassword(t *testing.T) {
	w := newWorld(t)
	w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	w.do(w.boss, registry.SetPassword{User: "amna", Password: "hash"}, registry.AddToken{
		Kind: fleet.APIToken, User: "amna", Hash: []byte("h"), Label: "x", Prefix: "x",
		Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK6"}}, Expires: w.clock.Add(time.Hour),
	})
}

// Receipts stay; a password's hash that came along with a request must not,
// not even as a part of what the request's digest was made of.
func TestTheVerifiedPasswordIsNoPartOfARequestsDigest(t *testing.T) {
	w := newWorld(t)
	amna := w.user("amna", registry.UserGrant{Role: fleet.Viewer, Place: "PK6"})
	w.do(w.boss, registry.SetPassword{User: "amna", Password: "first"})
	for i, verified := range []string{"first", "another"} {
		for _, c := range []registry.Change{
			registry.AddToken{
				Kind: fleet.SessionToken, User: "amna", Hash: []byte("h"),
				Expires: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Verified: verified,
			},
			registry.ChangePassword{User: "amna", Password: "next", Verified: verified},
		} {
			receipt, err := amna.Apply(t.Context(), registry.Request{ID: c.Name()}, c)
			if err != nil || receipt.Repeated != (i == 1) {
				t.Errorf("%s after %q: repeated %v, %v", c.Name(), verified, receipt.Repeated, err)
			}
		}
	}
}

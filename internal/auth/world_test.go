package auth

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// clock is a time that tests move on.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a register with two provinces and the accounts that tests add.
type world struct {
	t     *testing.T
	clock *clock
	store *memkv.Store
	reg   *registry.Register
	*Service
}

const goodPassword = "mango tree by the canal"

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)}, store: memkv.New()}
	reg, err := registry.Open(t.Context(), w.store, registry.Options{Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reg.Close() })
	w.reg, w.Service = reg, New(reg, Options{Now: w.clock.Now})
	w.do(
		registry.SavePlace{Place: fleet.Place{Kind: fleet.Country, Code: "PK", Name: "Pakistan", State: fleet.Active}},
		registry.SavePlace{Place: fleet.Place{Kind: fleet.Province, Code: "PK6", Name: "Punjab", State: fleet.Active}, Parent: "PK"},
		registry.SavePlace{Place: fleet.Place{Kind: fleet.Province, Code: "PK8", Name: "Sindh", State: fleet.Active}, Parent: "PK"},
	)
	return w
}

func (w *world) operator() registry.Session { return w.reg.As(registry.Operator()) }

func (w *world) do(changes ...registry.Change) {
	w.t.Helper()
	if _, err := w.operator().Apply(context.Background(), registry.Request{}, changes...); err != nil {
		w.t.Fatal(err)
	}
}

// user adds an account with the good password.
func (w *world) user(name string, role fleet.Role, place fleet.PlaceCode) {
	w.t.Helper()
	w.do(registry.AddUser{
		User: name, FullName: name, Password: w.cheapHash(goodPassword),
		Grants: []registry.UserGrant{{Role: role, Place: place}},
	})
}

// cheapHash is a hash that takes no time to verify.
func (w *world) cheapHash(password string) string {
	w.t.Helper()
	h := passwordHash{cost: cost{memory: 64, passes: 1, threads: 1}, salt: make([]byte, saltSize)}
	var err error
	if h.hash, err = w.hasher.derive(context.Background(), password, h.salt, h.cost, hashSize); err != nil {
		w.t.Fatal(err)
	}
	return h.String()
}

func (w *world) signIn(name, password string) (string, error) {
	in, err := w.SignIn(w.t.Context(), Credentials{Name: name, Password: password, From: "203.0.113.7:5123"})
	return in.Secret, err
}

// session signs in with the good password.
func (w *world) session(name string) string {
	w.t.Helper()
	secret, err := w.signIn(name, goodPassword)
	if err != nil {
		w.t.Fatal(err)
	}
	return secret
}

// wantCode demands an error of the code, or none when it is empty.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	got := ""
	if e, ok := errors.AsType[*fleet.Error](err); ok {
		got = e.Code
	}
	if got != code || (err != nil) != (code != "") {
		t.Errorf("got error %v (code %q), want code %q", err, got, code)
	}
}

// RetryAfter is how long a refused attempt is to wait; zero when the error says
// nothing of it.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*fleet.Error](err); ok {
		return e.Wait
	}
	return 0
}

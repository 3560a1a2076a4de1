package auth

import (
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// use uses the session every quarter of an hour for so long.
func (w *world) use(secret string, d time.Duration) {
	w.t.Helper()
	const pause = 15 * time.Minute
	for ; d > pause; d -= pause {
		w.clock.pass(pause)
		if _, err := w.Session(w.t.Context(), secret); err != nil {
			w.t.Fatalf("with %s to go: %v", d, err)
		}
	}
	w.clock.pass(d)
}

func TestWhoMayDoMoreIsSoonerSignedOut(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	for _, c := range []struct {
		role       fleet.Role
		idle, most time.Duration
	}{
		{fleet.Viewer, 12 * hour, 7 * day},
		{fleet.SchoolRole, 12 * hour, 7 * day},
		{fleet.Officer, hour, 12 * hour},
		{fleet.Admin, hour / 2, 8 * hour},
	} {
		t.Run(c.role.String(), func(t *testing.T) {
			for _, end := range []struct {
				wait time.Duration
				used bool
				code string
			}{
				{c.idle - time.Second, false, ""},
				{c.idle, false, "auth.session"},
				{c.most - time.Second, true, ""},
				{c.most, true, "auth.session"},
			} {
				w := newWorld(t)
				w.user("asma", c.role, "PK6")
				secret := w.session("asma")
				if end.used {
					w.use(secret, end.wait)
				} else {
					w.clock.pass(end.wait)
				}
				_, err := w.Session(t.Context(), secret)
				wantCode(t, err, end.code)
			}
		})
	}
}

func TestSeveralRolesHaveTheShortestLimit(t *testing.T) {
	l := limitOf([]fleet.Grant{{Role: fleet.SchoolRole}, {Role: fleet.Admin}, {Role: fleet.Viewer}})
	if l != limits[fleet.Admin] {
		t.Errorf("the limit is %+v", l)
	}
	for _, role := range fleet.Roles() {
		if l := limits[role]; l.idle <= 0 || l.most < l.idle {
			t.Errorf("the limit of %s is %+v", role, l)
		}
	}
}

// position is the number of the journal's newest entry.
func (w *world) position() uint64 {
	w.t.Helper()
	at, err := w.operator().Position(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

// notedUses is how many uses of sessions and tokens are written down.
func (w *world) notedUses() (n int) {
	w.t.Helper()
	prefix := kv.Key("seen")
	err := w.store.View(w.t.Context(), func(r kv.Reader) error {
		for _, err := range r.Scan(prefix, prefix.End()) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestUsesAreNotedSeldomAndNotInTheJournal(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	w.user("bilal", fleet.Officer, "PK6")
	first, second := w.session("asma"), w.session("bilal")
	before := w.position()
	ask := func(secret string) {
		t.Helper()
		if _, err := w.Session(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	for range 4 {
		w.clock.pass(time.Minute)
		ask(first)
		ask(second)
	}
	if n := w.notedUses(); n != 0 {
		t.Errorf("%d uses are written down in the first minutes", n)
	}
	w.clock.pass(time.Minute)
	ask(first)
	if n := w.notedUses(); n != 2 {
		t.Errorf("%d uses are written down after five minutes, want those of both", n)
	}
	if after := w.position(); after != before {
		t.Errorf("the journal went from %d to %d", before, after)
	}
	// The next start knows of them.
	later := New(w.reg, Options{Now: w.clock.Now})
	w.clock.pass(58 * time.Minute) // since then; an hour since the sign-in and more
	if _, err := later.Session(t.Context(), second); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	w.clock.pass(59 * time.Minute)
	if _, err := later.Session(t.Context(), first); err == nil {
		t.Error("a session left alone is good after a restart")
	}
}

func TestOneSeesAndEndsOnesSessions(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	w.user("bilal", fleet.Officer, "PK6")
	phone, err := w.SignIn(t.Context(), Credentials{
		Name: "asma", Password: goodPassword, From: "203.0.113.7:4711",
		Agent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.pass(2 * time.Minute)
	other := w.session("bilal")
	by := w.as("asma")
	w.clock.pass(2 * time.Minute)
	if _, err := w.Session(t.Context(), phone.Secret); err != nil {
		t.Fatal(err)
	}
	list, err := w.OwnSessions(t.Context(), by)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d sessions: %v", len(list), err)
	}
	one, two := list[0], list[1]
	if one.Name != "Chrome on Android" || one.From != "203.0.113.7" || one.Present || !one.Seen.Equal(w.clock.Now()) || one.Hash != nil {
		t.Errorf("the phone's is %+v", one)
	}
	if !two.Present || two.Name != "" || two.Seen.Unix() != two.Created {
		t.Errorf("the present one is %+v", two)
	}
	if _, err := by.Apply(t.Context(), registry.Request{}, registry.EndSessions{User: "asma"}); err != nil {
		t.Fatal(err)
	}
	_, err = w.Session(t.Context(), phone.Secret)
	wantCode(t, err, "auth.session")
	_, err = w.Session(t.Context(), other)
	wantCode(t, err, "")
	if list, err = w.OwnSessions(t.Context(), by); err != nil || len(list) != 1 || !list[0].Present {
		t.Errorf("left are %+v: %v", list, err)
	}
	_, err = by.Apply(t.Context(), registry.Request{}, registry.EndSessions{User: "bilal"})
	wantCode(t, err, "user.not_found")
}

func TestWhatABrowserIsCalled(t *testing.T) {
	for agent, want := range map[string]string{
		"": "", "curl/8.5.0": "", "<script>": "",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36":                 "Chrome on ChromeOS",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0":  "Edge on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                               "Firefox on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile Safari/604": "Safari on iPhone",
		"Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile":       "Samsung Internet on Android",
	} {
		if got := deviceOf(agent); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}

func TestWhoIsSignedOutHoldsNothing(t *testing.T) {
	for what, end := range map[string]registry.Change{
		"":                       nil,
		"the account disabled":   registry.EnableUser{User: "asma"},
		"the session revoked":    registry.RevokeToken{ID: 1},
		"the password set anew":  registry.SetPassword{User: "asma", Password: "hash"},
		"the second step reset":  registry.ResetSecondFactor{User: "asma"},
		"signed out by the boss": registry.EndSessions{User: "asma"},
	} {
		w := newWorld(t)
		w.user("asma", fleet.Officer, "PK6")
		a := w.as("asma").Actor()
		if end != nil {
			w.do(end)
		}
		if got := w.Holds(t.Context(), a); got != (end == nil) {
			t.Errorf("%s: holds %v", what, got)
		}
	}
}

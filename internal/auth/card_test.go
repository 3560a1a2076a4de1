package auth

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// schools adds a district with schools of the EMIS codes.
func (w *world) schools(province fleet.PlaceCode, codes ...string) {
	w.t.Helper()
	district := province + "01"
	w.do(registry.SavePlace{Place: fleet.Place{Kind: fleet.District, Code: district, Name: "District", State: fleet.Active}, Parent: province})
	for _, code := range codes {
		w.do(registry.SavePlace{Parent: district, Place: fleet.Place{
			Kind: fleet.School, Code: province + "-" + fleet.PlaceCode(code), EMIS: code, Name: "School " + code, State: fleet.Active,
		}})
	}
}

// cheapPIN sets a PIN that takes no time to verify.
func (w *world) cheapPIN(school fleet.PlaceCode, pin string) {
	w.t.Helper()
	w.do(registry.SetPIN{School: school, PIN: w.cheapHash(pin)})
}

// issued gives the school what is asked for.
func (w *world) issued(school fleet.PlaceCode, what Order) Issued {
	w.t.Helper()
	p, err := w.operator().Place(w.t.Context(), school)
	if err != nil {
		w.t.Fatal(err)
	}
	what.School = p
	list, err := w.IssueSchools(w.t.Context(), w.operator(), registry.Request{}, what)
	if err != nil {
		w.t.Fatal(err)
	}
	return list[0]
}

func TestASchoolSignsInByEMISCodeAndPIN(t *testing.T) {
	w := newWorld(t)
	w.schools("PK6", "35200001", "35200002", "35200003")
	w.schools("PK8", "401020304", "35200002")
	w.cheapPIN("PK6-35200001", "482915")
	w.cheapPIN("PK6-35200002", "111222")
	w.cheapPIN("PK8-35200002", "333444")
	w.user("officer", fleet.Officer, "PK6")
	for n, c := range []struct{ name, pin, province, want string }{
		{"35200001", "482915", "", "pk6-35200001"},
		{" ۳۵۲۰۰۰۰۱ ", "۴۸۲ ۹۱۵", "", "pk6-35200001"},
		{"PK6-35200001", "482-915", "", "pk6-35200001"},
		{"35200001", "482915", "PK6", "pk6-35200001"},
		{"35200001", "482915", "PK8", ""},
		{"35200001", "482916", "", ""},
		{"35200001", "", "", ""},
		{"35200002", "111222", "", ""}, // of two provinces
		{"35200002", "111222", "PK6", "pk6-35200002"},
		{"35200002", "111222", "PK8", ""},
		{"35200002", "333444", "PK8", "pk8-35200002"},
		{"35200003", "482915", "", ""}, // without an account
		{"99999999", "482915", "", ""},
		{"officer", goodPassword, "", "officer"},
		{"officer", "mango-tree by the canal", "", ""}, // only PINs are tidied
	} {
		in, err := w.SignIn(t.Context(), Credentials{
			Name: c.name, Password: c.pin, Province: fleet.PlaceCode(c.province), From: fmt.Sprintf("10.0.%d.1", n),
		})
		if c.want == "" {
			wantCode(t, err, "auth.wrong")
			continue
		}
		if err != nil {
			t.Errorf("%q in %q: %v", c.name, c.province, err)
			continue
		}
		if a, err := w.Session(t.Context(), in.Secret); err != nil || a.Name != c.want || a.Via != "web" {
			t.Errorf("%q in %q is %s by %s, %v; want %s", c.name, c.province, a.Name, a.Via, err, c.want)
		}
	}
}

func TestTriesAreCountedByHowANameLooks(t *testing.T) {
	for name, want := range map[string]string{
		"37330250": "37330250 pin", "PK6-37330250": "37330250 pin", " pk6-۳۷۳۳۰۲۵۰": "37330250 pin", "BEF001": "bef001 pin", "pk6-bef001": "bef001 pin",
		"school-123": "school-123 pin", "Asma": "asma", "officer.lahore": "officer.lahore", "a.123@moe": "a.123@moe", "pk6": "pk6", "ali12": "ali12",
	} {
		got, code := accountOf(name)
		if code {
			got += " pin"
		}
		if got != want {
			t.Errorf("%q is counted as %q, want %q", name, got, want)
		}
	}
}

func TestPINsAreGuessedAtMoreSlowlyThanPasswords(t *testing.T) {
	w := newWorld(t)
	w.schools("PK6", "35200001", "35200002")
	w.cheapPIN("PK6-35200001", "482915")
	school := func(code, pin, from string) error {
		_, err := w.SignIn(t.Context(), Credentials{Name: code, Password: pin, From: from})
		return err
	}
	if err := school("35200001", "482915", "198.51.100.4"); err != nil {
		t.Fatal(err)
	}
	// A day of guessing from all over the world, at a school and at one without account.
	for _, code := range []string{"35200001", "35200002"} {
		heard := 0
		for n := range 24 * 60 {
			name := []string{code, "PK6-" + code, "pk6-" + code}[n%3]
			if fleet.KindOf(school(name, "000000", fmt.Sprintf("10.%d.%d.9", n/250, n%250))) != fleet.TooMany {
				heard++
			}
			w.clock.pass(time.Minute)
		}
		if want := pinPace.strangerTries + 24*4 - 1; heard != want {
			t.Errorf("%d guesses at %s were heard in a day, want %d", heard, code, want)
		}
	}
	if err := school("35200001", "482915", "198.51.100.4"); err != nil {
		t.Errorf("the school, from where it signed in before: %v", err)
	}
}

func TestNewPINsAreGoodOnes(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		pin := NewPIN("37330250")
		if _, err := fleet.ParsePIN(pin, "37330250"); err != nil {
			t.Fatal(pin, err)
		}
		seen[pin] = true
	}
	if len(seen) < 990 {
		t.Errorf("%d of 1,000 PINs are distinct", len(seen))
	}
}

func TestACardSignsAPhoneIn(t *testing.T) {
	w := newWorld(t)
	w.schools("PK6", "35200001")
	card := w.issued("PK6-35200001", Order{Card: true, Phones: 1}).Card
	if !regexp.MustCompile(`^/C/[A-Z2-7]{52}$`).MatchString(card.Path()) {
		t.Fatalf("the card leads to %s", card.Path())
	}
	for range 3 { // looking uses nothing up
		if school, err := w.CardSchool(t.Context(), strings.ToLower(card.Secret)); err != nil || school.Code != "PK6-35200001" {
			t.Fatal(school.Code, err)
		}
	}
	secret, expires, err := w.UseCard(t.Context(), card.Secret, "203.0.113.7:5123")
	if err != nil || expires != w.clock.Now().Add(180*24*time.Hour) {
		t.Fatal(expires, err)
	}
	a, err := w.Session(t.Context(), secret)
	if err != nil || a.Name != "pk6-35200001" || a.Via != "card" || !a.MayAnywhere(fleet.ReportFaults) {
		t.Fatalf("%+v, %v", a, err)
	}
	_, _, err = w.UseCard(t.Context(), card.Secret, "203.0.113.7:5123")
	wantCode(t, err, "card.full")
	if err := w.SignOut(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	_, err = w.Session(t.Context(), secret)
	wantCode(t, err, "auth.session")
	if secret, _, err = w.UseCard(t.Context(), card.Secret, "203.0.113.7:5123"); err != nil {
		t.Fatal(err)
	}
	const day = 24 * time.Hour
	for range 6 { // it is used once a month
		w.clock.pass(30*day - time.Second)
		if _, err := w.Session(t.Context(), secret); err != nil {
			t.Errorf("within 180 days: %v", err)
		}
	}
	w.clock.pass(6 * time.Second)
	_, err = w.Session(t.Context(), secret)
	wantCode(t, err, "auth.session")
	if secret, _, err = w.UseCard(t.Context(), card.Secret, ""); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(30 * day)
	_, err = w.Session(t.Context(), secret)
	wantCode(t, err, "auth.session") // left alone for a month
	for _, wrong := range []string{"", "x", card.Secret[1:], secret} {
		_, _, err = w.UseCard(t.Context(), wrong, "203.0.113.7:5123")
		wantCode(t, err, "card.ended")
	}
	// What a card holds opens nothing else, and what a session holds is no card.
	_, err = w.Session(t.Context(), card.Secret)
	wantCode(t, err, "auth.session")
}

func TestSecretsAreMadeOnceForARequest(t *testing.T) {
	w := newWorld(t)
	w.schools("PK6", "35200001")
	p, err := w.operator().Place(t.Context(), "PK6-35200001")
	if err != nil {
		t.Fatal(err)
	}
	q := registry.Request{ID: "print", Digest: []byte("both")}
	first, err := w.IssueSchools(t.Context(), w.operator(), q, Order{School: p, PIN: true, Card: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.IssueSchools(t.Context(), w.operator(), q, Order{School: p, PIN: true, Card: true})
	wantCode(t, err, "card.made")
	if in, err := w.SignIn(t.Context(), Credentials{Name: "35200001", Password: first[0].PIN}); err != nil || in.Secret == "" {
		t.Errorf("the PIN that was told does not sign in: %v", err)
	}
	if _, err := w.CardSchool(t.Context(), first[0].Card.Secret); err != nil {
		t.Errorf("the card that was told is none: %v", err)
	}
}

func TestASchoolChangesItsPINAndHandsOver(t *testing.T) {
	w := newWorld(t)
	w.schools("PK6", "35200001")
	w.cheapPIN("PK6-35200001", "482915")
	enter := func(pin string) (registry.Session, error) {
		in, err := w.SignIn(t.Context(), Credentials{Name: "35200001", Password: pin})
		if err != nil {
			return registry.Session{}, err
		}
		a, err := w.Session(t.Context(), in.Secret)
		return w.reg.As(a), err
	}
	school, err := enter("482915")
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, w.ChangePIN(t.Context(), school, "482916", "739164", "35200001"), "auth.current_pin")
	wantCode(t, w.ChangePIN(t.Context(), school, "482915", "123456", "35200001"), "pin.weak")
	if err := w.ChangePIN(t.Context(), school, "۴۸۲۹۱۵", "739 164", "35200001"); err != nil {
		t.Fatal(err)
	}
	if school, err = enter("739164"); err != nil {
		t.Fatal(err)
	}
	p, err := school.Place(t.Context(), "PK6-35200001")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.HandOver(t.Context(), school, registry.Request{}, p, true, "482915")
	wantCode(t, err, "auth.current_pin")
	given, err := w.HandOver(t.Context(), school, registry.Request{}, p, true, "739164")
	if err != nil {
		t.Fatal(err)
	}
	_, err = enter("739164")
	wantCode(t, err, "auth.wrong")
	if _, err := enter(given.PIN); err != nil {
		t.Error(err)
	}
	if _, _, err := w.UseCard(t.Context(), given.Card.Secret, "203.0.113.7:5123"); err != nil {
		t.Error(err)
	}
	// The district's office does it without the PIN.
	if _, err := w.HandOver(t.Context(), w.operator(), registry.Request{}, p, false, ""); err != nil {
		t.Error(err)
	}
	_, _, err = w.UseCard(t.Context(), given.Card.Secret, "203.0.113.7:5123")
	wantCode(t, err, "card.ended")
}

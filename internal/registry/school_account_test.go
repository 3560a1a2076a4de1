package registry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const ggs, gbs, kot fleet.PlaceCode = "PK6-35200001", "PK6-35200002", "PK6-35100001"

// card is a card whose secret hashes to the text.
func card(school fleet.PlaceCode, hash string, w *world) registry.IssueCard {
	return registry.IssueCard{School: school, Hash: []byte(hash), Phones: 2, Expires: w.clock.Add(365 * 24 * time.Hour)}
}

// account is the school's account, and a session of it that came in by PIN.
func (w *world) account(school fleet.PlaceCode) (registry.SchoolAccount, registry.Session) {
	w.t.Helper()
	all, err := w.boss.SchoolAccounts(w.t.Context(), school, "", 10)
	if err != nil || len(all) != 1 {
		w.t.Fatal(all, err)
	}
	u := all[0].User
	return all[0], w.reg.As(registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants, Via: "web"})
}

// scan signs a phone in with the card whose secret has the hash.
func (w *world) scan(hash, session string) error {
	w.t.Helper()
	a, _, ok, err := w.reg.Gate().Card(w.t.Context(), []byte(hash))
	if err != nil || !ok {
		return registry.ErrCard
	}
	a.Via = registry.ViaCard
	_, err = w.reg.As(a).Apply(w.t.Context(), registry.Request{}, registry.UseCard{
		Card: []byte(hash), Hash: []byte(session), Expires: w.clock.Add(180 * 24 * time.Hour),
	})
	return err
}

// alive says which of the sessions, by their hashes, are.
func (w *world) alive(kind fleet.TokenKind, hashes ...string) string {
	w.t.Helper()
	var list []string
	for _, h := range hashes {
		_, _, ok, err := w.reg.Gate().Token(w.t.Context(), kind, []byte(h), w.clock)
		if err != nil {
			w.t.Fatal(err)
		}
		if ok {
			list = append(list, h)
		}
	}
	return strings.Join(list, " ")
}

func TestWhoGivesSchoolsWhatTheySignInWith(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.SetPIN{School: kot, PIN: "pin"})
	changes := func() []registry.Change {
		return []registry.Change{
			registry.SetPIN{School: ggs, PIN: "$pin"},
			card(ggs, fmt.Sprint("h", w.clock.UnixNano()), w),
			registry.HandOver{IssueCard: card(ggs, fmt.Sprint("o", w.clock.UnixNano()), w), PIN: "$pin"},
			registry.RevokeCard{School: ggs},
			registry.OpenSchools{Place: "PK601"},
		}
	}
	for _, c := range []struct {
		who  registry.Session
		want string
	}{
		{w.as(fleet.Officer, "PK601"), ""},
		{w.as(fleet.Manager, "PK6"), ""},
		{w.as(fleet.Admin, "PK"), ""},
		{w.as(fleet.Officer, "PK602"), "place.not_found"},
		{w.as(fleet.Manager, "PK7"), "place.not_found"},
		{w.as(fleet.SchoolRole, ggs), "forbidden"},
		{w.as(fleet.SchoolRole, gbs), "place.not_found"},
		{w.as(fleet.Viewer, "PK601"), "forbidden"},
		{w.as(fleet.WorkshopRole, "PK601"), "forbidden"},
		{w.as(fleet.Ministry, "PK"), "forbidden"},
		{w.as(fleet.Auditor, "PK"), "forbidden"},
	} {
		for _, change := range changes() {
			if _, everywhere := change.(registry.OpenSchools); everywhere && strings.HasPrefix(c.who.Actor().Name, "school") {
				continue
			}
			w.setClock(w.clock.Add(time.Second))
			if c.want == "" {
				w.do(c.who, change)
			} else {
				w.refused(c.who, c.want, change)
			}
		}
	}
	w.refused(w.boss, "school.not_one", registry.SetPIN{School: "PK601-STORE", PIN: "$pin"})
	w.refused(w.boss, "school.has_account", registry.OpenSchool{School: ggs})
	w.sound()
}

func TestASchoolHasOneAccountThatIsNamedByItsCode(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.AddUser{User: "pk6-35200002", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK601"}}})
	receipt := w.do(w.boss, registry.OpenSchools{Place: "PK601"})
	if got := strings.Join(receipt.Refs, " "); got != "PK6-35200001 PK6-35200002" {
		t.Errorf("opened the accounts of %s", got)
	}
	a, _ := w.account(ggs)
	b, _ := w.account(gbs)
	if a.User.Name != "pk6-35200001" || !strings.HasPrefix(b.User.Name, "school-") || a.PIN || a.Card.ID != 0 {
		t.Errorf("the accounts are %+v and %+v", a.User, b.User)
	}
	if again := w.do(w.boss, registry.OpenSchools{Place: "PK601"}); again.Last != 0 {
		t.Errorf("opened again: %v", again.Refs)
	}
	if want := []fleet.Grant{{Role: fleet.SchoolRole, Place: w.path(ggs)}}; fmt.Sprint(a.User.Grants) != fmt.Sprint(want) {
		t.Errorf("it may %v", a.User.Grants)
	}
	// It has a PIN, and nothing that stands in for one.
	w.refused(w.boss, "user.has_pin", registry.SetPassword{User: a.User.Name, Password: "$hash"})
	w.refused(w.boss, "user.of_school", setRoles(a.User.Name, registry.UserGrant{Role: fleet.Viewer, Place: ggs}))
	w.refused(w.boss, "user.has_pin", registry.RenewInvitation{User: a.User.Name, Hash: []byte("i"), Expires: w.clock.Add(time.Hour)})
	w.sound()
}

func TestACardSignsInAsManyPhonesAsItIsFor(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, card(ggs, "card", w))
	for _, c := range []struct {
		session string
		want    error
	}{{"phone 1", nil}, {"phone 2", nil}, {"phone 3", registry.ErrCardFull}} {
		if err := w.scan("card", c.session); err != c.want {
			t.Fatalf("%s: %v, want %v", c.session, err, c.want)
		}
	}
	// One that was signed out, or whose time is up, leaves room for another.
	tok, a, _, err := w.reg.Gate().Token(t.Context(), fleet.PhoneToken, []byte("phone 1"), w.clock)
	if err != nil {
		t.Fatal(err)
	}
	a.Via = registry.ViaCard
	w.do(w.reg.As(a), registry.RevokeToken{ID: tok.ID})
	if err := w.scan("card", "phone 3"); err != nil {
		t.Fatal(err)
	}
	w.setClock(w.clock.Add(181 * 24 * time.Hour))
	if got := w.alive(fleet.PhoneToken, "phone 1", "phone 2", "phone 3"); got != "" {
		t.Errorf("after 180 days, signed in: %s", got)
	}
	if err := w.scan("card", "phone 4"); err != nil {
		t.Fatal(err)
	}
	for _, phones := range []uint8{0, 21} {
		c := card(ggs, "other", w)
		c.Phones = phones
		w.refused(w.boss, "card.phones", c)
	}
	w.setClock(w.clock.Add(185 * 24 * time.Hour))
	if err := w.scan("card", "phone 5"); err != registry.ErrCard {
		t.Errorf("a card of a year ago: %v", err)
	}
	w.sound()
}

func TestAnEndedCardEndsItsPhones(t *testing.T) {
	for name, end := range map[string]func(w *world) registry.Change{
		"replaced":    func(w *world) registry.Change { return card(ggs, "newer", w) },
		"taken back":  func(*world) registry.Change { return registry.RevokeCard{School: ggs} },
		"disabled":    func(*world) registry.Change { return disable("pk6-35200001") },
		"handed over": func(w *world) registry.Change { return registry.HandOver{IssueCard: card(ggs, "n", w), PIN: "$n"} },
		"revoked": func(w *world) registry.Change {
			a, _ := w.account(ggs)
			return registry.RevokeToken{ID: a.Card.ID}
		},
	} {
		w := newWorld(t)
		w.do(w.boss, card(ggs, "card", w), card(gbs, "other card", w))
		for hash, session := range map[string]string{"card": "phone", "other card": "other phone"} {
			if err := w.scan(hash, session); err != nil {
				t.Fatal(err)
			}
		}
		w.do(w.boss, end(w), registry.EnableUser{User: "pk6-35200001", Enabled: true}) // an account that comes back brings none of it back
		if got := w.alive(fleet.PhoneToken, "phone", "other phone"); got != "other phone" {
			t.Errorf("%s: signed in are %s", name, got)
		}
		if err := w.scan("card", "phone 2"); err != registry.ErrCard {
			t.Errorf("%s: the card still signs in: %v", name, err)
		}
	}
}

func TestANewPINLeavesThePhonesAndAHandOverNothing(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.SetPIN{School: ggs, PIN: "$1"}, card(ggs, "card", w))
	a, school := w.account(ggs)
	open := func(kind fleet.TokenKind, hash string) {
		w.do(w.boss, registry.AddToken{
			Kind: kind, User: a.User.Name, Hash: []byte(hash), Label: "x", Expires: w.clock.Add(time.Hour), Verified: "$1",
			Grants: map[fleet.TokenKind][]registry.UserGrant{
				fleet.APIToken: {{Role: fleet.SchoolRole, Place: ggs}}, fleet.FeedToken: {{Role: fleet.Viewer, Place: ggs}},
			}[kind],
		})
	}
	open(fleet.SessionToken, "computer")
	open(fleet.APIToken, "program")
	open(fleet.FeedToken, "sheet")
	if err := w.scan("card", "phone"); err != nil {
		t.Fatal(err)
	}
	standing := func() string {
		return w.alive(fleet.SessionToken, "computer") + "," + w.alive(fleet.PhoneToken, "phone") + "," + w.alive(fleet.APIToken, "program") + "," + w.alive(fleet.FeedToken, "sheet")
	}
	if got := standing(); got != "computer,phone,program,sheet" {
		t.Fatal(got)
	}
	w.refused(school, "user.password_changed", registry.ChangePIN{PIN: "$2", Verified: "$0"})
	w.refused(school, "user.password_changed", registry.ChangePIN{PIN: "$2"})
	w.do(school, registry.ChangePIN{PIN: "$2", Verified: "$1"})
	if got := standing(); got != ",phone,program,sheet" {
		t.Errorf("after a new PIN: %s", got)
	}
	w.refused(school, "forbidden", registry.HandOver{IssueCard: card(ggs, "c2", w), PIN: "$3"})
	w.refused(school, "user.password_changed", registry.HandOver{IssueCard: card(ggs, "c2", w), PIN: "$3", Verified: "$1"})
	// Whose school it is follows from the account, not from what is asked.
	w.do(school, registry.HandOver{IssueCard: card(kot, "c2", w), PIN: "$3", Verified: "$2"})
	if got := standing(); got != ",,," {
		t.Errorf("after a hand-over: %s", got)
	}
	if _, at, _, err := w.reg.Gate().Card(t.Context(), []byte("c2")); err != nil || at.Code != ggs {
		t.Errorf("the new card is for %s, %v", at.Code, err)
	}
	w.sound()
}

func TestAPhoneMayDoWhatItsSchoolMayButNotKeepItsAccount(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.SetPIN{School: ggs, PIN: "$1"}, card(ggs, "card", w))
	w.atSchool(ggs, "5CD0000001")
	a, school := w.account(ggs)
	by := school.Actor()
	by.Via = registry.ViaCard
	phone := w.reg.As(by)
	w.do(phone, registry.ReportFault{Serial: "5CD0000001", Category: fleet.FaultScreen, Severity: fleet.Minor, Note: "dropped"})
	for _, c := range []registry.Change{
		registry.ChangePIN{PIN: "$2", Verified: "$1"},
		registry.HandOver{IssueCard: card(ggs, "c2", w), PIN: "$2", Verified: "$1"},
		registry.RevokeToken{ID: a.Card.ID},
		registry.AddToken{
			Kind: fleet.APIToken, User: a.User.Name, Hash: []byte("t"), Label: "x", Expires: w.clock.Add(time.Hour),
			Grants: []registry.UserGrant{{Role: fleet.SchoolRole, Place: ggs}},
		},
	} {
		w.refused(phone, "card.account", c)
	}
}

func TestSignInFindsASchoolByItsCode(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss,
		place("PK701", "PK7", fleet.District, "Badin"),
		registry.SavePlace{Parent: "PK701", Place: fleet.Place{Code: "PK7-401020304", EMIS: "401020304", Kind: fleet.School, State: fleet.Active, Name: "Badin 1"}},
		registry.SavePlace{Parent: "PK701", Place: fleet.Place{Code: "PK7-35200001", EMIS: "35200001", Kind: fleet.School, State: fleet.Active, Name: "Badin 2"}},
		registry.OpenSchools{Place: "PK"},
		registry.AddUser{User: "35100001", Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK7"}}},
	)
	for _, c := range []struct{ name, province, want string }{
		{"35200002", "", "pk6-35200002"},
		{" ۳۵۲۰۰۰۰۲ ", "", "pk6-35200002"},
		{"35200002", "PK6", "pk6-35200002"},
		{"35200002", "PK7", ""},
		{"35200002", "nowhere", ""},
		{"PK6-35200002", "", "pk6-35200002"},
		{"35200001", "", ""}, // of two provinces
		{"35200001", "PK6", "pk6-35200001"},
		{"35200001", "PK7", "pk7-35200001"},
		{"35100001", "", "35100001"}, // somebody who is called so
		{"401020304", "", "pk7-401020304"},
		{"99999999", "", ""},
		{"", "", ""},
	} {
		u, ok, err := w.reg.Gate().Account(t.Context(), c.name, fleet.PlaceCode(c.province))
		if err != nil || u.Name != c.want || ok != (c.want != "") {
			t.Errorf("%q in %q is %q, %v, %v; want %q", c.name, c.province, u.Name, ok, err, c.want)
		}
	}
	all, err := w.reg.Gate().Provinces(t.Context())
	if err != nil || len(all) != 2 || all[0].Code != "PK6" || all[1].Code != "PK7" {
		t.Errorf("the provinces are %v, %v", all, err)
	}
}

func TestSchoolAccountsArePagedInTheOrderOfTheTree(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, registry.SetPIN{School: gbs, PIN: "$1"}, card(gbs, "card", w))
	if err := w.scan("card", "phone"); err != nil {
		t.Fatal(err)
	}
	officer := w.as(fleet.Officer, "PK601")
	pages, after := "", fleet.PlaceCode("")
	for range 4 {
		all, err := officer.SchoolAccounts(t.Context(), "PK601", after, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			pages += fmt.Sprintf("%s %q %v %d/%d; ", a.School.Code, a.User.Name, a.PIN, a.Phones, a.Card.Phones)
			after = a.School.Code
			if a.User.Password != "" || a.Card.Hash != nil {
				t.Error("secrets are told")
			}
		}
	}
	if want := `PK6-35200001 "" false 0/0; PK6-35200002 "pk6-35200002" true 1/2; `; pages != want {
		t.Errorf("got  %s\nwant %s", pages, want)
	}
	if _, err := officer.SchoolAccounts(t.Context(), "PK602", "", 1); codeOf(err) != "place.not_found" {
		t.Error(err)
	}
	if _, err := w.as(fleet.Viewer, "PK601").SchoolAccounts(t.Context(), "PK601", "", 1); codeOf(err) != "forbidden" {
		t.Error(err)
	}
	users, err := w.boss.Users(t.Context())
	if err != nil || len(users) != 0 {
		t.Errorf("schools are among the users: %v, %v", users, err)
	}
	if u, err := w.as(fleet.Manager, "PK6").User(t.Context(), "PK6-35200002"); err != nil || u.Name != "pk6-35200002" || u.Password != "" {
		t.Errorf("%+v, %v", u, err)
	}
	if _, err := w.as(fleet.Manager, "PK7").User(t.Context(), "pk6-35200002"); codeOf(err) != "user.not_found" {
		t.Error(err)
	}
}

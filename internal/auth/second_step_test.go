package auth

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// strictWorld asks officers and those above for a second step.
func strictWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.Service = New(w.reg, Options{Now: w.clock.Now, SecondStep: fleet.Officer})
	return w
}

// code is what an authenticator with the key shows now.
func (w *world) code(key FactorKey) string {
	w.t.Helper()
	secret, err := parseFactorKey(key.Text)
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprintf("%06d", totpCode(secret, w.clock.Now().Unix()/30))
}

// password gives the password alone.
func (w *world) password(name, password string) Admission {
	w.t.Helper()
	in, err := w.SignIn(w.t.Context(), Credentials{Name: name, Password: password, From: "203.0.113.7:5123"})
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

// enrolled signs somebody in who sets the second step up.
func (w *world) enrolled(name string) (key FactorKey, recovery []string, session string) {
	w.t.Helper()
	half := w.password(name, goodPassword)
	if half.Next != NextEnrol {
		w.t.Fatalf("what is next is %d", half.Next)
	}
	key = NewFactorKey(name)
	in, recovery, err := w.Enrol(w.t.Context(), key.Text, Step{Half: half.Secret, Code: w.code(key)})
	if err != nil || in.Next != NextNothing {
		w.t.Fatalf("enrolled as %+v: %v", in, err)
	}
	w.clock.pass(totpStep) // the next code
	return key, recovery, in.Secret
}

// enter enters a code after the good password.
func (w *world) enter(name, code string) (Admission, error) {
	w.t.Helper()
	return w.EnterCode(w.t.Context(), Step{Half: w.password(name, goodPassword).Secret, Code: code, From: "203.0.113.7:5123"})
}

func TestWhoIsAskedForASecondStep(t *testing.T) {
	for _, role := range fleet.Roles() {
		w := strictWorld(t)
		w.user("asma", role, "PK6")
		want := NextNothing
		if role >= fleet.Officer {
			want = NextEnrol
		}
		if got := w.password("asma", goodPassword).Next; got != want {
			t.Errorf("a %s has next %d, want %d", role, got, want)
		}
	}
}

func TestAPasswordAloneOpensNothing(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	half := w.password("asma", goodPassword).Secret
	_, err := w.Session(t.Context(), half)
	wantCode(t, err, "auth.session")
	_, err = w.Bearer(t.Context(), half)
	wantCode(t, err, "auth.token")
	_, err = w.Invited(t.Context(), half)
	wantCode(t, err, "invitation.ended")
	name, next, err := w.Half(t.Context(), half)
	if name != "asma" || next != NextEnrol || err != nil {
		t.Errorf("it is %s's, next %d: %v", name, next, err)
	}
	w.clock.pass(halfLife)
	_, _, err = w.Half(t.Context(), half)
	wantCode(t, err, "auth.half")
}

func TestTheSecondStep(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	key, recovery, first := w.enrolled("asma")
	if _, err := w.Session(t.Context(), first); err != nil || len(recovery) != 10 {
		t.Fatalf("%d recovery codes: %v", len(recovery), err)
	}
	if next := w.password("asma", goodPassword).Next; next != NextCode {
		t.Errorf("what is next is %d", next)
	}
	_, err := w.enter("asma", "000000")
	wantCode(t, err, "auth.code")
	code := w.code(key)
	in, err := w.enter("asma", code)
	wantCode(t, err, "")
	a, err := w.Session(t.Context(), in.Secret)
	if err != nil || a.Name != "asma" || in.Secret == first {
		t.Errorf("signed in as %+v: %v", a, err)
	}
	_, err = w.enter("asma", code)
	wantCode(t, err, "auth.code") // each is good once
	w.clock.pass(totpStep)
	half := w.password("asma", goodPassword).Secret
	_, err = w.EnterCode(t.Context(), Step{Half: half, Code: w.code(key)})
	wantCode(t, err, "")
	w.clock.pass(totpStep)
	_, err = w.EnterCode(t.Context(), Step{Half: half, Code: w.code(key)})
	wantCode(t, err, "auth.half") // and so is what the password gave
	_, _, err = w.Enrol(t.Context(), key.Text, Step{Half: w.password("asma", goodPassword).Secret, Code: w.code(key)})
	wantCode(t, err, "user.factor_set")
}

// Two sign-ins with the same code at once: the transaction decides, not the look
// that each had before it.
func TestACodeIsUsedUpByOneOfTwo(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	key, recovery, _ := w.enrolled("asma")
	for _, c := range []string{w.code(key), recovery[0]} {
		var changes []registry.Change
		for range 2 {
			h, err := w.half(t.Context(), w.password("asma", goodPassword).Secret)
			if err != nil {
				t.Fatal(err)
			}
			_, change, err := w.stepBy(t.Context(), &h, Step{Code: c})
			if err != nil {
				t.Fatal(err)
			}
			changes = append(changes, change)
		}
		u, _, err := w.gate.User(t.Context(), "asma")
		if err != nil {
			t.Fatal(err)
		}
		for i, code := range []string{"", "auth.code_used"} {
			_, err := w.reg.As(selfAt(&u, "")).Apply(t.Context(), registry.Request{}, changes[i])
			wantCode(t, err, code)
		}
	}
}

func TestRecoveryCodes(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	_, recovery, _ := w.enrolled("asma")
	u, _, err := w.gate.User(t.Context(), "asma")
	wantCode(t, err, "")
	for n, kept := range u.Factor.Recovery {
		code, ok := recoveryCode(recovery[n])
		if want, err := w.recoveryHash(t.Context(), kept[:saltSize], code); err != nil || !ok || !bytes.Equal(kept, want) || len(kept) != saltSize+hashSize {
			t.Errorf("of %s is kept %x, not a salt and the slow hash under it: %v", code, kept, err)
		}
	}
	in, err := w.enter("asma", " "+strings.ToUpper(recovery[3])+" ")
	wantCode(t, err, "")
	if in.Next != NextNothing {
		t.Errorf("what is next is %d", in.Next)
	}
	_, err = w.enter("asma", recovery[3])
	wantCode(t, err, "auth.code")

	a, err := w.Session(t.Context(), in.Secret)
	wantCode(t, err, "")
	by := w.reg.As(a)
	_, _, err = w.NewRecoveryCodes(t.Context(), by, Own{User: "asma", Current: "a guess"})
	wantCode(t, err, "auth.current")
	next, fresh, err := w.NewRecoveryCodes(t.Context(), by, Own{User: "asma", Current: goodPassword})
	wantCode(t, err, "")
	_, err = w.Session(t.Context(), in.Secret)
	wantCode(t, err, "auth.session") // another one took its place
	_, err = w.Session(t.Context(), next.Secret)
	wantCode(t, err, "")
	_, err = w.enter("asma", recovery[4])
	wantCode(t, err, "auth.code")
	_, err = w.enter("asma", fresh[9])
	wantCode(t, err, "")
}

func TestAnAuthenticatorGoesOnUnderAnotherPassword(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	key, _, session := w.enrolled("asma")
	a, err := w.Session(t.Context(), session)
	wantCode(t, err, "")
	in, err := w.ChangePassword(t.Context(), w.reg.As(a), Own{User: "asma", Current: goodPassword}, nextPassword)
	wantCode(t, err, "")
	_, err = w.Session(t.Context(), in.Secret)
	wantCode(t, err, "") // it passed the second step already
	half := w.password("asma", nextPassword)
	if half.Next != NextCode {
		t.Errorf("what is next is %d", half.Next)
	}
	_, err = w.EnterCode(t.Context(), Step{Half: half.Secret, Code: w.code(key)})
	wantCode(t, err, "")
}

func TestAnAuthenticatorIsLostWithThePassword(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	key, recovery, _ := w.enrolled("asma")
	w.do(registry.SetPassword{User: "asma", Password: w.cheapHash(nextPassword)})
	half := w.password("asma", nextPassword).Secret
	_, err := w.EnterCode(t.Context(), Step{Half: half, Code: w.code(key)})
	wantCode(t, err, "auth.factor_sealed")
	in, err := w.EnterCode(t.Context(), Step{Half: half, Code: recovery[0]})
	if wantCode(t, err, ""); in.Next != NextEnrol || in.Secret != half {
		t.Fatalf("it led to %+v", in)
	}
	next := NewFactorKey("asma")
	in, _, err = w.Enrol(t.Context(), next.Text, Step{Half: half, Code: w.code(next)})
	wantCode(t, err, "")
	_, err = w.Session(t.Context(), in.Secret)
	wantCode(t, err, "")
}

func TestWhoResetsASecondStep(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	_, _, session := w.enrolled("asma")
	a, err := w.Session(t.Context(), session)
	wantCode(t, err, "")
	reset := registry.ResetSecondFactor{User: "asma"}
	_, err = w.reg.As(a).Apply(t.Context(), registry.Request{}, reset)
	wantCode(t, err, "user.not_found") // an officer administers nobody, nor itself
	admin := registry.Actor{User: 99, Name: "chief", Grants: []fleet.Grant{{Role: fleet.Admin}}, Via: "web"}
	_, err = w.reg.As(admin).Apply(t.Context(), registry.Request{}, reset)
	wantCode(t, err, "")
	_, err = w.Session(t.Context(), session)
	wantCode(t, err, "auth.session")
	if next := w.password("asma", goodPassword).Next; next != NextEnrol {
		t.Errorf("what is next is %d", next)
	}
}

func TestGuessingCodesIsSlowedDown(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	key, _, _ := w.enrolled("asma")
	for range freeTries {
		_, err := w.enter("asma", "000000")
		wantCode(t, err, "auth.code")
	}
	_, err := w.enter("asma", w.code(key)) // the right password meanwhile forgives nothing
	wantCode(t, err, "auth.too_many")
	w.clock.pass(time.Minute)
	_, err = w.enter("asma", w.code(key))
	wantCode(t, err, "")
}

func TestSessionsWithoutTheStepThatIsRequiredByNowEnd(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	w.user("school", fleet.SchoolRole, "PK6")
	asma, school := w.session("asma"), w.session("school")
	w.Service = New(w.reg, Options{Now: w.clock.Now, SecondStep: fleet.Officer})
	_, err := w.Session(t.Context(), asma)
	wantCode(t, err, "auth.session")
	_, err = w.Session(t.Context(), school)
	wantCode(t, err, "")
}

// Who chose a second step is asked for it, whatever is required.
func TestASecondStepOfOnesOwnChoice(t *testing.T) {
	w := newWorld(t)
	w.user("asma", fleet.Viewer, "PK6")
	key := NewFactorKey("asma")
	own := Own{User: "asma", Current: goodPassword}
	_, _, err := w.SetUpSecondStep(t.Context(), w.as("asma"), own, key.Text, "000000")
	wantCode(t, err, "auth.code")
	in, recovery, err := w.SetUpSecondStep(t.Context(), w.as("asma"), own, key.Text, w.code(key))
	if wantCode(t, err, ""); len(recovery) != 10 {
		t.Errorf("%d recovery codes", len(recovery))
	}
	_, err = w.Session(t.Context(), in.Secret)
	wantCode(t, err, "")
	if next := w.password("asma", goodPassword).Next; next != NextCode {
		t.Errorf("what is next is %d", next)
	}
}

// Neither the register, of which backups are made, nor its journal holds what
// codes are made from.
func TestTheSecretIsNowhereToBeRead(t *testing.T) {
	w := strictWorld(t)
	w.user("asma", fleet.Officer, "PK6")
	key, recovery, session := w.enrolled("asma")
	half := w.password("asma", goodPassword).Secret
	secret, err := parseFactorKey(key.Text)
	if err != nil {
		t.Fatal(err)
	}
	u, _, err := w.gate.User(t.Context(), "asma")
	if err != nil {
		t.Fatal(err)
	}
	keyring, err := w.keyring(t.Context(), goodPassword, u.Factor.Salt)
	if err != nil {
		t.Fatal(err)
	}
	canaries := [][]byte{secret, []byte(key.Text), []byte(totpText.EncodeToString(secret)), keyring.key, []byte(recovery[0]), []byte(session), []byte(half), []byte(goodPassword)}
	seen := 0
	err = w.store.View(context.Background(), func(r kv.Reader) error {
		for pair, err := range r.Scan(nil, []byte{0xff}) {
			if err != nil {
				return err
			}
			seen++
			for _, c := range canaries {
				if bytes.Contains(pair.Val, c) || bytes.Contains(pair.Key, c) {
					t.Errorf("%q holds %q", pair.Key, c)
				}
			}
		}
		return nil
	})
	if err != nil || seen < 20 {
		t.Fatalf("looked at %d: %v", seen, err)
	}
}

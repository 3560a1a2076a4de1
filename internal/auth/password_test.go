package auth

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPasswordRule(t *testing.T) {
	s := Service{hasher: newHasher()}
	cases := []struct{ what, password, code string }{
		{"empty", "", "auth.password_short"},
		{"nine characters", "مدرسہ ایک", "auth.password_short"},
		{"ten characters", "مدرسہ اےکن", ""},
		{"ten of one letter", "aaaaaaaaaa", "auth.password_common"},
		{"a long sentence", strings.Repeat("مدرسہ ایک ", maxPassword/10), ""},
		{"too long", strings.Repeat("ہ", maxPassword+1), "auth.password_long"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			hash, err := s.HashPassword(t.Context(), c.password)
			wantCode(t, err, c.code)
			if (hash != "") != (c.code == "") {
				t.Errorf("%d characters gave %q", utf8.RuneCountInString(c.password), hash)
			}
		})
	}
}

func TestHashVerifies(t *testing.T) {
	h := newHasher()
	hash, err := h.hash(t.Context(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if form := regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`); !form.MatchString(hash) {
		t.Errorf("hash %s", hash)
	}
	again, err := h.hash(t.Context(), goodPassword)
	if err != nil || again == hash {
		t.Errorf("the same password gave the same hash twice: no salt (%v)", err)
	}
	for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, "": false} {
		if got, err := h.verify(t.Context(), hash, password); err != nil || got != want {
			t.Errorf("%q fits: %v, %v", password, got, err)
		}
	}
}

// The vector is from the tests of the reference implementation, and has another
// cost than ours: hashes of other costs must go on being verified.
func TestHashOfTheReferenceVerifies(t *testing.T) {
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := newHasher().verify(t.Context(), reference, "password"); err != nil || !ok {
		t.Errorf("fits: %v, %v", ok, err)
	}
}

func TestNoPasswordFitsNobody(t *testing.T) {
	h := newHasher()
	for _, password := range []string{"", "\x00", goodPassword} {
		if ok, err := h.verify(t.Context(), nobodysHash(), password); err != nil || ok {
			t.Errorf("%q fits: %v, %v", password, ok, err)
		}
	}
}

func TestDamagedHashIsNoPassword(t *testing.T) {
	for _, phc := range []string{
		"", "secret", "$argon2i$v=19$m=16,t=1,p=1$c29tc2FsdA$CTFhFdXP", "$argon2id$v=18$m=16,t=1,p=1$c29tc2FsdA$CTFhFdXP",
		"$argon2id$v=19$m=16,t=0,p=1$c29tc2FsdA$CTFhFdXP", "$argon2id$v=19$m=16,t=1,p=0$c29tc2FsdA$CTFhFdXP",
		"$argon2id$v=19$m=16,t=1,p=1$?$CTFhFdXP", "$argon2id$v=19$m=16,t=1,p=1$c29tc2FsdA$?", "$argon2id$v=19$m=16,t=1,p=1$c29tc2FsdA$",
	} {
		ok, err := newHasher().verify(t.Context(), phc, "")
		if ok {
			t.Errorf("%q is fitted by an empty password", phc)
		}
		wantCode(t, err, "auth.hash")
	}
}

func TestHashingWaitsForItsTurn(t *testing.T) {
	h := newHasher()
	for range hashings {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, goodPassword); err != context.Canceled {
		t.Errorf("a third hashing began: %v", err)
	}
	<-h.slots
	if _, err := h.hash(t.Context(), goodPassword); err != nil {
		t.Errorf("a free turn was not taken: %v", err)
	}
}

func TestReadablePassword(t *testing.T) {
	form := regexp.MustCompile(`^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$`)
	seen := map[string]bool{}
	for range 200 {
		p := ReadablePassword()
		if !form.MatchString(p) || seen[p] {
			t.Fatalf("password %q", p)
		}
		seen[p] = true
	}
}

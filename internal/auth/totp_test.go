package auth

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The vectors of RFC 6238, appendix B, for SHA-1; of their eight digits ours are
// the last six.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	secret := []byte("12345678901234567890")
	for unix, want := range map[int64]int{
		59: 287082, 1111111109: 81804, 1111111111: 50471, 1234567890: 5924, 2000000000: 279037, 20000000000: 353130,
	} {
		if got := totpCode(secret, unix/30); got != want {
			t.Errorf("at %d the code is %06d, want %06d", unix, got, want)
		}
	}
}

func TestACodeIsGoodForOneStepEitherWay(t *testing.T) {
	secret := []byte("12345678901234567890")
	at := time.Unix(1111111111, 0) // its code is 050471
	for _, c := range []struct {
		off  time.Duration
		code string
		want bool
	}{
		{0, "050471", true},
		{totpStep, "050471", true},
		{-totpStep, "050471", true},
		{2 * totpStep, "050471", false},
		{-2 * totpStep, "050471", false},
		{0, "50471", false},
		{0, "", false},
		{0, "0504711", false},
		{0, "050472", false},
	} {
		step, ok := totpMatch(secret, c.code, at.Add(c.off), 0)
		if ok != c.want || ok && step != at.Unix()/30 {
			t.Errorf("%q, %s off: step %d, %v", c.code, c.off, step, ok)
		}
	}
	if _, ok := totpMatch(secret, "050471", at, at.Unix()/30); ok {
		t.Error("a code that was used is good again")
	}
}

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{"050 471": "050471", " 050471 ": "050471", "۰۵۰۴۷۱": "050471", "٠٥٠-٤٧١": "050471"} {
		if got := codeDigits(typed); got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

func TestAKeyComesBackAsItWasMade(t *testing.T) {
	key := NewFactorKey("amna@school")
	if !strings.HasPrefix(key.URI, "otpauth://totp/Takhti:amna@school?issuer=Takhti&secret=") || len(key.Text) != 39 {
		t.Errorf("the key is %+v", key)
	}
	again, err := ReadFactorKey("amna@school", " "+strings.ToLower(key.Text))
	if err != nil || again != key {
		t.Errorf("it came back as %+v: %v", again, err)
	}
	for _, bad := range []string{"", "JBSW Y3DP", key.Text + "A", "1" + key.Text[1:]} {
		_, err := ReadFactorKey("amna", bad)
		wantCode(t, err, "auth.factor_key")
	}
}

// Whatever is sealed opens with its key alone, and not after any change.
func TestWhatIsSealed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 32, 32)
		plain, mine, other := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(r, "plain"), key.Draw(r, "key"), key.Draw(r, "other key")
		sealed := seal(mine, plain)
		if got, err := unseal(mine, sealed); err != nil || string(got) != string(plain) {
			r.Fatalf("opened as %x: %v", got, err)
		}
		if _, err := unseal(other, sealed); err == nil && string(other) != string(mine) {
			r.Fatal("another key opens it")
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(r, "at")
		sealed[at] ^= 1
		if _, err := unseal(mine, sealed); err == nil {
			r.Fatal("it opens though it was altered")
		}
		if _, err := unseal(mine, sealed[:at]); err == nil {
			r.Fatal("it opens though it was cut")
		}
	})
}

package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Codes are those of RFC 6238 as every authenticator makes them: SHA-1, 6 digits,
// 30 seconds. Clocks may differ by one step either way.
const (
	totpSize  = 20 // bytes of the secret
	totpStep  = 30 * time.Second
	totpSkew  = 1
	totpLimit = 1_000_000
)

var totpText = base32.StdEncoding.WithPadding(base32.NoPadding)

// totpCode is the code of a time step (RFC 4226).
func totpCode(secret []byte, step int64) int {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return int(binary.BigEndian.Uint32(sum[at:])&0x7fffffff) % totpLimit
}

// totpMatch finds the time step that the code belongs to, near now and after the
// last one used.
func totpMatch(secret []byte, code string, now time.Time, after int64) (step int64, ok bool) {
	present := now.Unix() / int64(totpStep/time.Second)
	for near := present - totpSkew; near <= present+totpSkew; near++ {
		want := fmt.Sprintf("%06d", totpCode(secret, near))
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && near > after {
			step, ok = near, true
		}
	}
	return step, ok
}

// codeDigits is a code as people type it, with Urdu digits and blanks too.
func codeDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r = fleet.LatinDigit(r); r == ' ' || r == '-' {
			return -1
		}
		return r
	}, text)
}

// FactorKey is the key of an authenticator that is being set up.
type FactorKey struct {
	Text string // as people type it into their authenticator
	URI  string // as its QR code says it
}

// NewFactorKey makes a key for the account of the name.
func NewFactorKey(name string) FactorKey {
	secret := make([]byte, totpSize)
	rand.Read(secret) // never fails
	return factorKey(name, secret)
}

// ReadFactorKey is the key that a form brings back.
func ReadFactorKey(name, text string) (FactorKey, error) {
	secret, err := parseFactorKey(text)
	if err != nil {
		return FactorKey{}, err
	}
	return factorKey(name, secret), nil
}

func parseFactorKey(text string) ([]byte, error) {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	secret, err := totpText.DecodeString(text)
	if err != nil || len(secret) != totpSize || totpText.EncodeToString(secret) != text {
		return nil, fleet.Invalidf("auth.factor_key", "the key of the authenticator did not come back as it was made: begin again").In("code")
	}
	return secret, nil
}

func factorKey(name string, secret []byte) FactorKey {
	text := totpText.EncodeToString(secret)
	var groups []string
	for rest := text; rest != ""; rest = rest[4:] { // 32 characters
		groups = append(groups, rest[:4])
	}
	query := url.Values{"secret": {text}, "issuer": {"Takhti"}}
	return FactorKey{
		Text: strings.Join(groups, " "),
		URI:  "otpauth://totp/" + url.PathEscape("Takhti:"+name) + "?" + query.Encode(),
	}
}

package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"hash/crc32"
	"math/big"
	"strings"
)

// secretSize is how many random bytes stand behind a secret.
const secretSize = 32

// sessionSecret makes what a browser is given when somebody signs in.
func sessionSecret() string {
	var b [secretSize]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// An API token is takhti_, 43 characters that stand for its random bytes, and 6
// that are their checksum: takhti_7Kd…. The name lets scanners find a token that
// slipped into a repository, and the checksum lets a mistyped one be refused
// without a look into the register. A feed key begins with feed_, so that neither is
// taken for the other.
const (
	tokenName = "takhti_"
	feedName  = "feed_"
	tokenBody = 43
	tokenSum  = 6
	shownBody = 5 // characters shown after the name, to recognise it by
)

func apiToken() string { return newToken(tokenName) }

func newToken(name string) string {
	var b [secretSize]byte
	rand.Read(b[:]) // never fails
	body := base62(new(big.Int).SetBytes(b[:]), tokenBody)
	return name + body + checksum(body)
}

// LooksLikeToken says whether the text can be an API token at all.
func LooksLikeToken(text string) bool { return looksLike(tokenName, text) }

func looksLike(name, text string) bool {
	rest, ok := strings.CutPrefix(text, name)
	return ok && len(rest) == tokenBody+tokenSum && checksum(rest[:tokenBody]) == rest[tokenBody:]
}

func checksum(body string) string {
	return base62(big.NewInt(int64(crc32.ChecksumIEEE([]byte(body)))), tokenSum)
}

// base62 writes n with 0–9, a–z and A–Z, as many digits as width.
func base62(n *big.Int, width int) string {
	digits := n.Text(62)
	return strings.Repeat("0", width-len(digits)) + digits
}

// digest is what is kept of a secret.
func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// readable is the alphabet of passwords that people copy from a screen: no
// letter or digit that can be taken for another.
const readable = "abcdefghjkmnpqrstuvwxyz23456789"

// ReadablePassword makes up a password as four groups of four: 79 random bits.
func ReadablePassword() string { return readableText(4) }

// readableText makes up groups of four that people can copy, of 19.8 random bits each.
func readableText(groups int) string {
	const size = 4
	const fair = 256 / len(readable) * len(readable) // bytes from here on would favour the first letters
	var out strings.Builder
	for n := 0; n < groups*size; {
		var b [1]byte
		rand.Read(b[:]) // never fails
		if int(b[0]) >= fair {
			continue
		}
		if n > 0 && n%size == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(readable[int(b[0])%len(readable)])
		n++
	}
	return out.String()
}

package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// The bounds of a password's length, in characters. There is no rule on which
// characters it has: such rules make passwords easier to guess.
const (
	minPassword = 10
	maxPassword = 200
)

// cost is what one hashing takes.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// presentCost is that of new hashes. A hash carries its own, so that older ones
// can still be verified when this is raised.
var presentCost = cost{memory: 19 << 10, passes: 2, threads: 1}

const (
	saltSize = 16
	hashSize = 32
	// hashings is how many may run at once: each holds its memory meanwhile.
	hashings = 2
)

// passwordHash is a hash as it is stored:
// $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>, the PHC form.
type passwordHash struct {
	cost
	salt, hash []byte
}

func (h passwordHash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.memory, h.passes, h.threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.hash))
}

func parsePasswordHash(phc string) (h passwordHash, err error) {
	damaged := &fleet.Error{Kind: fleet.Damaged, Code: "auth.hash", Message: "the stored password cannot be read: set a new one"}
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return h, damaged
	}
	var version int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return h, damaged
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads); err != nil || h.passes < 1 || h.threads < 1 {
		return h, damaged
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return h, damaged
	}
	if h.hash, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(h.hash) == 0 {
		return h, damaged
	}
	return h, nil
}

// nobodysHash is verified for an account that is not there, so that the answer
// takes as long as for one that is. No password fits it.
func nobodysHash() string {
	return passwordHash{cost: presentCost, salt: make([]byte, saltSize), hash: make([]byte, hashSize)}.String()
}

// hasher hashes passwords, a few at a time.
type hasher struct{ slots chan struct{} }

func newHasher() hasher { return hasher{slots: make(chan struct{}, hashings)} }

// derive waits for its turn, or for the end of ctx.
func (h hasher) derive(ctx context.Context, password string, salt []byte, c cost, size int) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.threads, uint32(size)), nil
}

func (h hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt) // never fails
	hash, err := h.derive(ctx, password, salt, presentCost, hashSize)
	if err != nil {
		return "", err
	}
	return passwordHash{cost: presentCost, salt: salt, hash: hash}.String(), nil
}

func (h hasher) verify(ctx context.Context, phc, password string) (bool, error) {
	want, err := parsePasswordHash(phc)
	if err != nil {
		return false, err
	}
	got, err := h.derive(ctx, password, want.salt, want.cost, len(want.hash))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want.hash) == 1, nil
}

// HashPassword checks a new password and returns its hash, as an account keeps it.
func (s *Service) HashPassword(ctx context.Context, password string) (string, error) {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return "", fleet.Invalidf("auth.password_short", "the password has %d characters: use at least %d; a few words in a row are good", n, minPassword).In("password")
	case n > maxPassword:
		return "", fleet.Invalidf("auth.password_long", "the password has %d characters: use at most %d", n, maxPassword).In("password")
	}
	if isCommon(password) {
		return "", fleet.Invalidf("auth.password_common", "this password is one that many people use, and is tried first by those who guess: put a few words in a row that do not belong together").In("password")
	}
	return s.hasher.hash(ctx, password)
}

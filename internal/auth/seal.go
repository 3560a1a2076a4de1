package auth

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// The secret of an authenticator has to be had again to check a code, so it
// cannot be kept as a hash. It is sealed under a key that the account's password
// gives: no backup, export or disk holds what opens it. Between the password and
// the code, that key is sealed under the secret that the browser holds.

// errSealed is for what the key does not open.
var errSealed = errors.New("auth: sealed under another key")

// seal encrypts under the key, each time differently.
func seal(key, plain []byte) []byte {
	return aead(key).Seal(nil, nil, plain, nil)
}

func unseal(key, sealed []byte) ([]byte, error) {
	plain, err := aead(key).Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// aead is AES-GCM, which puts a random nonce in front of what it seals.
func aead(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err == nil {
		var s cipher.AEAD
		if s, err = cipher.NewGCMWithRandomNonce(block); err == nil {
			return s
		}
	}
	panic(err) // keys are ours, and of the right size
}

// factorCost is what it takes to work the key out of a password. It stays as it
// is: what was sealed with it opens with no other.
var factorCost = cost{memory: 19 << 10, passes: 2, threads: 1}

// factorKeyring is what opens the secret of an account's authenticator.
type factorKeyring struct{ salt, key []byte }

// keyring works out what the password opens; without a salt, under a new one.
func (s *Service) keyring(ctx context.Context, password string, salt []byte) (factorKeyring, error) {
	if salt == nil {
		salt = make([]byte, saltSize)
		rand.Read(salt) // never fails
	}
	key, err := s.hasher.derive(ctx, password, salt, factorCost, hashSize)
	return factorKeyring{salt: salt, key: key}, err
}

// sealFor seals the keyring for whoever holds the secret.
func (k factorKeyring) sealFor(secret string) []byte {
	return seal(keyOf(secret), append(append([]byte{}, k.salt...), k.key...))
}

func openKeyring(secret string, sealed []byte) (factorKeyring, error) {
	plain, err := unseal(keyOf(secret), sealed)
	if err != nil || len(plain) != saltSize+hashSize {
		return factorKeyring{}, errSealed
	}
	return factorKeyring{salt: plain[:saltSize], key: plain[saltSize:]}, nil
}

// keyOf is the key that a secret of 256 random bits gives. What is kept of such a
// secret, its SHA-256, does not give it.
func keyOf(secret string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "takhti second step", 32)
	if err != nil {
		panic(err) // only for keys that are too long
	}
	return key
}

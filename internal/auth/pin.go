package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// allPINs is how many PINs there are, weak ones among them.
const allPINs = 1_000_000

// NewPIN makes up a PIN for the school with the EMIS code.
func NewPIN(emis string) string {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(allPINs))
		if err != nil {
			panic(err) // it never fails
		}
		if pin, err := fleet.ParsePIN(fmt.Sprintf("%06d", n), emis); err == nil {
			return pin
		}
	}
}

// HashPIN checks a PIN for the school with the EMIS code and returns its hash, as
// an account keeps it.
func (s *Service) HashPIN(ctx context.Context, pin, emis string) (string, error) {
	pin, err := fleet.ParsePIN(pin, emis)
	if err != nil {
		return "", err
	}
	return s.hasher.hash(ctx, pin)
}

// errCurrentPIN is the answer to a school that does not know its PIN.
var errCurrentPIN = &fleet.Error{
	Kind: fleet.Invalid, Code: "auth.current_pin", Field: "current",
	Message: "this is not the present PIN: type it as you do to sign in, or ask the district office for a new one",
}

// ChangePIN replaces the PIN of the session's own school, given that the current
// one is right, and signs out all who are in it by PIN, this session too.
func (s *Service) ChangePIN(ctx context.Context, by registry.Session, current, next, emis string) error {
	verified, err := s.verifyPIN(ctx, by, current)
	if err != nil {
		return err
	}
	hash, err := s.HashPIN(ctx, next, emis)
	if err != nil {
		return err
	}
	_, err = by.Apply(ctx, registry.Request{}, registry.ChangePIN{PIN: hash, Verified: verified})
	return err
}

// verifyPIN is [Service.VerifyOwn] for a school.
func (s *Service) verifyPIN(ctx context.Context, by registry.Session, current string) (verified string, err error) {
	u, err := s.VerifyOwn(ctx, by, Own{User: by.Actor().Name, Current: current})
	if err == errCurrent {
		err = errCurrentPIN
	}
	return u.Password, err
}

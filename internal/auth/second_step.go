package auth

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// withCode is how the journal says that a second step was tried.
const withCode = "code"

const (
	halfLife      = 10 * time.Minute // between the password and the second step
	recoveryCodes = 10
)

// The answers to a second step. errSealedOff is for an authenticator whose secret
// was sealed under a password that somebody else has replaced.
var (
	errCode      = &fleet.Error{Kind: fleet.Invalid, Code: "auth.code", Field: "code", Message: "this code is not right: type the one that your authenticator shows now, or a recovery code"}
	errSealedOff = &fleet.Error{Kind: fleet.Invalid, Code: "auth.factor_sealed", Field: "code", Message: "your password was set anew by somebody else, so your authenticator has to be set up again: give a recovery code, or ask an administrator to reset your second step"}
)

// requiresSecondStep says whether nobody with the grants signs in by a password alone.
func (s *Service) requiresSecondStep(grants []fleet.Grant) bool {
	for _, g := range grants {
		if s.secondStep != 0 && g.Role >= s.secondStep {
			return true
		}
	}
	return false
}

// wantsSecondStep says whether the user signs in by two steps: because it must, or
// has chosen to.
func (s *Service) wantsSecondStep(u *fleet.User) bool {
	return u.Factor != nil || s.requiresSecondStep(u.Grants)
}

// beginHalf prepares the half of a session that a password opens.
func (s *Service) beginHalf(ctx context.Context, u *fleet.User, c Credentials) (Admission, registry.AddToken, error) {
	in := Admission{Secret: sessionSecret(), Expires: s.now().Add(halfLife), Next: NextEnrol}
	var salt []byte
	if u.Factor != nil {
		in.Next, salt = NextCode, u.Factor.Salt
	}
	k, err := s.keyring(ctx, asKept(u, c.Password), salt)
	return in, registry.AddToken{
		Kind: fleet.StepToken, User: u.Name, Hash: digest(in.Secret), Expires: in.Expires,
		Sealed: k.sealFor(in.Secret), Verified: u.Password,
	}, err
}

// half is somebody between the password and the second step.
type half struct {
	user    fleet.User
	hash    []byte // of the secret that the password gave
	keyring factorKeyring
}

func (s *Service) half(ctx context.Context, secret string) (h half, err error) {
	h.hash = digest(secret)
	tok, a, ok, err := s.gate.Token(ctx, fleet.StepToken, h.hash, s.now())
	if err == nil && !ok {
		err = ErrHalf
	}
	if err != nil {
		return h, err
	}
	if h.user, ok, err = s.gate.User(ctx, a.Name); err == nil && !ok {
		err = ErrHalf
	}
	if err == nil {
		h.keyring, err = openKeyring(secret, tok.Sealed)
	}
	return h, err
}

// Half is whose second step the secret is for, and which one it is; [ErrHalf]
// when it took too long.
func (s *Service) Half(ctx context.Context, secret string) (name string, next Next, err error) {
	h, err := s.half(ctx, secret)
	if err != nil {
		return "", 0, err
	}
	if h.user.Factor == nil {
		return h.user.Name, NextEnrol, nil
	}
	return h.user.Name, NextCode, nil
}

// Step is an attempt at a second step.
type Step struct {
	Half  string // the secret that the password gave
	Code  string // of the authenticator, or a recovery code
	From  string // as in [Credentials]
	Agent string
}

// EnterCode begins a session by a code of the user's authenticator or by a recovery
// code. Where the authenticator cannot be used any more, a recovery code leads to
// setting up another one.
func (s *Service) EnterCode(ctx context.Context, a Step) (Admission, error) {
	h, err := s.half(ctx, a.Half)
	switch {
	case err != nil:
		return Admission{}, err
	case h.user.Factor == nil:
		return Admission{}, ErrHalf
	}
	visit := visitOf(Credentials{Name: h.user.Name, From: a.From})
	if err := s.codes.admit(visit, s.now()); err != nil {
		s.SignInFailed(h.user.Name, a.From, withCode+", too many tries")
		return Admission{}, err
	}
	in, change, err := s.stepBy(ctx, &h, a)
	if err != nil {
		if ctx.Err() == nil {
			s.SignInFailed(h.user.Name, a.From, withCode)
		}
		return Admission{}, err
	}
	if _, err = s.reg.As(selfAt(&h.user, a.From)).Apply(ctx, registry.Request{}, change); err != nil {
		return Admission{}, err
	}
	s.codes.welcome(visit, s.now())
	return in, nil
}

// stepBy is the change that a code makes, if it is right.
func (s *Service) stepBy(ctx context.Context, h *half, a Step) (Admission, registry.Change, error) {
	in, session := s.newSession(&h.user, a.From, a.Agent)
	session.With = withPassword + " and code"
	pass := registry.PassSecondStep{Half: h.hash, Session: session}
	secret, sealed := unseal(h.keyring.key, h.user.Factor.Secret)
	if code, ok := recoveryCode(a.Code); ok {
		hash, err := s.recoveryLeft(ctx, h.user.Factor, code)
		switch {
		case err != nil:
			return in, nil, err
		case sealed != nil:
			return Admission{Secret: a.Half, Next: NextEnrol}, registry.DropSecondFactor{Half: h.hash, Used: hash}, nil
		}
		pass.Used, pass.Session.With = hash, withPassword+" and recovery code"
		return in, pass, nil
	}
	if sealed != nil {
		return in, nil, errSealedOff
	}
	step, ok := totpMatch(secret, codeDigits(a.Code), s.now(), h.user.Factor.Step)
	if !ok {
		return in, nil, errCode
	}
	pass.Step = step
	return in, pass, nil
}

// Enrol sets up the second step of somebody who has to have one, and begins the
// session. The key is that of [NewFactorKey]; the code shows that the authenticator
// has it. The recovery codes are told this once.
func (s *Service) Enrol(ctx context.Context, key string, a Step) (in Admission, recovery []string, err error) {
	h, err := s.half(ctx, a.Half)
	if err != nil {
		return in, nil, err
	}
	f, recovery, err := s.newFactor(ctx, h.keyring, key, a.Code)
	if err != nil {
		return in, nil, err
	}
	in, session := s.newSession(&h.user, a.From, a.Agent)
	_, err = s.reg.As(selfAt(&h.user, a.From)).Apply(ctx, registry.Request{},
		registry.PassSecondStep{Half: h.hash, Session: session, Enrol: &f})
	return in, recovery, err
}

// newFactor is a second factor of the key, for which the code is right.
func (s *Service) newFactor(ctx context.Context, k factorKeyring, key, code string) (f fleet.SecondFactor, recovery []string, err error) {
	secret, err := parseFactorKey(key)
	if err != nil {
		return f, nil, err
	}
	step, ok := totpMatch(secret, codeDigits(code), s.now(), 0)
	if !ok {
		return f, nil, errCode
	}
	f = fleet.SecondFactor{Secret: seal(k.key, secret), Salt: k.salt, Step: step}
	recovery, f.Recovery, err = s.newRecoveryCodes(ctx)
	return f, recovery, err
}

// A recovery code is short enough to be typed from paper, so only a slow hash of it is
// kept. An account's codes share a salt: finding one takes one hashing.
const recoveryGroups = 3 // of four: 59 random bits

func (s *Service) newRecoveryCodes(ctx context.Context) (codes []string, hashes [][]byte, err error) {
	salt := make([]byte, saltSize)
	rand.Read(salt) // never fails
	for range recoveryCodes {
		text := readableText(recoveryGroups)
		code, _ := recoveryCode(text)
		hash, err := s.recoveryHash(ctx, salt, code)
		if err != nil {
			return nil, nil, err
		}
		codes, hashes = append(codes, text), append(hashes, hash)
	}
	return codes, hashes, nil
}

// recoveryCode is a code without what makes it readable; ok is false for what cannot be one.
func recoveryCode(text string) (code string, ok bool) {
	code = strings.ToLower(codeDigits(text))
	return code, len(code) == 4*recoveryGroups && strings.Trim(code, readable) == ""
}

// recoveryHash is what is kept of a code: the salt and its hash.
func (s *Service) recoveryHash(ctx context.Context, salt []byte, code string) ([]byte, error) {
	hash, err := s.hasher.derive(ctx, code, salt, factorCost, hashSize)
	return slices.Concat(salt, hash), err
}

// recoveryLeft is what is kept of the code, if it has not been used.
func (s *Service) recoveryLeft(ctx context.Context, f *fleet.SecondFactor, code string) ([]byte, error) {
	if len(f.Recovery) == 0 {
		return nil, errCode
	}
	hash, err := s.recoveryHash(ctx, f.Recovery[0][:saltSize], code)
	if err != nil {
		return nil, err
	}
	if _, left := f.UseRecovery(hash); !left {
		return nil, errCode
	}
	return hash, nil
}

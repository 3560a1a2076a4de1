package browser

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// person is somebody who has an account at the provider.
type person struct {
	subject, email string
	unverified     bool
	domain         string   // the organisation's (claim hd); empty: a private account
	methods        []string // how they signed in there (claim amr)
}

// request is somebody's way to the provider.
type request struct {
	*oidc.AuthRequest
	id, subject string
	methods     []string
	store       *storage
}

// wrong is what the storage does that it should not. Its client is for whom tokens
// are made; nonce is what is in them.
type wrong struct {
	client, nonce string
	key           *signer // signs, whatever is published
}

// unused is what a storage has to have besides. It is nil: a register has no use for
// it, and must not ask for it.
type unused = op.Storage

// storage is what the provider keeps.
type storage struct {
	unused
	client client

	mu       sync.Mutex
	people   []person
	wrong    wrong
	requests map[string]*request
	codes    map[string]issued
	tokens   map[string]string // of the person, by ID
	keys     []*signer         // that are published; the last one signs
}

// issued is a code that was given out.
type issued struct {
	request string
	expires time.Time
}

func newStorage(c client, people []person) *storage {
	return &storage{
		client: c, people: people, requests: map[string]*request{}, codes: map[string]issued{}, tokens: map[string]string{},
		keys: []*signer{newSigner(jose.RS256)},
	}
}

func (s *storage) person(subject string) person {
	for _, p := range s.people {
		if p.subject == subject {
			return p
		}
	}
	return person{}
}

// do changes what is stored.
func (s *storage) do(change func(*storage)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// kept is a copy of what the tests change.
func (s *storage) kept() *storage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &storage{client: s.client, people: append([]person{}, s.people...)}
}

// sign has somebody sign in.
func (s *storage) sign(id, subject string) {
	s.do(func(s *storage) {
		s.requests[id].subject, s.requests[id].methods = subject, s.person(subject).methods
	})
}

// age makes every code older.
func (s *storage) age(by time.Duration) {
	s.do(func(s *storage) {
		for code, i := range s.codes {
			i.expires = i.expires.Add(-by)
			s.codes[code] = i
		}
	})
}

var errNone = errors.New("there is none")

func (s *storage) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	r := &request{AuthRequest: asked, id: rand.Text(), store: s}
	s.do(func(s *storage) { s.requests[r.id] = r })
	return r, nil
}

func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.requests[id]; r != nil {
		return r, nil
	}
	return nil, errNone
}

func (s *storage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	i := s.codes[code]
	s.mu.Unlock()
	if !time.Now().Before(i.expires) {
		return nil, errNone
	}
	return s.AuthRequestByID(ctx, i.request)
}

func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.do(func(s *storage) { s.codes[code] = issued{id, time.Now().Add(codeLife)} })
	return nil
}

func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.do(func(s *storage) { delete(s.requests, id) })
	return nil
}

func (s *storage) CreateAccessToken(_ context.Context, r op.TokenRequest) (id string, expires time.Time, err error) {
	id = rand.Text()
	s.do(func(s *storage) { s.tokens[id] = r.GetSubject() })
	return id, time.Now().Add(time.Hour), nil
}

func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != s.client.id && id != s.wrong.client {
		return nil, errNone
	}
	c := s.client
	if s.wrong.client != "" {
		c.id = s.wrong.client
	}
	return c, nil
}

func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.client.id || secret != s.client.secret {
		return errNone
	}
	return nil
}

func (s *storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil // as the library says: the next one does it
}

func (s *storage) SetUserinfoFromRequest(_ context.Context, u *oidc.UserInfo, r op.IDTokenRequest, scopes []string) error {
	s.describe(u, r.GetSubject(), scopes)
	return nil
}

func (s *storage) SetUserinfoFromToken(_ context.Context, u *oidc.UserInfo, id, _, _ string) error {
	s.mu.Lock()
	subject := s.tokens[id]
	s.mu.Unlock()
	s.describe(u, subject, []string{oidc.ScopeEmail})
	return nil
}

// describe says of somebody what the scopes allow.
func (s *storage) describe(u *oidc.UserInfo, subject string, scopes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.person(subject)
	u.Subject = subject
	for _, scope := range scopes {
		if scope == oidc.ScopeEmail {
			u.Email, u.EmailVerified = p.email, oidc.Bool(!p.unverified)
		}
	}
	if p.domain != "" {
		u.AppendClaims("hd", p.domain)
	}
}

func (s *storage) SigningKey(context.Context) (op.SigningKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wrong.key != nil {
		return s.wrong.key, nil
	}
	return s.keys[len(s.keys)-1], nil
}

func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256, jose.ES256}, nil
}

func (s *storage) KeySet(context.Context) (set []op.Key, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		set = append(set, published{k})
	}
	return set, nil
}

func (r *request) GetID() string          { return r.id }
func (r *request) GetACR() string         { return "" }
func (r *request) GetAMR() []string       { return r.methods }
func (r *request) GetAudience() []string  { return []string{r.GetClientID()} }
func (r *request) GetAuthTime() time.Time { return time.Now() }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}
func (r *request) GetResponseMode() oidc.ResponseMode { return r.ResponseMode }
func (r *request) GetScopes() []string                { return r.Scopes }
func (r *request) GetSubject() string                 { return r.subject }
func (r *request) Done() bool                         { return r.subject != "" }

func (r *request) GetClientID() string {
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	if r.store.wrong.client != "" {
		return r.store.wrong.client
	}
	return r.ClientID
}

func (r *request) GetNonce() string {
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	if r.store.wrong.nonce != "" {
		return r.store.wrong.nonce
	}
	return r.Nonce
}

// signer is a key that signs, and published the half of it that everybody may see.
type (
	signer struct {
		id  string
		alg jose.SignatureAlgorithm
		key crypto.Signer
	}
	published struct{ *signer }
)

func newSigner(alg jose.SignatureAlgorithm) *signer {
	s := &signer{id: rand.Text(), alg: alg}
	var err error
	if alg == jose.ES256 {
		s.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		s.key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		panic(err) // there are such keys
	}
	return s
}

func (s *signer) ID() string                                  { return s.id }
func (s *signer) SignatureAlgorithm() jose.SignatureAlgorithm { return s.alg }
func (s *signer) Key() any                                    { return s.key }
func (p published) Algorithm() jose.SignatureAlgorithm        { return p.alg }
func (p published) Use() string                               { return "sig" }
func (p published) Key() any                                  { return p.key.Public() }

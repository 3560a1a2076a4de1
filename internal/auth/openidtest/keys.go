package openidtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// Kind is a kind of key.
type Kind uint8

// The kinds of key.
const (
	RSA Kind = iota + 1
	EC
)

type key struct {
	id      string
	alg     jose.SignatureAlgorithm
	private crypto.Signer
}

func newKey(kind Kind) key {
	k := key{id: rand.Text(), alg: jose.RS256}
	var err error
	if kind == EC {
		k.alg = jose.ES256
		k.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		k.private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		panic(err) // there are such keys
	}
	return k
}

func (k key) sign(claims any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err) // claims are JSON
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: k.alg, Key: jose.JSONWebKey{Key: k.private, KeyID: k.id}}, nil)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return text
}

// Rotate has the provider sign with a new key from now on. The ones before it stay
// published.
func (p *Provider) Rotate(kind Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append(p.keys, newKey(kind))
}

// Withdraw has the provider publish the newest key only. What it returns signs with
// the one before it.
func (p *Provider) Withdraw() (sign func(claims any) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.keys[len(p.keys)-2]
	p.keys = p.keys[len(p.keys)-1:]
	return old.sign
}

// Stranger signs with a key that was never published, under the present one's name.
func (p *Provider) Stranger(claims any) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := newKey(RSA)
	k.id = p.keys[len(p.keys)-1].id
	return k.sign(claims)
}

// Unsigned is a token with the algorithm none.
func Unsigned(claims any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err) // claims are JSON
	}
	b64 := base64.RawURLEncoding
	return b64.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + b64.EncodeToString(payload) + "."
}

// BySecret signs with what only the client and the provider know, as providers that
// have no keys do: whoever learns the client's secret could do so, too.
func BySecret(claims any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(Secret + Secret)}, nil)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	text, _ := signed.CompactSerialize()
	return text
}

func (p *Provider) publishedKeys(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var set jose.JSONWebKeySet
	for _, k := range p.keys {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.private.Public(), KeyID: k.id, Algorithm: string(k.alg), Use: "sig"})
	}
	send(w, http.StatusOK, set)
}

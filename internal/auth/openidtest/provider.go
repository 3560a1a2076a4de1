package openidtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The client that the provider knows.
const (
	ClientID = "takhti.apps.example"
	Secret   = "a secret of the client"
)

// Person is somebody who has an account at the provider.
type Person struct {
	Subject, Email string
	Unverified     bool
	Domain         string // the organisation's; empty: a private account
}

// Provider is a provider. Its fields are read with each request; tests change them
// between requests.
type Provider struct {
	URL    string // its issuer
	Person Person // who is signed in there
	Now    func() time.Time

	Declines bool                    // the person does not agree to be made known
	Tamper   func(map[string]any)    // changes what a token says
	Sign     func(claims any) string // in place of signing with the present key
	Methods  []string                // how a client may prove itself; nil: says nothing of it
	// Told is what is said of the person to who asks, given what is so; nil: there is
	// nothing to ask, and the token says it.
	Told func(map[string]any)

	broken atomic.Pointer[func(http.ResponseWriter)]

	mu    sync.Mutex
	keys  []key // the last one signs
	codes map[string]grant
	given map[string]Person // by access token
	asked map[string]int    // requests by path
}

// grant is what a code stands for.
type grant struct {
	person              Person
	callback, challenge string
	nonce               string
	expires             time.Time
}

// codeLife is how long a code can be used.
const codeLife = time.Minute

// Break has the provider answer everything so; nil: as it should again. Requests may be
// on their way meanwhile.
func (p *Provider) Break(answer func(http.ResponseWriter)) {
	if answer == nil {
		p.broken.Store(nil)
		return
	}
	p.broken.Store(&answer)
}

// Start serves a provider until the test ends.
func Start(t testing.TB) *Provider {
	p := &Provider{
		Person: Person{Subject: "110169484474386276334", Email: "amna@school.edu.pk", Domain: "school.edu.pk"},
		Now:    time.Now, codes: map[string]grant{}, given: map[string]Person{}, asked: map[string]int{},
	}
	p.Rotate(RSA)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.configuration)
	mux.HandleFunc("GET /keys", p.publishedKeys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /told", p.tell)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked[r.URL.Path]++
		p.mu.Unlock()
		if answer := p.broken.Load(); answer != nil {
			(*answer)(w)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Asked is how many requests came to the path.
func (p *Provider) Asked(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

func (p *Provider) configuration(w http.ResponseWriter, _ *http.Request) {
	answer := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256"}, "code_challenge_methods_supported": []string{"S256"},
	}
	if p.Told != nil {
		answer["userinfo_endpoint"] = p.URL + "/told"
	}
	if p.Methods != nil {
		answer["token_endpoint_auth_methods_supported"] = p.Methods
	}
	send(w, http.StatusOK, answer)
}

// authorize sends the person back with a code, or without.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	callback, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || callback.Host == "" || q.Get("client_id") != ClientID {
		http.Error(w, "unknown client", http.StatusBadRequest) // nobody is sent anywhere
		return
	}
	back := url.Values{"state": {q.Get("state")}, "iss": {p.URL}}
	switch {
	case q.Get("response_type") != "code" || !slices.Contains(strings.Fields(q.Get("scope")), "openid"),
		q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		back.Set("error", "invalid_request")
	case p.Declines:
		back.Set("error", "access_denied")
	default:
		back.Set("code", p.code(grant{
			person: p.Person, callback: q.Get("redirect_uri"), challenge: q.Get("code_challenge"), nonce: q.Get("nonce"), expires: p.Now().Add(codeLife),
		}))
	}
	callback.RawQuery = back.Encode()
	http.Redirect(w, r, callback.String(), http.StatusFound)
}

func (p *Provider) code(g grant) string {
	code := rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = g
	return code
}

// token gives an ID token for a code.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != ClientID || secret != Secret || p.Methods != nil && basic != slices.Contains(p.Methods, "client_secret_basic") {
		send(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	p.mu.Lock()
	g, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	proof := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("redirect_uri") != g.callback ||
		base64.RawURLEncoding.EncodeToString(proof[:]) != g.challenge || !p.Now().Before(g.expires) {
		send(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	access := rand.Text()
	p.mu.Lock()
	p.given[access] = g.person
	p.mu.Unlock()
	send(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": 3600, "id_token": p.idToken(g),
	})
}

// idToken says who the person is.
func (p *Provider) idToken(g grant) string {
	claims := map[string]any{
		"iss": p.URL, "aud": ClientID, "azp": ClientID, "sub": g.person.Subject,
		"nonce": g.nonce, "iat": p.Now().Unix(), "exp": p.Now().Add(time.Hour).Unix(),
	}
	if p.Told == nil {
		maps.Copy(claims, g.person.claims())
	}
	if p.Tamper != nil {
		p.Tamper(claims)
	}
	if p.Sign != nil {
		return p.Sign(claims)
	}
	p.mu.Lock()
	signer := p.keys[len(p.keys)-1]
	p.mu.Unlock()
	return signer.sign(claims)
}

// claims are what is so about the person.
func (p Person) claims() map[string]any {
	claims := map[string]any{"sub": p.Subject, "email": p.Email, "email_verified": !p.Unverified}
	if p.Domain != "" {
		claims["hd"] = p.Domain
	}
	return claims
}

// tell says of the person whose access token is shown what the ID token does not.
func (p *Provider) tell(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	p.mu.Lock()
	person, ok := p.given[token]
	p.mu.Unlock()
	if !ok {
		send(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
		return
	}
	claims := person.claims()
	p.Told(claims)
	send(w, http.StatusOK, claims)
}

func send(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

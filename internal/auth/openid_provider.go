package auth

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Bounds on what asking the provider may take.
const (
	askTime    = 10 * time.Second // each request
	askSize    = 1 << 20          // each answer
	askAtOnce  = 16               // sign-ins
	factsLife  = time.Hour        // how long its addresses and keys are believed
	failedLife = 5 * time.Second  // how long it is left alone after it did not answer
)

// provider is an OpenID Connect provider as this register asks it.
type provider struct {
	OpenID
	now    func() time.Time
	log    *slog.Logger
	client *http.Client
	slots  chan struct{}

	mu    sync.Mutex
	known *facts
	asked time.Time // when known was learned, or the attempt failed with
	err   error
}

// facts are what the provider says of itself.
type facts struct {
	*oidc.Provider
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
}

func newProvider(o OpenID, now func() time.Time, log *slog.Logger) *provider {
	transport := o.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &provider{
		OpenID: o, now: now, log: log, slots: make(chan struct{}, askAtOnce),
		client: &http.Client{
			Timeout: askTime, Transport: bounded{transport},
			// What is asked for is where the provider says that it is.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// bounded cuts answers off.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, askSize)
	}
	return resp, err
}

// facts learns what the provider says of itself, now and then.
func (p *provider) facts(ctx context.Context) (*facts, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	life := factsLife
	if p.err != nil {
		life = failedLife
	}
	if p.asked.IsZero() || p.now().Sub(p.asked) >= life {
		p.known, p.err = p.learn(ctx)
		p.asked = p.now()
	}
	return p.known, p.err
}

// learn reads the provider's configuration. Whoever asks first must not end it for
// all by leaving.
func (p *provider) learn(ctx context.Context) (*facts, error) {
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), p.client)
	found, err := oidc.NewProvider(ctx, p.issuer())
	if err != nil {
		return nil, err
	}
	var more struct {
		Keys    string   `json:"jwks_uri"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, err
	}
	at := found.Endpoint()
	for _, address := range []string{at.AuthURL, at.TokenURL, more.Keys, cmp.Or(found.UserInfoEndpoint(), at.TokenURL)} {
		if !trustworthy(address) {
			return nil, fmt.Errorf("the provider names an address that is not safe: %q", address)
		}
	}
	at.AuthStyle = oauth2.AuthStyleInHeader // what the standard says where the provider says nothing
	if len(more.Methods) > 0 && !slices.Contains(more.Methods, "client_secret_basic") {
		at.AuthStyle = oauth2.AuthStyleInParams
	}
	return &facts{
		Provider: found,
		oauth: oauth2.Config{
			ClientID: p.ClientID, ClientSecret: string(p.Secret), Endpoint: at, RedirectURL: p.Callback, Scopes: []string{oidc.ScopeOpenID, "email"},
		},
		verifier: found.VerifierContext(ctx, &oidc.Config{
			ClientID: p.ClientID, Now: p.now, SupportedSigningAlgs: []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA},
		}),
	}, nil
}

// send is the address at the provider to send somebody to.
func (p *provider) send(ctx context.Context, a away) (string, error) {
	known, err := p.facts(ctx)
	if err != nil {
		return "", p.failed(ctx, err)
	}
	return known.oauth.AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier),
		oauth2.SetAuthURLParam("prompt", "select_account")), nil
}

// redeem finds out who came back with the code, and whether a second step was passed.
func (p *provider) redeem(ctx context.Context, code string, a away) (i fleet.Identity, stepped bool, err error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return i, false, ctx.Err()
	}
	known, err := p.facts(ctx)
	if err != nil {
		return i, false, p.failed(ctx, err)
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := known.oauth.Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return i, false, p.failed(ctx, err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := known.verifier.Verify(ctx, raw)
	if err != nil {
		return i, false, p.refused(ctx, err)
	}
	c, err := p.check(ctx, token, a)
	if err == nil && c.Email == "" && known.UserInfoEndpoint() != "" {
		err = p.ask(ctx, known, tokens, &c)
	}
	if err != nil {
		return i, false, err
	}
	return p.identify(ctx, c)
}

// claims are what an ID token says beside what oidc reads of it.
type claims struct {
	Subject  string   `json:"sub"`
	Email    string   `json:"email"`
	Verified bool     `json:"email_verified"`
	Domain   string   `json:"hd"`
	For      string   `json:"azp"`
	Methods  []string `json:"amr"`
}

// check reads a token that is signed by the provider, for this client, and in time.
func (p *provider) check(ctx context.Context, token *oidc.IDToken, a away) (c claims, err error) {
	switch err := token.Claims(&c); {
	case err != nil:
		return c, p.refused(ctx, err)
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(a.Nonce)) != 1:
		return c, p.refused(ctx, errors.New("the token was made for another sign-in"))
	case c.For != "" && c.For != p.ClientID, c.For == "" && len(token.Audience) > 1:
		return c, p.refused(ctx, errors.New("the token was made for another client"))
	}
	return c, nil
}

// ask learns the address of the account, and whose it is. The standard leaves it to
// the provider whether the token says so at once, as Google's do.
func (p *provider) ask(ctx context.Context, known *facts, tokens *oauth2.Token, c *claims) error {
	told, err := known.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return p.failed(ctx, err)
	}
	var more struct {
		Domain string `json:"hd"`
	}
	switch err := told.Claims(&more); {
	case err != nil:
		return p.refused(ctx, err)
	case told.Subject != c.Subject:
		return p.refused(ctx, errors.New("what was told is of another account"))
	}
	c.Email, c.Verified, c.Domain = told.Email, told.EmailVerified, cmp.Or(c.Domain, more.Domain)
	return nil
}

// identify is the account that the claims are of, if it is one that is taken.
func (p *provider) identify(ctx context.Context, c claims) (i fleet.Identity, stepped bool, err error) {
	switch {
	case !c.Verified || c.Email == "":
		return i, false, errEmail
	case !p.takes(c.Domain):
		return i, false, errDomain
	}
	i = fleet.Identity{Issuer: p.issuer(), Subject: c.Subject, Email: c.Email}
	if err := i.Check(); err != nil {
		return i, false, p.refused(ctx, err)
	}
	return i, p.TwoSteps || slices.Contains(c.Methods, "mfa"), nil
}

// failed tells apart what somebody can mend by beginning again, and what only the
// operator or time can, who finds it in the log.
func (p *provider) failed(ctx context.Context, err error) error {
	answer, ok := errors.AsType[*oauth2.RetrieveError](err)
	if ok && answer.ErrorCode == "invalid_grant" { // the code was used, or has expired
		return errAgain
	}
	why := err.Error()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case ok: // what it sent with that may be anything
		why = fmt.Sprintf("it answered %d %s", answer.Response.StatusCode, answer.ErrorCode)
	}
	const enough = 500
	p.log.ErrorContext(ctx, "the sign-in provider failed", slog.String("issuer", p.issuer()), slog.String("error", why[:min(len(why), enough)]))
	return errDown
}

// refused says in the log why, which whoever came is not told.
func (p *provider) refused(ctx context.Context, why error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	p.log.WarnContext(ctx, "a sign-in by the provider was refused", slog.String("issuer", p.issuer()), slog.String("error", why.Error()))
	return errRefused
}

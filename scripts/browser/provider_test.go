package browser

import (
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// provider is a provider of OpenID Connect that others wrote, over a storage that can
// be told to do wrong. It is at localhost and the register at 127.0.0.1, so that to
// the browser they are two sites.
type provider struct {
	*storage
	*op.Provider
	issuer string

	mu    sync.Mutex
	holds bool   // shows where people would be sent back to, in place of sending them
	query string // what somebody was last sent here with
	sent  string // and back to
}

func newProvider(t *testing.T, c client, people ...person) *provider {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{storage: newStorage(c, people), issuer: fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port)}
	config := &op.Config{CodeMethodS256: true, SupportedScopes: []string{oidc.ScopeOpenID, oidc.ScopeEmail}}
	p.Provider, err = op.NewProvider(config, p.storage, op.StaticIssuer(p.issuer), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.choose)
	mux.HandleFunc("POST /login", p.chosen)
	mux.Handle("/", p)
	server := httptest.NewUnstartedServer(mux)
	server.Listener.Close()
	server.Listener = l
	server.Start()
	t.Cleanup(server.Close)
	return p
}

// choose is the page on which people say who they are.
func (p *provider) choose(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>School ID</title>`+
		`<body><h1>Choose an account</h1><form method="post" action="/login"><input type="hidden" name="id" value="%s">`, html.EscapeString(r.FormValue("id")))
	for _, who := range p.kept().people {
		fmt.Fprintf(w, `<p><button name="who" value="%s">%s</button>`, who.subject, who.email)
	}
	io.WriteString(w, `<p><button name="who" value="">Cancel</button></form>`)
}

func (p *provider) chosen(w http.ResponseWriter, r *http.Request) {
	ctx := op.ContextWithIssuer(r.Context(), p.issuer)
	asked, err := p.AuthRequestByID(ctx, r.FormValue("id"))
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case r.FormValue("who") == "":
		op.AuthRequestError(w, r, asked, oidc.ErrAccessDenied(), p.Provider)
	default:
		p.sign(r.FormValue("id"), r.FormValue("who"))
		http.Redirect(w, r, op.AuthCallbackURL(p.Provider)(ctx, r.FormValue("id")), http.StatusFound)
	}
}

// ServeHTTP serves what the library does, and remembers where it sends people back to.
func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	p.Provider.ServeHTTP(rec, r)
	to := rec.Header().Get("Location")
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.URL.Path == p.AuthorizationEndpoint().Relative() {
		p.query = r.URL.RawQuery
	}
	if back := strings.HasPrefix(to, p.client.callback); back {
		p.sent = to
		if p.holds {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><title>School ID</title><p>You are signed in.<p><a href="%s">Go on</a>`, html.EscapeString(to))
			return
		}
	}
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(rec.Code)
	_, _ = rec.Body.WriteTo(w)
}

// hold has the provider hold people up on their way back, or not.
func (p *provider) hold(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holds = yes
}

// asked is what somebody was last sent here with.
func (p *provider) asked() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return "?" + p.query
}

// back is where somebody was last sent back to.
func (p *provider) back() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent
}

// codeLife is how long a code can be used.
const codeLife = time.Minute

// client is what the provider knows of the register.
type client struct {
	id, secret, callback string
	life                 time.Duration // of an ID token
	tokenSaysWho         bool          // the ID token has the e-mail address, and not only /userinfo
}

func (c client) GetID() string                       { return c.id }
func (c client) RedirectURIs() []string              { return []string{c.callback} }
func (c client) PostLogoutRedirectURIs() []string    { return nil }
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (c client) GrantTypes() []oidc.GrantType { return []oidc.GrantType{oidc.GrantTypeCode} }

func (c client) LoginURL(id string) string { return "/login?id=" + id }

func (c client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration       { return c.life }
func (c client) DevMode() bool                        { return false }
func (c client) IsScopeAllowed(string) bool           { return false }
func (c client) IDTokenUserinfoClaimsAssertion() bool { return c.tokenSaysWho }
func (c client) ClockSkew() time.Duration             { return 0 }
func asTheyAre(scopes []string) []string              { return scopes }

//lint:ignore ST1003 the library calls it so
func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return asTheyAre }
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return asTheyAre }

var _ op.Client = client{}

package takhti

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client talks to one server with one token.
type Client struct {
	base  string // without a slash at its end
	token string
	agent string
	http  *http.Client
	tries int
	sleep func(context.Context, time.Duration) error
}

// Option alters a client as it is made.
type Option func(*Client)

// WithHTTPClient makes the client send through h, for a proxy or a private
// certificate. It should have no Timeout: contexts bound each call.
func WithHTTPClient(h *http.Client) Option { return func(c *Client) { c.http = h } }

// WithUserAgent names the calling program to the server.
func WithUserAgent(name string) Option { return func(c *Client) { c.agent = name } }

// WithTries says how often a call is sent at most, the first time included; the
// usual number is 4, and 1 means never to repeat one.
func WithTries(n int) Option { return func(c *Client) { c.tries = max(n, 1) } }

// WithSleep has the client wait between tries with a function of the caller's, for
// tests and other clocks than the computer's. It returns early, with an error, when
// the context ends.
func WithSleep(wait func(context.Context, time.Duration) error) Option {
	return func(c *Client) { c.sleep = wait }
}

// New is a client of the server at baseURL, such as https://takhti.example.pk.
func New(baseURL, token string, options ...Option) (*Client, error) {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the address of a server: write it as https://takhti.example.pk", baseURL)
	}
	u.RawQuery, u.Fragment = "", ""
	c := &Client{
		base: strings.TrimRight(u.String(), "/"), token: token, agent: "takhti-go",
		http: &http.Client{}, tries: usualTries, sleep: sleep,
	}
	for _, o := range options {
		o(c)
	}
	return c, nil
}

type keyOfContext struct{}

// WithKey gives the writes made with the context an Idempotency-Key of the
// caller's own. A write that is repeated under its key, by whichever program,
// happens once and gets the first answer again; another write under the same key
// is refused.
func WithKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyOfContext{}, key)
}

type confirmationOfContext struct{}

// Confirmed lets the writes made with the context keep a text that was refused with
// the code text.personal, because it seems to hold a CNIC or a telephone number.
func Confirmed(ctx context.Context) context.Context {
	return context.WithValue(ctx, confirmationOfContext{}, true)
}

func keyFor(ctx context.Context) string {
	if key, ok := ctx.Value(keyOfContext{}).(string); ok && key != "" {
		return key
	}
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// call is one request to the API.
type call struct {
	method string
	path   string // below /api/v1, escaped: see at
	query  url.Values
	header http.Header
	body   body
}

// body makes the content of a request anew for each time it is sent.
type body interface {
	open() (r io.Reader, size int64, err error)
	contentType() string
	repeatable() bool // open can be called again
}

// at joins the parts of a path and escapes each.
func at(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(p))
	}
	return b.String()
}

// get reads what is at a path.
func get[T any](ctx context.Context, c *Client, path string, query url.Values) (result T, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: path, query: query}, &result)
	return result, err
}

// post sends content, nil for none, and reads the answer.
func post[T any](ctx context.Context, c *Client, path string, content any) (result T, err error) {
	b, err := bodyOf(content)
	if err != nil {
		return result, err
	}
	err = c.do(ctx, call{method: http.MethodPost, path: path, body: b}, &result)
	return result, err
}

// tell sends content, nil for none, to where the answer is empty.
func (c *Client) tell(ctx context.Context, path string, content any) error {
	b, err := bodyOf(content)
	if err != nil {
		return err
	}
	return c.do(ctx, call{method: http.MethodPost, path: path, body: b}, nil)
}

// bodyOf is content as JSON, nil for none.
func bodyOf(content any) (body, error) {
	if content == nil {
		return nil, nil
	}
	return asJSON(content)
}

// do sends the call and reads the answer into result, unless that is nil.
func (c *Client) do(ctx context.Context, q call, result any) error {
	resp, err := c.send(ctx, q)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if result == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(result); err != nil {
		return fmt.Errorf("reading the answer to %s %s: %w", q.method, q.path, err)
	}
	return nil
}

// request makes the HTTP request of a call.
func (c *Client) request(ctx context.Context, q call, key string) (*http.Request, error) {
	address := c.base + "/api/v1" + q.path
	if len(q.query) > 0 {
		address += "?" + q.query.Encode()
	}
	var content io.Reader
	size := int64(0)
	if q.body != nil {
		var err error
		if content, size, err = q.body.open(); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, q.method, address, content)
	if err != nil {
		return nil, err
	}
	for name, values := range q.header {
		req.Header[name] = values
	}
	req.ContentLength = size
	if q.body != nil {
		req.Header.Set("Content-Type", q.body.contentType())
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
		if ctx.Value(confirmationOfContext{}) != nil {
			req.Header.Set("Personal-Confirmed", "true")
		}
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("User-Agent", c.agent)
	return req, nil
}

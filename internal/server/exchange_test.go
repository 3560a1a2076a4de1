package server

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

func TestExchanges(t *testing.T) {
	cases := []struct {
		what, request string
		wants         []string
	}{
		{"a page", "GET /hello", []string{"200\n", "\nhello  by "}},
		{"every answer is protected", "GET /hello", []string{
			"200\n",
			"Content-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'\n",
			"X-Content-Type-Options: nosniff\n", "Referrer-Policy: same-origin\n", "Cross-Origin-Opener-Policy: same-origin\n",
			"Cross-Origin-Resource-Policy: same-origin\n", "Permissions-Policy: camera=()", "Cache-Control: no-store\n",
			"!Server:", "!X-Powered-By", "!Access-Control-", "!Strict-Transport-Security",
		}},
		{"an address that is not there", "GET /nothing", []string{
			"404\n", "Content-Type: application/problem+json", "X-Content-Type-Options: nosniff", `"code":"route.not_found"`, `"detail":"there is nothing at this address"`,
		}},
		{"a method that is not there", "DELETE /hello", []string{"405\n", "Allow: GET\n", `"code":"route.method"`, "this method is not possible"}},
		{"a made-up method", "BREW /hello", []string{"405\n", "this method is not possible", "!BREW"}},
		{"a mirror is not there", "TRACE /hello\nX-Secret: mirrored", []string{"405\n", "!mirrored"}},
		{"nobody is asked over from another site", "OPTIONS /hello\nOrigin: https://evil.example\nAccess-Control-Request-Method: POST", []string{"40", "!Access-Control-"}},
		{"HEAD is GET without the body", "HEAD /hello", []string{"200\n", "Content-Type: text/plain", "!hello"}},
		{"HEAD of nothing", "HEAD /nothing", []string{"404\n", "!detail"}},
		{"a slash too many is another address", "GET /hello/", []string{"404\n", "!Location"}},
		{"a parameter", "GET /devices/AAA%2F001", []string{"200\n", "\nAAA/001"}},

		{"a request ID is kept", "GET /hello\nX-Request-Id: order-66.b_7", []string{"200\n", "X-Request-Id: order-66.b_7\n"}},
		{"a request ID is named in a problem", "GET /nothing\nX-Request-Id: order-66", []string{"404\n", `"requestId":"order-66"`}},
		{"an odd request ID is not", "GET /hello\nX-Request-Id: <script>", []string{"200\n", "X-Request-Id: ", "!<script>"}},
		{"a long request ID is not", "GET /hello\nX-Request-Id: " + strings.Repeat("9", 65), []string{"200\n", "!99999"}},

		{"a forwarded address is not believed", "GET /ip\nX-Forwarded-For: 6.6.6.6\nX-Real-Ip: 6.6.6.6\nForwarded: for=6.6.6.6", []string{"200\n", "\n192.0.2.7"}},

		{"a megabyte", "POST /echo\n\n" + strings.Repeat("x", 1<<20), []string{"200\n", "got 1048576 bytes"}},
		{"more than a megabyte", "POST /echo\n\n" + strings.Repeat("x", 1<<20+1), []string{"413\n", "application/problem+json", `"code":"body.too_large"`, "at most 1 MB"}},
		{"more than a megabyte, unannounced", "POST /echo\nTransfer-Encoding: chunked\n\n" + chunks(1<<20+1), []string{"400\n", "cannot read: http: request body too large"}},
		{"more where it is allowed", "POST /big\n\n" + strings.Repeat("x", 2<<20), []string{"200\n", "got 2097152 bytes"}},
		{"too much even there", "POST /big\n\n" + strings.Repeat("x", 2<<20+1), []string{"413\n", "at most 2 MB"}},
		{"a body for nobody", "POST /nothing\n\nhello", []string{"404\n"}},
		{"a large body for nobody", "POST /nothing\n\n" + strings.Repeat("x", 3<<20), []string{"413\n"}},
		{"more headers than fit", "GET /hello\nX-Long: " + strings.Repeat("x", 32<<10), []string{"431\n"}},
	}
	inHouse(t, Options{BodyLimits: map[string]int64{"POST /big": 2 << 20}}, func(h *house) {
		for _, c := range cases {
			expect(h.t, c.what, h.ask(c.request), c.wants...)
		}
	})
}

// chunks is a body of n bytes, a multiple of 32 KB and one more, that does not
// announce its length.
func chunks(n int) string {
	const size = 1 << 15
	piece := "8000\r\n" + strings.Repeat("x", size) + "\r\n"
	return strings.Repeat(piece, n/size) + "1\r\nx\r\n0\r\n\r\n"
}

func TestForgedRequestsAreRefused(t *testing.T) {
	cases := []struct {
		what, headers string
		post, get     string
	}{
		{"a program, or an old browser on this site", "", "200\n", "200\n"},
		{"a form of this site", "Sec-Fetch-Site: same-origin\nOrigin: http://takhti.lan", "200\n", "200\n"},
		{"an address typed or a bookmark", "Sec-Fetch-Site: none", "200\n", "200\n"},
		{"another site", "Sec-Fetch-Site: cross-site\nOrigin: https://evil.example", "403\n", "200\n"},
		{"another host of the same owner", "Sec-Fetch-Site: same-site\nOrigin: http://other.lan", "403\n", "200\n"},
		{"an old browser on this site, with its origin", "Origin: http://takhti.lan", "200\n", "200\n"},
		{"an old browser on another site", "Origin: https://evil.example", "403\n", "200\n"},
		{"a page without an origin", "Origin: null", "403\n", "200\n"},
	}
	inHouse(t, Options{}, func(h *house) {
		done := 0
		h.Engine().POST("/hello", func(c *gin.Context) {
			done++
			c.String(http.StatusOK, "done")
		})
		for _, c := range cases {
			before := done
			post := h.ask("POST /hello\n" + c.headers + "\n\nx")
			expect(h.t, c.what, post, c.post)
			if c.post == "403\n" {
				expect(h.t, c.what, post, "403\n", `"code":"request.forged"`, "!done")
			}
			if carriedOut := done > before; carriedOut != (c.post == "200\n") {
				t.Errorf("%s: carried out: %v", c.what, carriedOut)
			}
			expect(h.t, c.what+" reading", h.ask(strings.TrimSpace("GET /hello\n"+c.headers)), c.get)
		}
		token := h.user("asma")
		expect(h.t, "a program within a browser that has a token",
			h.ask("POST /hello\nOrigin: https://tool.example\nAuthorization: Bearer "+token+"\n\nx"), "200\n", "done")
		expect(h.t, "a made-up token does not help a forger",
			h.ask("POST /hello\nSec-Fetch-Site: cross-site\nAuthorization: Bearer x\n\nx"), "401\n", "!done")
	})
}

func TestWhoIsAsking(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		token := h.user("asma")
		h.user("bilal")
		other := h.revokedToken()
		in, err := h.auth.SignIn(h.t.Context(), auth.Credentials{Name: "bilal", Password: "mango tree by the canal"})
		if err != nil {
			h.t.Fatal(err)
		}
		cases := []struct {
			what, headers string
			wants         []string
		}{
			{"nobody", "Accept: */*", []string{"200\n", "hello  by "}},
			{"a token", "Authorization: Bearer " + token, []string{"200\n", "hello asma by api"}},
			{"a token, written otherwise", "Authorization: bearer  " + token, []string{"200\n", "hello asma by api"}},
			{"a session", "Cookie: takhti_session=" + in.Secret, []string{"200\n", "hello bilal by web"}},
			{"both: the token counts", "Cookie: takhti_session=" + in.Secret + "\nAuthorization: Bearer " + token, []string{"200\n", "hello asma by api"}},
			{"a session that is none", "Cookie: takhti_session=made-up", []string{"200\n", "hello  by "}},
			{"a token as a session", "Cookie: takhti_session=" + token, []string{"200\n", "hello  by "}},
			{"a session of TLS on a plain line", "Cookie: __Host-takhti_session=" + in.Secret, []string{"200\n", "hello  by "}},
			{"a token that is none", "Authorization: Bearer made-up", []string{"401\n", "Www-Authenticate: Bearer", "application/problem+json", `"code":"auth.token"`}},
			{"a bad token next to a good session", "Cookie: takhti_session=" + in.Secret + "\nAuthorization: Bearer made-up", []string{"401\n"}},
			{"an empty token", "Authorization: Bearer ", []string{"200\n", "hello  by "}},
			{"a token as a password", "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("anybody:"+token)), []string{"200\n", "hello asma by api"}},
			{"a made-up token as a password", "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("x:"+other)), []string{"401\n", "Www-Authenticate: Bearer realm=\"takhti\", Basic realm=\"takhti\""}},
			{"the same from a page", "Sec-Fetch-Site: same-origin\nAuthorization: Basic " + base64.StdEncoding.EncodeToString([]byte("x:"+other)), []string{"401\n", "Www-Authenticate: Bearer realm=\"takhti\"\n", "!Basic"}},
			{"another scheme is not ours", "Authorization: Basic YTpi", []string{"200\n", "hello  by "}},
		}
		for _, c := range cases {
			expect(h.t, c.what, h.ask("GET /hello\n"+c.headers), c.wants...)
		}
		// Who has asked before is still known; these two have not.
		token = h.user("chaudhry")
		in, err = h.auth.SignIn(h.t.Context(), auth.Credentials{Name: "bilal", Password: "mango tree by the canal"})
		if err != nil {
			h.t.Fatal(err)
		}
		if err := h.reg.Close(); err != nil {
			h.t.Fatal(err)
		}
		for _, headers := range []string{"Authorization: Bearer " + token, "Cookie: takhti_session=" + in.Secret} {
			expect(h.t, "a register that cannot be read", h.ask("GET /hello\n"+headers), "503\n", `"code":"unavailable"`, "!closed")
		}
		if !strings.Contains(h.log.String(), "the store is closed") {
			h.t.Error("the log does not say why the register cannot be read")
		}
	})
}

func TestEdgesAnswerInTheirOwnForm(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		in := func(form string) Answer {
			return func(c *gin.Context, status int, code, message string) {
				c.String(status, "%s: %s: %s", form, code, message)
			}
		}
		h.Answer("/", in("page"))
		h.Answer("/api/", in("problem"))
		expect(h.t, "a page", h.ask("GET /nothing"), "404\n", "page: route.not_found: there is nothing")
		expect(h.t, "the API", h.ask("GET /api/nothing"), "404\n", "problem: route.not_found")
		expect(h.t, "a forged form", h.ask("POST /echo\nSec-Fetch-Site: cross-site\n\nx"), "403\n", "page: request.forged")
		expect(h.t, "a bad token", h.ask("GET /api/nothing\nAuthorization: Bearer x"), "401\n", "problem: auth.token")
	})
}

package server

import (
	"testing"

	"github.com/gin-gonic/gin"
)

func TestBehindAProxyTheClientIsWhomItPassesOnFor(t *testing.T) {
	inHouse(t, Options{PublicURL: "https://takhti.example"}, func(h *house) {
		h.Engine().GET("/from", func(c *gin.Context) { c.String(200, "from "+c.Request.RemoteAddr) })
		for _, c := range []struct{ what, peer, header, want string }{
			{"nothing passed on", "127.0.0.1:4711", "", "from 127.0.0.1:4711"},
			{"passed on", "127.0.0.1:4711", "X-Forwarded-For: 203.0.113.9", "from 203.0.113.9:0"},
			{"passed on over IPv6", "[::1]:4711", "X-Forwarded-For: 2001:db8::7", "from [2001:db8::7]:0"},
			{"what the client wrote itself", "127.0.0.1:4711", "X-Forwarded-For: 198.51.100.1, 203.0.113.9", "from 203.0.113.9:0"},
			{"what the client wrote on a line of its own", "127.0.0.1:4711", "X-Forwarded-For: 198.51.100.1\nX-Forwarded-For: 203.0.113.9", "from 203.0.113.9:0"},
			{"nonsense", "127.0.0.1:4711", "X-Forwarded-For: unknown", "from 127.0.0.1:4711"},
			{"from elsewhere", "192.0.2.7:4711", "X-Forwarded-For: 203.0.113.9", "from 192.0.2.7:4711"},
		} {
			request := "GET /from"
			if c.header != "" {
				request += "\n" + c.header
			}
			expect(t, c.what, h.askFrom(c.peer, request), "200\n", c.want)
		}
		expect(t, "metrics for somebody else", h.askFrom("127.0.0.1:4711", "GET /metrics\nX-Forwarded-For: 127.0.0.1"), "404\n")
		expect(t, "a form of our own pages", h.ask("POST /echo\nOrigin: https://takhti.example\nHost: inside:8080\n\nx"), "200\n")
		expect(t, "a form of another site", h.ask("POST /echo\nOrigin: https://other.example\nHost: inside:8080\n\nx"), "403\n")
	})
	inHouse(t, Options{}, func(h *house) {
		h.Engine().GET("/from", func(c *gin.Context) { c.String(200, "from "+c.Request.RemoteAddr) })
		expect(t, "no proxy is spoken of", h.askFrom("127.0.0.1:4711", "GET /from\nX-Forwarded-For: 203.0.113.9"), "200\n", "from 127.0.0.1:4711")
	})
}

// The web server in front does TLS: browsers are to come by it and no other way.
func TestBehindTLSBrowsersAreToldToStayWithIt(t *testing.T) {
	const lasting = "Strict-Transport-Security: max-age=63072000; includeSubDomains\n"
	inHouse(t, Options{PublicURL: "https://takhti.example.pk"}, func(h *house) {
		expect(t, "a page", h.ask("GET /hello"), "200\n", lasting)
		expect(t, "an address that is not there", h.ask("GET /nothing"), "404\n", lasting)
		expect(t, "a probe", h.askFrom("127.0.0.1:5000", "GET /livez"), "200\n", lasting)
	})
	inHouse(t, Options{PublicURL: "http://takhti.lan"}, func(h *house) {
		expect(t, "a page without TLS", h.ask("GET /hello"), "200\n", "!Strict-Transport-Security")
	})
}

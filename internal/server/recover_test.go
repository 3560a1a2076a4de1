package server

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
)

func TestPanics(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		e := h.Engine()
		e.GET("/panic", func(c *gin.Context) {
			c.Header("Content-Disposition", "attachment")
			c.SetCookie("half", "done", 0, "/", "", false, true)
			panic(errors.New("a secret of the inside"))
		})
		e.GET("/panic-held-back", func(c *gin.Context) {
			c.String(http.StatusOK, "half a page that is shorter than what is compressed")
			panic("held back")
		})
		half := func(c *gin.Context) {
			c.Header("Content-Type", "text/csv")
			c.Writer.WriteString(strings.Repeat("half a list\n", 10_000))
			panic("half way")
		}
		e.GET("/panic-half-way", half)
		e.GET("/cut", func(c *gin.Context) {
			c.Writer.WriteString("half")
			panic(http.ErrAbortHandler)
		})

		expect(t, "a panic", h.ask("GET /panic\nX-Request-Id: call-7"), "500\n",
			"X-Request-Id: call-7", "Content-Security-Policy: ", "application/problem+json", `"code":"internal"`, "the request's number, call-7",
			"!secret", "!goroutine", "!.go:", "!Content-Disposition", "!Set-Cookie")
		log := h.log.String()
		for _, want := range []string{`"msg":"panic"`, `"route":"/panic"`, `"request":"call-7"`, `"panic":"a secret of the inside"`, "recover_test.go:", `"status":500`} {
			if !strings.Contains(log, want) {
				t.Errorf("no %s in the log:\n%s", want, log)
			}
		}
		expect(t, "a panic after the beginning", h.ask("GET /panic-held-back\nAccept-Encoding: gzip"), "500\n", `"code":"internal"`, "!half a page", "!Content-Encoding")
		expect(t, "a panic half way", h.ask("GET /panic-half-way"), "200\n", "cut off: unexpected EOF")
		expect(t, "a panic half way, compressed", h.ask("GET /panic-half-way\nAccept-Encoding: gzip"), "no answer")
		expect(t, "a handler that cuts the connection", h.ask("GET /cut"), "no answer")
		expect(t, "the next request", h.ask("GET /hello"), "200\n")
		if n := strings.Count(h.log.String(), `"msg":"panic"`); n != 4 {
			t.Errorf("%d panics in the log, want 4", n)
		}
	})
}

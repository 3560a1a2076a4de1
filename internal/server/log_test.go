package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

func TestEveryRequestIsLogged(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		h.Engine().GET("/slow", func(c *gin.Context) {
			time.Sleep(1234567 * time.Microsecond)
			c.String(http.StatusOK, "slow")
		})
		token := h.user("asma")
		cases := []struct{ request, want string }{
			{"GET /devices/AAA001\nX-Request-Id: r1", `"level":"INFO","msg":"request","method":"GET","route":"/devices/:serial","status":200,"bytes":6,"ms":0,"request":"r1","user":""}`},
			{"GET /hello\nX-Request-Id: r2\nAuthorization: Bearer " + token, `"level":"INFO","msg":"request","method":"GET","route":"/hello","status":200,"bytes":17,"ms":0,"request":"r2","user":"asma"}`},
			{"GET /nothing/AAA001\nX-Request-Id: r3", `"level":"INFO","msg":"request","method":"GET","route":"","status":404,"bytes":168,"ms":0,"request":"r3","user":"","code":"route.not_found"}`},
			{"POST /echo\nX-Request-Id: r4\nSec-Fetch-Site: cross-site\n\nx", `"route":"/echo","status":403,`},
			{"GET /hello\nX-Request-Id: r6\nAuthorization: Bearer takhti_x", `"status":401,`},
			{"GET /slow\nX-Request-Id: r5", `"route":"/slow","status":200,"bytes":4,"ms":1234.567,"request":"r5"`},
		}
		for _, c := range cases {
			before := len(h.log.String())
			h.ask(c.request)
			if got := h.log.String()[before:]; !strings.Contains(got, c.want) || strings.Count(got, "\n") != 1 {
				t.Errorf("%s\nlogged %swant   %s", c.request, got, c.want)
			}
		}
	})
}

func TestSecretsAreNotLogged(t *testing.T) {
	const canary = "canary7secret"
	inHouse(t, Options{}, func(h *house) {
		h.Engine().GET("/panic/:id", func(*gin.Context) { panic("on purpose") })
		h.Engine().POST("/panic/:id", func(*gin.Context) { panic("on purpose") })
		for _, path := range []string{"/hello", "/devices/" + canary, "/panic/" + canary, "/" + canary, "/feeds/" + canary + "/counts.csv", "/echo"} {
			for _, method := range []string{"GET", "POST", canary} {
				for _, header := range []string{
					"Authorization: Bearer ", "Authorization: Basic ", "Cookie: takhti_session=", "Cookie: x=", "X-Request-Id: <", "X-Api-Key: ",
					"User-Agent: ", "Referer: http://takhti.lan/?token=", "Origin: https://evil.example/", "Host: ", "X-Forwarded-For: ", "Content-Type: ", "Accept-Encoding: ",
				} {
					h.ask(method + " " + path + "?token=" + canary + "\n" + header + canary + "\n\npassword=" + canary)
				}
			}
		}
		h.ask("GET /hello\nBroken " + canary + ": x")
		h.ask("GET /hello?" + strings.Repeat(canary, 3000))
		log := h.log.String()
		for line := range strings.Lines(log) {
			if !json.Valid([]byte(line)) {
				t.Errorf("a line of the log is not JSON: %s", line)
			}
			if strings.Contains(line, canary) {
				t.Errorf("the log holds a secret: %s", line)
			}
		}
		if n := strings.Count(log, `"msg":"panic"`); n == 0 {
			t.Error("no handler panicked")
		}
	})
}

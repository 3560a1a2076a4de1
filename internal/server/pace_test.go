package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
)

// Time stands still in these tests but for their own sleeping: hours cost nothing,
// and a machine under load changes nothing.

// drip sends the text in pieces of n bytes, one each interval, until the other
// side has closed.
func drip(conn net.Conn, text string, n int, every time.Duration) {
	for len(text) > 0 {
		now := text[:min(n, len(text))]
		if _, err := conn.Write([]byte(now)); err != nil {
			return
		}
		text = text[len(now):]
		time.Sleep(every)
	}
}

func TestSlowRequests(t *testing.T) {
	head := "POST /echo HTTP/1.1\r\nHost: takhti.lan\r\nContent-Length: 2000\r\n\r\n"
	body := strings.Repeat("x", 2000)
	cases := []struct {
		what   string
		send   func(net.Conn)
		answer string
		lasted time.Duration // at most, and at least half of it
	}{
		{"a header that takes ten seconds", func(c net.Conn) { drip(c, "GET /hello HTTP/1.1\r\nHost: takhti.lan\r\n\r\n", 4, time.Second) }, "200\n", 20 * time.Second},
		{"a header that never ends", func(c net.Conn) {
			drip(c, "GET /hello HTTP/1.1\r\n"+strings.Repeat("X-More: y\r\n", 1e4), 5, time.Second)
		}, "!200\n", headerTimeout},
		{"a connection that says nothing", func(net.Conn) {}, "no answer", headerTimeout},
		{"a body as slow as 2G in the rain", func(c net.Conn) { drip(c, head+body, 200, 2*time.Second) }, "200\n", 30 * time.Second},
		{"a long body as slow as that", func(c net.Conn) {
			drip(c, strings.Replace(head, "2000", "12000", 1)+strings.Repeat(body, 6), 240, 2*time.Second)
		}, "200\n", 2 * time.Minute},
		{"a body with a gap", func(c net.Conn) {
			drip(c, head, len(head), 25*time.Second)
			drip(c, body, 1000, 25*time.Second)
		}, "200\n", 75 * time.Second},
		{"a body that stalls", func(c net.Conn) { drip(c, head+body[:1000], 100, 0) }, "400\n", usualPatience.stall},
		{"a body that never begins", func(c net.Conn) { drip(c, head, len(head), 0) }, "400\n", usualPatience.stall},
		{"a body that trickles", func(c net.Conn) { drip(c, head, len(head), 0); drip(c, body, 1, 10*time.Second) }, "400\n", usualPatience.grace},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			inHouse(t, Options{}, func(h *house) {
				began := time.Now()
				conn, sent := h.dial("192.0.2.7:4711"), make(chan struct{})
				go func() {
					defer close(sent)
					c.send(conn)
				}()
				expect(t, c.what, h.answer(conn, "POST"), c.answer)
				if lasted := time.Since(began); lasted > c.lasted || lasted < c.lasted/2 {
					t.Errorf("it lasted %s, want about %s", lasted, c.lasted)
				}
				conn.Close()
				<-sent
			})
		})
	}
}

func TestABodyThatNobodyReadsHoldsNothingUp(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		conn := h.dial("192.0.2.7:4711")
		defer conn.Close()
		go drip(conn, "POST /nothing HTTP/1.1\r\nHost: takhti.lan\r\nContent-Length: 2000\r\n\r\nx", 1000, 0)
		expect(t, "the answer", h.answer(conn, "POST"), "404\n")
		began := time.Now()
		if _, err := conn.Read(make([]byte, 1)); err != io.EOF || time.Since(began) > usualPatience.stall {
			t.Errorf("the connection was open for %s more: %v", time.Since(began), err)
		}
	})
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		conn := h.dial("192.0.2.7:4711")
		defer conn.Close()
		for range 2 {
			go conn.Write([]byte(message("GET /hello")))
			expect(t, "the answer", h.answer(conn, "GET"), "200\n")
			time.Sleep(idleTimeout - time.Second)
		}
		time.Sleep(2 * time.Second)
		if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("the connection is still open: %v", err)
		}
	})
}

func TestOnlyTheClientIsHurried(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		h.Engine().POST("/import", func(c *gin.Context) {
			time.Sleep(10 * time.Minute)
			body, err := io.ReadAll(c.Request.Body)
			time.Sleep(10 * time.Minute)
			c.String(http.StatusOK, "read %d, %v; ", len(body), errors.Join(err, c.Request.Context().Err()))
			time.Sleep(10 * time.Minute)
			c.String(http.StatusOK, "done")
		})
		h.Engine().GET("/report", func(c *gin.Context) {
			c.String(http.StatusOK, "begun and, ten minutes later, done")
			time.Sleep(10 * time.Minute)
		})
		expect(t, "a long import", h.ask("POST /import\n\nhello"), "200\n", "read 5, <nil>; done")
		expect(t, "a long report", h.ask("GET /report"), "200\n", "done")
	})
}

func TestSlowReaders(t *testing.T) {
	const size = 1 << 20
	cases := []struct {
		what  string
		piece int
		every time.Duration
		all   bool
	}{
		{"a modem", 16 << 10, 2 * time.Minute, true},
		{"one who takes nothing after the first piece", 16 << 10, time.Hour, false},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			inHouse(t, Options{}, func(h *house) {
				gaveUp := false
				h.Engine().GET("/list", func(c *gin.Context) {
					_, err := c.Writer.WriteString(strings.Repeat("x", size))
					gaveUp = err != nil
				})
				conn := h.dial("192.0.2.7:4711")
				defer conn.Close()
				go conn.Write([]byte(message("GET /list\nConnection: close")))
				taken := 0
				for buf := make([]byte, c.piece); ; time.Sleep(c.every) {
					n, err := io.ReadFull(conn, buf)
					taken += n
					if err != nil {
						break
					}
				}
				synctest.Wait()
				if all := taken > size; all != c.all || gaveUp == c.all {
					t.Errorf("took %d of %d bytes, and the server gave up: %v", taken, size, gaveUp)
				}
			})
		})
	}
}

package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// mountSlow adds a handler that works for five seconds a lap, and does not look at
// what it was sent.
func (h *house) mountSlow(laps int) (cut *bool) {
	cut = new(bool)
	h.Engine().POST("/work", func(c *gin.Context) {
		for range laps {
			select {
			case <-time.After(5 * time.Second):
			case <-c.Request.Context().Done():
				*cut = true
				return
			}
		}
		c.String(http.StatusOK, "finished")
	})
	return cut
}

func TestStopWaitsForRunningRequests(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		h.mountSlow(1)
		answer := make(chan string, 1)
		go func() { answer <- h.ask("POST /work\n\nx") }()
		synctest.Wait()
		h.stop()
		began := time.Now()
		<-h.ended
		expect(t, "the request that ran", <-answer, "200\n", "finished")
		if h.err != nil || time.Since(began) > graceOfStop {
			t.Errorf("stopped after %s with %v", time.Since(began), h.err)
		}
		select {
		case h.wire.conns <- nil:
			t.Error("the server takes new requests after it has stopped")
		default:
		}
	})
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		cut := h.mountSlow(1000)
		answer := make(chan string, 1)
		go func() { answer <- h.ask("POST /work\n\nx") }()
		synctest.Wait()
		h.stop()
		began := time.Now()
		<-h.ended
		if h.err == nil || !strings.Contains(h.err.Error(), "cut off") || time.Since(began) != graceOfStop {
			t.Errorf("stopped after %s with %v", time.Since(began), h.err)
		}
		expect(t, "the request that ran", <-answer, "no answer")
		synctest.Wait()
		if !*cut {
			t.Error("the handler was not told")
		}
	})
}

// started runs the server on a real port.
func started(t *testing.T, o Options) (url string, stop func() error) {
	t.Helper()
	urls, ended := make(chan string, 1), make(chan error, 1)
	o.Addr, o.Auth = "127.0.0.1:0", auth.New(nil, auth.Options{})
	o.Listening = func(url string) { urls <- url }
	s := New(o)
	s.Engine().GET("/hello", func(c *gin.Context) { c.String(http.StatusOK, "hello over %s", c.Request.Proto) })
	s.Serves([]auth.Route{{Method: http.MethodGet, Path: "/hello", Needs: auth.Nothing()}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- s.Run(ctx) }()
	select {
	case url = <-urls:
	case err := <-ended:
		t.Fatal(err)
	}
	return url, func() error {
		cancel()
		return <-ended
	}
}

func TestRunOnARealPort(t *testing.T) {
	url, stop := started(t, Options{})
	if !strings.HasPrefix(url, "http://127.0.0.1:") || strings.HasSuffix(url, ":0") {
		t.Errorf("listening on %s", url)
	}
	if got := get(t, http.DefaultClient, url+"/hello"); got != "hello over HTTP/1.1" {
		t.Errorf("got %q", got)
	}
	taken := New(Options{Addr: strings.TrimPrefix(url, "http://")})
	if err := taken.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot listen on 127.0.0.1:") {
		t.Errorf("a second server on the port: %v", err)
	}
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestRunOverTLS(t *testing.T) {
	cert, key, pool := certificate(t)
	url, stop := started(t, Options{CertFile: cert, KeyFile: key})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	if got := get(t, client, url+"/hello"); !strings.HasPrefix(url, "https://") || got != "hello over HTTP/2.0" {
		t.Errorf("%s said %q", url, got)
	}
	client.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	for _, o := range []Options{{CertFile: cert}, {KeyFile: key}, {CertFile: key, KeyFile: cert}} {
		o.Addr = "127.0.0.1:0"
		if err := New(o).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot use the certificate") {
			t.Errorf("certificate %q, key %q: %v", o.CertFile, o.KeyFile, err)
		}
	}
}

func TestTLSIsNewAndLasting(t *testing.T) {
	cert, key, pool := certificate(t)
	url, stop := started(t, Options{CertFile: cert, KeyFile: key})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	res, err := client.Get(url + "/hello")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := res.Header.Get("Strict-Transport-Security"); got != "max-age=63072000; includeSubDomains" {
		t.Errorf("browsers are told %q", got)
	}
	if res.TLS.Version != tls.VersionTLS13 {
		t.Errorf("spoke %s", tls.VersionName(res.TLS.Version))
	}
	client.CloseIdleConnections()
	for _, old := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		conn, err := tls.Dial("tcp", strings.TrimPrefix(url, "https://"), &tls.Config{RootCAs: pool, MinVersion: old, MaxVersion: old})
		if err == nil {
			_ = conn.Close()
			t.Errorf("%s is spoken", tls.VersionName(old))
		}
	}
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func get(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// certificate makes one for 127.0.0.1 that signs itself.
func certificate(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ofOurs := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, ofOurs, ofOurs, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	certFile, keyFile = write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", secret)
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return certFile, keyFile, pool
}

func TestALimitForNoRouteIsAMistake(t *testing.T) {
	s := New(Options{Addr: "127.0.0.1:0", BodyLimits: map[string]int64{"POST /import": 64 << 20}})
	s.Engine().POST("/imports", func(*gin.Context) {})
	if err := s.Run(t.Context()); err == nil || err.Error() != "there is a body limit for POST /import, but no such route" {
		t.Errorf("got %v", err)
	}
}

func TestURL(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080",
		"0.0.0.0:80":     "http://localhost:80",
		"[::]:8080":      "http://localhost:8080",
		"[::1]:8080":     "http://[::1]:8080",
	} {
		if got := New(Options{}).url(place(addr)); got != want {
			t.Errorf("%s is shown as %s, want %s", addr, got, want)
		}
	}
}

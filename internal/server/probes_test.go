package server

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestProbes(t *testing.T) {
	var broken error
	o := Options{
		Ready:  func(context.Context) error { return broken },
		Gauges: map[string]func() float64{"takhti_devices": func() float64 { return 4000 }},
	}
	const here, elsewhere = "127.0.0.1:5000", "192.0.2.7:5000"
	cases := []struct {
		what, from, request string
		wants               []string
	}{
		{"alive", here, "GET /livez", []string{"200\n", "Content-Type: text/plain", "X-Content-Type-Options: nosniff", "\n\nok\n"}},
		{"alive, by the other loopback", "[::1]:5000", "GET /livez", []string{"200\n", "\n\nok\n"}},
		{"alive, asked briefly", here, "HEAD /livez", []string{"200\n"}},
		{"ready", here, "GET /readyz", []string{"200\n", "\n\nready\n"}},
		{"the metrics", here, "GET /metrics", []string{"200\n", "takhti_devices 4000\n", "takhti_http_requests_in_flight 0\n", "process_resident_memory_bytes"}},
		{"alive, from elsewhere", elsewhere, "GET /livez", []string{"404\n", "route.not_found"}},
		{"ready, from elsewhere", elsewhere, "GET /readyz", []string{"404\n"}},
		{"the metrics, from elsewhere", elsewhere, "GET /metrics", []string{"404\n", "!takhti_devices"}},
		{"the metrics, through a proxy on this machine", here, "GET /metrics\nX-Forwarded-For: 192.0.2.7", []string{"404\n", "!takhti_devices"}},
		{"the metrics, through a newer proxy", here, "GET /metrics\nForwarded: for=192.0.2.7", []string{"404\n"}},
	}
	inHouse(t, o, func(h *house) {
		for _, c := range cases {
			expect(t, c.what, h.askFrom(c.from, c.request), c.wants...)
		}
		if strings.Contains(h.log.String(), here) || strings.Count(h.log.String(), "\n") != 5 {
			t.Errorf("the log holds more than the five that were refused:\n%s", h.log)
		}
		broken = errors.New("the disk is gone")
		expect(t, "not ready", h.askFrom(here, "GET /readyz"), "503\n", "the register cannot be read", "!disk")
		expect(t, "alive all the same", h.askFrom(here, "GET /livez"), "200\n")
		if !strings.Contains(h.log.String(), "the disk is gone") {
			t.Error("the log does not say why")
		}
	})
	broken, o.MetricsPublic = nil, true
	inHouse(t, o, func(h *house) {
		for _, path := range []string{"/livez", "/readyz", "/metrics"} {
			expect(t, path+" for everybody", h.askFrom(elsewhere, "GET "+path), "200\n")
		}
	})
}

func TestRequestsAreCounted(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		for range 3 {
			h.ask("GET /devices/AAA001")
		}
		h.ask("POST /echo\nSec-Fetch-Site: cross-site\n\nx")
		for _, made := range []string{"GET /nothing", "GET /made/up", "BREW /hello", `GET /"},evil{x="`} {
			h.ask(made)
		}
		answer := h.askFrom("127.0.0.1:5000", "GET /metrics")
		expect(t, "the metrics", answer,
			"200\n",
			"takhti_http_requests_in_flight 0\n",
			`takhti_http_requests_total{method="GET",route="/devices/:serial",status="2xx"} 3`,
			`takhti_http_requests_total{method="POST",route="/echo",status="4xx"} 1`,
			`takhti_http_requests_total{method="any",route="none",status="4xx"} 4`,
			`takhti_http_request_seconds_bucket{method="GET",route="/devices/:serial",le="0.001"} 3`,
			`takhti_http_request_seconds_count{method="GET",route="/devices/:serial"} 3`,
			"!BREW", "!evil", "!AAA001")
	})
}

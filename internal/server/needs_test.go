package server

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// A server of which one route does not say who may use it does not start, and says
// which one.
func TestEveryRouteSaysWhatItTakes(t *testing.T) {
	route := func(path string, n auth.Need) auth.Route {
		return auth.Route{Method: http.MethodGet, Path: path, Needs: n}
	}
	for name, tc := range map[string]struct {
		served []auth.Route
		want   string
	}{
		"all said":          {[]auth.Route{route("/open", auth.Nothing()), route("/closed", auth.Any(fleet.Read))}, ""},
		"one signed in for": {[]auth.Route{route("/open", auth.Nothing()), route("/closed", auth.SignedIn())}, ""},
		"a stray one":       {[]auth.Route{route("/open", auth.Nothing())}, "it is not said who may use GET /closed"},
		"two stray ones":    {nil, "it is not said who may use GET /closed, GET /open"},
		"said, but not what": {
			[]auth.Route{route("/open", auth.Nothing()), route("/closed", auth.Need{})}, "it is not said who may use GET /closed",
		},
		"an action that is none": {
			[]auth.Route{route("/open", auth.Nothing()), route("/closed", auth.Any())}, "it is not said who may use GET /closed",
		},
		"another method": {
			[]auth.Route{route("/open", auth.Nothing()), {Method: http.MethodPost, Path: "/closed", Needs: auth.Nothing()}},
			"it is not said who may use GET /closed",
		},
		"one that is not there": {
			[]auth.Route{route("/open", auth.Nothing()), route("/closed", auth.Nothing()), route("/gone", auth.Nothing())},
			"it is said who may use GET /gone, but there is no such route",
		},
	} {
		s := New(Options{Addr: "127.0.0.1:0"})
		for _, path := range []string{"/open", "/closed"} {
			s.Engine().GET(path, func(*gin.Context) {})
		}
		s.Serves(tc.served)
		ctx, stop := context.WithCancel(t.Context())
		s.options.Listening = func(string) { stop() }
		err := s.Run(ctx)
		stop()
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

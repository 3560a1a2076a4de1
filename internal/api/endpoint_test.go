package api

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

type (
	echoIn struct {
		Listed
		Name  string `path:"name" maxLength:"8"`
		Open  bool   `query:"open"`
		Count uint64 `header:"X-Count"`
		Body  struct {
			Days int    `json:"days,omitempty" default:"365"`
			Text string `json:"text"`
		}
	}
	echoOut struct {
		Count string `header:"X-Count"`
		Body  struct {
			Said string  `json:"said"`
			Odd  float64 `json:"odd,omitempty"`
		}
	}
)

func echo(_ context.Context, asked any) (any, error) {
	in, out := asked.(*echoIn), &echoOut{}
	if in.Count > 0 {
		out.Count = fmt.Sprint(in.Count)
	}
	out.Body.Said = fmt.Sprint(in.Name, " ", in.Limit, in.Open, in.Body.Days, len(in.Body.Text), "<")
	if in.Body.Text == "odd" {
		out.Body.Odd = math.NaN()
	}
	return out, nil
}

// bare is an API without operations, and what serves it.
func bare() (*api, http.Handler) {
	engine := gin.New()
	a := &api{Deps: Deps{Log: slog.New(slog.DiscardHandler)}}
	a.huma = humagin.New(engine, a.config())
	return a, engine
}

func specOf(path string) *huma.Operation {
	return &huma.Operation{Method: http.MethodPost, Path: path, OperationID: "echo", DefaultStatus: http.StatusCreated, Responses: map[string]*huma.Response{}}
}

// slow is a body that does not arrive in time.
type slow struct{}

func (slow) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// broken is a body that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestEndpoint(t *testing.T) {
	a, server := bare()
	a.register(specOf("/echo/{name}"), reflect.TypeFor[echoIn](), reflect.TypeFor[echoOut](), echo)
	text := func(n int) io.Reader {
		return strings.NewReader(`{"text":"` + strings.Repeat("x", n) + `"}`)
	}
	for name, tc := range map[string]struct {
		target, header string // X-Count, if any
		body           io.Reader
		status         int
		says           []string
	}{
		"defaults":                   {"/echo/a", "", text(2), 201, []string{`{"said":"a 100 false 365 2<"}`}},
		"all given":                  {"/echo/a?limit=7&open=true", "5", strings.NewReader(`{"text":"","days":1}`), 201, []string{`"a 7 true 1 0<"`}},
		"the largest body":           {"/echo/a", "", text(maxJSON - len(`{"text":""}`)), 201, []string{fmt.Sprint(maxJSON - len(`{"text":""}`))}},
		"a larger one":               {"/echo/a", "", text(maxJSON - len(`{"text":""}`) + 1), 413, []string{"body.too_large"}},
		"mistakes in every part":     {"/echo/abcdefghi?limit=x&open=maybe", "-1", strings.NewReader(`{"text":7}`), 422, []string{"path.name", "query.limit", "query.open", "header.X-Count", "body.text"}},
		"mistakes before a bad body": {"/echo/a?limit=x", "", strings.NewReader(`{`), 400, []string{"request.malformed", "query.limit", `"field":"body"`}},
		"unknown parameters":         {"/echo/a?b=1&a=2&limit=x", "", text(1), 422, []string{`"query.a"`, `"query.b"`}},
		"too late":                   {"/echo/a", "", slow{}, 408, []string{"request.timeout"}},
		"cut":                        {"/echo/a", "", broken{}, 400, []string{"request.truncated"}},
		"cut by the server":          {"/echo/a", "", http.MaxBytesReader(nil, io.NopCloser(text(100)), 9), 413, []string{"body.too_large"}},
		"an answer that is no JSON":  {"/echo/a", "", strings.NewReader(`{"text":"odd"}`), 500, []string{`"code":"internal"`}},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, tc.target, tc.body)
			if tc.header != "" {
				r.Header.Set("X-Count", tc.header)
			}
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			kind := problemType
			if tc.status < 400 {
				kind = jsonType
				if w.Header().Get("X-Count") != tc.header {
					t.Errorf("headers: %v", w.Header())
				}
			}
			if w.Code != tc.status || w.Header().Get("Content-Type") != kind {
				t.Errorf("%d %v %.400s", w.Code, w.Header(), w.Body)
			}
			for _, say := range tc.says {
				if !strings.Contains(w.Body.String(), say) {
					t.Errorf("no %s in %.400s", say, w.Body)
				}
			}
		})
	}
}

func TestTypesThatNoRequestHasAreNotServed(t *testing.T) {
	for name, in := range map[string]reflect.Type{
		"a field without a place": reflect.TypeFor[struct{ Name string }](),
		"a list": reflect.TypeFor[struct {
			Names []string `query:"name"`
		}](),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if fmt.Sprint(recover()) == "<nil>" {
					t.Error("it is served")
				}
			}()
			a, _ := bare()
			a.register(specOf("/x"), in, reflect.TypeFor[echoOut](), echo)
		})
	}
}

package server

import (
	"net/http"
	"slices"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestDenialsAreJournalled(t *testing.T) {
	inHouse(t, Options{}, func(h *house) {
		as := func(c *gin.Context) {
			actor := registry.Actor{User: 7, Name: "asma", Via: "web", Address: "203.0.113.7", Grants: []fleet.Grant{{Role: fleet.Viewer}}}
			c.Request = c.Request.WithContext(auth.WithActor(c.Request.Context(), actor))
		}
		answer := func(status int) gin.HandlerFunc { return func(c *gin.Context) { c.Status(status) } }
		h.Engine().GET("/users/:name", as, answer(http.StatusForbidden))
		h.Engine().POST("/faults/:ref", as, answer(http.StatusNotFound))
		h.Engine().GET("/faults/:ref", as, answer(http.StatusNotFound))
		h.Engine().POST("/open/:ref", answer(http.StatusNotFound))
		for _, request := range []string{"GET /users/bilal", "POST /faults/F-1", "GET /faults/F-1", "POST /open/1", "POST /nowhere"} {
			h.ask(request)
		}
		all, err := h.reg.As(registry.Operator()).Journal(t.Context(), registry.JournalQuery{Change: "denied", Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range all {
			got = append(got, e.Actor+" "+e.Address+" "+e.Subject+" "+e.Note)
		}
		want := []string{"asma 203.0.113.7 POST /faults/:ref 404", "asma 203.0.113.7 GET /users/:name 403"}
		if !slices.Equal(got, want) {
			t.Errorf("the journal has %q, want %q", got, want)
		}
	})
}

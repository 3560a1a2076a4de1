package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// Serves notes routes that an edge serves, and what it takes to use them. The edge
// itself turns away who has not what is needed.
func (s *Server) Serves(routes []auth.Route) { s.served = append(s.served, routes...) }

// checkNeeds finds routes of which nobody said what it takes to use them, and those
// that are said to be there and are not: a server with either does not start.
func (s *Server) checkNeeds() error {
	there := s.engine.Routes()
	var unsaid []string
	for _, r := range there {
		if !slices.ContainsFunc(s.served, func(d auth.Route) bool { return at(d) == r.Method+" "+r.Path && d.Needs.Said() }) {
			unsaid = append(unsaid, r.Method+" "+r.Path)
		}
	}
	if len(unsaid) > 0 {
		slices.Sort(unsaid)
		return fmt.Errorf("it is not said who may use %s: register each route together with the action that it needs", strings.Join(unsaid, ", "))
	}
	for _, d := range s.served {
		if !slices.ContainsFunc(there, func(r gin.RouteInfo) bool { return at(d) == r.Method+" "+r.Path }) {
			return fmt.Errorf("it is said who may use %s, but there is no such route", at(d))
		}
	}
	return nil
}

func at(r auth.Route) string { return r.Method + " " + r.Path }

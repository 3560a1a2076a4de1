package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"sort"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// Answer writes what the server refuses by itself. The code is the key of the
// translated text, the message its English text.
type Answer func(c *gin.Context, status int, code, message string)

type answer struct {
	prefix string
	write  Answer
}

// Answer lets an edge word the server's refusals on all addresses that begin with
// the prefix; the longest prefix decides. Without any they are problem documents.
func (s *Server) Answer(prefix string, write Answer) {
	s.answers = append(s.answers, answer{prefix, write})
	sort.SliceStable(s.answers, func(i, j int) bool { return len(s.answers[i].prefix) > len(s.answers[j].prefix) })
}

// refuse ends the request with an answer in the form of its edge.
func (s *Server) refuse(c *gin.Context, status int, code, message string) {
	c.Abort()
	_ = c.Error(errors.New(message)).SetMeta(code) // for the log
	for _, a := range s.answers {
		if strings.HasPrefix(c.Request.URL.Path, a.prefix) {
			a.write(c, status, code, message)
			return
		}
	}
	Problem(c, status, code, message)
}

// helps says what to do next about a refusal whose message does not.
var helps = map[string]string{
	"body.too_large":   "Send it in parts.",
	"busy":             "Wait as many seconds as Retry-After says, then repeat.",
	"quota.requests":   "Wait as many seconds as Retry-After says, then repeat.",
	"route.not_found":  "See /docs for the addresses there are.",
	"route.method":     "See /docs for what this address takes.",
	auth.ErrToken.Code: "An administrator makes a token with takhti token create.",
	"internal":         "Tell the operator of the register the request ID.",
}

// Plain answers with a sentence, for who opens an address that is meant for a
// spreadsheet.
func Plain(c *gin.Context, status int, _, message string) {
	c.String(status, "%s.\n", message)
}

// Problem answers with a problem document (RFC 9457), as programs expect it.
func Problem(c *gin.Context, status int, code, message string) {
	body, err := json.Marshal(struct {
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Detail    string `json:"detail"`
		Code      string `json:"code"`
		Help      string `json:"help,omitempty"`
		RequestID string `json:"requestId"`
	}{http.StatusText(status), status, message, code, helps[code], c.Request.Header.Get(requestID)})
	if err != nil {
		panic(err) // strings and a number
	}
	c.Data(status, "application/problem+json", body)
}

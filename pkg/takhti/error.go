package takhti

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Error is an answer of the server that is not a success: a problem as RFC 9457
// has it.
type Error struct {
	Title     string       `json:"title" doc:"The HTTP status in words" example:"Conflict"`
	Status    int          `json:"status" doc:"The HTTP status" example:"409"`
	Detail    string       `json:"detail" doc:"What was wrong, and what to do next" example:"device 5CD3160ABC cannot be issued, because it is in a store: send it to a school first"`
	Code      string       `json:"code" doc:"What was wrong, for programs; it never changes" example:"device.in_store"`
	Field     string       `json:"field,omitempty" doc:"The input at fault, when it is one"`
	Errors    []FieldError `json:"errors,omitempty" nullable:"false" doc:"Every input at fault, when the request itself is malformed"`
	Help      string       `json:"help,omitempty" doc:"What helps with errors of this kind"`
	RequestID string       `json:"requestId,omitempty" doc:"What the operator finds the request by"`
	Import    *Import      `json:"import,omitempty" doc:"With import.changed: the plan as it is now"`

	RetryAfter time.Duration `json:"-"` // how long the server asks to wait
}

// FieldError is one input of a request that is wrong.
type FieldError struct {
	Field   string `json:"field" doc:"Where it is, such as query.limit or body.holder.kind"`
	Message string `json:"message"`
}

func (e *Error) Error() string {
	text := e.Detail
	if text == "" {
		text = fmt.Sprintf("the server answered %d %s", e.Status, e.Title)
	}
	for i, f := range e.Errors {
		text += map[bool]string{true: ": ", false: "; "}[i == 0] + f.Field + ": " + f.Message
	}
	return text
}

// Is makes errors.Is compare by code: errors.Is(err, &takhti.Error{Code: "device.not_found"}).
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code
}

// IsNotFound says whether what was asked for is not there, or not within the
// token's scope.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound
}

// maxProblem bounds how much of an answer is read in search of its problem.
const maxProblem = 1 << 20

// errorOf reads the problem out of an answer, or makes one when somebody between
// client and server answered instead.
func errorOf(resp *http.Response) *Error {
	e := &Error{}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxProblem))
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "application/problem+json" || json.Unmarshal(body, e) != nil {
		*e = Error{Code: "http." + strconv.Itoa(resp.StatusCode)}
	}
	e.Status = resp.StatusCode
	if e.Title == "" {
		e.Title = strings.ToLower(http.StatusText(resp.StatusCode))
	}
	e.RetryAfter = retryAfter(resp.Header)
	return e
}

// retryAfter is how long the server asks to wait, zero when it does not.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return time.Duration(max(seconds, 0)) * time.Second
}

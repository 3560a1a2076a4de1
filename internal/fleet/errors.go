package fleet

import (
	"errors"
	"fmt"
	"time"
)

// Kind is what an error means to whoever has to answer it: which HTTP status,
// which exit code, whether trying again can help.
type Kind uint8

// The kinds of error.
const (
	Invalid         Kind = iota + 1 // what was sent cannot be right
	NotFound                        // it is not there, or not within the actor's scope
	Conflict                        // it is there, but its present state forbids this
	Forbidden                       // the actor may see it but not do this
	Unauthenticated                 // nobody is signed in
	TooMany                         // a limit was reached; later may work
	Unavailable                     // the register cannot answer now
	Damaged                         // stored data is not what was written
)

// Error is the one error vocabulary. Code is the key of the translated text and
// never changes once released; Message is its English text, which says what was
// wrong and, where it helps, what to do next; Field names the input at fault.
type Error struct {
	Kind    Kind
	Code    string // such as "device.not_in_store"
	Message string
	Field   string        // such as "serial"; empty when no one field is at fault
	Wait    time.Duration // after which a refusal of kind TooMany may be none; zero: not known
}

func (e *Error) Error() string { return e.Message }

// Is makes errors.Is compare by code, so that a test or an edge can ask for one.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code
}

// In returns a copy of the error that names the field at fault.
func (e *Error) In(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

func fail(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: Showable(fmt.Sprintf(format, args...))}
}

// Invalidf makes an error of kind [Invalid].
func Invalidf(code, format string, args ...any) *Error {
	return fail(Invalid, code, format, args...)
}

// NotFoundf makes an error of kind [NotFound].
func NotFoundf(code, format string, args ...any) *Error {
	return fail(NotFound, code, format, args...)
}

// Conflictf makes an error of kind [Conflict].
func Conflictf(code, format string, args ...any) *Error {
	return fail(Conflict, code, format, args...)
}

// Forbiddenf makes an error of kind [Forbidden].
func Forbiddenf(code, format string, args ...any) *Error {
	return fail(Forbidden, code, format, args...)
}

// KindOf is the kind of the first [Error] in err's chain, or zero.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

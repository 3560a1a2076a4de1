// Package toml stands in for the module of that name, which gin can answer with.
// Takhti speaks no TOML.
package toml

import (
	"errors"
	"io"
)

var errNone = errors.New("this program does not speak TOML")

// Marshal refuses.
func Marshal(any) ([]byte, error) { return nil, errNone }

// Decoder refuses.
type Decoder struct{}

// NewDecoder reads nothing.
func NewDecoder(io.Reader) Decoder { return Decoder{} }

// Decode refuses.
func (Decoder) Decode(any) error { return errNone }

// Package yaml stands in for the module of that name, which gin can answer with.
// Takhti speaks no YAML.
package yaml

import (
	"errors"
	"io"
)

var errNone = errors.New("this program does not speak YAML")

// Marshal refuses.
func Marshal(any) ([]byte, error) { return nil, errNone }

// Decoder refuses.
type Decoder struct{}

// NewDecoder reads nothing.
func NewDecoder(io.Reader) Decoder { return Decoder{} }

// Decode refuses.
func (Decoder) Decode(any) error { return errNone }

// Package bson stands in for the MongoDB driver's, which gin can answer with.
// Takhti speaks no BSON; the original costs the program half a megabyte.
package bson

import "errors"

var errNone = errors.New("this program does not speak BSON")

// Marshal refuses.
func Marshal(any) ([]byte, error) { return nil, errNone }

// Unmarshal refuses.
func Unmarshal([]byte, any) error { return errNone }

// Package kvtest is the suite that every engine of package kv passes:
//
//	func TestConformance(t *testing.T) {
//		kvtest.Run(t, func(t *testing.T) kv.Store { return memkv.New() })
//	}
//
// It holds an engine to the words of the port and to a plain map under random
// operations, and does all of it again with every update function run twice.
package kvtest

import (
	"context"
	"errors"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Run holds the stores that open gives to the contract of [kv.Store]. Each
// call of open gives a new, empty store; Run closes it.
func Run(t *testing.T, open func(t *testing.T) kv.Store) {
	t.Run("once", func(t *testing.T) { suite(t, open) })
	t.Run("twice", func(t *testing.T) {
		suite(t, func(t *testing.T) kv.Store { return Twice(open(t)) })
	})
}

func suite(t *testing.T, open func(t *testing.T) kv.Store) {
	tests := []struct {
		name string
		run  func(*testing.T, kv.Store)
	}{
		{"order", testOrder},
		{"bounds", testBounds},
		{"absent and empty", testEmpty},
		{"values are copied", testCopies},
		{"a view is a snapshot", testIsolation},
		{"own writes", testOwnWrites},
		{"writing while scanning", testWriteInScan},
		{"scanning while scanning", testScanInScan},
		{"a failed update writes nothing", testFailedUpdate},
		{"a panic frees the writer", testPanic},
		{"savepoints", testSavepoints},
		{"counters", testCounters},
		{"counters that were values", testMixed},
		{"concurrent adds", testConcurrentAdds},
		{"limits", testLimits},
		{"keys that are no tuples", testBadKeys},
		{"cancelled", testCancelled},
		{"cancelled while waiting", testCancelledWaiting},
		{"closed", testClosed},
		{"many pairs", testMany},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, opened(t, open)) })
	}
	t.Run("random operations", func(t *testing.T) { testRandom(t, open) })
}

func opened(t *testing.T, open func(t *testing.T) kv.Store) kv.Store {
	s := open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// Twice returns a store that runs every update function twice and throws the
// first run away, as an engine may that has to try again. A function that
// changes something outside of its writer shows up as a wrong result.
func Twice(s kv.Store) kv.Store { return twice{s} }

type twice struct{ kv.Store }

var errAgain = errors.New("run once more")

func (s twice) Update(ctx context.Context, fn func(kv.Writer) error) error {
	err := s.Store.Update(ctx, func(w kv.Writer) error {
		_ = fn(w) // the second run tells
		return errAgain
	})
	if !errors.Is(err, errAgain) {
		return err
	}
	return s.Store.Update(ctx, fn)
}

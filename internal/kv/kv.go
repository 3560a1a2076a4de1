// Package kv is the port between the register and whatever keeps its bytes:
// serialisable transactions over one ordered key space.
//
// Keys are tuples (see [Tuple]) compared bytewise; the first part of a key is
// always a string, its table, and an engine may keep each table in a place of
// its own (see [Split]). Values are bytes. A counter is a key that is only ever written through
// Add; a counter that comes back to zero is removed, so an absent counter and
// a zero one are the same thing.
//
// The package holds the port, the tuple encoding, the overlay on which engines
// run update functions, and the dump format. It knows nothing of devices.
package kv

import (
	"context"
	"errors"
	"iter"
)

// Limits every engine can meet. A key or value beyond them is refused by the overlay.
const (
	MaxKey   = 1 << 10  // bytes
	MaxValue = 64 << 10 // bytes
)

// Errors that callers tell apart. Engines wrap them with detail.
var (
	// ErrUnknown means a commit failed in a way that leaves it open whether
	// the data was written. The store must be closed and opened again; the
	// caller's request ID makes a retry safe.
	ErrUnknown = errors.New("the commit may or may not have happened")
	// ErrCorrupt means stored bytes are not what was written.
	ErrCorrupt = errors.New("stored data is damaged")
	// ErrFull means that the disk, or the quota, is full; nothing was written.
	ErrFull = errors.New("the disk is full")
	// ErrLocked means that another process has the store open.
	ErrLocked = errors.New("another takhti has this file open")
	// ErrClosed means that the store was closed.
	ErrClosed = errors.New("the store is closed")
	// ErrInvalid means that a key or a value is not one that can be stored.
	ErrInvalid = errors.New("the key or value cannot be stored")
)

// Store is an ordered, transactional key-value store.
type Store interface {
	// View runs fn on a consistent snapshot. Keep it short: an engine may
	// have to keep old pages for as long as it runs.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn and commits what it wrote, all or nothing, durably.
	// fn may run more than once, so it must not change anything outside.
	// When fn returns an error nothing is written and that error comes back.
	// fn may see what an update before it wrote that is not durable yet; Update
	// then returns only when that is, and runs fn again should it fail.
	Update(ctx context.Context, fn func(Writer) error) error
	Close() error
}

// Pair is one key with its value.
type Pair struct{ Key, Val []byte }

// Reader reads within a transaction, for one goroutine. All slices it gives out
// are valid until the transaction ends and must not be changed.
type Reader interface {
	// Get returns the value at key, or nil when there is none.
	// A key that is there with an empty value gives an empty, non-nil slice.
	Get(key []byte) ([]byte, error)
	// Scan yields the pairs with lo <= key < hi in order. An empty hi means
	// no upper bound. After an error it yields nothing more.
	Scan(lo, hi []byte) iter.Seq2[Pair, error]
}

// Writer reads its own writes.
type Writer interface {
	Reader
	Put(key, val []byte) error
	Delete(key []byte) error
	// Add adds n to the counter at key.
	Add(key []byte, n int64) error
	// Savepoint marks the present state; Rollback returns to it. Savepoints
	// nest: rolling back to one discards all that were taken after it.
	Savepoint() Savepoint
	Rollback(Savepoint)
	// Release forgets a savepoint and all that were taken after it. What was
	// written since stays, and belongs to the savepoint before it, if there is one.
	Release(Savepoint)
}

// Savepoint is a state within one Writer to which it can be rolled back.
type Savepoint int

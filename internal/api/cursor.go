package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// A cursor is where the next page begins, with a sum over that and the filter.
// The sum keeps it from being used with another filter, or after a slip of the
// hand. It is no secret: what a position gives access to is the register's
// matter.
const cursorSum = 6 // bytes

var errCursor = fleet.Invalidf("cursor.invalid", "this cursor does not belong to this list: begin without one, or use the same filter as for the page before").In("cursor")

// filter is what a list was asked for, its kind first.
type filter []any

func (f filter) sum(position []byte) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", f)
	h.Write(position)
	return h.Sum(nil)[:cursorSum]
}

// cursor is the cursor for a position; empty for none.
func (f filter) cursor(position []byte) string {
	if position == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(f.sum(position), position...))
}

// position is where a cursor points; nil for the empty one.
func (f filter) position(cursor string) ([]byte, error) {
	if cursor == "" {
		return nil, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(data) <= cursorSum || string(f.sum(data[cursorSum:])) != string(data[:cursorSum]) {
		return nil, errCursor
	}
	return data[cursorSum:], nil
}

// number and its reverse are for lists whose positions are numbers from one.
func (f filter) numberCursor(n uint64) string {
	if n == 0 {
		return ""
	}
	return f.cursor(binary.AppendUvarint(nil, n))
}

func (f filter) number(cursor string) (uint64, error) {
	position, err := f.position(cursor)
	n, _ := binary.Uvarint(position)
	return n, err
}

// pageOf is the first items of a list, and the position of the last one of them
// when there are more. The list begins where the page does.
func pageOf[T any](list []T, limit int, position func(T) uint64) (page []T, next uint64) {
	if len(list) <= limit {
		return list, 0
	}
	return list[:limit], position(list[limit-1])
}

package kv_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Skipping a part must leave the reader where reading it does, on sound keys
// and on cut or changed ones.
func TestSkipPassesWhatReadingReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := kv.Key("t")
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			if rapid.Bool().Draw(t, "integer") {
				key = key.Uint(rapid.Uint64().Draw(t, "n"))
			} else {
				key = key.Str(rapid.StringOfN(rapid.RuneFrom([]rune{0, 1, 'a', 'ÿ'}), 0, 4, -1).Draw(t, "s"))
			}
		}
		if rapid.Bool().Draw(t, "damage") {
			key = key[:rapid.IntRange(0, len(key)).Draw(t, "cut")]
			if len(key) > 0 {
				key[rapid.IntRange(0, len(key)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
			}
		}
		read, skip := kv.NewPartReader(key), kv.NewPartReader(key)
		for !read.Done() {
			if read.IsUint() {
				read.Uint()
			} else {
				read.Str()
			}
			skip.Skip()
			if read.Done() != skip.Done() || (read.Err() == nil) != (skip.Err() == nil) || read.IsUint() != skip.IsUint() {
				t.Fatalf("%x: after reading: done %v, %v; after skipping: done %v, %v",
					key, read.Done(), read.Err(), skip.Done(), skip.Err())
			}
		}
	})
}

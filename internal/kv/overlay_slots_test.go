package kv

import (
	"hash/maphash"
	"testing"
)

// TestSlotIndexTellsKeysOfOneHashApart puts a slot where another key's hash
// leads, because nobody can find two such keys.
func TestSlotIndexTellsKeysOfOneHashApart(t *testing.T) {
	x := newSlotIndex()
	a, b := Key("a"), Key("b")
	sa := x.add(a)
	x.byHash[maphash.Bytes(x.seed, b)] = sa
	if got := x.find(b); got != nil {
		t.Fatalf("b was found as %x", got.key)
	}
	sb := x.add(b)
	if x.find(b) != sb || sb.next != sa {
		t.Error("b did not get a slot of its own before that of a")
	}
}

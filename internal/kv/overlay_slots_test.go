package kv

import "testing"

// TestSlotIndexTellsKeysOfOneHashApart gives two keys the same hash, because nobody
// can find two such keys.
func TestSlotIndexTellsKeysOfOneHashApart(t *testing.T) {
	const hash = 7
	var mem arena
	x := newSlotIndex()
	add := func(key Tuple) slotID {
		kept, err := mem.keep(key)
		if err != nil {
			t.Fatal(err)
		}
		return x.add(kept, hash)
	}
	a, b := Key("a"), Key("b")
	first := add(a)
	if got := x.findHash(&mem, b, hash); got != 0 {
		t.Fatalf("b was found as the slot %d", got)
	}
	second := add(b)
	if x.findHash(&mem, a, hash) != first || x.findHash(&mem, b, hash) != second || first == second {
		t.Error("a and b do not have a slot each")
	}
}

func TestArenaTellsEmptyFromAbsent(t *testing.T) {
	var mem arena
	empty, err := mem.keep(nil)
	if err != nil || mem.at(empty) == nil || len(mem.at(empty)) != 0 {
		t.Errorf("an empty string came back as %v (%v)", mem.at(empty), err)
	}
	if mem.at(span{}) != nil {
		t.Error("the zero span is not nil")
	}
	long := make([]byte, MaxValue)
	long[0], long[MaxValue-1] = 1, 2
	kept, err := mem.keep(long)
	if got := mem.at(kept); err != nil || len(got) != MaxValue || got[0] != 1 || got[MaxValue-1] != 2 {
		t.Errorf("the longest value came back with %d bytes (%v)", len(got), err)
	}
}

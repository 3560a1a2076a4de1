package fleet

import (
	"cmp"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var placeIDs = rapid.Custom(func(t *rapid.T) PlaceID {
	return PlaceID(rapid.Uint32Range(1, uint32(MaxPlaceID)).Draw(t, "id"))
})

func drawIDs(t *rapid.T, label string) []PlaceID {
	return rapid.SliceOfN(placeIDs, 0, 6).Draw(t, label)
}

func pathOf(ids ...PlaceID) Path {
	var p Path
	for _, id := range ids {
		p = p.Child(id)
	}
	return p
}

func TestPathRoundTrip(t *testing.T) {
	for _, id := range []PlaceID{1, 2, 126, 127, 128, 127*127 - 1, 127 * 127, 127*127 + 1, MaxPlaceID - 1, MaxPlaceID} {
		if got := Path("").Child(id).ID(); got != id {
			t.Errorf("place %d comes back as %d", id, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		ids := drawIDs(t, "ids")
		p := pathOf(ids...)
		if p.Depth() != len(ids) {
			t.Fatalf("depth %d, want %d", p.Depth(), len(ids))
		}
		for depth := range ids {
			if got := p.At(depth + 1).ID(); got != ids[depth] {
				t.Fatalf("place %d at depth %d, want %d", got, depth+1, ids[depth])
			}
		}
		if len(ids) > 0 && p.Parent() != pathOf(ids[:len(ids)-1]...) {
			t.Fatalf("parent of %v is %q", ids, p.Parent())
		}
	})
}

// A path has no zero byte, which ends a string in a key, and is text to encoders
// that refuse anything else.
func TestPathIsCleanText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pathOf(drawIDs(t, "ids")...)
		if !utf8.ValidString(string(p)) || slices.Contains([]byte(p), 0) {
			t.Fatalf("%q is not clean text", p)
		}
	})
}

func TestPathsSortAsTheirIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawIDs(t, "a"), drawIDs(t, "b")
		if got, want := cmp.Compare(pathOf(a...), pathOf(b...)), slices.Compare(a, b); got != want {
			t.Fatalf("%v and %v compare as %d, want %d", a, b, got, want)
		}
	})
}

func TestPathContainsWhatLiesBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawIDs(t, "a"), drawIDs(t, "b")
		if rapid.Bool().Draw(t, "related") {
			b = append(slices.Clone(a), b...)
		}
		within := len(b) >= len(a) && slices.Equal(a, b[:len(a)])
		if got := pathOf(a...).Contains(pathOf(b...)); got != within {
			t.Fatalf("%v contains %v: %v, want %v", a, b, got, within)
		}
	})
}

func TestPathEnds(t *testing.T) {
	district := pathOf(1, 6, 601)
	if Path("").ID() != 0 || Path("").Parent() != "" || Path("").Depth() != 0 {
		t.Error("the empty path names a place")
	}
	if district.At(0) != "" || district.At(2) != pathOf(1, 6) || district.At(9) != district {
		t.Error("At does not cut to the first places")
	}
	if !Path("").Contains(district) || district.Contains("") {
		t.Error("everything lies within the empty path, and it within nothing else")
	}
}

func TestPathRefusesIDsItCannotHold(t *testing.T) {
	for _, id := range []PlaceID{0, MaxPlaceID + 1, 1<<32 - 1} {
		t.Run("", func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("a path took place ID %d", id)
				}
			}()
			Path("").Child(id)
		})
	}
}

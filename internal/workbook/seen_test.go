package workbook

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What is seen is what a map would hold.
func TestSeenIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var got seen
		want := map[string]Position{}
		value := rapid.StringMatching(`[A-D]{0,3}`)
		for n := range rapid.IntRange(0, 200).Draw(t, "steps") {
			v, at := value.Draw(t, "value"), Position{rapid.SampledFrom([]string{"List", "Rest"}).Draw(t, "sheet"), n/3 + 1}
			if rapid.Bool().Draw(t, "left") {
				got.leave(v, at)
				if want[v] == at {
					delete(want, v)
				}
				continue
			}
			first, twice := got.take(v, at)
			before, found := want[v]
			if found && before != at {
				if !twice || first != before {
					t.Fatalf("%q stands in %s, and is told to stand in %s (%t)", v, before, first, twice)
				}
				continue
			}
			if twice {
				t.Fatalf("%q is told to stand in %s, and does not", v, first)
			}
			want[v] = at
		}
		if all, keys := slices.Sorted(slices.Values(got.all())), slices.Sorted(maps.Keys(want)); !slices.Equal(all, keys) {
			t.Fatalf("all are %q, want %q", all, keys)
		}
		for v, at := range want {
			if found, is := got.at(v); !is || found != at {
				t.Fatalf("%q is at %s (%t), want %s", v, found, is, at)
			}
		}
		if at, is := got.at("nowhere"); is {
			t.Fatalf("what was never seen stands in %s", at)
		}
	})
}

// BenchmarkSeen notes half a million serials.
func BenchmarkSeen(b *testing.B) {
	serials := make([]string, 500_000)
	for i := range serials {
		serials[i] = fmt.Sprintf("TKH%08d", i*7919)
	}
	b.ReportAllocs()
	for b.Loop() {
		var s seen
		for i, serial := range serials {
			s.take(serial, Position{"List", i + 1})
		}
	}
}

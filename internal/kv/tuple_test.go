package kv_test

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
)

// drawParts draws the parts of a key, often ones that differ by little.
func drawParts(rt *rapid.T, label string) []any {
	text := rapid.OneOf(
		rapid.SampledFrom([]string{"", "\x00", "\x00\xFF", "\x00\x00", "a", "a\x00", "a\x00b", "ab", "\xFF", "\x01"}),
		rapid.StringN(0, 4, 8),
	)
	number := rapid.OneOf(
		rapid.SampledFrom([]uint64{0, 1, 127, 128, 255, 256, 1<<16 - 1, 1 << 16, 1<<64 - 1}),
		rapid.Uint64(),
	)
	return rapid.SliceOfN(rapid.OneOf(rapid.Map(text, asAny[string]), rapid.Map(number, asAny[uint64])), 1, 4).Draw(rt, label)
}

func asAny[T any](v T) any { return v }

func encode(parts []any) kv.Tuple {
	var k kv.Tuple
	for _, part := range parts {
		switch p := part.(type) {
		case string:
			k = k.Str(p)
		case uint64:
			k = k.Uint(p)
		}
	}
	return k
}

// comparePart puts strings before integers.
func comparePart(a, b any) int {
	as, aIsString := a.(string)
	bs, bIsString := b.(string)
	switch {
	case aIsString && bIsString:
		return cmp.Compare(as, bs)
	case aIsString:
		return -1
	case bIsString:
		return 1
	}
	return cmp.Compare(a.(uint64), b.(uint64))
}

func TestKeysSortAsTheirPartsDo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawParts(rt, "a"), drawParts(rt, "b")
		want := slices.CompareFunc(a, b, comparePart)
		if got := bytes.Compare(encode(a), encode(b)); got != want {
			rt.Fatalf("%q and %q compare %d, their keys %d", a, b, want, got)
		}
	})
}

func TestPartsGiveBackWhatWasEncoded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		parts := drawParts(rt, "parts")
		got, err := kv.Parts(encode(parts))
		if err != nil || !slices.Equal(got, parts) {
			rt.Fatalf("%q came back as %q, %v", parts, got, err)
		}
	})
}

func TestPrefixRangeHoldsExactlyTheKeysWithThePrefix(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		prefix, other := encode(drawParts(rt, "prefix")), encode(drawParts(rt, "other"))
		longer := append(prefix.Clone(), other...)
		for _, k := range [][]byte{prefix, other, longer} {
			within := bytes.Compare(k, prefix) >= 0 && bytes.Compare(k, prefix.End()) < 0
			if within != bytes.HasPrefix(k, prefix) {
				rt.Fatalf("key %x in the range of prefix %x: %v", k, prefix, within)
			}
		}
	})
}

func TestOpenIsThePrefixOfLongerStrings(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		start := rapid.StringN(0, 3, 6).Draw(rt, "start")
		whole := rapid.OneOf(rapid.String(), rapid.Map(rapid.String(), func(s string) string { return start + s })).Draw(rt, "whole")
		k := kv.Key("t").Str(whole).Uint(1)
		if got := bytes.HasPrefix(k, kv.Key("t").Open(start)); got != strings.HasPrefix(whole, start) {
			rt.Fatalf("key of %q has the open prefix of %q: %v", whole, start, got)
		}
	})
}

func TestEndOfNothing(t *testing.T) {
	for _, k := range []kv.Tuple{nil, {0xFF}, {0xFF, 0xFF}} {
		if end := k.End(); end != nil {
			t.Errorf("the end of %x is %x, want none", []byte(k), end)
		}
	}
	if end := (kv.Tuple{1, 0xFF}).End(); !bytes.Equal(end, []byte{2}) {
		t.Errorf("the end of 01ff is %x, want 02", end)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	k := append(make(kv.Tuple, 0, 64), kv.Key("t")...)
	a, b := k.Clone().Str("a"), k.Clone().Str("b")
	if bytes.Equal(a, b) {
		t.Errorf("two branches of one key are both %x", []byte(a))
	}
}

func TestSplitCutsOffTheTable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		table := rapid.StringMatching(`[^\x00]+`).Draw(rt, "table")
		rest := encode(drawParts(rt, "rest"))
		if rapid.Bool().Draw(rt, "alone") {
			rest = nil
		}
		gotTable, gotRest, ok := kv.Split(append(kv.Key(table), rest...))
		if !ok || string(gotTable) != table || !bytes.Equal(gotRest, rest) {
			rt.Fatalf("split gives %q, %x, %v; want %q, %x", gotTable, gotRest, ok, table, []byte(rest))
		}
	})
}

func TestDamagedKeysAreReported(t *testing.T) {
	for _, k := range [][]byte{
		{0x02, 'a'}, {0x02, 'a', 0x00, 0xFF}, {0x01}, {0x11}, {0x12, 1}, {0x18, 1, 2, 3, 4, 5, 6, 7}, {0x19, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0xFF},
	} {
		if parts, err := kv.Parts(k); !errors.Is(err, kv.ErrCorrupt) {
			t.Errorf("%x reads as %q, %v; want ErrCorrupt", k, parts, err)
		}
	}
}

func TestPartReaderKeepsItsFirstFault(t *testing.T) {
	r := kv.NewPartReader(kv.Key("t").Uint(7))
	if r.Uint() != 0 || r.Err() == nil {
		t.Fatal("a string was read as an integer")
	}
	first := r.Err()
	if r.Str() != "" || !r.Done() || !errors.Is(r.Err(), first) {
		t.Errorf("reading went on after a fault: %v", r.Err())
	}
}

func TestCountsRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.Int64().Draw(rt, "n")
		if got, err := kv.Count(kv.AppendCount(nil, want)); got != want || err != nil {
			rt.Fatalf("%d came back as %d, %v", want, got, err)
		}
	})
	if n, err := kv.Count(nil); n != 0 || err != nil {
		t.Errorf("an absent counter is %d, %v; want 0", n, err)
	}
	for _, bad := range [][]byte{{}, {0x80}, {2, 2}, bytes.Repeat([]byte{0xFF}, 11)} {
		if n, err := kv.Count(bad); !errors.Is(err, kv.ErrCorrupt) {
			t.Errorf("%x counts as %d, %v; want ErrCorrupt", bad, n, err)
		}
	}
}

package workbook

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// scheme makes the n-th serial of a maker, as a factory counts.
type scheme struct {
	name   string
	serial func(n int) string
}

const (
	base36    = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	noVowels  = "0123456789BCDFGHJKLMNPQRSTVWXYZ" // makers that avoid words
	noAlikes  = "0123456789ABCDEFGHJKMNPRSTVWXYZ" // makers that avoid what is mistaken
	hexDigits = "0123456789ABCDEF"
	lettersUp = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" // letters before digits
)

func nothing(string) bool { return false }

// in writes n in as many characters of an alphabet.
func in(alphabet string, n, places int) string {
	s := make([]byte, places)
	for i := places - 1; i >= 0; i-- {
		s[i] = alphabet[n%len(alphabet)]
		n /= len(alphabet)
	}
	return string(s)
}

// scattered spreads consecutive numbers over all.
func scattered(n, all int) int { return int(uint64(n) * 2654435761 % uint64(all)) }

// schemes are shaped like the serials of real makers.
var schemes = []scheme{
	{"HP, a week's run", func(n int) string { return "5CD" + in("0123456789", 341+n/40_000, 3) + in(noVowels, n, 4) }},
	{"HP, all letters", func(n int) string { return "5CD" + in("0123456789", 341+n/9_000, 3) + in(base36, n*3, 4) }},
	{"Lenovo, eight characters", func(n int) string { return "PF" + in(noAlikes, 4_000_000+n, 6) }},
	{"Lenovo, with the machine type", func(n int) string { return "LR0" + in(base36, 30_000+n, 5) }},
	{"Acer, 22 characters", func(n int) string {
		return "NXHPWAA001" + in("0123456789", 318+n/7_000, 3) + in(hexDigits, 0x1B000+n, 5) + "7600"
	}},
	{"Haier, the date and a count", func(n int) string {
		return "HRC11" + in("0123456789", 260301+n/2_000, 6) + in("0123456789", n%2_000+1, 5)
	}},
	{"Haier, month by letter", func(n int) string { return "H6" + in("123456789ABC", n/9_000, 1) + "P" + in("0123456789", n, 6) }},
	{"Dell, service tags", func(n int) string { return in(noVowels, scattered(n, 887_503_681), 7) }},
	{"Dell, service tags of one order", func(n int) string { return in(base36, 800_000_000+n*7, 6) + "3" }},
	{"digits only", func(n int) string { return in("0123456789", 88_100_500+n, 10) }},
	{"letters before digits", func(n int) string { return "SN" + in(lettersUp, 46_000+n, 5) }},
	{"the line by letter", func(n int) string { return "TK" + in("ABCDIOSZ", n/1_250, 1) + in("0123456789", n%1_250, 5) }},
}

// No serial of a clean lot is suspected, however long the lot is and wherever in the
// maker's count it begins.
func TestCleanSerialsAreNotSuspected(t *testing.T) {
	for _, s := range schemes {
		for _, lot := range []struct{ first, n int }{{0, 100_000}, {0, 5_000}, {31_234, 997}, {8_990, 100}, {46_655, 21}, {17, 7}} {
			if found := findSlips(numbered(s, lot.first, lot.n), nothing); len(found) > 0 {
				t.Errorf("%s, %d from %d: %d are suspected, such as %+v", s.name, lot.n, lot.first, len(found), found[0])
			}
		}
	}
}

// The register may have all the others that the maker ever made.
func TestNoLotIsSuspected(t *testing.T) {
	made := map[string]map[string]bool{}
	for _, s := range schemes {
		made[s.name] = map[string]bool{}
		for _, serial := range numbered(s, 0, 93_000) {
			made[s.name][serial] = true
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(schemes).Draw(t, "scheme")
		first, n := rapid.IntRange(0, 90_000).Draw(t, "first"), rapid.IntRange(1, 3_000).Draw(t, "n")
		known := func(serial string) bool { return made[s.name][serial] }
		if found := findSlips(numbered(s, first, n), known); len(found) > 0 {
			t.Fatalf("%s, %d from %d: %+v", s.name, n, first, found)
		}
	})
}

// Two makers in one file are no slips of each other, even where one has few devices.
func TestMixedLotsAreNotSuspected(t *testing.T) {
	for i, s := range schemes {
		for j, other := range schemes {
			if i == j {
				continue
			}
			all := append(numbered(s, 500, 800), numbered(other, 70_000, 3)...)
			if found := findSlips(all, nothing); len(found) > 0 {
				t.Errorf("%s with three of %s: %+v", s.name, other.name, found)
			}
		}
	}
}

func numbered(s scheme, first, n int) []string {
	var all []string
	for i := range n {
		all = append(all, s.serial(first+i))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A slip is found, and what was meant, whatever the order of the rows.
func TestMistypedSerialsAreFound(t *testing.T) {
	for _, c := range []struct {
		scheme string
		from   string // a part of a serial
		to     string
	}{
		{"HP, a week's run", "5CD341", "SCD341"},
		{"HP, a week's run", "5CD341", "5CD34I"},
		{"HP, a week's run", "5CD341", "5CD34L"},
		{"Lenovo, with the machine type", "LR0", "LRO"},
		{"Lenovo, with the machine type", "LR0", "1R0"},
		{"Acer, 22 characters", "AA001", "AAO01"},
		{"Acer, 22 characters", "7600", "76O0"},
		{"Acer, 22 characters", "0", "O"},
		{"Acer, 22 characters", "5", "S"},
		{"Haier, the date and a count", "2603", "Z603"},
		{"Haier, the date and a count", "HRC11", "HRCI1"},
		{"digits only", "81", "B1"},
		{"Lenovo, eight characters", "0", "O"},
	} {
		i := slices.IndexFunc(schemes, func(s scheme) bool { return s.name == c.scheme })
		all := numbered(schemes[i], 3_000, 4_000)
		at := 100 + slices.IndexFunc(all[100:], func(s string) bool { return strings.Contains(s, c.from) })
		meant := all[at]
		place := strings.LastIndex(meant, c.from)
		all[at] = meant[:place] + c.to + meant[place+len(c.from):]
		typed := all[at]
		for _, listed := range [][]string{all, append(slices.Clone(all), meant), shuffled(all)} {
			found := findSlips(listed, nothing)
			if len(found) != 1 || found[0].serial != typed || found[0].meant != meant {
				t.Errorf("%s: %s for %s: %+v", c.scheme, typed, meant, found)
			}
		}
	}
}

// Scattered serials are like each other in nothing, but for the one that was meant.
func TestMistypedSerialsAmongScatteredOnes(t *testing.T) {
	all := numbered(schemes[7], 3_000, 4_000)
	meant := all[slices.IndexFunc(all, func(s string) bool { return strings.Contains(s, "1") })]
	typed := strings.Replace(meant, "1", "I", 1)
	if found := findSlips(append(all, typed), nothing); len(found) != 1 || found[0].serial != typed || found[0].meant != meant {
		t.Errorf("%s for %s: %+v", typed, meant, found)
	}
}

// Of few serials, one that the register has is what was meant.
func TestMistypedSerialsThatTheRegisterHas(t *testing.T) {
	all := strings.Fields("5CD0123ABC 5CDO124ABD 5CD0125ABE 5CD0126ABF 5CD0127ABG 5CD0128ABH")
	register := func(serial string) bool { return serial == "5CD0124ABD" }
	if got := fmt.Sprint(findSlips(all, register)); got != "[{5CDO124ABD 5CD0124ABD 3}]" {
		t.Error(got)
	}
	if got := findSlips(all[:3], register); got != nil {
		t.Errorf("of three serials %+v is suspected", got)
	}
}

func shuffled(all []string) []string {
	all = slices.Clone(all)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// In a short list, only what stands beside the serial that was meant is suspected.
func TestMistypedSerialsOfAShortList(t *testing.T) {
	for _, c := range []struct {
		serials string
		found   string
	}{
		{"5CD0123ABC 5CDO123ABC 5CD0124ABD", "[{5CDO123ABC 5CD0123ABC 3}]"},
		{"LR01A7K 1R01A7L LR0IA7K", "[{LR0IA7K LR01A7K 3}]"},
		{"AB8 ABB AB5 ABS", "[]"},                  // consecutive, as makers number
		{"5CD0123ABC 5CDO123ABC 5CDO124ABD", "[]"}, // the maker uses the letter
		{"5CDO123ABC 5CD0124ABD 5CD0125ABE", "[]"}, // nothing to compare it with
		{"HP0001 LEN0001 5CDOOO1 5CD0001", "[]"},   // two letters are no slip
		{"", "[]"},
	} {
		if got := fmt.Sprint(findSlips(strings.Fields(c.serials), nothing)); got != c.found {
			t.Errorf("%s: %s, want %s", c.serials, got, c.found)
		}
	}
}

// A batch that deviates is a series, not a row of slips.
func TestABatchIsNoSlip(t *testing.T) {
	all := numbered(schemes[0], 0, 1_000)
	for i := range 20 {
		all[i] = "SCD" + all[i][3:]
	}
	if found := findSlips(all, nothing); len(found) > 0 {
		t.Errorf("a batch of 20 is suspected: %+v", found[0])
	}
}

// BenchmarkFindSlips looks through a packing list of 50,000 serials.
func BenchmarkFindSlips(b *testing.B) {
	for _, s := range []scheme{schemes[0], schemes[4], schemes[7]} {
		all := numbered(s, 0, 50_000)
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				findSlips(all, nothing)
			}
		})
	}
}

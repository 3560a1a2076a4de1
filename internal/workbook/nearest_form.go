package workbook

import "strings"

// nameForm is a name in one writing, with what is quickly compared of it.
type nameForm struct {
	at      int // in the list of names
	code    []letter
	counts  letterCounts
	telling int  // letters that tell it from others
	parts   bool // it has several words
}

func formOf(at int, words []string) nameForm {
	code := encode(strings.Join(words, " "))
	return nameForm{
		at: at, code: code, counts: countLetters(code), telling: tellingLetters(words), parts: len(words) > 1,
	}
}

// letterCounts says how many digits of each value and consonants of each sound a
// text has, one doubled counting once.
type letterCounts [24]uint8

func countLetters(code []letter) (c letterCounts) {
	for i, l := range code {
		if k := counted[l]; k != 0 && (i == 0 || code[i-1] != l) {
			c[k]++
		}
	}
	return c
}

// counted are the sounds and digits that are counted. Some have to share a count.
var counted = sameValue("0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
	"kqcgxقکگخ", "vwوغ", "szjسصثش", "dtتطدڈٹ", "bpبپ", "mnمن", "lل", "rرڑ", "fف", "زذضظ", "جچ")

// least is about the least that the way from one form to the other costs: of the
// digits and consonants that only one has, each but the first takes a slip. Where
// one may be a part of the other, only what that part has alone is counted.
func (f *nameForm) least(g *nameForm) int {
	more, less := 0, 0
	for i, n := range f.counts {
		d := int(n) - int(g.counts[i])
		more += max(d, 0)
		less -= min(d, 0)
	}
	least := slips(max(more, less))
	if part := slips(less); f.parts && part <= len(g.code) {
		least = min(least, part+slipCost)
	}
	if part := slips(more); g.parts && part <= len(f.code) {
		least = min(least, part+slipCost)
	}
	return least
}

func slips(letters int) int {
	if letters == 0 {
		return 0
	}
	return vowelCost + (letters-1)*slipCost
}

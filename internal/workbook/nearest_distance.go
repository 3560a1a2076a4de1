package workbook

import "slices"

// Costs of an edit. A slip is a letter that another one stands for, or that stands
// for nothing; what the spelling of names in English leaves open costs less.
const (
	slipCost  = 12
	swapCost  = 10 // of two letters that changed places
	alikeCost = 5  // letters that sound or look alike
	vowelCost = 4  // a vowel for another, or one too many; an h
	twiceCost = 3  // a letter doubled
	blankCost = 2  // a blank between two words
	wordCost  = 3  // each word that one name has and the other has not, beside a slip for the first
)

// letter is a character of a folded text: blanks, digits, Latin and Urdu letters
// have each their own, all others share one.
type letter = uint8

const (
	blank      letter = 0
	zero       letter = 1
	letterA    letter = 11
	otherSign  letter = 63
	firstUrdu  letter = 64
	urduBlock         = 0x0620
	urduBlocks        = 192
)

func letterOf(r rune) letter {
	switch {
	case r == ' ':
		return blank
	case r >= '0' && r <= '9':
		return zero + letter(r-'0')
	case r >= 'a' && r <= 'z':
		return letterA + letter(r-'a')
	case r >= urduBlock && r < urduBlock+urduBlocks:
		return firstUrdu + letter(r-urduBlock)
	}
	return otherSign
}

func encode(text string) []letter {
	code := make([]letter, 0, len(text))
	for _, r := range text {
		code = append(code, letterOf(r))
	}
	return code
}

// matcher measures how far two texts lie apart: the cheapest way from one to the
// other by inserting, leaving out, replacing and swapping characters
// (Damerau and Levenshtein), where slips that people make are cheap.
type matcher struct {
	parts            bool // words at the end that only one has cost little: "quetta city" is "quetta"
	a, b             []letter
	row, last, third []int
	gaps             []int // of b's characters
}

// distance is the cost, or something above limit.
func (m *matcher) distance(a, b []letter, limit int) int {
	m.a, m.b = a, b
	m.row, m.last, m.third = resize(m.row, len(b)+1), resize(m.last, len(b)+1), resize(m.third, len(b)+1)
	m.gaps = resize(m.gaps, len(b))
	m.row[0] = 0
	for j := range b {
		m.gaps[j] = gapCost(b, j)
		m.row[j+1] = m.row[j] + m.gaps[j]
	}
	best := limit + 1
	for i := range a {
		if m.parts && a[i] == blank && i >= partLetters && m.row[len(b)] <= i {
			best = min(best, m.row[len(b)]+moreWords(a[i:]))
		}
		m.row, m.last, m.third = m.third, m.row, m.last
		if m.step(i) > limit {
			return best
		}
	}
	for j := partLetters; m.parts && j < len(b); j++ {
		if b[j] == blank && m.row[j] <= j {
			best = min(best, m.row[j]+moreWords(b[j:]))
		}
	}
	return min(best, m.row[len(b)])
}

// partLetters are the fewest by which a part of a name stands for all of it.
const partLetters = 4

// moreWords is the cost of words that the other name has not.
func moreWords(rest []letter) int {
	cost := slipCost
	for _, l := range rest {
		if l == blank {
			cost += wordCost
		}
	}
	return cost
}

// step fills the row for the first i+1 characters of a, and gives its least cost.
func (m *matcher) step(i int) int {
	row, last := m.row, m.last
	letter, gap := m.a[i], gapCost(m.a, i)
	row[0] = last[0] + gap
	least := row[0]
	for j, other := range m.b {
		cost := last[j]
		if letter != other {
			cost += replaceCost(letter, other)
		}
		cost = min(cost, last[j+1]+gap, row[j]+m.gaps[j])
		if i > 0 && j > 0 && letter == m.b[j-1] && m.a[i-1] == other && letter != other {
			cost = min(cost, m.third[j-1]+swapCost)
		}
		row[j+1] = cost
		least = min(least, cost)
	}
	return least
}

func resize(s []int, n int) []int { return slices.Grow(s[:0], n)[:n] }

// gapCost is the cost of a character that one text has and the other has not.
func gapCost(s []letter, i int) int {
	l := s[i]
	switch {
	case l == blank:
		return blankCost
	case i > 0 && s[i-1] == l:
		return twiceCost
	case sounds[l] == vowel || l == letterA+'h'-'a':
		return vowelCost
	}
	return slipCost
}

func replaceCost(a, b letter) int {
	switch {
	case sounds[a] != 0 && sounds[a] == sounds[b]:
		if sounds[a] == vowel {
			return vowelCost
		}
		return alikeCost
	case looks[a] != 0 && looks[a] == looks[b] && (a < letterA || b < letterA):
		return alikeCost
	}
	return slipCost
}

const vowel = 1

// sounds gives letters that stand for the same sound the same value. Urdu has
// several letters for some sounds, and people take one for the other.
var sounds = sameValue("aeiouy", "kqcg", "vw", "szj", "dt", "bp", "mn", "سصثش", "زذضظ", "تط", "حہ", "قک", "اع")

// looks gives a digit and the letters that are taken for it the same value.
var looks = sameValue("0od", "1il", "5s", "8b", "2z", "6g")

func sameValue(groups ...string) (value [256]uint8) {
	for i, group := range groups {
		for _, r := range group {
			value[letterOf(r)] = uint8(i + 1)
		}
	}
	return value
}

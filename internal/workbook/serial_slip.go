package workbook

import (
	"slices"
	"sort"
	"strings"
)

// slip is a serial that was probably typed with one character for another that looks
// like it.
type slip struct {
	serial string
	meant  string
	at     int // the character, from zero
}

// findSlips looks through the serials of a file, each given once, for those that were
// probably mistyped; known says which others there are. What a maker's serials look
// like is learnt from the file's others of the same length, so its order is of no
// account.
//
// Makers number their devices one after the other, and …B8 and …88 are both right
// where a place holds letters and digits. A serial is suspected only where a place
// holds one sort and this serial the other, or where a letter that is common in no
// place of the serials stands in one; and only if what was meant is known, or lies close
// to other serials of the file. Where many deviate, they are a series.
func findSlips(serials []string, known func(serial string) bool) []slip {
	var found []slip
	for _, all := range byLength(serials) {
		if len(all) < fewSerials {
			found = append(found, twins(all, known)...)
		} else {
			found = append(found, newSeries(all).slips(known)...)
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].serial < found[j].serial })
	return found
}

// fewSerials are too few to learn from what is usual.
const fewSerials = 20

func byLength(serials []string) map[int][]string {
	all := map[int][]string{}
	for _, s := range serials {
		all[len(s)] = append(all[len(s)], s)
	}
	return all
}

// digitFor is the digit that a letter is taken for.
var digitFor = ['Z' + 1]byte{'O': '0', 'Q': '0', 'I': '1', 'L': '1', 'Z': '2', 'S': '5', 'G': '6', 'B': '8'}

// lettersFor are the letters that a digit is taken for.
var lettersFor = ['9' + 1]string{'0': "OQ", '1': "IL", '2': "Z", '5': "S", '6': "G", '8': "B"}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' }

// with is the serial with another character at a place.
func with(serial string, at int, c byte) string { return serial[:at] + string(c) + serial[at+1:] }

// series is what the serials of one length have in common.
type series struct {
	serials []string
	places  []place
	limit   int            // the most serials that can be slips at one place
	letters ['Z' + 1]int32 // how often each stands in a mixed place
	mixed   int            // places
}

// place is a character of all serials of a series.
type place struct {
	counts          [128]int32
	digits, letters int // how many serials have one here
	sorts           int // of letters and digits, how many different ones
	kind            placeKind
}

type placeKind uint8

const (
	other    placeKind = iota // punctuation, or nothing that tells
	numbers                   // digits, a few slips aside
	names                     // letters, a few slips aside
	anything                  // both
)

func newSeries(serials []string) *series {
	s := &series{serials: serials, places: make([]place, len(serials[0])), limit: max(3, len(serials)/200)}
	for _, serial := range serials {
		for i := range len(serial) {
			s.places[i].counts[serial[i]]++
		}
	}
	for i := range s.places {
		s.judge(&s.places[i])
	}
	return s
}

// judge finds out what a place holds.
func (s *series) judge(p *place) {
	var slips, foreign int // letters among digits that are taken for one, and others
	digitSorts, letterSorts := 0, 0
	for c, n := range p.counts {
		switch {
		case n == 0:
		case isDigit(byte(c)):
			p.digits += int(n)
			digitSorts++
		case isLetter(byte(c)):
			p.letters += int(n)
			letterSorts++
			if digitFor[c] != 0 {
				slips += int(n)
			} else {
				foreign += int(n)
			}
		}
	}
	p.sorts = digitSorts + letterSorts
	usual := len(s.serials) * 95 / 100
	switch {
	case p.digits >= usual && slips <= s.limit && foreign == 0:
		p.kind = numbers
	case p.letters >= usual && p.digits <= s.limit:
		p.kind = names
	case digitSorts >= 3 && letterSorts >= 5:
		p.kind = anything
		s.mixed++
		for c := 'A'; c <= 'Z'; c++ {
			s.letters[c] += p.counts[c]
		}
	}
}

// slips are the serials that deviate from the others at one place.
func (s *series) slips(known func(string) bool) []slip {
	var found []slip
	for _, serial := range s.serials {
		if f, is := s.slip(serial); is {
			found = append(found, f)
		}
	}
	if len(found) > max(20, len(s.serials)/500) {
		return nil // so many are no slips, whatever they are
	}
	return slices.DeleteFunc(found, func(f slip) bool { return !s.near(f) && !known(f.meant) || s.runsOn(f) })
}

// runsOn says whether the slip may be where the maker's count goes on: at its place
// stood digits so far, and now come the letters. It may not where the place always
// holds the same, or where the count has passed it several times.
func (s *series) runsOn(f slip) bool {
	const several = 3
	p := &s.places[f.at]
	if p.kind == anything {
		return s.begun(f)
	}
	if p.sorts <= fixedSorts {
		return false
	}
	before := map[string]bool{}
	for _, serial := range s.serials {
		if isDigit(serial[f.at]) == (p.kind == numbers) {
			if before[serial[:f.at]] = true; len(before) == several {
				return false
			}
		}
	}
	return true
}

// near says whether a serial of the file differs from the one that was meant in so
// few places that both can be of one run.
func (s *series) near(f slip) bool {
	most := max(2, len(f.meant)/3)
	for _, serial := range s.serials {
		differ := 0
		for i := range len(serial) {
			if serial[i] != f.meant[i] {
				if differ++; differ > most {
					break
				}
			}
		}
		if differ <= most && serial != f.serial {
			return true
		}
	}
	return false
}

func (s *series) slip(serial string) (slip, bool) {
	found := slip{at: -1}
	for i := range len(serial) {
		c := s.meant(i, serial[i])
		switch {
		case c == 0 && s.fits(i, serial[i]):
		case c == 0 || found.at >= 0: // it is of another series, or was typed without looking
			return slip{}, false
		default:
			found = slip{serial, with(serial, i, c), i}
		}
	}
	return found, found.at >= 0
}

// fits says whether a character is nothing special at its place.
func (s *series) fits(i int, c byte) bool {
	p := &s.places[i]
	switch {
	case int(p.counts[c]) > s.limit:
		return true
	case p.sorts <= fixedSorts: // of a place where all but a few have the same
		return false
	case p.kind == numbers:
		return isDigit(c)
	case p.kind == names:
		return isLetter(c)
	}
	return true
}

// fixedSorts are the different characters of a place that hardly changes.
const fixedSorts = 2

// meant is the character that was probably meant at a place, zero when the one that
// is there is right, or of another maker.
func (s *series) meant(i int, c byte) byte {
	p := &s.places[i]
	switch {
	case p.kind == numbers && isLetter(c):
		if d := digitFor[c]; d != 0 && (p.counts[d] > 1 || p.sorts > 5) {
			return d
		}
	case p.kind == names && isDigit(c):
		for _, l := range []byte(lettersFor[c]) {
			if int(p.counts[l]) > s.limit {
				return l
			}
		}
	case p.kind == anything && isLetter(c) && s.avoids(c):
		if d := digitFor[c]; d != 0 && int(p.counts[d]) > s.limit {
			return d
		}
	}
	return 0
}

// avoids says whether the maker leaves a letter out: where letters and digits stand
// mixed, it should have come up often, and hardly did.
func (s *series) avoids(c byte) bool {
	const symbols, often, hardly = 36, 60, 3
	return len(s.serials)*s.mixed/symbols >= often && s.letters[c] <= hardly
}

// begun says whether another serial begins like the slip: then it is the beginning of
// a series.
func (s *series) begun(f slip) bool {
	n := 0
	for _, serial := range s.serials {
		if strings.HasPrefix(serial, f.serial[:f.at+1]) {
			n++
		}
	}
	return n > 1
}

// twins are, of few serials, those that differ from another one only by an O for a 0
// or an I for a 1, letters that makers avoid; no other serial may have that letter,
// nor any letter at that place. Where the other one is not in the file, enough must be
// that show this.
func twins(serials []string, known func(string) bool) []slip {
	const enough = 6
	var found []slip
	for _, serial := range serials {
		for i := range len(serial) {
			c := serial[i]
			if c != 'O' && c != 'I' || slices.ContainsFunc(serials, func(s string) bool {
				return s != serial && (!isDigit(s[i]) || strings.IndexByte(s, c) >= 0)
			}) {
				continue
			}
			meant := with(serial, i, digitFor[c])
			if slices.Contains(serials, meant) || len(serials) >= enough && known(meant) {
				found = append(found, slip{serial, meant, i})
			}
		}
	}
	return found
}

package workbook

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// nameWords are the words of a folded name in the form in which names are compared:
// initials as one word, numerals in digits, the kind of school in front and by its
// initials, and without words that say what kind of place it is.
func nameWords(folded string) []string {
	words := splitEndings(joinLetters(splitNumbers(strings.Fields(folded))))
	words = withoutKind(words)
	words = schoolFirst(words)
	for i, w := range words {
		switch {
		case usualWords[w] != "":
			words[i] = usualWords[w]
		case i > 0 && romans[w] != 0:
			words[i] = strconv.Itoa(romans[w])
		}
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// usualWords are short for others.
var usualWords = map[string]string{
	"mohd": "muhammad", "muhd": "muhammad", "mhd": "muhammad", "md": "muhammad", "rd": "road", "st": "street", "clny": "colony", "col": "colony",
}

// endings are the second words of many names, in their spellings.
var endings = map[string]string{
	"abad": "abad", "pur": "pur", "poor": "pur", "pore": "pur", "khel": "khel", "khail": "khel", "kheil": "khel", "zai": "zai", "zay": "zai", "zae": "zai",
	"kot": "kot", "garh": "garh", "nagar": "nagar",
}

// splitEndings parts them from the words before, as people write Faizabad and Faiz
// Abad for the same place.
func splitEndings(words []string) []string {
	const stem, longest = 3, 5 // letters
	var parted []string
	for i, w := range words {
		if end := endings[w]; end != "" && i > 0 {
			w = end
		}
		n := len(w)
		for cut := max(stem, n-longest); cut < n && isASCII(w); cut++ {
			if end := endings[w[cut:]]; end != "" {
				parted, w = append(parted, w[:cut]), end
				break
			}
		}
		parted = append(parted, w)
	}
	return parted
}

// tellingLetters is how many letters tell a name from others: all but the usual endings.
func tellingLetters(words []string) int {
	telling, all := 0, 0
	for _, w := range words {
		n := utf8.RuneCountInString(w)
		if all += n; endings[w] == "" {
			telling += n
		}
	}
	if telling == 0 {
		return all
	}
	return telling
}

// splitNumbers parts a number from the name that it was typed behind, as aghbarg1.
func splitNumbers(words []string) []string {
	const name, number = 4, 2 // the fewest letters, the most digits
	var parted []string
	for _, w := range words {
		letters := strings.TrimRight(w, "0123456789")
		rest := w[len(letters):]
		if utf8.RuneCountInString(letters) < name || len(rest) == 0 || len(rest) > number || rest[0] == '0' || strings.ContainsAny(letters, "0123456789") {
			parted = append(parted, w)
			continue
		}
		parted = append(parted, letters, rest)
	}
	return parted
}

// joinLetters makes one word of single letters that follow each other, as D.M. Jamali
// and U C 3 have them.
func joinLetters(words []string) []string {
	var joined []string
	open := false
	for _, w := range words {
		single := utf8.RuneCountInString(w) == 1 && !digits(w)
		if single && open {
			joined[len(joined)-1] += w
		} else {
			joined = append(joined, w)
		}
		open = single
	}
	return joined
}

// placeKinds are words before a name that only say what kind of place it is.
var placeKinds = []string{"uc", "union council", "tehsil", "taluka", "district", "distt", "sub division"}

// withoutKind leaves out the kind of place, and its number, before a name.
func withoutKind(words []string) []string {
	for _, kind := range placeKinds {
		k := strings.Fields(kind)
		if len(words) <= len(k) || !slices.Equal(words[:len(k)], k) {
			continue
		}
		rest := words[len(k):]
		for len(rest) > 0 && (digits(rest[0]) || rest[0] == "no" || rest[0] == "number" || rest[0] == "of") {
			rest = rest[1:]
		}
		if len(rest) > 0 {
			return rest
		}
	}
	return words
}

// schoolWords are those that the kind of a school is made of, with their initials.
var schoolWords = map[string]string{
	"government": "g", "govt": "g", "govet": "g", "gov": "g", "boys": "b", "boy": "b", "girls": "g", "girl": "g", "community": "c", "model": "m",
	"primary": "p", "middle": "m", "elementary": "e", "high": "h", "higher": "h", "secondary": "s", "sec": "s", "school": "s", "college": "c",
}

// schoolFirst moves the kind of a school to the front, as GGHS, whether it is written
// in words or by its initials.
func schoolFirst(words []string) []string {
	for i := range words {
		n, kind := schoolKind(words[i:])
		if n > 0 && n < len(words) {
			return slices.Concat([]string{kind}, words[:i], words[i+n:])
		}
	}
	return words
}

// schoolKind is the kind of school that the first of the words tell, and how many do.
func schoolKind(words []string) (n int, kind string) {
	if schoolInitials(words[0]) {
		return 1, words[0]
	}
	school := 0
	for _, w := range words {
		if schoolWords[w] == "" {
			break
		}
		n++
		kind += schoolWords[w]
		if w == "school" || w == "college" {
			school = n
		}
	}
	if n < 2 || school != n {
		return 0, ""
	}
	return n, kind
}

// schoolInitials recognises GPS, GGHS, GBHSS and the like.
func schoolInitials(w string) bool {
	rest, public := strings.CutPrefix(w, "g")
	if !public {
		return false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(rest, "g"), "b"), "c")
	switch rest {
	case "ps", "ms", "es", "hs", "hss", "mps", "mms", "mhs":
		return true
	}
	return false
}

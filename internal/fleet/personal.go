package fleet

import "strings"

// CheckImpersonal warns of a free text that holds what looks like the number of a
// person: an identity card or a telephone. Such numbers stay in the register's
// history for good and are seen by all who see the record, so whoever wrote it is
// asked first. The warning does not repeat the number.
func CheckImpersonal(field, what, text string) error {
	switch {
	case !hasDigits(text, phoneDigits):
		return nil // the usual case
	case hasGroups(text, isCNIC):
		return Invalidf(CodePersonal, "%s holds what looks like a CNIC: leave it out, or confirm that it is no person's number", what).In(field)
	case hasGroups(text, isPhone):
		return Invalidf(CodePersonal, "%s holds what looks like a telephone number: leave it out, or confirm that it is to stay", what).In(field)
	}
	return nil
}

// CodePersonal is the code of that warning.
const CodePersonal = "text.personal"

const (
	cnicDigits  = 13 // 35202-1234567-1
	phoneDigits = 10 // 042-3576199 at least
)

// hasDigits says whether there are as many digits in all.
func hasDigits(text string, least int) bool {
	n := 0
	for _, r := range text {
		if r = LatinDigit(r); r >= '0' && r <= '9' {
			n++
		}
	}
	return n >= least
}

// hasGroups says whether groups of digits that stand side by side, or one alone, are
// such a number.
func hasGroups(text string, is func(number string, groups []int) bool) bool {
	groups := digitGroups(text)
	for i := range groups {
		number, sizes := "", []int(nil)
		for _, g := range groups[i:] {
			if number != "" && !g.near {
				break
			}
			number, sizes = number+g.digits, append(sizes, len(g.digits))
			if is(number, sizes) {
				return true
			}
		}
	}
	return false
}

// digitGroup is digits without anything between them.
type digitGroup struct {
	digits string
	near   bool // to the group before: only what people put between digits is there
}

// digitGroups finds the digits of a text, a plus sign in front of them as 00.
func digitGroups(text string) (all []digitGroup) {
	const between, mostBetween = " -–./()", 3
	gap, inDigits := mostBetween+1, false
	for _, r := range text {
		r = LatinDigit(r)
		switch {
		case r >= '0' && r <= '9' && inDigits:
			last := &all[len(all)-1]
			last.digits += string(r)
		case r >= '0' && r <= '9':
			all = append(all, digitGroup{string(r), gap <= mostBetween})
			gap, inDigits = 0, true
		case r == '+':
			all = append(all, digitGroup{digits: "00"})
			gap, inDigits = 0, true
		case strings.ContainsRune(between, r):
			gap, inDigits = gap+1, false
		default:
			gap, inDigits = mostBetween+1, false
		}
	}
	return all
}

// isCNIC knows an identity card's number, written in one or as 5, 7 and 1 digits. The
// first digit tells the province, and is never 0, 8 or 9.
func isCNIC(number string, groups []int) bool {
	return len(number) == cnicDigits && number[0] >= '1' && number[0] <= '7' &&
		(len(groups) == 1 || len(groups) == 3 && groups[0] == 5 && groups[1] == 7)
}

// isPhone knows numbers of Pakistan: with the country's code, or with the 0 of a
// mobile network or an area in front.
func isPhone(number string, _ []int) bool {
	switch {
	case strings.HasPrefix(number, "0092"):
		return len(number) == len("00923001234567") || len(number) == len("0092423576199")
	case strings.HasPrefix(number, "923"):
		return len(number) == len("923001234567")
	case strings.HasPrefix(number, "0") && !strings.HasPrefix(number, "00"):
		return len(number) == phoneDigits || len(number) == phoneDigits+1
	}
	return false
}

package fleet

import "strings"

const (
	// refDigits are Crockford's: without I, L, O and U, which are misread or
	// misheard. A digit's position is its value.
	refDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	minRef    = 4  // digits, without the check character
	maxRef    = 13 // what the greatest number needs
)

// FaultRef is a fault's reference, which people read out and type in: F- and the
// fault's number in base 32, with a check character at its end.
func FaultRef(id FaultID) string {
	var buf [maxRef]byte
	first := len(buf)
	for n := uint64(id); n > 0 || len(buf)-first < minRef; n /= 32 {
		first--
		buf[first] = refDigits[n%32]
	}
	number := string(buf[first:])
	return "F-" + number + string(refDigits[refCheck(number)])
}

// ParseFaultRef reads a reference in either case, with or without its F and
// hyphen, with O for 0 and I or L for 1. It notices every single mistyped character and
// every two neighbours swapped.
func ParseFaultRef(text string) (FaultID, error) {
	ref, _ := strings.CutPrefix(strings.ReplaceAll(squeeze(text), "-", ""), "F")
	ref = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(ref)
	var id FaultID
	for i := range len(ref) - 1 {
		id = id*32 + FaultID(strings.IndexByte(refDigits, ref[i]))
	}
	// Nonsense makes some number too, but that number's reference is another.
	if id == 0 || FaultRef(id) != "F-"+ref {
		return 0, Invalidf("fault.ref", "%s is not the reference of a fault, which looks like %s: check each character", quoted(text), FaultRef(1234)).In("ref")
	}
	return id, nil
}

// refCheck is the value of the check character. It takes the number's digits as
// a polynomial over the field of 32 elements, at a generator of the field: the
// weight of each position, the check character's too, is another power of it. The
// one at the end keeps a reference with a 0 too many from being right as well.
func refCheck(number string) int {
	sum := 0
	for _, c := range []byte(number) {
		sum = (sum ^ strings.IndexByte(refDigits, c)) << 1
		if sum > 31 {
			sum ^= 0b100101 // x⁵ + x² + 1
		}
	}
	return sum ^ 1
}

package fleet

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HolderKind says what holds a device inside a school.
type HolderKind uint8

// The kinds of holder.
const (
	HeldByTeacher HolderKind = iota + 1
	HeldByClass
	HeldInRoom
	HeldInCart
	HeldByLearner
)

var holderKinds = vocabulary[HolderKind]{
	code: "holder.kind", field: "holder_kind", what: "a kind of holder",
	names: []string{"", "teacher", "class", "room", "cart", "learner"},
}

// HolderKinds are all kinds of holder.
func HolderKinds() []HolderKind { return holderKinds.all() }

func (k HolderKind) String() string { return holderKinds.name(k) }

// ParseHolderKind reads a kind's name.
func ParseHolderKind(s string) (HolderKind, error) { return holderKinds.parse(s) }

// Holder is who has a device inside a school. A learner is a class and a roll
// number, never a name; a teacher is a post, such as "Mathematics teacher".
type Holder struct {
	Kind  HolderKind
	Label string      // the post, the class, the room or the cart; a learner's class
	Roll  uint32      // learners only
	Mark  LearnerMark // learners only, where their ID was given
}

// LearnerMark stands for a learner's ID, such as a B-form's or an admission number. It
// is the ID under a key that is kept apart from the register: the same ID gives the same
// mark, and without the key no mark tells whose it is. Empty: no ID was given.
type LearnerMark string

const (
	markSize   = 16 // bytes
	shortestID = 4  // letters and digits
	longestID  = 40
)

// MarkLearner makes the mark of an ID. Blanks, dashes and case are of no account.
func MarkLearner(key []byte, id string) (LearnerMark, error) {
	plain := strings.Map(func(r rune) rune {
		r = unicode.ToUpper(LatinDigit(r))
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ReplacementChar
		}
		return -1
	}, id)
	if len(plain) < shortestID || len(plain) > longestID || strings.ContainsRune(plain, unicode.ReplacementChar) {
		return "", Invalidf("holder.id", "a learner's ID has %d to %d letters and digits", shortestID, longestID).In("learner_id")
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(plain))
	return LearnerMark(h.Sum(nil)[:markSize]), nil
}

// The longest labels, in characters. A class is short: what is longer may be a
// child's name.
const (
	maxHolder = 60
	maxClass  = 20
)

// Check says what is wrong with a holder.
func (h Holder) Check() error {
	learner := h.Kind == HeldByLearner
	length := utf8.RuneCountInString(h.Label)
	switch {
	case h.Kind < HeldByTeacher || h.Kind > HeldByLearner:
		return Invalidf("holder.kind", "say who holds the device: teacher, class, room, cart or learner").In("holder_kind")
	case learner && (strings.TrimSpace(h.Label) == "" || length > maxClass):
		return Invalidf("holder.learner", "a learner is a class, of at most %d characters, and a roll number; never a name", maxClass).In("holder")
	case learner && h.Roll == 0:
		return Invalidf("holder.roll_missing", "give the learner's roll number").In("roll")
	case strings.TrimSpace(h.Label) == "":
		return Invalidf("holder.label_missing", "say which %s holds the device", h.Kind).In("holder")
	case length > maxHolder:
		return Invalidf("holder.label_long", "the holder's name is longer than %d characters", maxHolder).In("holder")
	case !learner && h.Mark != "":
		return Invalidf("holder.id", "only a learner has an ID").In("learner_id")
	case !learner && h.Roll != 0:
		return Invalidf("holder.roll", "only a learner has a roll number").In("roll")
	}
	return checkCharacters("holder", "the holder's name", h.Label, false)
}

// tidy is the holder with its label free of needless blanks.
func (h Holder) tidy() Holder {
	h.Label = strings.Join(strings.Fields(h.Label), " ")
	return h
}

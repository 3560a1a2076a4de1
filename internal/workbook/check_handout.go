package workbook

import (
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// handoutRow is a row of a hand-out list: who holds a device, and where. Back says
// that the device was taken back from whoever held it.
type handoutRow struct {
	serial fleet.Serial
	holder fleet.Holder
	back   bool
	at     destination
}

func (r handoutRow) subject() string { return string(r.serial) }

func parseHandout(c *checker) handoutRow {
	r := handoutRow{serial: c.serial(), at: c.destination()}
	r.holder, r.back = c.holder()
	return r
}

// holder reads who has the device. The columns of which each is for one kind of
// holder count before the one that says it in words; a class with a roll number is
// a learner, and no name is ever read.
func (c *checker) holder() (h fleet.Holder, back bool) {
	roll, said := c.roll(), c.text(colHolder)
	h = c.heldBy(roll)
	switch {
	case c.bad:
		return h, false
	case h.Kind == 0 && takenBack[key(said)]:
		return h, true
	case h.Kind == 0 && said != "":
		h = holderOf(said)
	case h.Kind != 0 && said != "" && !sameHolder(holderOf(said), h):
		c.problem(colHolder, said, fleet.Invalidf("holder.unclear", "the columns disagree on who holds the device: %s or %s", said, holderText(h)))
		return h, false
	case h.Kind == 0:
		c.problem(c.firstOf(colHolder, colClass, colTeacher, colRoom, colCart), "", fleet.Invalidf("holder.missing", "say who holds the device, or write \"returned\""))
		return h, false
	}
	err := h.Check()
	if err == nil {
		err = fleet.CheckImpersonal("holder", "the cell", h.Label)
	}
	if err != nil {
		c.breaks(err)
	}
	return h, false
}

// heldBy reads the columns of which each is for one kind of holder. Of a cart that
// stands in a room, or a room with the class that uses it, the smaller holds.
func (c *checker) heldBy(roll uint32) fleet.Holder {
	class, section := c.code(colClass), c.text(colSection)
	if class != "" && section != "" && !strings.HasSuffix(key(class), key(section)) {
		class += "-" + section
	}
	teacher, cart, room := c.text(colTeacher), c.code(colCart), c.code(colRoom)
	switch {
	case roll != 0:
		return fleet.Holder{Kind: fleet.HeldByLearner, Label: class, Roll: roll}
	case teacher != "":
		return fleet.Holder{Kind: fleet.HeldByTeacher, Label: teacher}
	case cart != "":
		return fleet.Holder{Kind: fleet.HeldInCart, Label: cart}
	case class != "":
		return fleet.Holder{Kind: fleet.HeldByClass, Label: class}
	case room != "":
		return fleet.Holder{Kind: fleet.HeldInRoom, Label: room}
	}
	return fleet.Holder{}
}

// roll reads a roll number, zero when there is none.
func (c *checker) roll() uint32 {
	s := c.code(colRoll)
	if fillers[key(s)] {
		return 0
	}
	n, err := parseCount(s)
	if err != nil || n == 0 {
		c.problem(colRoll, s, fleet.Invalidf("holder.roll", "%q is not a roll number: write it in digits, without a name", s))
	}
	return n
}

// takenBack is what people write for a device that nobody holds any more.
var takenBack = keys("returned", "return", "returned to school", "taken back", "nobody", "none", "not issued", "unassigned", "واپس", "واپس کر دیا", "کوئی نہیں")

// holderOf reads a holder as an export writes it: "learner: 5-A, roll 12". A text
// that does not say what kind of holder it is stands for none.
func holderOf(said string) fleet.Holder {
	kind, label, found := strings.Cut(said, ":")
	if !found {
		kind, label, _ = strings.Cut(said, " ")
	}
	k, err := fleet.ParseHolderKind(strings.ToLower(strings.TrimSpace(kind)))
	if err != nil {
		return fleet.Holder{Label: said}
	}
	h := fleet.Holder{Kind: k, Label: strings.TrimSpace(label)}
	if k != fleet.HeldByLearner {
		return h
	}
	class, roll, found := strings.Cut(h.Label, ", roll ")
	if n, err := strconv.ParseUint(latinDigits(strings.TrimSpace(roll)), 10, 32); found && err == nil {
		h.Label, h.Roll = class, uint32(n)
	}
	return h
}

// sameHolder says whether two spellings mean one holder: case and blanks are of no
// account.
func sameHolder(a, b fleet.Holder) bool {
	return a.Kind == b.Kind && a.Roll == b.Roll && strings.EqualFold(strings.Join(strings.Fields(a.Label), " "), strings.Join(strings.Fields(b.Label), " "))
}

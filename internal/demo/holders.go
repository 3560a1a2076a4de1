package demo

import "github.com/takhti-edu/takhti/internal/fleet"

// Posts of teachers; nobody has a name.
var posts = []string{
	"Head teacher", "Computer teacher", "Mathematics teacher", "Science teacher", "English teacher",
	"Urdu teacher", "Islamiat teacher", "Social studies teacher",
}

// holder is who gets a device of a consignment when it is handed out: first a
// few teachers, then the computer room, carts and classes, and in high schools
// learners by class and roll number. ok is false for the spares.
func (w *World) holder(c *consignment, device int) (h fleet.Holder, ok bool) {
	k, of := device-int(c.first), int(c.count)
	level := levelOf(w.schools[c.school].Level)
	share := 60 + int(mix(w.opts.Seed, holderStream, int(c.first))%36) // of the devices that are handed out, in percent
	switch at := 100 * k / of; {
	case at >= share:
		return fleet.Holder{}, false
	case at < 15:
		return fleet.Holder{Kind: fleet.HeldByTeacher, Label: posts[k%len(posts)]}, true
	case at < 30:
		return fleet.Holder{Kind: fleet.HeldInRoom, Label: "Computer room"}, true
	case at < 50:
		return fleet.Holder{Kind: fleet.HeldInCart, Label: "Cart " + number(1+k/16).en}, true
	case at < 75 || !level.senior():
		return fleet.Holder{Kind: fleet.HeldByClass, Label: "Class " + level.classes[k%len(level.classes)]}, true
	default:
		return fleet.Holder{Kind: fleet.HeldByLearner, Label: level.classes[k%len(level.classes)], Roll: uint32(1 + k)}, true
	}
}

// senior says whether learners may hold a device themselves.
func (l schoolLevel) senior() bool { return l.name == "high" || l.name == "higher_secondary" }

func levelOf(name string) schoolLevel {
	for _, l := range levels {
		if l.name == name {
			return l
		}
	}
	return levels[0]
}

package fleet

import "fmt"

// PlaceID numbers the places in the order they were made, from one.
type PlaceID uint32

// MaxPlaceID is the last ID that a [Path] can hold: some two million places,
// where Pakistan has about three hundred thousand schools.
const MaxPlaceID PlaceID = pathBase*pathBase*pathBase - 1

// Path is a place's position in the tree: the IDs from the country down to the
// place itself. A scope is a path, and "within" is a prefix test.
//
// Each ID takes three bytes, from 1 to 127, the most significant first. So paths
// sort as the tree does, and being free of zero bytes and valid UTF-8 they can
// stand in keys and in encoded text as they are.
type Path string

const (
	pathStep = 3   // bytes for one ID
	pathBase = 127 // values of one byte
)

// Child is the path of the place id directly below p. An ID outside 1 to
// [MaxPlaceID] would give a path into another's scope: it panics.
func (p Path) Child(id PlaceID) Path {
	if id == 0 || id > MaxPlaceID {
		panic(fmt.Sprintf("fleet: place ID %d cannot stand in a path", id))
	}
	return p + Path([]byte{byte(id/(pathBase*pathBase)) + 1, byte(id/pathBase%pathBase) + 1, byte(id%pathBase) + 1})
}

// ID is the last place on the path; zero for the empty path.
func (p Path) ID() PlaceID {
	if len(p) < pathStep {
		return 0
	}
	s := p[len(p)-pathStep:]
	return (PlaceID(s[0]-1)*pathBase+PlaceID(s[1]-1))*pathBase + PlaceID(s[2]-1)
}

// Parent is the path without its last place.
func (p Path) Parent() Path {
	if len(p) < pathStep {
		return ""
	}
	return p[:len(p)-pathStep]
}

// Depth is how many places the path has; the country has depth one.
func (p Path) Depth() int { return len(p) / pathStep }

// At is the path cut to its first depth places, or p itself when it has fewer.
func (p Path) At(depth int) Path { return p[:min(depth, p.Depth())*pathStep] }

// Contains says whether q is p or below it. The empty path, the scope of whoever
// runs the register, contains every path.
func (p Path) Contains(q Path) bool { return len(q) >= len(p) && q[:len(p)] == p }

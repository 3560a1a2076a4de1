package fleet

// PlaceID numbers the places in the order they were made, from one.
type PlaceID uint32

// MaxPlaceID is the last ID that a [Path] can hold.
const MaxPlaceID PlaceID = 255*255*255 - 1

// Path is a place's position in the tree: the IDs from the country down to the
// place itself. A scope is a path, and "within" is a prefix test.
//
// Each ID takes three bytes, none of them zero, in an order-preserving form, so
// paths can be compared, sorted and used in keys as they are.
type Path string

const pathStep = 3

// Child is the path of the place id directly below p.
func (p Path) Child(id PlaceID) Path {
	n := uint32(id)
	return p + Path([]byte{byte(n/(255*255)%255) + 1, byte(n/255%255) + 1, byte(n%255) + 1})
}

// ID is the last place on the path; zero for the empty path.
func (p Path) ID() PlaceID {
	if len(p) < pathStep {
		return 0
	}
	s := p[len(p)-pathStep:]
	return PlaceID((uint32(s[0])-1)*255*255 + (uint32(s[1])-1)*255 + uint32(s[2]) - 1)
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

// At is the path cut to its first depth places.
func (p Path) At(depth int) Path { return p[:depth*pathStep] }

// Contains says whether q is p or below it.
func (p Path) Contains(q Path) bool { return len(q) >= len(p) && q[:len(p)] == p }

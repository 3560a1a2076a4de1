package demo

import "math/rand/v2"

// A stream keeps the chances of different things apart, so that asking for more
// of one does not change another.
type stream uint64

const (
	schoolStream stream = iota + 1
	allotStream
	lotStream
	consignmentStream
	deviceStream
	arrivalStream
	holderStream
	faultStream
	lifeStream
)

// mix makes a number that looks random out of what it is the number of. It is
// how the millionth device is known without the 999,999 before it.
func mix(seed uint64, s stream, n int) uint64 {
	x := seed ^ uint64(s)*0x9e3779b97f4a7c15 ^ uint64(n)*0xd1342543de82ef95
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// fraction turns a mixed number into one from 0 up to, not including, 1.
func fraction(x uint64) float64 { return float64(x>>11) / (1 << 53) }

func source(seed uint64, s stream, n int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, mix(seed, s, n)))
}

// between is a number from lo to hi, both included.
func between(r *rand.Rand, lo, hi int) int { return lo + r.IntN(hi-lo+1) }

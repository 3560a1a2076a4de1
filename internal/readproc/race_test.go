//go:build linux && race

package readproc

// raceDetector says that the detector is in the program: it takes memory of its
// own, and has words of its own for when there is none.
const raceDetector = true
